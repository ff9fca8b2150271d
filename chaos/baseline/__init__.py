"""A look at every page as a scanner would: headers, cookies, forms, links, what leaks, and what hostile requests do."""
