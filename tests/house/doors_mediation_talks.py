"""Rows of the table of doors for mediation: meetings, minutes, evidence, and what is said in confidence."""

from typing import Any

from house.doors import Door, once, posted
from house.mediation_cast import HANDLE, INVITED, SEALED, SEE, mediation, of, one

CONDUCT = SEALED  # who mediates, alone: who runs mediation plans no meetings in their place


def with_words(world: Any) -> dict[str, Any]:
    return once(world) | {"why": "说明", "words": "说明"}


def meeting(**more: Any) -> Any:
    """The meeting that was held, with minutes that its parties are asked about."""
    return of("meeting", "number", "n", **more)


def planned(**more: Any) -> Any:
    return of("planned", "number", "n", **more)


def piece(**more: Any) -> Any:
    return of("piece", "number", "n", **more)


def room(**more: Any) -> Any:
    return lambda world: one(world) | {"order": 1} | more


MEDIATION_TALKS: dict[str, Door | list[Door]] = {
    "mediation:meetings": Door(mediation(*INVITED), one),
    "mediation:meeting-new": [
        Door(mediation(*CONDUCT), one),
        posted(mediation(*CONDUCT, status=422), one, once),
    ],
    "mediation:meeting": [
        Door(mediation(*SEE), meeting()),
        Door(mediation(*SEE, status=404), lambda w: one(w) | {"n": 99}),
    ],
    "mediation:meeting-change": Door(mediation(*CONDUCT), planned()),
    "mediation:meeting-held": Door(mediation(*CONDUCT), planned()),
    "mediation:meeting-broken-off": Door(mediation(*CONDUCT), planned()),
    "mediation:meeting-cancel": [
        Door(mediation(*CONDUCT), planned()),
        posted(mediation(*CONDUCT, status=422), planned(), once),
    ],
    "mediation:meeting-notice": Door(mediation(*CONDUCT), planned()),
    "mediation:meeting-told": posted(mediation(*CONDUCT, status=303), planned(), once),
    "mediation:minutes": Door(mediation(*CONDUCT), meeting()),
    "mediation:minutes-sheet": Door(mediation(*CONDUCT), meeting()),
    "mediation:minutes-answer": [
        Door(mediation(*CONDUCT), meeting(order=1)),
        posted(mediation(*CONDUCT, status=422), meeting(order=1), once),
    ],
    "mediation:minutes-sign": posted(
        mediation(*CONDUCT, status=303), lambda w: meeting()(w) | {"pk": w.mediated.seat.pk}, once
    ),
    "mediation:minutes-do": [
        posted(mediation(*CONDUCT, status=303), meeting(what="finish"), with_words),
        posted(mediation(*CONDUCT, status=404), meeting(what="nothing"), with_words),
    ],
    "mediation:evidence": [
        Door(mediation(*INVITED), one),
        posted(mediation(*HANDLE, status=422) | {"lin": 403}, one, once),
    ],
    "mediation:evidence-one": [
        Door(mediation(*HANDLE), piece()),
        Door(mediation(*HANDLE, status=404), lambda w: one(w) | {"n": 99}),
    ],
    "mediation:evidence-file": Door(mediation(*HANDLE), piece()),
    "mediation:evidence-small": Door(mediation(*HANDLE), piece()),
    "mediation:evidence-do": [
        posted(mediation(*HANDLE, status=303), piece(what="share"), with_words),
        posted(mediation(*HANDLE, status=404), piece(what="nothing"), with_words),
    ],
    "mediation:caucus": Door(mediation(*SEALED), one),
    "mediation:ladder": Door(mediation(*SEALED), one),
    "mediation:caucus-party": [
        Door(mediation(*SEALED), room()),
        Door(mediation(*SEALED, status=404), lambda w: one(w) | {"order": 9}),
        posted(mediation(*SEALED, status=303), room(), with_words),
    ],
    "mediation:caucus-figure": posted(mediation(*SEALED, status=422), room(), once),
    "mediation:caucus-destroy": posted(mediation(*SEALED, status=422), room(pk=999_999), once),
    "mediation:caucus-withdraw": posted(mediation(*SEALED, status=422), room(pk=999_999), once),
}
