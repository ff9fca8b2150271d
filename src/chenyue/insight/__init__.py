"""Seeing: figures by versioned definitions, small pains, boards, the brief, open data."""
