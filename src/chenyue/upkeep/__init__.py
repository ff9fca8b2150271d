"""What keeps the house standing: backups that are proved, and the page that says so."""
