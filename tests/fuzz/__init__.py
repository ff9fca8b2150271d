"""Broken, cut, swapped and malicious input for every parser: a short round in each run of the tests, long ones by hand.

By hand: `cd tests && PYTHONPATH=../src:. ../.venv/bin/python -m fuzz 600` (seconds in all; then names of targets, if
only some are meant). A target that fails shows the smallest input that fails it.
"""
