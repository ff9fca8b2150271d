"""Calendars behind secret addresses: deadlines of cases, and what happens at renewal works."""
