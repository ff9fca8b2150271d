"""Rows of the table of doors: residents' sign-in by telephone, their own pages, and the same at the window.

Nobody of the cast has signed in as a resident: their own pages lead to the sign-in. At the window nothing opens
before somebody was found there, which is on record; `tests/volunteering/test_self_*` go on from there.
"""

from typing import Any

from house.doors import Door, Status, everybody, only

GET = {
    "home": {}, "join": {}, "activities": {}, "hours": {}, "needs": {}, "services": {}, "bookings": {},
    "booking": {"number": "B2026-000001"}, "slip": {"number": "B2026-000001"}, "family": {}, "certificates": {},
    "paper": {"row": 1, "kind": "pdf"}, "data": {}, "statement": {},
}  # fmt: skip
POST = {
    "change": {"what": "rest"}, "sign-up": {"number": "V2026-0001"}, "withdraw": {"row": 1}, "complain": {"row": 1},
    "need-withdraw": {"number": "N2026-0001"}, "book": {"slot": 1}, "wait": {"slot": 1}, "unwait": {"slot": 1},
    "cancel": {"number": "B2026-000001"}, "sign": {"number": "B2026-000001"}, "deny": {"number": "B2026-000001"},
    "appeal": {"number": "B2026-000001"}, "tie": {"row": 1, "what": "end"}, "give": {"row": 1}, "donate": {},
    "sign-out": {},
}  # fmt: skip
SERVE = ("li", "zhao")


def serves(status: Status) -> dict[str, Status]:
    """Who serves at the window; others are refused."""
    return only(*SERVE, status=status)


def _own() -> dict[str, Door | list[Door]]:
    found: dict[str, Door | list[Door]] = {}
    for method, rows in (("get", GET), ("post", POST)):
        for name, kwargs in rows.items():
            given: dict[str, Any] = dict(kwargs)
            found[f"volunteering:me-{name}"] = Door(everybody(303), given, method=method)
            found[f"volunteering:window-{name}"] = Door(serves(303), given | {"pk": 1}, method=method)
    return found


VOLUNTEERING_SELF: dict[str, Door | list[Door]] = {
    "portal:sign-in": Door(everybody(200)),
    "portal:sign-in-code": Door(everybody(303)),  # without a number first
    "portal:sign-in-name": Door(everybody(303)),
    "portal:sign-out": Door(everybody(303), method="post"),
    "volunteering:window": [
        Door(serves(200)),
        Door(serves(200), method="post", data={"q": "13800000001", "via": "window"}),
        Door(serves(422), method="post"),
    ],
    "volunteering:window-open": Door(serves(404), method="post", data={"resident": "999999"}),
    "volunteering:window-new": Door(serves(422), method="post"),
    "volunteering:window-finish": Door(serves(303), method="post"),
    "volunteering:window-hands": Door(serves(303), {"pk": 1}),
} | _own()
