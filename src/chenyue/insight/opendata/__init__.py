"""Open data: counts of a month for everybody, so coarse that nobody is found in them."""
