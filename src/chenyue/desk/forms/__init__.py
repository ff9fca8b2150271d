"""Forms of the staff side."""
