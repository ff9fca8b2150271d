"""Daily sheet, weekly and monthly brief: counted, put into words, held against the one before, released as files."""
