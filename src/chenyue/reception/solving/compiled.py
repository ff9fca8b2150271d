"""A problem with numbers for names: what the checker and every search work on. Pure; no solver."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from chenyue.reception.solving.problem import Assignment, Code, Person, Problem, Tally, Turn


@dataclass(frozen=True, slots=True)
class Row:
    """A rule or a wish about how many of `who` take `shifts`: between `low` and `high`.

    `under` and `over` price each one missing or surplus; None makes it hard.
    """

    code: Code
    who: frozenset[int]
    shifts: tuple[int, ...]
    low: int
    high: int | None
    under: int | None = None
    over: int | None = None
    detail: str = ""

    @property
    def hard(self) -> bool:
        """True if it may not be broken on some side."""
        return (self.under is None and self.low > 0) or (self.over is None and self.high is not None)

    def price(self, count: int) -> int:
        """What this count costs; what is hard costs nothing here."""
        if count < self.low:
            return (self.under or 0) * (self.low - count)
        if self.high is not None and count > self.high:
            return (self.over or 0) * (count - self.high)
        return 0

    def broken(self, count: int) -> int:
        """By how many a hard side is broken."""
        if count < self.low:
            return self.low - count if self.under is None else 0
        if self.high is not None and count > self.high:
            return count - self.high if self.over is None else 0
        return 0


@dataclass(frozen=True, slots=True)
class Line:
    """One person's place in one tally: where it starts, what would be fair, and what being off costs (`price`·n²)."""

    name: str
    amounts: dict[int, int]
    start: int
    target: int
    price: int

    def cost(self, total: int) -> int:
        """The price of a sum of amounts over the horizon."""
        off = self.start + total - self.target
        return self.price * off * off


@dataclass(frozen=True, slots=True)
class Window:
    """Rest days that one person may not all work: a run of `limit` + 1 days would arise with ordinary workdays."""

    first: int
    last: int
    days: tuple[int, ...]


@dataclass(slots=True)
class One:
    """One person, compiled."""

    banned: dict[int, Code] = field(default_factory=dict)  # shift → why not
    fixed: dict[int, int | None] = field(default_factory=dict)  # day → the shift (None: off) that it must be
    pinned: set[int] = field(default_factory=set)
    prices: dict[int, int] = field(default_factory=dict)  # shift → price of taking it
    earliest: list[int] = field(default_factory=list)  # day worked → first day that may be worked next
    windows: list[Window] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


class Compiled:
    """A problem, indexed. `options[p][d]` are the shifts that person p may take on day d."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.days, self.shifts, self.people = problem.days, problem.shifts, problem.people
        self.person_no = {person.id: number for number, person in enumerate(self.people)}
        self.shift_no = {shift.id: number for number, shift in enumerate(self.shifts)}
        self.day_of = [shift.day for shift in self.shifts]
        self.by_day: list[list[int]] = [[] for _ in self.days]
        for number, shift in enumerate(self.shifts):
            self.by_day[shift.day].append(number)
        self.published = self.numbers(problem.published.turns) if problem.published else set()
        self.constant = 0
        self.ones = [One() for _ in self.people]
        for number, person in enumerate(self.people):
            self._bans(self.ones[number], person)
            self._gaps(self.ones[number], person)
            self._windows(self.ones[number], person)
        self._fix()
        self._price()
        self._tallies()
        self.rows = list(self._rows())
        self.options = [[self._options(one, day) for day in range(len(self.days))] for one in self.ones]

    @property
    def begin(self) -> int:
        """The first day that can still be changed: what lies before is not judged."""
        return max(self.problem.first, self.problem.frozen)

    def numbers(self, turns: Iterable[Turn]) -> set[tuple[int, int]]:
        """Turns as pairs of numbers; what the problem doesn't have is left out."""
        people, shifts = self.person_no, self.shift_no
        return {(people[p], shifts[s]) for p, s in turns if p in people and s in shifts}

    def assignment(self, pairs: Iterable[tuple[int, int]]) -> Assignment:
        """Pairs of numbers as an assignment."""
        return Assignment(frozenset(Turn(self.people[p].id, self.shifts[s].id) for p, s in pairs))

    def _bans(self, one: One, person: Person) -> None:
        for number, shift in enumerate(self.shifts):
            if shift.day in person.off:
                one.banned[number] = Code.LEAVE
            elif shift.id in person.barred:
                one.banned[number] = Code.BARRED

    @cached_property
    def ordinals(self) -> list[int]:
        """For each day, how many workdays there were up to it."""
        found, count = [], 0
        for day in self.days:
            count += day.workday
            found.append(count)
        return found

    def gap(self, person: Person) -> int:
        """Workdays that two turns of this person lie apart at least."""
        if person.gap is not None:
            return person.gap
        return self.problem.rules.gap_leads if person.lead else self.problem.rules.gap

    def _gaps(self, one: One, person: Person) -> None:
        gap, ordinals, end = self.gap(person), self.ordinals, len(self.days)
        for day in range(end):
            following = day + 1
            while following < end and ordinals[following] - ordinals[day] < gap:
                following += 1
            one.earliest.append(following)

    def _windows(self, one: One, person: Person) -> None:
        limit = self.problem.rules.most_running
        if limit is None or not (starts := self._starts(limit + 1)):
            return
        for start in starts:
            window = range(start, start + limit + 1)
            if any(day in person.off for day in window):
                continue
            rest = tuple(day for day in window if not self.days[day].workday)
            if rest:
                one.windows.append(Window(window[0], window[-1], rest))

    def _starts(self, length: int) -> list[int]:
        """First days of the windows of this length that lie around a public holiday."""
        around = self.problem.rules.around
        near: set[int] = set()
        for day, what in enumerate(self.days):
            if what.holiday:
                near.update(range(day - around, day + around + 1))
        return [
            start
            for start in range(len(self.days) - length + 1)
            if near and all(day in near for day in range(start, start + length))
        ]

    def _fix(self) -> None:
        for p, one in enumerate(self.ones):
            for day in range(min(self.begin, len(self.days))):
                one.fixed[day] = None
            for q, s in self.published:
                if q == p and self.day_of[s] < self.begin:
                    one.fixed[self.day_of[s]] = s
        for p, s in self.numbers(self.problem.pins):
            self.ones[p].pinned.add(s)
            if self.day_of[s] >= self.begin:
                self.ones[p].fixed[self.day_of[s]] = s

    def _price(self) -> None:
        rules = self.problem.rules
        for p, s in self.published:
            if self.day_of[s] >= self.begin:
                self.constant += rules.change
                self._add(p, s, -rules.change)
        for wish in self.problem.wishes:
            if wish.person not in self.person_no or wish.shift not in self.shift_no:
                continue
            p, s = self.person_no[wish.person], self.shift_no[wish.shift]
            if wish.wanted:
                self.constant += wish.weight
            self._add(p, s, -wish.weight if wish.wanted else wish.weight)
        if rules.unfamiliar:
            for p, person in enumerate(self.people):
                for s, shift in enumerate(self.shifts):
                    if self.strange(person, shift.venue):
                        self._add(p, s, rules.unfamiliar)

    def strange(self, person: Person, venue: str) -> bool:
        """True if the venue isn't one that this person knows."""
        return bool(person.familiar and venue and venue not in person.familiar)

    def _add(self, p: int, s: int, price: int) -> None:
        self.ones[p].prices[s] = self.ones[p].prices.get(s, 0) + price

    def _tallies(self) -> None:
        for tally in self.problem.rules.fairness:
            amounts = self._amounts(tally)
            if not amounts:
                continue
            for lead in (True, False):
                group = [p for p, person in enumerate(self.people) if person.lead == lead]
                self._targets(tally, amounts, group, lead)

    def _amounts(self, tally: Tally) -> dict[int, int]:
        found = {}
        for number, shift in enumerate(self.shifts):
            amount = shift.points if tally.name == "points" else int(tally.name in shift.marks)
            if amount and shift.day >= self.problem.first:
                found[number] = amount
        return found

    def _targets(self, tally: Tally, amounts: dict[int, int], group: list[int], lead: bool) -> None:
        needed = 0
        standing = self.published | self.numbers(self.problem.pins)
        for s, amount in amounts.items():
            leads = self.shifts[s].leads or 0
            needed += amount * (leads if lead else max(0, self.shifts[s].least - leads))
            if self.reminds(s):
                needed += amount * sum((p, s) in standing for p in group)
        starts = {p: self.people[p].history.get(tally.name, 0) for p in group}
        shares = sum(self.people[p].share for p in group)
        for p in group:
            fair = (needed + sum(starts.values())) * self.people[p].share / shares if shares else 0.0
            self.ones[p].lines.append(Line(tally.name, amounts, starts[p], round(fair), tally.price))

    def _rows(self) -> Iterable[Row]:
        everyone = frozenset(range(len(self.people)))
        leads = frozenset(p for p in everyone if self.people[p].lead)
        skilled: dict[str, set[int]] = {}
        units: dict[str, set[int]] = {}
        for p, person in enumerate(self.people):
            for skill in person.skills:
                skilled.setdefault(skill, set()).add(p)
            if person.unit:
                units.setdefault(person.unit, set()).add(p)
        for s, shift in enumerate(self.shifts):
            if shift.day < self.begin:
                continue
            yield Row(Code.STAFFED, everyone, (s,), shift.least, shift.most, shift.under, shift.over)
            if shift.leads is not None:
                yield Row(Code.LEAD, leads, (s,), shift.leads, shift.leads)
            for skill, count in shift.skills:
                yield Row(Code.SKILL, frozenset(skilled.get(skill, ())), (s,), count, None, detail=skill)
        most = self.problem.rules.unit_most
        if most is not None:
            for day in range(self.begin, len(self.days)):
                for unit, members in sorted(units.items()):
                    if len(members) > most and self.by_day[day]:
                        yield Row(Code.UNIT, frozenset(members), tuple(self.by_day[day]), 0, most, detail=unit)

    def _options(self, one: One, day: int) -> tuple[int, ...]:
        if day in one.fixed:
            only = one.fixed[day]
            return () if only is None else (only,)
        return tuple(s for s in self.by_day[day] if s not in one.banned and not self.reminds(s))

    def reminds(self, s: int) -> bool:
        """True for a shift that needs nobody and limits nobody: only who stands there counts, nobody is put there."""
        shift = self.shifts[s]
        return not shift.least and shift.most is None

    @cached_property
    def rows_of(self) -> list[list[int]]:
        """For each shift, the rows it stands in."""
        found: list[list[int]] = [[] for _ in self.shifts]
        for number, row in enumerate(self.rows):
            for s in row.shifts:
                found[s].append(number)
        return found

    @cached_property
    def patterned(self) -> bool:
        """True if people's days must follow patterns (runs, weekends, minutes)."""
        return any(person.patterns.binds for person in self.people)
