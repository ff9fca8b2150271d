"""Counts so coarse that nobody is found in them. Pure.

Each case stands in exactly one row. It begins in the finest one (day, community, category) and climbs until at least k
people stand in its row with it:

    0  day     community   category
    1  month   community   category
    2  month   community   group of categories
    3  month   –           group of categories
    4  month   –           –

People, not cases: whoever told of five cases is one. Then totals that somebody may know from elsewhere are thought of:
of a day, a community, a category, a group, of any of them together, of the month. Take from such a total the rows that
lie wholly in it; what remains must be nothing, or at least k people, or the whole total (then no row lies in it).
Otherwise the smallest row in it climbs, until that holds for all. If not even the whole month has k people, there is
no row.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

LEAST = 5  # no k is smaller
TOP = 4
ROUNDS = 10_000  # climbing ends, since rows only climb; more rounds would be a fault


class Told(NamedTuple):
    """A case: the day it was received, where, what it is about, its group; who told of it first (None: unknown)."""

    day: str
    community: str
    category: str
    group: str
    who: Hashable = None


class Row(NamedTuple):
    """`n` cases. "" stands for what is not told apart."""

    day: str
    community: str
    group: str
    category: str
    n: int


@dataclass(frozen=True)
class Made:
    """Rows of a month, and how many cases stand in coarser ones or in none."""

    rows: list[Row]
    total: int
    coarser: int  # not told by community and category any more
    hidden: int  # in no row at all


Cell = tuple[str, str, str, str]  # day, community, group, category
Name = tuple[str, str, str, str]  # the same, "" where it is not told apart


def name_of(cell: Cell, level: int) -> Name:
    """The row in which a cell stands at a level."""
    day, community, group, category = cell
    return (
        day if level < 1 else "", community if level < 3 else "", group if level < TOP else "",
        category if level < 2 else "",
    )  # fmt: skip


def totals_of(cell: Cell) -> list[Name]:
    """All totals somebody may know in which a cell is counted: every mix of its parts, a category with its group."""
    day, community, group, category = cell
    kinds = (("", ""), (group, ""), (group, category))
    return [(d, c, g, leaf) for d in ("", day) for c in ("", community) for g, leaf in kinds]


class _Ladder:
    """Where each cell stands, and who stands in it."""

    def __init__(self, told: Iterable[Told], k: int) -> None:
        self.k = k
        self.people: dict[Cell, set[Hashable]] = defaultdict(set)
        self.cases: dict[Cell, int] = defaultdict(int)
        for n, one in enumerate(told):
            cell = (one.day, one.community, one.group, one.category)
            self.people[cell].add(("unknown", n) if one.who is None else ("known", one.who))
            self.cases[cell] += 1
        self.level = dict.fromkeys(sorted(self.cases), 0)
        self.members: dict[Name, list[Cell]] = defaultdict(list)
        for cell in self.level:
            for total in totals_of(cell):
                self.members[total].append(cell)

    def rows(self) -> dict[tuple[int, Name], list[Cell]]:
        """Cells by the row they stand in."""
        found: dict[tuple[int, Name], list[Cell]] = defaultdict(list)
        for cell, level in self.level.items():
            found[level, name_of(cell, level)].append(cell)
        return found

    def size(self, cells: Iterable[Cell]) -> int:
        """How many people stand in these cells."""
        return len(set().union(*(self.people[cell] for cell in cells)))

    def climb(self, cells: Iterable[Cell]) -> None:
        for cell in cells:
            self.level[cell] += 1

    def settle(self) -> None:
        """Rows with too few people climb, the finest first."""
        for level in range(TOP):
            for (where, _name), cells in self.rows().items():
                if where == level and self.size(cells) < self.k:
                    self.climb(cells)
        rows = self.rows()
        rest = [cell for (level, _name), cells in rows.items() if level == TOP for cell in cells]
        if rest and self.size(rest) < self.k:
            others = [(self.size(cells), key, cells) for key, cells in rows.items() if key[0] < TOP]
            if others:
                for cell in min(others, key=lambda one: one[:2])[2]:
                    self.level[cell] = TOP

    def given_away(self, moved: Iterable[Cell]) -> list[list[Cell]]:
        """For each total of cells that moved which gives too few people away: the smallest row that lies in it."""
        found: list[list[Cell]] = []
        for total in sorted({total for cell in moved for total in totals_of(cell)}):
            cells = self.members[total]
            inside: dict[tuple[int, Name], list[Cell]] = defaultdict(list)
            outside = []
            for cell in cells:
                name = name_of(cell, self.level[cell])
                if _lies_in(name, total):
                    inside[self.level[cell], name].append(cell)
                else:
                    outside.append(cell)
            if inside and outside and self.size(outside) < self.k:
                found.append(min(inside.items(), key=lambda one: (self.size(one[1]), one[0]))[1])
        return found


def _lies_in(row: Name, total: Name) -> bool:
    """Whether all cases of a row are counted in a total: the row says each part that the total asks for."""
    return all(not asked or asked == said for said, asked in zip(row, total, strict=True))


def make(told: Sequence[Told], k: int) -> Made:
    """The rows of a month. Raises ValueError for a k below the least."""
    if k < LEAST:
        raise ValueError(f"k must be at least {LEAST}")
    ladder = _Ladder(told, k)
    everybody = ladder.size(ladder.level)
    if everybody < k:
        return Made([], len(told), 0, len(told))
    moved: set[Cell] = set(ladder.level)
    for _round in range(ROUNDS):
        before = dict(ladder.level)
        ladder.settle()
        moved |= {cell for cell, level in before.items() if ladder.level[cell] != level}
        climbing: set[Cell] = set()
        for cells in ladder.given_away(moved):
            if not climbing & set(cells):
                ladder.climb(cells)
                climbing |= set(cells)
        if not climbing:
            return _made(ladder, len(told))
        moved = climbing
    raise RuntimeError("rows climb without end")


def _made(ladder: _Ladder, total: int) -> Made:
    rows, coarser = [], 0
    for (level, name), cells in ladder.rows().items():
        count = sum(ladder.cases[cell] for cell in cells)
        coarser += count if level > 1 else 0
        day, community, group, category = name
        rows.append(Row(day, community, group, category, count))
    return Made(sorted(rows), total, coarser, 0)


def faults(rows: Sequence[Row], told: Sequence[Told], k: int) -> list[str]:
    """What keeps these rows from being published, held against the cases themselves; nothing where all is well."""
    if k < LEAST:
        return ["k"]
    again = make(told, k)
    found = ["small"] if any(row.n < k for row in rows) else []
    if sorted(rows) != again.rows:
        found.append("changed")
    return found


def too_near(old: Sequence[Row], new: Sequence[Row], k: int) -> bool:
    """Whether an earlier publication of the same month and this one, taken from each other, give few cases away.

    Compared for each total that rows of either lie in, and row by row.
    """
    sums: dict[Name, int] = defaultdict(int)
    for sign, rows in ((-1, old), (1, new)):
        for row in rows:
            name = (row.day, row.community, row.group, row.category)
            for total in set(totals_of(name)) | {name}:
                if _lies_in(name, total):
                    sums[total] += sign * row.n
    return any(0 < abs(value) < k for value in sums.values())
