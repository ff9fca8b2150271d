"""Tools for assistants (Model Context Protocol): they read, and draft what a person then sends. They change nothing."""
