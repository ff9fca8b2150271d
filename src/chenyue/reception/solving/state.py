"""A roster being worked on: who has which shift on which day, counts of every row, sums of every tally. Pure."""

from collections.abc import Iterable

from chenyue.reception.solving.compiled import Compiled

HARD = 1_000_000_000  # what a broken hard row weighs in a search; never part of an objective

Cells = list[list[int | None]]  # person → day → shift, or None for a day off


class State:
    """Mutable; keeps one shift a day for each person, and the price of everything up to date.

    `price` is what the problem charges, `broken` the number of missing or surplus members of hard rows and of turns
    short of someone's least. Rules on one person's days (gaps, patterns) are the business of who puts a turn.
    """

    def __init__(self, compiled: Compiled, cells: Cells | None = None) -> None:
        self.compiled = compiled
        self.cells: Cells = [[None] * len(compiled.days) for _ in compiled.people]
        self.counts = [0] * len(compiled.rows)
        self.sums = [[0] * len(one.lines) for one in compiled.ones]
        self.turns = [0] * len(compiled.people)
        self.price = compiled.constant
        self.price += sum(row.price(0) for row in compiled.rows)
        self.price += sum(line.cost(0) for one in compiled.ones for line in one.lines)
        self.broken = sum(row.broken(0) for row in compiled.rows) + sum(p.least for p in compiled.people)
        self._rows: dict[tuple[int, int], list[int]] = {}
        if cells is not None:
            self.load(cells)

    @property
    def score(self) -> int:
        """What a search lowers: broken hard rules first, then the price."""
        return HARD * self.broken + self.price

    def rows(self, p: int, s: int) -> list[int]:
        """The rows in which this person at this shift counts."""
        found = self._rows.get((p, s))
        if found is None:
            rows = self.compiled.rows
            found = self._rows[p, s] = [r for r in self.compiled.rows_of[s] if p in rows[r].who]
        return found

    def load(self, cells: Cells) -> None:
        """Take over a whole roster."""
        for p, line in enumerate(cells):
            for day, s in enumerate(line):
                old = self.cells[p][day]
                if old != s:
                    if old is not None:
                        self.drop(p, old)
                    if s is not None:
                        self.put(p, s)

    def put(self, p: int, s: int) -> None:
        """Give shift s to p, who must be free that day."""
        self._count(p, s, 1)
        self.cells[p][self.compiled.day_of[s]] = s

    def drop(self, p: int, s: int) -> None:
        """Take shift s from p."""
        self._count(p, s, -1)
        self.cells[p][self.compiled.day_of[s]] = None

    def delta(self, p: int, s: int) -> int:
        """By how much the score would go up if p, free that day, were given s."""
        compiled = self.compiled
        one, broken = compiled.ones[p], 0
        price = one.prices.get(s, 0)
        for r in self.rows(p, s):
            row, count = compiled.rows[r], self.counts[r]
            price += row.price(count + 1) - row.price(count)
            broken += row.broken(count + 1) - row.broken(count)
        for total, line in zip(self.sums[p], one.lines, strict=True):
            if amount := line.amounts.get(s):
                price += line.cost(total + amount) - line.cost(total)
        if self.turns[p] < compiled.people[p].least and compiled.day_of[s] >= compiled.problem.first:
            broken -= 1
        return price + HARD * broken

    def _count(self, p: int, s: int, by: int) -> None:
        compiled = self.compiled
        one, person = compiled.ones[p], compiled.people[p]
        self.price += by * one.prices.get(s, 0)
        for r in self.rows(p, s):
            row, count = compiled.rows[r], self.counts[r]
            self.price += row.price(count + by) - row.price(count)
            self.broken += row.broken(count + by) - row.broken(count)
            self.counts[r] = count + by
        sums = self.sums[p]
        for number, line in enumerate(one.lines):
            amount = line.amounts.get(s)
            if amount:
                total = sums[number]
                self.price += line.cost(total + by * amount) - line.cost(total)
                sums[number] = total + by * amount
        if compiled.day_of[s] >= compiled.problem.first:
            turns = self.turns[p]
            self.broken += max(0, person.least - turns - by) - max(0, person.least - turns)
            self.turns[p] = turns + by

    def change(self, changes: Iterable[tuple[int, int, int]]) -> int:
        """Do (person, shift, +1 or −1) changes, drops first, and say by how much the score went up."""
        before = self.score
        for p, s, by in changes:
            if by > 0:
                self.put(p, s)
            else:
                self.drop(p, s)
        return self.score - before

    def copy(self) -> Cells:
        """The cells, to keep."""
        return [list(line) for line in self.cells]

    def pairs(self) -> list[tuple[int, int]]:
        """All turns as (person, shift)."""
        return [(p, s) for p, line in enumerate(self.cells) for s in line if s is not None]

    def fits(self, p: int, s: int) -> bool:
        """True if p may take s beside the turns p has: allowed, free that day, gaps, follows, windows, most.

        Patterns of days are not looked at: whoever must keep them searches whole patterns.
        """
        compiled = self.compiled
        day, one, mine = compiled.day_of[s], compiled.ones[p], self.cells[p]
        if mine[day] is not None or s not in compiled.options[p][day]:
            return False
        most = compiled.people[p].most
        if most is not None and day >= compiled.problem.first and self.turns[p] >= most:
            return False
        if any(mine[later] is not None for later in range(day + 1, min(one.earliest[day], len(mine)))):
            return False
        for earlier in range(day - 1, -1, -1):
            if one.earliest[earlier] <= day:
                break
            if mine[earlier] is not None:
                return False
        return self.follows(p, day, s) and all(
            any(mine[d] is None and d != day for d in window.days) for window in one.windows if day in window.days
        )

    def follows(self, p: int, day: int, s: int) -> bool:
        """True if s may stand between what p has on the days before and after."""
        mine = self.cells[p]
        follow = self.compiled.problem.rules.follow
        if not follow:
            return True
        shifts = self.compiled.shifts
        before = mine[day - 1] if day else None
        after = mine[day + 1] if day + 1 < len(mine) else None
        return not (
            (before is not None and (shifts[before].kind, shifts[s].kind) in follow)
            or (after is not None and (shifts[s].kind, shifts[after].kind) in follow)
        )
