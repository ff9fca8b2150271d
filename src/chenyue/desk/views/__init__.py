"""Views of the staff side, one file for each screen."""
