"""Rows of the table of doors for mediation."""

from house.doors import Door

MEDIATION_AGREE: dict[str, Door | list[Door]] = {}
