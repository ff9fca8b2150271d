"""Speed and size, measured: see docs/bench.md."""
