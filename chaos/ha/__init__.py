"""Several machines on one: their faults, and the reckoning. `python -m chaos ha`; see docs/ha.md."""
