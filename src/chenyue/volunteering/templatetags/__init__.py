"""Tags of volunteering."""
