"""Views of the set-up pages."""
