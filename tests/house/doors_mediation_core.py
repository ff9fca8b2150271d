"""Rows of the table of doors: the board, taking disputes in, one mediation, its people, the registers."""

from typing import Any

from house.doors import REFUSED, TO_SIGN_IN, Door, number, once, posted
from house.mediation_cast import HANDLE, INVITED, MANAGE, SEE, mediation, of, one

party = of("party")
NOBODY = {"pk": 999_999}


def nobody(world: Any) -> dict[str, Any]:
    return one(world) | NOBODY


def words(world: Any) -> dict[str, Any]:
    return once(world) | {"words": "说明", "comes": "yes"}


def mediator(world: Any) -> dict[str, Any]:
    return {"pk": world.mediated.stage.mediator.pk}


def about_mediator(world: Any) -> dict[str, Any]:
    return party(world) | {"question": "mediator", "matter": f"mediator:{world.mediated.stage.mediator.pk}"}


def complaint(world: Any) -> dict[str, Any]:
    return {"pk": world.mediated.complaint.pk}


def appointment(**more: Any) -> Any:
    return lambda world: one(world) | {"pk": world.mediated.stage.appointment.pk} | more


MEDIATION_CORE: dict[str, Door | list[Door]] = {
    "mediation:board": [
        Door(mediation(*MANAGE, "lin", "sun")),  # each sees what is theirs: sun's unit is invited nowhere
        Door(mediation(*MANAGE, "lin", "sun"), data={"stage": "mediating", "q": "土地"}),
    ],
    "mediation:new": [Door(mediation(*MANAGE)), posted(mediation(*MANAGE, status=422), data=once)],
    "mediation:of-case": Door(mediation(*MANAGE, "lin"), number),
    "mediation:open": Door(mediation(*MANAGE), number),
    "mediation:committees": Door(mediation(*MANAGE)),
    "mediation:days": [Door(mediation(*MANAGE)), posted(mediation(*MANAGE, status=422), data=once)],
    "mediation:committee-new": [Door(mediation(*MANAGE)), posted(mediation(*MANAGE, status=422), data=once)],
    "mediation:committee": Door(mediation(*MANAGE), lambda w: {"pk": w.mediated.stage.mediation.committee_id}),
    "mediation:mediator-new": [Door(mediation(*MANAGE)), posted(mediation(*MANAGE, status=422), data=once)],
    "mediation:mediator": Door(mediation(*MANAGE), mediator),
    "mediation:mediator-revoke": [
        Door(mediation(*MANAGE), mediator),
        posted(mediation(*MANAGE, status=422), mediator, once),
    ],
    "mediation:ties": [Door(mediation(*HANDLE), mediator), posted(mediation(*HANDLE, status=422), mediator, once)],
    "mediation:tie-drop": posted(mediation(*HANDLE, status=404), lambda w: mediator(w) | {"tie": 999_999}, once),
    "mediation:keeping": [
        Door(mediation(*MANAGE)),
        posted(mediation(*MANAGE, status=422), {}, lambda w: once(w) | {"family": "soon"}),
    ],
    "mediation:complaints": [Door(mediation(*MANAGE)), Door(mediation(*MANAGE), data={"all": "1", "cursor": "x"})],
    "mediation:complaint": [
        Door(mediation(*MANAGE), complaint),
        posted(mediation(*MANAGE, status=422), complaint, once),
        Door(mediation(*MANAGE, status=404), {"pk": 999_999}),
    ],
    "mediation:complaint-paper": Door(mediation(*MANAGE), complaint),
    "mediation:complaint-new": [Door(mediation(*SEE), one), posted(mediation(*SEE, status=422), one, once)],
    "mediation:openness": Door(mediation(*SEE), one),
    "mediation:one": [Door(mediation(*SEE), one), Door(mediation(), {"number": "M2026-9999"})],
    "mediation:told": Door(mediation(*HANDLE), one),
    "mediation:screening": [Door(mediation(*MANAGE), one), posted(mediation(*MANAGE, status=409), one, once)],
    "mediation:accept": posted(mediation(*MANAGE, status=303), one, once),
    "mediation:not-accept": [Door(mediation(*MANAGE), one), posted(mediation(*MANAGE, status=422), one, once)],
    "mediation:screen-again": [Door(mediation(*MANAGE), one), posted(mediation(*MANAGE, status=409), one, words)],
    "mediation:merge": posted(mediation(*MANAGE, status=404), lambda w: one(w) | {"into": "M2026-9999"}, once),
    "mediation:begin": posted(mediation(*HANDLE, status=303), one, once),
    "mediation:again": [Door(mediation(*HANDLE), one), posted(mediation(*HANDLE, status=422), one, once)],
    "mediation:more-time": [Door(mediation(*HANDLE), one), posted(mediation(*HANDLE, status=422), one, once)],
    "mediation:end": [Door(mediation(*HANDLE), one), posted(mediation(*HANDLE, status=422), one, once)],
    "mediation:invited": Door(mediation(*INVITED), one),
    "mediation:invitation-reply": posted(mediation(*INVITED, status=303), of("invitation"), words),
    "mediation:invite": [Door(mediation(*HANDLE), one), posted(mediation(*HANDLE, status=422), one, once)],
    "mediation:risks": [Door(mediation(*HANDLE), one), posted(mediation(*HANDLE, status=422), one, once)],
    "mediation:risk-told": [
        Door(mediation(*HANDLE), of("risk")),
        posted(mediation(*HANDLE, status=422), of("risk"), once),
    ],
    "mediation:risk-over": posted(mediation(*HANDLE, status=303), of("risk"), once),
    "mediation:people": Door(mediation(*SEE), one),
    "mediation:party-new": [Door(mediation(*HANDLE), one), posted(mediation(*HANDLE, status=422), one, once)],
    "mediation:party": [
        Door(mediation(*HANDLE, status=303), party),  # first a look, with its reason
        Door(mediation(*HANDLE, status=404), nobody),
    ],
    "mediation:party-died": [Door(mediation(*HANDLE), party), posted(mediation(*HANDLE, status=422), party, once)],
    "mediation:party-leave": [Door(mediation(*HANDLE), party), posted(mediation(*HANDLE, status=422), party, once)],
    "mediation:say": [
        Door(mediation(*HANDLE), lambda w: party(w) | {"question": "mediation"}),
        Door(mediation(*HANDLE, status=404), lambda w: party(w) | {"question": "nothing"}),
        posted(mediation(*HANDLE, status=422), lambda w: party(w) | {"question": "mediation"}, once),
    ],
    "mediation:say-to": Door(mediation(*HANDLE), about_mediator),
    "mediation:look": [
        Door(mediation(*HANDLE), of("party", kind="party")),
        posted(mediation(*HANDLE, status=422), of("party", kind="party"), once),
    ],
    "mediation:withdraw": Door(mediation(*HANDLE), of("consent")),
    "mediation:speaker-new": [Door(mediation(*HANDLE), one), posted(mediation(*HANDLE, status=422), one, once)],
    "mediation:speaker-end": posted(mediation(*HANDLE, status=404), nobody, once),
    "mediation:rights": Door(mediation(*SEE), one),
    "mediation:mediators": [Door(mediation(*MANAGE), one), posted(mediation(*MANAGE, status=422), one, once)],
    "mediation:tie": [
        Door(mediation(*HANDLE), appointment()),
        posted(mediation(*HANDLE, status=422), appointment(), once),
    ],
    "mediation:disclose": posted(mediation(*HANDLE, status=303), appointment(), once),
    "mediation:appointment-end": posted(
        mediation(*MANAGE, status=303) | {"wang": REFUSED, "anonymous": TO_SIGN_IN}, appointment(why="replaced"), once
    ),
}
