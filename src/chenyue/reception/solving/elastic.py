"""The hard rules one by one, each of which can hold, be left out, or give way at a price. Imports OR-Tools.

`rules` lists the rule instances of a stretch of days; `Elastic` is a model of some of them. Days outside the stretch
stand as they are in the roster given.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ortools.sat.python import cp_model

from chenyue.reception.solving.compiled import Compiled
from chenyue.reception.solving.problem import Breach, Code
from chenyue.reception.solving.state import Cells

# What giving way costs: the more it hurts people or the public, the dearer. Turns at leave are dearest.
PRICES: Mapping[Code, int] = {
    Code.UNIT: 15, Code.FULL: 20, Code.LEAST: 20, Code.GAP: 25, Code.MOST: 30, Code.SKILL: 30, Code.FOLLOW: 40,
    Code.PIN: 45, Code.RUNNING: 50, Code.BARRED: 60, Code.STAFFED: 65, Code.LEAVE: 70, Code.LEAD: 80,
}  # fmt: skip

# What it costs to free one person from a rule altogether, where giving way again and again would cost more.
OFTEN: Mapping[Code, int] = {Code.GAP: 90, Code.FOLLOW: 120, Code.RUNNING: 150}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule instance: how it is told, and where it stands (`row`, or person `p`)."""

    breach: Breach
    row: int = -1
    p: int = -1
    days: tuple[int, ...] = ()


def rules(compiled: Compiled, span: range) -> list[Rule]:
    """The hard rules that bear on these days, in a fixed order: what shifts need, then what people must keep."""
    return [*_of_rows(compiled, span), *_of_people(compiled, span)]


def _of_rows(compiled: Compiled, span: range) -> Iterable[Rule]:
    for r, row in enumerate(compiled.rows):
        days = tuple(sorted({compiled.day_of[s] for s in row.shifts}))
        if not row.hard or not all(day in span for day in days):
            continue
        shifts = tuple(sorted(compiled.shifts[s].id for s in row.shifts)) if row.code is not Code.UNIT else ()
        if row.code is Code.STAFFED:
            if row.under is None and row.low:
                yield Rule(Breach(Code.STAFFED, (), days, shifts, row.low), row=r)
            if row.over is None and row.high is not None:
                yield Rule(Breach(Code.FULL, (), days, shifts, row.high), row=r)
        else:
            limit = row.high if row.code is Code.UNIT else row.low
            yield Rule(Breach(row.code, (), days, shifts, limit, None, row.detail), row=r)


def _of_people(compiled: Compiled, span: range) -> Iterable[Rule]:
    whole = span.start <= compiled.begin and span.stop >= len(compiled.days)
    follow = bool(compiled.problem.rules.follow)
    for p, person in enumerate(compiled.people):
        one = compiled.ones[p]
        yield from _leaves(compiled, p, span)
        for s, code in sorted(one.banned.items()):
            day = compiled.day_of[s]
            if code is Code.BARRED and day in span:
                yield Rule(Breach(code, (person.id,), (day,), (compiled.shifts[s].id,)), p=p, days=(day,))
        if any(one.earliest[day] > day + 1 for day in span):
            yield Rule(Breach(Code.GAP, (person.id,), limit=compiled.gap(person)), p=p)
        if follow:
            yield Rule(Breach(Code.FOLLOW, (person.id,)), p=p)
        if any(window.last in span or window.first in span for window in one.windows):
            yield Rule(Breach(Code.RUNNING, (person.id,), limit=compiled.problem.rules.most_running), p=p)
        if person.most is not None:
            yield Rule(Breach(Code.MOST, (person.id,), limit=person.most), p=p)
        if person.least and whole:
            yield Rule(Breach(Code.LEAST, (person.id,), limit=person.least), p=p)
        for s in sorted(one.pinned):
            day = compiled.day_of[s]
            if day in span:
                yield Rule(Breach(Code.PIN, (person.id,), (day,), (compiled.shifts[s].id,)), p=p, days=(day,))


def _leaves(compiled: Compiled, p: int, span: range) -> Iterable[Rule]:
    """One rule for each stretch of leave in a row."""
    off = sorted(day for day in compiled.people[p].off if day in span)
    while off:
        stretch = [off.pop(0)]
        while off and off[0] == stretch[-1] + 1:
            stretch.append(off.pop(0))
        if any(compiled.by_day[day] for day in stretch):
            yield Rule(Breach(Code.LEAVE, (compiled.people[p].id,), tuple(stretch)), p=p, days=tuple(stretch))


class Elastic:
    """A model in which the rules `hard` hold and those in `soft` cost `PRICES` for each time they give way."""

    def __init__(
        self, compiled: Compiled, cells: Cells, span: range, hard: Collection[Rule], soft: Collection[Rule] = ()
    ) -> None:
        self.compiled, self.cells, self.span = compiled, cells, span
        self.hard, self.soft = set(hard), set(soft)
        self.model = cp_model.CpModel()
        self.x: dict[tuple[int, int], Any] = {}
        self.slacks: list[tuple[Rule, Any, int]] = []  # rule, variable, its largest value
        self.prices: list[int] = []
        self.places: list[tuple[Rule, object]] = []
        self.released: dict[Rule, Any] = {}
        ordered = [*hard, *soft]
        self._variables(ordered)
        for rule in ordered:
            if rule.row >= 0:
                self._row(rule)
            else:
                self._person(rule)

    def _variables(self, ordered: list[Rule]) -> None:
        compiled = self.compiled
        needs = [compiled.rows[rule.row] for rule in ordered if rule.row >= 0 and rule.breach.code is not Code.FULL]
        wanted = {s for row in needs if row.low for s in row.shifts}
        keen = {rule.p for rule in ordered if rule.breach.code is Code.LEAST}
        pinned = {
            (rule.p, compiled.shift_no[rule.breach.shifts[0]]) for rule in ordered if rule.breach.code is Code.PIN
        }
        banned: dict[tuple[int, int], Rule] = {}
        for rule in ordered:
            if rule.breach.code is Code.LEAVE:
                banned |= {(rule.p, s): rule for day in rule.days for s in compiled.by_day[day]}
            elif rule.breach.code is Code.BARRED:
                banned[rule.p, compiled.shift_no[rule.breach.shifts[0]]] = rule
        for p in range(len(compiled.people)):
            for day in self.span:
                mine = []
                for s in compiled.by_day[day]:
                    ban = banned.get((p, s))
                    never = ban is not None and ban in self.hard
                    if (p, s) not in pinned and (never or not (s in wanted or p in keen)):
                        continue
                    var = self.x[p, s] = self.model.new_bool_var("")
                    self.model.add_hint(var, self.cells[p][day] == s)
                    mine.append(var)
                    if ban is not None:
                        if never:
                            self.model.add(var == 0)
                        else:
                            self._slack(ban, var, 1, PRICES[ban.breach.code], day)
                if len(mine) > 1:
                    self.model.add_at_most_one(mine)

    def _between(
        self, rule: Rule, total: Any, low: int | None, high: int | None, most: int, place: object = None
    ) -> None:
        """low ≤ total ≤ high, or else at the rule's price. `most` is the largest that total can be."""
        slack: Any = 0
        if rule in self.soft:
            size = max(low or 0, most - (high if high is not None else most))
            if size <= 0:
                return
            slack = self.model.new_int_var(0, size, "")
            self._slack(rule, slack, size, PRICES[rule.breach.code], place)
            if rule.p >= 0 and rule.breach.code in OFTEN:
                slack = slack + size * self._released(rule)
        if low is not None:
            self.model.add(total + slack >= low)
        if high is not None:
            self.model.add(total - slack <= high)

    def _released(self, rule: Rule) -> Any:
        """A variable that frees one person from a rule altogether."""
        if rule not in self.released:
            self.released[rule] = self.model.new_bool_var("")
            self._slack(rule, self.released[rule], 1, OFTEN[rule.breach.code], "altogether")
        return self.released[rule]

    def _row(self, rule: Rule) -> None:
        row = self.compiled.rows[rule.row]
        found = [self.x[p, s] for s in row.shifts for p in sorted(row.who) if (p, s) in self.x]
        low: int | None = row.low if rule.breach.code is not Code.FULL and row.under is None else None
        high = row.high if rule.breach.code is not Code.STAFFED and row.over is None else None
        self._between(rule, cp_model.LinearExpr.sum(found), low, high, len(found))

    def _person(self, rule: Rule) -> None:
        code, p, compiled = rule.breach.code, rule.p, self.compiled
        one = compiled.ones[p]
        if code is Code.GAP:
            last = 0
            for day, following in enumerate(one.earliest):
                if following > max(day + 1, last):
                    self._at_most(rule, range(day, following), 1)
                last = max(last, following)
        elif code is Code.RUNNING:
            for window in one.windows:
                self._at_most(rule, window.days, len(window.days) - 1)
        elif code is Code.FOLLOW:
            self._follow(rule)
        elif code in (Code.MOST, Code.LEAST):
            found = [self.x[p, s] for day in self.span for s in compiled.by_day[day] if (p, s) in self.x]
            fixed = sum(
                s is not None and day not in self.span and day >= compiled.problem.first
                for day, s in enumerate(self.cells[p])
            )
            limit = (rule.breach.limit or 0) - fixed
            low, high = (limit, None) if code is Code.LEAST else (None, max(0, limit))
            self._between(rule, cp_model.LinearExpr.sum(found), low, high, len(found))
        elif code is Code.PIN:
            self._between(rule, self.x[p, compiled.shift_no[rule.breach.shifts[0]]], 1, None, 1)

    def _of(self, p: int, day: int, kinds: set[str] | None = None) -> tuple[list[Any], int]:
        """The variables of a day, or what is fixed there, of some kinds."""
        shifts = self.compiled.shifts
        if day in self.span:
            found = [
                self.x[p, s]
                for s in self.compiled.by_day[day]
                if (p, s) in self.x and (kinds is None or shifts[s].kind in kinds)
            ]
            return found, 0
        had = self.cells[p][day]
        return [], int(had is not None and (kinds is None or shifts[had].kind in kinds))

    def _at_most(self, rule: Rule, days: Sequence[int], limit: int) -> None:
        found: list[Any] = []
        fixed = 0
        for day in days:
            variables, count = self._of(rule.p, day)
            found += variables
            fixed += count
        room = max(0, limit - fixed)
        if len(found) > room:
            self._between(rule, cp_model.LinearExpr.sum(found), None, room, len(found), days[0])

    def _follow(self, rule: Rule) -> None:
        follow = self.compiled.problem.rules.follow
        for second in sorted({b for _, b in follow}):
            firsts = {a for a, b in follow if b == second}
            for day in range(max(0, self.span.start - 1), min(self.span.stop, len(self.cells[0]) - 1)):
                before, had = self._of(rule.p, day, firsts)
                after, has = self._of(rule.p, day + 1, {second})
                if (before or had) and (after or has) and (before or after):
                    total = cp_model.LinearExpr.sum(before + after)
                    self._between(rule, total, None, max(0, 1 - had - has), len(before + after), day)

    def used(self, solver: Any) -> list[int]:
        """The numbers of the slacks that a solution makes use of."""
        return [number for number, (_, var, _) in enumerate(self.slacks) if solver.value(var) > 0]

    def forbid(self, used: Collection[int], *, kind: Code | None = None) -> None:
        """Not all of these places again. With `kind`: not so often again, wherever."""
        if kind is not None:
            mine = [var for rule, var, _ in self.slacks if rule.breach.code is kind]
            count = sum(self.slacks[number][0].breach.code is kind for number in used)
            self.model.add(cp_model.LinearExpr.sum(mine) <= max(0, count - 1))
            return
        flags: dict[object, Any] = {}
        places = {self.places[number] for number in used}
        for number, (_, var, size) in enumerate(self.slacks):
            place = self.places[number]
            if place in places:
                if place not in flags:
                    flags[place] = self.model.new_bool_var("")
                self.model.add(var <= size * flags[place])
        self.model.add(cp_model.LinearExpr.sum(list(flags.values())) <= len(flags) - 1)

    def _slack(self, rule: Rule, var: Any, size: int, price: int, place: object) -> None:
        self.slacks.append((rule, var, size))
        self.prices.append(price)
        self.places.append((rule, place))

    def solve(self, seconds: float, seed: int, workers: int, *, priced: bool = False) -> tuple[bool | None, Any]:
        """Whether it can be done (None: not found out in time), and the solver that knows how."""
        if priced:
            self.model.minimize(cp_model.LinearExpr.weighted_sum([var for _, var, _ in self.slacks], self.prices))
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = max(0.05, seconds)
        solver.parameters.random_seed = seed
        solver.parameters.num_workers = workers
        status = solver.solve(self.model)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return True, solver
        return (False if status == cp_model.INFEASIBLE else None), solver

    def read(self, solver: Any) -> Cells:
        """The roster of a solution; outside the stretch, as it was."""
        cells = [list(line) for line in self.cells]
        for line in cells:
            for day in self.span:
                line[day] = None
        for (p, s), var in self.x.items():
            if solver.boolean_value(var):
                cells[p][self.compiled.day_of[s]] = s
        return cells
