"""Pages of stewards for the staff."""
