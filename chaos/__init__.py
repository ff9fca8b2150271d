"""Faults under load: what was acknowledged must be there afterwards, once. See docs/chaos.md."""
