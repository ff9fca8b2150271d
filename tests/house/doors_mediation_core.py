"""Rows of the table of doors for mediation."""

from house.doors import Door

MEDIATION_CORE: dict[str, Door | list[Door]] = {}
