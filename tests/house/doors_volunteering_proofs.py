"""Rows of the table of doors: the code and who came, hours for a second person, calls, complaints, certificates."""

from typing import Any

from house.doors import Door, everybody, once, only, posted

SEES = ("li", "zhao", "audit", "lin", "sun")  # lin and sun: their own units' things
READ = ("li", "zhao", "audit", "lin")  # the sample rows belong to drainage, lin's unit
RUN = ("zhao", "lin")  # who organises and certifies for drainage
HANDS = ("zhao", "lin", "li")
WRITE = ("zhao", "lin", "sun")  # who organises anywhere


def activity(world: Any) -> dict[str, Any]:
    return {"number": world.proved.activity.number}


def of(name: str, **more: Any) -> Any:
    """The row of this name, as a URL takes it."""
    return lambda world: {"pk": getattr(world.proved, name).pk} | more


def code(world: Any) -> dict[str, Any]:
    from django.utils import timezone

    from chenyue.volunteering import rotating

    row = world.proved.activity
    return activity(world) | {"code": rotating.code(row.secret, row.number, rotating.window_of(timezone.now()))}


def token(world: Any) -> dict[str, Any]:
    return {"token": world.proved.token}


def certificate(world: Any) -> dict[str, Any]:
    return {"code": world.proved.issued.code}


NOBODY = {"pk": 999_999}
CHECK_IN = "volunteering:check-in"

VOLUNTEERING_PROOFS: dict[str, Door | list[Door]] = {
    "volunteering:activity-code": [
        Door(only(*RUN), activity),
        Door(only(*RUN), activity, data={"part": "1"}),
        Door(only(*WRITE, status=404), {"number": "V2026-9999"}),
    ],
    "volunteering:attendance": [Door(only(*READ), activity), Door(only(), {"number": "V2026-9999"})],
    "volunteering:hours-typed": posted(only(*RUN, status=422), activity, once),
    "volunteering:desk-scan": posted(only(*RUN, status=422), activity, once),
    "volunteering:claims": [
        Door(only(*SEES)),
        Door(only(*SEES), data={"show": "approved"}),
        Door(only(*SEES), data={"show": "x", "cursor": "x"}),
    ],
    "volunteering:decide-many": posted(only("zhao", "lin", "sun"), data=once),  # nothing ticked: said above the list
    "volunteering:hours-typed-alone": [Door(only(*WRITE)), posted(only(*WRITE, status=422), data=once)],
    "volunteering:claim": [
        Door(only(*READ), of("waiting")),
        Door(only(*READ), of("counted")),
        Door(only(*SEES, status=404), NOBODY),
    ],
    "volunteering:ask-served": posted(only(*HANDS, status=303) | {"audit": 403}, of("waiting"), once),
    "volunteering:claim-do": [
        posted(only("zhao", status=422) | {"lin": 422, "li": 403, "audit": 403}, of("waiting", what="refuse"), once),
        posted(only(*READ, status=422), of("waiting", what="confirm"), once),
        posted(only(*READ, status=404), of("waiting", what="nothing"), once),
    ],
    "volunteering:hours-ledger": [
        Door(only(*SEES)),
        Door(only(*SEES), data={"first": "2026-01-01", "last": "x", "volunteer": "v000001", "grade": "Z"}),
    ],
    "volunteering:hours-export": [Door(only("zhao")), posted(only("zhao", status=422), data=once)],
    "volunteering:hours-checks": Door(only(*SEES)),
    "volunteering:hours-check": [
        Door(only(*READ), of("check")),
        posted(only(*READ, status=422), of("check"), once),
        Door(only(*SEES, status=404), NOBODY),
    ],
    "volunteering:hours-pleas": Door(only(*SEES)),
    "volunteering:hours-plea": [
        Door(only(*READ), of("plea")),
        posted(only(*READ, status=422), of("plea"), once),
        Door(only(*SEES, status=404), NOBODY),
    ],
    "volunteering:certificates": Door(only(*SEES)),
    "volunteering:certificate-new": [Door(only(*WRITE, "li")), posted(only(*WRITE, "li", status=422), data=once)],
    "volunteering:certificate": [Door(only(*READ), of("issued")), Door(only(*READ), of("asked"))],
    "volunteering:certificate-do": [
        posted(only(*RUN, status=422), of("asked", what="notice"), once),
        posted(only(*RUN, status=422), of("issued", what="end"), once),
        posted(only(*WRITE, status=404), of("asked", what="nothing"), once),
    ],
    "volunteering:certificate-paper": [
        Door(only(*HANDS), of("issued", kind="pdf")),
        Door(only(*HANDS, status=404) | {"audit": 403}, of("asked", kind="word")),
    ],
    CHECK_IN: [
        Door(everybody(200), activity),
        posted(everybody(422), activity, lambda w: once(w) | {"digits": "000"}),
        Door(everybody(404), {"number": "V2026-9999"}),
    ],
    f"{CHECK_IN}-code": [Door(everybody(303), code), Door(everybody(303), lambda w: activity(w) | {"code": "x"})],
    "volunteering:checked": Door(everybody(404), activity),  # who hasn't signed in as a volunteer scanned nothing
    "volunteering:confirm": [
        Door(everybody(200), token),
        posted(everybody(422), token, once),
        Door(everybody(404), {"token": "nothing-like-this"}),
    ],
    "volunteering:confirmed": Door(everybody(200), token),
    "volunteering:certificate-check": [
        Door(everybody(200), certificate),
        posted(everybody(200), certificate, lambda w: {"name": "志愿者乙"}),
        Door(everybody(404), {"code": "nothing-like-this"}),
    ],
}
