"""Rows of the table of doors for mediation: the dossier and single papers."""

from typing import Any

from house.doors import Door, once, posted
from house.mediation_cast import HANDLE, MANAGE, SEE, mediation, of, one


def volume(**more: Any) -> Any:
    """A volume that is made."""
    return of("volume", "number", "volume", **more)


def being_made(world: Any) -> dict[str, Any]:
    """While a volume is being made, asking gives that one: no door of this table starts the press."""
    assert world.mediated.being_made
    return one(world)


def paper(key: str = "application", kind: str = "pdf") -> Any:
    return lambda world: one(world) | {"key": key, "kind": kind}


MEDIATION_PAPER: dict[str, Door | list[Door]] = {
    "mediation:dossier": Door(mediation(*SEE), one),
    "mediation:dossier-ask": posted(mediation(*HANDLE, status=303), being_made, once),
    "mediation:dossier-volume": [
        Door(mediation(*SEE), volume()),
        Door(mediation(*SEE, status=404), lambda w: one(w) | {"volume": 99}),
    ],
    "mediation:dossier-close": posted(mediation(*MANAGE, status=303), volume(), once),
    "mediation:dossier-whole": Door(mediation(*HANDLE), volume()),
    "mediation:dossier-part": [
        Door(mediation(*HANDLE), volume(order=1, kind="word")),
        Door(mediation(*HANDLE, status=404), volume(order=1, kind="exe")),
        Door(mediation(*HANDLE, status=404), volume(order=9, kind="pdf")),
    ],
    "mediation:paper": [
        Door(mediation(*HANDLE), paper()),
        Door(mediation(*HANDLE, status=404), paper("minutes-99")),
        Door(mediation(*HANDLE, status=404), paper("application", "exe")),
    ],
    "mediation:paper-pack": Door(mediation(*HANDLE, status=404), lambda w: one(w) | {"agreement": 1}),
}
