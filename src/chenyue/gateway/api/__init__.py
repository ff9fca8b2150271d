"""The REST API under /api/v1/: what staff do by hand, for programs, under the same rules."""
