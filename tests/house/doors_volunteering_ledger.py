"""Rows of the table of doors: credits, bank books, rules."""

from typing import Any

from house.doors import NOTHING, Door, everybody, members, once, only, posted

READS = ("li", "zhao", "audit")
KEEPS = ("zhao",)
SERVES = ("li", "zhao")


def owner(world: Any) -> dict[str, Any]:
    """Somebody whose bank book is empty."""
    from chenyue.people.actions import register_resident

    found = register_resident(name=world.cast.chen.name, phone=world.cast.chen.phone, at=world.cast.now)
    return {"pk": found.pk}


VOLUNTEERING_LEDGER: dict[str, Door | list[Door]] = {
    "volunteering:credits": [Door(only(*READS)), Door(only(*READS), data={"who": "13800000001"})],
    "volunteering:credits-export": [Door(members(405)), posted(only(*READS))],
    "volunteering:credits-proposals": [Door(only(*READS)), Door(only(*READS), data={"state": "all"})],
    "volunteering:credits-approve": posted(only(*KEEPS, status=404), NOTHING, once),
    "volunteering:credits-refuse": posted(only(*KEEPS, status=404), NOTHING, once),
    "volunteering:credits-tie-approve": Door(only(*KEEPS, status=404), NOTHING),
    "volunteering:credits-tie-end": Door(only(*KEEPS, status=404), NOTHING),
    "volunteering:credits-book": [Door(only(*READS), owner), Door(only(*READS, status=404), NOTHING)],
    "volunteering:credits-propose": [Door(only(*KEEPS), owner), posted(only(*KEEPS, status=422), owner)],
    "volunteering:credits-freeze": [Door(only(*KEEPS), owner), posted(only(*KEEPS, status=422), owner)],
    "volunteering:credits-thaw": Door(only(*KEEPS, status=404), lambda w: owner(w) | {"posting": 999_999}),
    "volunteering:credits-tie-new": [Door(only(*SERVES), owner), posted(only(*SERVES, status=422), owner)],
    "volunteering:rules": Door(only(*READS)),
    "volunteering:rule-new": [
        Door(only(*KEEPS)),
        Door(only(*KEEPS), data={"preset": "guangzhou"}),
        posted(only(*KEEPS, status=422)),
    ],
    "volunteering:evidence-settings": [Door(only(*KEEPS)), posted(only(*KEEPS, status=422))],
    "volunteering:odd-settings": [Door(only(*KEEPS)), posted(only(*KEEPS, status=422))],
    "volunteering:rule-approve": posted(only(*KEEPS, status=404), {"version": 999}, once),
    "volunteering:rule-drop": Door(only(*KEEPS, status=404), {"version": 999}),
    "volunteering:figures": Door(everybody(200)),
}
