"""Rows of the table of doors for mediation."""

from house.doors import Door

MEDIATION_PAPER: dict[str, Door | list[Door]] = {}
