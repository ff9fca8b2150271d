"""Rows of the table of doors for mediation."""

from house.doors import Door

MEDIATION_FACES: dict[str, Door | list[Door]] = {}
