"""Rows of the table of doors: residents' sign-in by telephone, and what they do for themselves."""

from house.doors import Door, everybody

VOLUNTEERING_SELF: dict[str, Door | list[Door]] = {
    "portal:sign-in": Door(everybody(200)),
    "portal:sign-in-code": Door(everybody(303)),  # without a number first
    "portal:sign-in-name": Door(everybody(303)),
    "portal:sign-out": Door(everybody(303), method="post"),
}
