"""Rows of the table of doors for a steward's own pages: who looks after the building, and the office's leaders."""

from typing import Any

from house.doors import NOTHING, Door, everybody, number, once, only, posted

SERVE = ("wang", "zhao")  # looks after 金桂苑1幢; leads the whole office
MANAGE = ("li", "zhao")


def entry(world: Any) -> dict[str, Any]:
    return {"pk": world.cared.pk}


def visit(world: Any) -> dict[str, Any]:
    return {"pk": world.knocked.pk}


def word(world: Any) -> dict[str, Any]:
    return {"pk": world.word_left.pk}


def call(world: Any) -> dict[str, Any]:
    return {"pk": world.weather.pk}


def to_do(of: Any, act: str) -> Any:
    return lambda world: of(world) | {"act": act}


def code(world: Any) -> dict[str, Any]:
    return {"token": world.knocked.confirm_code}


PHONE: dict[str, Door | list[Door]] = {
    "desk:my-buildings": Door(only(*SERVE)),
    "desk:my-buildings-paper": Door(only(*SERVE)),
    "desk:my-buildings-report": [Door(only(*SERVE)), posted(only(*SERVE, status=422), data=once)],
    "desk:my-buildings-reported": [
        Door(only(*SERVE), number),
        Door(only(*SERVE, status=404), {"number": "2026-0101-0001"}),
    ],
    "desk:my-buildings-visit": [Door(only(*SERVE)), posted(only(*SERVE, status=422), data=once)],
    "desk:my-buildings-visits": Door(only(*SERVE)),
    "desk:my-buildings-visited": [Door(only(*SERVE), visit), Door(only(*SERVE, status=404), NOTHING)],
    "desk:my-buildings-photo": Door(only(*SERVE, status=404), visit),  # this visit has none
    "desk:my-buildings-care": Door(only(*SERVE)),
    "desk:my-buildings-care-new": Door(only(*SERVE)),
    "desk:my-buildings-care-home": [Door(only(*SERVE), entry), Door(only(*SERVE, status=404), NOTHING)],
    "desk:my-buildings-care-number": Door(only(*SERVE), entry),
    "desk:my-buildings-care-switch": [
        posted(only(*SERVE, status=303), to_do(entry, "stop"), once),
        posted(only(*SERVE, status=404), lambda w: NOTHING | {"act": "back"}, once),
    ],
    "desk:my-buildings-words": Door(only(*SERVE)),
    "desk:my-buildings-word": [Door(only(*SERVE), word), Door(only(*SERVE, status=404), NOTHING)],
    "desk:my-buildings-word-number": Door(only(*SERVE), word),
    "desk:my-buildings-word-file": posted(only(*SERVE, status=303), word, once),
    "desk:my-buildings-word-aside": posted(only(*SERVE, status=303), to_do(word, "aside"), once),
    "desk:my-buildings-offline": Door(only(*SERVE)),
    "desk:my-buildings-pulse": Door(only(*SERVE)),
    "desk:my-buildings-kept": posted(only(*SERVE, status=422)),
    "desk:my-buildings-worker": Door(everybody(200)),  # a script that says nothing about anybody
    "desk:weather": [Door(only(*MANAGE)), posted(only(*MANAGE, status=422), data=once)],
    "desk:weather-end": [
        posted(only(*MANAGE, status=303), call, once),
        posted(only(*MANAGE, status=404), NOTHING, once),
    ],
    "desk:odd-visits": Door(only(*MANAGE)),
    "portal:visit": [
        Door(everybody(200), code),
        Door(everybody(404), {"token": "AAAA-AAAA-AAAA"}),
        posted(everybody(422), code, once),
    ],
}
