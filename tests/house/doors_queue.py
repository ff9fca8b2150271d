"""Rows of the table of doors for the queue and for visits: whoever receives, and nobody else."""

from typing import Any

from house.doors import WORK, Door, once, only, posted

RECEIVE = ("li", "zhao")


def sitting(world: Any) -> dict[str, Any]:
    return {"pk": world.sitting.pk}


def waiting(world: Any) -> dict[str, Any]:
    return {"pk": world.visitor.pk}


def heard(world: Any) -> dict[str, Any]:
    return {"pk": world.heard.pk}


def to_do(name: str, of: Any = sitting) -> Any:
    return lambda world: of(world) | {"act": name}


def with_words(world: Any) -> dict[str, Any]:
    return once(world) | {"words": "路灯坏了半个月没人修。", "reason": "停水停电", "called_as": "陈大明"}


QUEUE: dict[str, Door | list[Door]] = {
    "reception:today": Door(only(*RECEIVE, status=frozenset({200, 303}))),
    "reception:near": Door(only(*WORK), data={"place": "金桂苑1幢"}),
    "reception:day": Door(only(*RECEIVE), lambda w: {"day": w.sitting.day}),
    "reception:sitting": [Door(only(*RECEIVE), sitting), Door(only(*RECEIVE, status=404), {"pk": 999_999})],
    "reception:line": Door(only(*RECEIVE), sitting),
    "reception:next": posted(only(*RECEIVE, status=303), sitting, once),
    "reception:take": posted(only(*RECEIVE, status=303), sitting, with_words),
    "reception:close": [
        Door(only(*RECEIVE), sitting),
        posted(only(*RECEIVE, status=303), sitting, with_words),
    ],
    "reception:cancel": [
        Door(only(*RECEIVE), sitting),
        posted(only(*RECEIVE, status=303), sitting, with_words),
    ],
    "reception:report": Door(only(*RECEIVE), sitting),
    "reception:sitting-act": [
        posted(only(*RECEIVE, status=303), to_do("stop"), once),
        posted(only(*RECEIVE, status=404), to_do("nothing"), once),
    ],
    "reception:ticket-do": [
        posted(only(*RECEIVE, status=303), to_do("leave", waiting), once),
        posted(only(*RECEIVE, status=404), to_do("nothing", waiting), once),
    ],
    "reception:to-unit": [
        Door(only(*RECEIVE), waiting),
        posted(only(*RECEIVE, status=303), waiting, lambda w: once(w) | {"unit": w.cast.units["drainage"].pk}),
    ],
    "reception:slip": Door(only(*RECEIVE), waiting),
    "reception:visit": [
        Door(only(*RECEIVE), heard),
        Door(only(*RECEIVE, status=404), waiting),
        posted(only(*RECEIVE, status=409), waiting, with_words),  # not called yet
    ],
}
