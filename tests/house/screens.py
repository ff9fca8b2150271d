"""A lived-in office, and every page that somebody can open in it: for tests that read all screens."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from cast import NOW, Cast
from house.doors import DOORS, Door
from house.test_doors import World

REPORTER = "何晓芸"  # who told what is private: nobody without the right may read this name
PHONE = "13912345678"
PRIVATE_WORDS = "调解员收了对方的烟酒，偏袒他们一家，我要求换人。"


@dataclass
class Lived(World):
    """The world of the doors with more cases in it, one of them private."""

    cases: list[Any] = field(default_factory=list)
    private: Any = None


def live_in(cast: Cast) -> Lived:
    """Received, dispatched, answered, refused, and one private case."""
    import stories
    from chenyue.cases.actions import ReporterData
    from chenyue.followup import actions
    from chenyue.followup.models import Callback
    from helpers import sample_case

    world = Lived(cast, sample_case(cast))
    told = stories.filed(cast, words="金桂苑3幢楼道的灯坏了半个月。", place_id=cast.place("金桂苑3幢").pk)
    first = stories.answered(cast)
    second = stories.answered(cast, filed_=stories.filed(cast, words="二单元门口下水道又堵了。"))
    callback = Callback.objects.get(case=second)
    by = cast.li.actor()
    actions.rate(callback=callback, grade="dissatisfied", solved=False, reasons=[], words="没人来。", by=by, at=NOW)
    private = stories.filed(
        cast, words=PRIVATE_WORDS, category_code="1202", reporter=ReporterData(name=REPORTER, phone=PHONE)
    )
    world.cases, world.private = [world.filed.case, told.case, first, second, private.case], private
    return world


def doors(world: Lived) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every page that is opened by an address alone: its name, address and query, for each object it can show."""
    for name, found in DOORS.items():
        for door in found if isinstance(found, list) else [found]:
            if door.method == "get":
                yield name, _address(name, door, world), door.data(world) if callable(door.data) else door.data


def _address(name: str, door: Door, world: Lived) -> str:
    return reverse(name, kwargs=door.kwargs(world) if callable(door.kwargs) else door.kwargs)


def of_case(case: Any, moves: bool = True) -> Iterator[str]:
    """Pages of a case, by the addresses that it has."""
    from chenyue.cases.lifecycle import Move

    yield reverse("desk:case", args=[case.number])
    yield reverse("desk:inbox-correct", args=[case.number])
    yield reverse("desk:inbox-similar", args=[case.number])
    yield from (reverse("desk:move", args=[case.number, move.value]) for move in (Move if moves else [Move.REMIND]))
    yield from (reverse(f"desk:{name}", args=[case.number]) for name in ("answer", "settle", "note", "attach"))
    for appeal in case.appeals.all():
        yield reverse("desk:slip", args=[appeal.number])
        yield reverse("desk:reveal", args=[case.number, appeal.number])
        yield reverse("desk:add-words", args=[case.number, appeal.number])
    yield reverse("desk:search") + f"?q={case.number}"


def more(world: Lived) -> Iterator[str]:
    """Pages of cases, callbacks and refused answers in their several states; every move of one case."""
    from chenyue.followup.models import Callback, Refusal

    for case in world.cases:
        yield from of_case(case, moves=case == world.filed.case)
    yield from (reverse("desk:callback", args=[pk]) for pk in Callback.objects.values_list("pk", flat=True))
    yield from (reverse("desk:refusal", args=[pk]) for pk in Refusal.objects.values_list("pk", flat=True))
