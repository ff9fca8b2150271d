"""Rows of the table of doors for mediation."""

from house.doors import Door

MEDIATION_TALKS: dict[str, Door | list[Door]] = {}
