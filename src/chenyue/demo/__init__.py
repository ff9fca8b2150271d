"""The demo office: an office of invented people that has lived for three months."""
