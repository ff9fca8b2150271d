"""Backups: made while people work, encrypted, proved by bringing them back, thinned out, restored by one command."""
