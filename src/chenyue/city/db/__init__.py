"""The database engine of many offices: PostgreSQL, where each statement is asked in the schema of its office."""
