"""Small words of the templates of stewards."""
