"""The city's hotline: its tables read in whatever form they come, filed once, undone if wrong, and answered."""
