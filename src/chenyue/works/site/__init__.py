"""The site: calendar, notices, defects, photographs, and the cases that works give birth to."""
