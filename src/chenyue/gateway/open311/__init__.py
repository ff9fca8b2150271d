"""Open311 GeoReport v2: what other systems may file here, and what the office opts to show them."""
