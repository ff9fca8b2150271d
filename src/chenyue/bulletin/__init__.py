"""What the office publishes: notices, results, stories, with source, author and editor."""
