"""Compares every kept count with a count of all cases.

Sums are kept in a file of their own meanwhile, which the system deletes: memory stays small whatever the size, and
the office's database is only read, a little at a time.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator

from django.utils import timezone

from chenyue.cases.models import Case
from chenyue.insight import following
from chenyue.insight.facts import Cell, put
from chenyue.insight.models import CaseFact, DayCount
from chenyue.insight.pieces import batches, next_ids, texts
from chenyue.insight.turns import Lost, Turn, turn

BATCH = 500  # cases read at a time
HELD = 20_000  # cells in memory
ROWS = 5_000  # kept counts read at a time


def differences(most: int = 100) -> list[str]:
    """Where the kept counts differ from a count of all cases, as sentences; nothing where all is well.

    A case that changed while this went on is looked at again afterwards. Raises Lost if somebody else counts.
    """
    with turn() as mine:
        if mine is None:
            raise Lost
        stale, found = _compared(mine, most)
    if stale and following.behind():
        following.follow(timezone.now())
        stale = [pk for several in batches(stale, BATCH) for pk in _stale(several)]
    numbers = Case.objects.filter(pk__in=stale[:most]).order_by("pk").values_list("number", flat=True)
    return [f"{number}: not counted as it stands" for number in numbers] + found[: most - len(numbers)]


def _compared(mine: Turn, most: int) -> tuple[list[int], list[str]]:
    """Cases whose kept line isn't what they add now, and the cells that aren't the sum of the kept lines."""
    stale: list[int] = []
    sums = Sums()
    last = 0
    while several := next_ids(last, BATCH):
        mine.note()
        last = several[-1]
        stale += _stale(several)
        for text in CaseFact.objects.filter(case__in=several).values_list("adds", flat=True):
            sums.counted(text)
    last = 0
    while rows := list(DayCount.objects.filter(pk__gt=last).order_by("pk").values_list()[:ROWS]):
        mine.note()
        last = rows[-1][0]
        sums.kept((Cell(grain, axis, measure, day, key), n) for _pk, grain, day, axis, key, measure, n in rows)
    return stale, list(sums.differing(most))


def _stale(ids: list[int]) -> list[int]:
    kept = dict(CaseFact.objects.filter(case__in=ids).values_list("case_id", "adds"))
    return [pk for pk, text in texts(ids).items() if kept.get(pk) != text]


class Sums:
    """Two numbers for each cell, on disk: what was counted, and what is kept."""

    def __init__(self) -> None:
        self._file = sqlite3.connect("")  # a nameless file
        self._file.execute(
            "CREATE TABLE cell (grain, axis, measure, day, key, counted DEFAULT 0, kept DEFAULT 0, "
            "PRIMARY KEY (grain, axis, measure, day, key)) WITHOUT ROWID"
        )
        self._held: Counter[Cell] = Counter()

    def counted(self, kept: str) -> None:
        """Add what a case counts for, by its kept line."""
        put(self._held, kept)
        if len(self._held) > HELD:
            self._flush()

    def kept(self, rows: Iterable[tuple[Cell, int]]) -> None:
        """Put down what is kept."""
        self._write("kept", rows)

    def _flush(self) -> None:
        self._write("counted", self._held.items())
        self._held = Counter()

    def _write(self, column: str, rows: Iterable[tuple[Cell, int]]) -> None:
        self._file.executemany(
            f"INSERT INTO cell (grain, axis, measure, day, key, {column}) VALUES (?, ?, ?, ?, ?, ?) "  # noqa: S608
            f"ON CONFLICT DO UPDATE SET {column} = {column} + excluded.{column}",
            [(*cell[:3], cell.day.toordinal(), cell.key, value) for cell, value in rows],
        )

    def differing(self, most: int) -> Iterator[str]:
        """The first cells whose numbers differ, as sentences."""
        self._flush()
        rows = self._file.execute(
            "SELECT grain, axis, measure, day, key, kept, counted FROM cell WHERE kept <> counted LIMIT ?", [most]
        )
        for *cell, kept, counted in rows:
            yield f"{'/'.join(map(str, cell))}: kept {kept}, counted {counted}"
        self._file.close()
