"""How long what is kept of people stays: what nobody tidies by itself, its words, and the decisions about it."""
