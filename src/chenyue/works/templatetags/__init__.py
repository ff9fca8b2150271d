"""Tags for pages of works."""
