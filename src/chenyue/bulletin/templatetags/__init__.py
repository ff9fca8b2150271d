"""Tags of bulletin."""
