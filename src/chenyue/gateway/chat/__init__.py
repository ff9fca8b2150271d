"""Group chats: read in whatever form a steward has them, and understood as incidents with voices."""
