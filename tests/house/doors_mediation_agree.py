"""Rows of the table of doors for mediation: agreements, their performance, judicial confirmation, sample clauses."""

from typing import Any

from house.doors import Door, once, posted
from house.mediation_cast import HANDLE, MANAGE, SEALED, SEE, mediation, of, one

CONDUCT = SEALED  # who mediates, alone


def draft(**more: Any) -> Any:
    return of("draft", "number", "n", **more)


def offered(**more: Any) -> Any:
    return of("offered", "number", "n", **more)


def agreed(**more: Any) -> Any:
    return of("agreed", "number", "n", **more)


def owed(world: Any) -> dict[str, Any]:
    return draft()(world) | {"pk": world.mediated.owed.pk}


def mark(world: Any) -> dict[str, Any]:
    return offered()(world) | {"pk": world.mediated.mark.pk}


def copy(world: Any) -> dict[str, Any]:
    return agreed()(world) | {"pk": world.mediated.copy.pk}


def sample(world: Any) -> dict[str, Any]:
    return once(world) | {"code": "pay-once"}


def unknown(world: Any) -> dict[str, Any]:
    return once(world) | {"code": "nothing"}


MEDIATION_AGREE: dict[str, Door | list[Door]] = {
    "mediation:agreement": Door(mediation(*SEE), one),
    "mediation:agreement-new": posted(mediation(*CONDUCT, status=303), one, once),
    "mediation:agreement-one": [
        Door(mediation(*SEE), draft()),
        Door(mediation(*SEE), offered()),
        Door(mediation(*SEE), agreed()),
        Door(mediation(*SEE, status=404), lambda w: one(w) | {"n": 99}),
    ],
    "mediation:agreement-edit": [
        Door(mediation(*CONDUCT), draft()),
        posted(mediation(*CONDUCT, status=422), draft(), once),
    ],
    "mediation:agreement-clause": [
        posted(mediation(*CONDUCT, status=303), draft(), sample),
        posted(mediation(*CONDUCT, status=404), draft(), unknown),
    ],
    "mediation:agreement-owed-new": [
        Door(mediation(*CONDUCT), draft()),
        posted(mediation(*CONDUCT, status=422), draft(), once),
    ],
    "mediation:agreement-owed": [
        Door(mediation(*CONDUCT), owed),
        Door(mediation(*CONDUCT, status=404), draft(pk=999_999)),
    ],
    "mediation:agreement-owed-remove": posted(mediation(*CONDUCT, status=303), owed, once),
    "mediation:agreement-do": [
        posted(mediation(*CONDUCT, status=303), draft(what="offer"), once),
        posted(mediation(*CONDUCT, status=404), draft(what="nothing"), once),
    ],
    "mediation:agreement-say": [
        Door(mediation(*CONDUCT), offered(what="back")),
        Door(mediation(*HANDLE), agreed(what="void")),
        posted(mediation(*HANDLE, status=422), agreed(what="lost"), once),
    ],
    "mediation:agreement-sign": [
        Door(mediation(*CONDUCT), offered()),
        posted(mediation(*CONDUCT, status=422), offered(), once),
    ],
    "mediation:agreement-screen": [
        Door(mediation(*CONDUCT), offered(order=1)),
        posted(mediation(*CONDUCT, status=422), offered(order=1), once),
        Door(mediation(*CONDUCT, status=404), offered(order=99)),
    ],
    "mediation:agreement-strike": Door(mediation(*CONDUCT), mark),
    "mediation:agreement-seal": posted(mediation(*HANDLE, status=422), offered(), once),
    "mediation:agreement-scan": posted(mediation(*HANDLE, status=422), agreed(), once),
    "mediation:copy-new": [
        Door(mediation(*HANDLE), agreed()),
        posted(mediation(*HANDLE, status=422), agreed(), once),
    ],
    "mediation:copy-strike": [
        posted(mediation(*HANDLE, status=303), copy, once),
        posted(mediation(*HANDLE, status=404), agreed(pk=999_999), once),
    ],
    "mediation:confirmation": [
        Door(mediation(*SEE), agreed()),
        Door(mediation(*SEE, status=404), offered()),  # not in effect
    ],
    "mediation:confirmation-applied": [
        Door(mediation(*HANDLE), agreed()),
        posted(mediation(*HANDLE, status=422), agreed(), once),
    ],
    "mediation:confirmation-ruled": [
        Door(mediation(*HANDLE), agreed()),
        posted(mediation(*HANDLE, status=422), agreed(), once),
    ],
    "mediation:confirmation-do": posted(mediation(*HANDLE, status=303), agreed(what="waive"), once),
    "mediation:performance": [Door(mediation(*SEE), one), Door(mediation(*SEE), lambda w: agreed()(w) and one(w))],
    "mediation:finish": [Door(mediation(*HANDLE), one), posted(mediation(*HANDLE, status=422), one, once)],
    "mediation:receipt": [
        Door(mediation(*HANDLE), of("due_part")),
        posted(mediation(*HANDLE, status=422), of("due_part"), once),
        Door(mediation(*HANDLE, status=404), lambda w: one(w) | {"pk": 999_999}),
    ],
    "mediation:part": [
        Door(mediation(*HANDLE), of("due_part", what="excuse")),
        posted(mediation(*HANDLE, status=422), of("due_part", what="broken"), once),
    ],
    "mediation:receipt-confirm": posted(mediation(*HANDLE, status=303), of("receipt"), once),
    "mediation:receipt-say": [
        Door(mediation(*HANDLE), of("receipt", what="dispute")),
        posted(mediation(*HANDLE, status=422), of("receipt", what="remove"), once),
    ],
    "mediation:visit-new": posted(mediation(*HANDLE, status=422), one, once),
    "mediation:visit": [
        Door(mediation(*HANDLE), of("visit")),
        posted(mediation(*HANDLE, status=422), of("visit"), once),
    ],
    "mediation:visit-tried": posted(mediation(*HANDLE, status=303), of("visit"), once),
    "mediation:clauses": Door(mediation(*MANAGE)),
    "mediation:clause-new": [Door(mediation(*MANAGE)), posted(mediation(*MANAGE, status=422), {}, once)],
    "mediation:clause": [
        Door(mediation(*MANAGE), {"code": "pay-once"}),
        Door(mediation(*MANAGE, status=404), {"code": "nothing"}),
    ],
}
