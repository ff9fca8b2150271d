"""Rows of the table of doors: volunteers, needs, activities, sign-ups."""

from house.doors import Door, only

SEES = ("li", "zhao", "audit", "lin", "sun")  # lin and sun: their own units' activities

VOLUNTEERING_DEEDS: dict[str, Door | list[Door]] = {
    "volunteering:overview": Door(only(*SEES)),
}
