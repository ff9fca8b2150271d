"""Broken rules in words, with the names and days of the office."""

from chenyue.reception.rostering.building import Built
from chenyue.reception.solving.problem import Breach


def sentence(breach: Breach, built: Built) -> str:
    """What is broken, who it is about, and when."""
    return str(breach.code)
