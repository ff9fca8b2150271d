"""Rows of the table of doors for mediation: calculators and the parties' own pages."""

from typing import Any

from house.doors import Door, everybody
from house.mediation_cast import HANDLE, SEE, mediation, of, one


def of_kind(world: Any) -> dict[str, Any]:
    return one(world) | {"kind": "land"}


def by_code(world: Any) -> dict[str, Any]:
    return {"code": world.mediated.party.code, "pk": world.mediated.shown_calculation.pk}


WRONG = {"code": "ACDE-FGHJ-KMNP"}
SAID = {"question": "rights", "given": "yes"}


def own(world: Any) -> dict[str, Any]:
    return {"code": world.mediated.party.code}


def own_paper(world: Any) -> dict[str, Any]:
    return own(world) | {"number": world.mediated.own_evidence.number}


def own_agreement(world: Any) -> dict[str, Any]:
    return own(world) | {"n": world.mediated.offered.number}


MEDIATION_FACES: dict[str, Door | list[Door]] = {
    "mediation:calculators": Door(mediation(*SEE), one),
    "mediation:calculator": Door(mediation(*HANDLE), of_kind),
    "mediation:calculation": Door(mediation(*SEE), of("calculation")),
    "mediation:calculation-do": Door(
        mediation(*HANDLE, status={302, 303}), of("calculation", what="remove"), method="post"
    ),
    "mediation:own-entrance": Door(everybody(200)),
    "mediation:own": [Door(everybody(200), own), Door(everybody(404), WRONG)],
    "mediation:own-paper": [
        Door(everybody(200), own_paper),
        Door(everybody(404), lambda world: own_paper(world) | WRONG),
    ],
    "mediation:own-do": [
        Door(
            everybody(303),
            lambda world: own(world) | {"what": "say"},
            method="post",
            data={"question": "rights", "given": "yes"},
        ),
        Door(everybody(404), WRONG | {"what": "say"}, method="post", data={"question": "rights", "given": "yes"}),
    ],
    "mediation:own-sign": [
        Door(everybody(200), own_agreement),
        Door(everybody(422), own_agreement, method="post"),
        Door(everybody(404), lambda world: own_agreement(world) | WRONG),
        Door(everybody(404), lambda world: own(world) | {"n": 99}),
    ],
    "mediation:party-calculation": [
        Door(everybody(200), by_code),
        Door(everybody(404), lambda world: by_code(world) | {"code": "ACDE-FGHJ-KMNP"}),
    ],
}
