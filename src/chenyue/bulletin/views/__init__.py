"""Pages of bulletin."""
