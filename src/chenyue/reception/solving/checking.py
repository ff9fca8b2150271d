"""Judges a roster in milliseconds: which hard rules are broken, what it costs, who carries how much. Pure; no solver.

A `Checker` is made once for a problem and asked often (while someone drags a name over the grid); the functions below
it are for asking once.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chenyue.reception.solving.compiled import Compiled, Row
from chenyue.reception.solving.problem import Assignment, Breach, Code, Patterns, Price, Problem, Turn


@dataclass(frozen=True, slots=True)
class Load:
    """One line of the ledger: what a person carries of a tally ("points" in tenths), and what would be fair."""

    person: str
    tally: str
    before: int
    planned: int
    fair: int

    @property
    def total(self) -> int:
        """Carried over and planned together."""
        return self.before + self.planned


class Checker:
    """Knows a problem's rules; judges rosters and changes of rosters."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.compiled = Compiled(problem)

    def check(self, assignment: Assignment) -> list[Breach]:
        """Every hard rule that is broken, in order; [] if the roster is legal. Days past are not judged."""
        mine = self._by_person(assignment.turns)
        found = list(self._unknown(assignment.turns))
        for p in range(len(self.compiled.people)):
            found += self._person(p, mine.get(p, []))
        at = self._by_shift(mine)
        for row in self.compiled.rows:
            found += self._row(row, at)
        return sorted(found)

    def change(
        self, assignment: Assignment, remove: Iterable[tuple[str, str]] = (), add: Iterable[tuple[str, str]] = ()
    ) -> list[Breach]:
        """The rules that a change would newly break: looked for among the people and shifts that it touches."""
        removed, added = [Turn(*t) for t in remove], [Turn(*t) for t in add]
        touched = {turn.person for turn in removed + added}
        people = {self.compiled.person_no[p] for p in touched if p in self.compiled.person_no}
        shifts = self.compiled.shift_no
        rows = {r for t in removed + added if t.shift in shifts for r in self.compiled.rows_of[shifts[t.shift]]}
        before, after = self._by_person(assignment.turns), self._by_person(assignment.changed(removed, added).turns)
        old, new = set[Breach](), set(self._unknown(added))
        for p in people:
            old |= set(self._person(p, before.get(p, [])))
            new |= set(self._person(p, after.get(p, [])))
        at_old, at_new = self._by_shift(before), self._by_shift(after)
        for r in rows:
            old |= set(self._row(self.compiled.rows[r], at_old))
            new |= set(self._row(self.compiled.rows[r], at_new))
        return sorted(new - old)

    def at(self, assignment: Assignment, shift: str) -> list[Breach]:
        """What is broken about who is at one shift: members, leads, skills, units that day."""
        at = self._by_shift(self._by_person(assignment.turns))
        rows = self.compiled.rows_of[self.compiled.shift_no[shift]]
        return sorted(breach for r in rows for breach in self._row(self.compiled.rows[r], at))

    def price(self, assignment: Assignment) -> Price:
        """What the roster costs, by what for; broken hard rules are no part of it."""
        compiled, rules = self.compiled, self.problem.rules
        mine = self._by_person(assignment.turns)
        at = self._by_shift(mine)
        cover = sum(row.price(self._count(row, at)) for row in compiled.rows)
        fairness = venues = wishes = 0
        for p, one in enumerate(compiled.ones):
            shifts = mine.get(p, [])
            fairness += sum(line.cost(sum(line.amounts.get(s, 0) for s in shifts)) for line in one.lines)
            venues += rules.unfamiliar * sum(
                compiled.strange(compiled.people[p], compiled.shifts[s].venue) for s in shifts
            )
        for wish in self.problem.wishes:
            if wish.person in compiled.person_no and wish.shift in compiled.shift_no:
                wishes += wish.weight * ((Turn(wish.person, wish.shift) in assignment.turns) != wish.wanted)
        lost = {
            (p, s)
            for p, s in compiled.published - compiled.numbers(assignment.turns)
            if compiled.day_of[s] >= compiled.begin
        }
        return Price(cover, wishes, fairness, venues, rules.change * len(lost))

    def ledger(self, assignment: Assignment) -> list[Load]:
        """Who carries how much of each tally, with what was carried over."""
        mine = self._by_person(assignment.turns)
        return [
            Load(
                person.id,
                line.name,
                line.start,
                sum(line.amounts.get(s, 0) for s in mine.get(p, [])),
                line.target,
            )
            for p, person in enumerate(self.compiled.people)
            for line in self.compiled.ones[p].lines
        ]

    def spread(self, assignment: Assignment, tally: str = "points") -> tuple[int, int]:
        """Largest less smallest load of a tally, among leads and among others (those with a full share)."""
        leads = {person.id for person in self.problem.people if person.lead}
        full = {person.id for person in self.problem.people if person.share == 1.0}
        loads = [load for load in self.ledger(assignment) if load.tally == tally and load.person in full]
        found = []
        for of_leads in (True, False):
            totals = [load.total for load in loads if (load.person in leads) == of_leads]
            found.append(max(totals) - min(totals) if totals else 0)
        return found[0], found[1]

    def _unknown(self, turns: Iterable[Turn]) -> Iterator[Breach]:
        for turn in turns:
            if turn.person not in self.compiled.person_no or turn.shift not in self.compiled.shift_no:
                yield Breach(Code.UNKNOWN, people=(turn.person,), shifts=(turn.shift,))

    def _by_person(self, turns: Iterable[Turn]) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for p, s in self.compiled.numbers(turns):
            found.setdefault(p, []).append(s)
        for shifts in found.values():
            shifts.sort(key=lambda s: (self.compiled.day_of[s], s))
        return found

    @staticmethod
    def _by_shift(mine: dict[int, list[int]]) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for p, shifts in mine.items():
            for s in shifts:
                found.setdefault(s, []).append(p)
        return found

    @staticmethod
    def _count(row: Row, at: dict[int, list[int]]) -> int:
        return sum(p in row.who for s in row.shifts for p in at.get(s, ()))

    def _row(self, row: Row, at: dict[int, list[int]]) -> Iterator[Breach]:
        count = self._count(row, at)
        if not row.broken(count):
            return
        short = count < row.low
        code = Code.FULL if row.code is Code.STAFFED and not short else row.code
        here = (
            [s for s in row.shifts if any(p in row.who for p in at.get(s, ()))] if row.code is Code.UNIT else row.shifts
        )
        people = {p for s in here for p in at.get(s, ()) if p in row.who} if not short else set()
        yield Breach(
            code,
            people=tuple(sorted(self.compiled.people[p].id for p in people)),
            days=tuple(sorted({self.compiled.day_of[s] for s in row.shifts})),
            shifts=tuple(sorted(self.compiled.shifts[s].id for s in here)),
            limit=row.low if short else row.high,
            actual=count,
            detail=row.detail,
        )

    def _person(self, p: int, mine: list[int]) -> list[Breach]:
        judge = _Judge(self.compiled, p, mine)
        found = [*judge.fixed(), *judge.each(), *judge.between(), *judge.running(), *judge.turns()]
        if judge.person.patterns.binds:
            found += [*judge.runs(judge.person.patterns), *judge.sums(judge.person.patterns)]
        return found


class _Judge:
    """One person's turns against the rules on one person."""

    def __init__(self, compiled: Compiled, p: int, mine: list[int]) -> None:
        self.compiled, self.mine = compiled, mine
        self.person, self.one = compiled.people[p], compiled.ones[p]
        self.worked = sorted({compiled.day_of[s] for s in mine})
        self.p = p

    def breach(
        self, code: Code, shifts: Iterable[int] = (), days: Iterable[int] = (), limit: int | None = None,
        actual: int | None = None, detail: str = "",
    ) -> Breach:  # fmt: skip
        """A breach by this person; days are those of the shifts unless said."""
        shifts = list(shifts)
        where = sorted(set(days) or {self.compiled.day_of[s] for s in shifts})
        ids = sorted(self.compiled.shifts[s].id for s in shifts)
        return Breach(code, (self.person.id,), tuple(where), tuple(ids), limit, actual, detail)

    def fixed(self) -> Iterator[Breach]:
        """Pins and the past."""
        begin, day_of = self.compiled.begin, self.compiled.day_of
        had = {s for p, s in self.compiled.published if p == self.p and day_of[s] < begin}
        now = {s for s in self.mine if day_of[s] < begin}
        for s in sorted(had ^ now):
            yield self.breach(Code.PAST, [s])
        for s in sorted(self.one.pinned - set(self.mine)):
            if day_of[s] >= begin:
                yield self.breach(Code.PIN, [s])

    def each(self) -> Iterator[Breach]:
        """Each turn by itself, and several on a day."""
        per_day: dict[int, list[int]] = {}
        for s in self.mine:
            per_day.setdefault(self.compiled.day_of[s], []).append(s)
        for day, shifts in per_day.items():
            if day < self.compiled.begin:
                continue
            if len(shifts) > 1:
                yield self.breach(Code.ONE_A_DAY, shifts, limit=1, actual=len(shifts))
            for s in shifts:
                if s in self.one.banned:
                    yield self.breach(self.one.banned[s], [s])

    def between(self) -> Iterator[Breach]:
        """Two turns that follow each other."""
        gap, ordinals = self.compiled.gap(self.person), self.compiled.ordinals
        follow, shifts = self.compiled.problem.rules.follow, self.compiled.shifts
        for before, after in zip(self.worked, self.worked[1:], strict=False):
            if after < self.compiled.begin:
                continue
            pair = [s for s in self.mine if self.compiled.day_of[s] in (before, after)]
            if after < self.one.earliest[before]:
                yield self.breach(Code.GAP, pair, limit=gap, actual=ordinals[after] - ordinals[before])
            if after == before + 1 and any(
                (shifts[a].kind, shifts[b].kind) in follow
                for a in pair if self.compiled.day_of[a] == before
                for b in pair if self.compiled.day_of[b] == after
            ):  # fmt: skip
                yield self.breach(Code.FOLLOW, pair)

    def running(self) -> Iterator[Breach]:
        """Too many working days in a row around a holiday; windows that overlap are one breach."""
        worked = set(self.worked)
        days: set[int] = set()
        for window in self.one.windows:
            if window.last >= self.compiled.begin and all(day in worked for day in window.days):
                days.update(range(window.first, window.last + 1))
        run: list[int] = []
        for day in sorted(days):
            if run and day > run[-1] + 1:
                yield self._ran(run)
                run = []
            run.append(day)
        if run:
            yield self._ran(run)

    def _ran(self, run: list[int]) -> Breach:
        shifts = [s for s in self.mine if self.compiled.day_of[s] in run]
        return self.breach(Code.RUNNING, shifts, run, self.compiled.problem.rules.most_running, len(run))

    def turns(self) -> Iterator[Breach]:
        """Too few or too many in all."""
        count = sum(self.compiled.day_of[s] >= self.compiled.problem.first for s in self.mine)
        if count < self.person.least:
            yield self.breach(Code.LEAST, limit=self.person.least, actual=count)
        if self.person.most is not None and count > self.person.most:
            yield self.breach(Code.MOST, limit=self.person.most, actual=count)

    def runs(self, rules: Patterns) -> Iterator[Breach]:
        """Runs of work and of rest; one that touches the edge may be shorter."""
        end, worked = len(self.compiled.days), set(self.worked)
        start = 0
        for day in range(1, end + 1):
            on = start in worked
            if day < end and (day in worked) == on:
                continue
            run, inner = range(start, day), start > 0 and day < end
            if on and rules.most_run is not None and len(run) > rules.most_run:
                yield self.breach(Code.MOST_RUN, days=run, limit=rules.most_run, actual=len(run))
            if on and inner and len(run) < rules.least_run:
                yield self.breach(Code.LEAST_RUN, days=run, limit=rules.least_run, actual=len(run))
            if not on and inner and len(run) < rules.least_rest:
                yield self.breach(Code.LEAST_REST, days=run, limit=rules.least_rest, actual=len(run))
            start = day

    def sums(self, rules: Patterns) -> Iterator[Breach]:
        """Weekends, minutes, kinds."""
        days, shifts = self.compiled.days, self.compiled.shifts
        weekends = {days[day].weekend for day in self.worked if days[day].weekend is not None}
        if rules.most_weekends is not None and len(weekends) > rules.most_weekends:
            yield self.breach(Code.WEEKENDS, limit=rules.most_weekends, actual=len(weekends))
        minutes = sum(shifts[s].minutes for s in self.mine)
        if minutes < rules.least_minutes:
            yield self.breach(Code.MINUTES_LEAST, limit=rules.least_minutes, actual=minutes)
        if rules.most_minutes is not None and minutes > rules.most_minutes:
            yield self.breach(Code.MINUTES_MOST, limit=rules.most_minutes, actual=minutes)
        for kind, limit in sorted(rules.most_of_kind.items()):
            count = sum(shifts[s].kind == kind for s in self.mine)
            if count > limit:
                yield self.breach(Code.KIND, limit=limit, actual=count, detail=kind)


def check(problem: Problem, assignment: Assignment) -> list[Breach]:
    """Every hard rule that a roster breaks; [] if it is legal."""
    return Checker(problem).check(assignment)


def price(problem: Problem, assignment: Assignment) -> Price:
    """What a roster costs, by what for."""
    return Checker(problem).price(assignment)
