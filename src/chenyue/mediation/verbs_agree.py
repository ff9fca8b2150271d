"""What entries of mediation say; imported when the package starts."""
