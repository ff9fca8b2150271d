"""Rows of the table of doors for boards, wall screens, and what hangs on a wall: a code opens it, and nothing else."""

from typing import Any

from house.doors import NOTHING, Door, everybody, once, only, posted

SEE = ("li", "lin", "zhao", "sun", "audit")  # a head of a unit sees the unit's board
WHOLE = ("li", "zhao", "audit")
NO_CODE = {"code": "x" * 43}


def screen(world: Any, *, revoked: bool = False) -> tuple[Any, str]:
    from django.utils import timezone

    from chenyue.core.actors import SYSTEM
    from chenyue.insight import screens

    made, code = screens.make(name="值班室", shown="office", by=SYSTEM, at=timezone.now())
    if revoked:
        screens.revoke(screen=made, by=SYSTEM, at=timezone.now())
    return made, code


def opened(world: Any) -> dict[str, Any]:
    return {"code": screen(world)[1]}


def revoked(world: Any) -> dict[str, Any]:
    return {"code": screen(world, revoked=True)[1]}


def one(world: Any) -> dict[str, Any]:
    return {"pk": screen(world)[0].pk}


def community(world: Any) -> dict[str, Any]:
    from chenyue.insight import shown

    return {"show": "community:" + next(iter(shown.names("community")))}


def drainage(world: Any) -> dict[str, Any]:
    return {"show": f"unit:{world.cast.units['drainage'].pk}"}


BOARDS: dict[str, Door | list[Door]] = {
    "insight:board": [
        Door(only(*SEE)),
        Door(only(*WHOLE, status=200) | {"lin": 404, "sun": 404}, data=community),
        Door(only("li", "lin", "zhao", "audit") | {"sun": 404}, data=drainage),
        Door(only(*SEE, status=404), data={"show": "unit:x"}),
    ],
    "insight:screens": [Door(only("zhao")), posted(only("zhao", status=422), data=once)],
    "insight:screen-rename": [
        Door(only("zhao"), one),
        Door(only("zhao", status=404), NOTHING),
        posted(only("zhao", status=422), one, once),
    ],
    "insight:screen-renew": [
        posted(only("zhao"), one, once),
        posted(only("zhao", status=404), NOTHING, once),
        Door(only("zhao", status=405), NOTHING),
    ],
    "insight:screen-revoke": [
        posted(only("zhao", status=303), one, once),
        posted(only("zhao", status=404), NOTHING, once),
        Door(only("zhao", status=405), NOTHING),
    ],
    "insight:wall": [
        Door(everybody(200), opened),
        Door(everybody(200), opened, data={"as": "tables"}),
        Door(everybody(404), revoked),
        Door(everybody(404), NO_CODE),
        Door(everybody(404), {"code": "1"}),
    ],
}
