"""Writing counts in pieces: small transactions one after the other, so that nobody waits long for their turn."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from chenyue.cases.models import Case
from chenyue.insight import reading
from chenyue.insight.facts import Cell, adds_of, short
from chenyue.insight.turns import Turn

PIECE = 0.015  # seconds that one writing transaction should take
CASES = 200  # read at a time
ROWS = 150  # of one statement: SQLite takes 999 values in old builds


class Pace:
    """How many at a time, so that writing them takes about as long as a piece should, on any machine."""

    def __init__(self, first: int, most: int) -> None:
        self.size, self._fewest, self._most = first, max(1, first // 10), most

    @contextmanager
    def piece(self, mine: Turn, **noted: Any) -> Iterator[None]:
        """A transaction that writes counts; how long it took says how large the next one is. Raises Lost."""
        with transaction.atomic():
            began = time.monotonic()  # the turn to write has come
            mine.note(**noted)
            yield
        wanted = int(self.size * min(2.0, PIECE / max(time.monotonic() - began, 0.001)))
        self.size = max(self._fewest, min(self._most, wanted))

    def of(self, items: list[Any]) -> Iterator[list[Any]]:
        """All items, so many at a time as is fit at that moment."""
        begin = 0
        while begin < len(items):
            several = items[begin : begin + self.size]
            begin += len(several)
            yield several


def next_ids(last: int, size: int = CASES) -> list[int]:
    """The next so many cases after this one."""
    return list(Case.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:size])


def texts(ids: list[int]) -> dict[int, str]:
    """What each of these cases adds now, in short."""
    zone = timezone.get_default_timezone()
    return {case.id: short(case, adds_of(case, zone)) for case in reading.known(ids)}


def add(difference: Iterable[tuple[Cell, int]]) -> None:
    """Add these amounts to their cells; one statement for so many."""
    for several in batches(difference, ROWS):
        values = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(several))
        given: list[Any] = [part for cell, value in several for part in (*cell, value)]
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO insight_daycount (grain, axis, measure, day, key, value) VALUES {values} "  # noqa: S608
                "ON CONFLICT (grain, axis, measure, day, key) "
                "DO UPDATE SET value = insight_daycount.value + excluded.value",
                given,
            )


def batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """The items, so many at a time."""
    held: list[Any] = []
    for item in items:
        held.append(item)
        if len(held) == size:
            yield held
            held = []
    if held:
        yield held
