"""The moves, each a small function that changes a locked case; `cases.actions.move` is their only caller."""
