"""A steward's own pages: phone first, one thumb, a bad network."""
