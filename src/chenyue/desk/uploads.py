"""Tables between their dry run and their writing: see `core.kept_tables`."""

from chenyue.core.kept_tables import drop, keep, take

__all__ = ["drop", "keep", "take"]
