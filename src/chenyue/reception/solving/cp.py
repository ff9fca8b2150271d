"""CP-SAT: part of a roster made free and solved, the rest as it stands. The whole is a part, too.

Imports OR-Tools: only in jobs, commands and tests.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ortools.sat.python import cp_model

from chenyue.reception.solving.compiled import Compiled, Line, One, Row
from chenyue.reception.solving.problem import Patterns
from chenyue.reception.solving.state import HARD, Cells, State

Var = Any  # a variable, or its negation


@dataclass(frozen=True, slots=True)
class Found:
    """What a solve brought: the roster (None: nothing found), its score and bound, whether that is the end of it."""

    cells: Cells | None
    score: float
    bound: float
    optimal: bool
    impossible: bool


Cell = tuple[int, int]


class Part:
    """A model in which the `free` cells (person, day) of a roster may change."""

    def __init__(self, state: State, free: Iterable[Cell], *, give_way: bool = True) -> None:
        self.compiled: Compiled = state.compiled
        self.cells = state.copy()
        self.counts = list(state.counts)  # of what stays as it is
        self.give_way = give_way  # hard rows may break, at the price HARD
        self.model = cp_model.CpModel()
        self.costs: list[tuple[Var, int]] = []
        self.x: dict[tuple[int, int], Var] = {}
        self.free: dict[int, list[int]] = {}
        for p, day in sorted(set(free)):
            if day not in self.compiled.ones[p].fixed:
                self.free.setdefault(p, []).append(day)
        for p, days in self.free.items():
            for day in days:
                had = self.cells[p][day]
                for r in state.rows(p, had) if had is not None else ():
                    self.counts[r] -= 1
        self.options: dict[Cell, list[int]] = {}
        for p, days in self.free.items():
            self._person(p, days, state)
        self._rows(state)
        self.base = self._base()

    def _base(self) -> int:
        """The price of everything that this part leaves as it is: what its own costs come on top of."""
        compiled = self.compiled
        charged = {r for p, s in self.x for r in compiled.rows_of[s] if p in compiled.rows[r].who}
        base = compiled.constant
        base += sum(row.price(self.counts[r]) for r, row in enumerate(compiled.rows) if r not in charged)
        for p, one in enumerate(compiled.ones):
            open_ = set(self.free.get(p, ()))
            fixed = [s for day, s in enumerate(self.cells[p]) if s is not None and day not in open_]
            base += sum(one.prices.get(s, 0) for s in fixed)
            mine = {s for day in open_ for s in self.options[p, day]}
            base += sum(
                line.cost(sum(line.amounts.get(s, 0) for s in fixed))
                for line in one.lines
                if not mine & line.amounts.keys()
            )
        return base

    def _room(self, state: State, p: int, s: int) -> bool:
        """False if those who stay as they are leave no room for p at s: then nobody free can gain by it."""
        rows = self.compiled.rows
        return all(
            rows[r].over is not None or self.counts[r] < high
            for r in state.rows(p, s)
            if (high := rows[r].high) is not None
        )

    def _person(self, p: int, days: list[int], state: State) -> None:
        compiled = self.compiled
        for day in days:
            had = self.cells[p][day]
            options = [s for s in compiled.options[p][day] if self._room(state, p, s)]
            self.options[p, day] = options
            for s in options:
                var = self.x[p, s] = self.model.new_bool_var("")
                self.model.add_hint(var, had == s)
                self._pay(var, compiled.ones[p].prices.get(s, 0))
            if len(options) > 1:
                self.model.add_at_most_one(self.x[p, s] for s in options)
        lines = _Days(self, p, days)
        lines.gaps(compiled.ones[p])
        lines.follows()
        lines.turns()
        for line in compiled.ones[p].lines:
            lines.tally(line)
        if compiled.people[p].patterns.binds:
            lines.patterns(compiled.people[p].patterns)

    def _pay(self, var: Var, price: int) -> None:
        if price:
            self.costs.append((var, price))

    def _rows(self, state: State) -> None:
        members: dict[int, list[Var]] = {}
        for (p, s), var in self.x.items():
            for r in self.compiled.rows_of[s]:
                if p in self.compiled.rows[r].who:
                    members.setdefault(r, []).append(var)
        for r, found in sorted(members.items()):
            self._row(self.compiled.rows[r], self.counts[r], found, state.counts[r])

    def _row(self, row: Row, count: int, members: list[Var], had: int) -> None:
        total = cp_model.LinearExpr.sum(members) + count
        most = count + len(members)
        if row.low > count:
            price = row.under if row.under is not None else HARD if self.give_way else None
            if price is None:
                self.model.add(total >= row.low)
            elif price:
                self._pay(self._slack(total, row.low - count, 1, row.low, had), price)
        if row.high is not None and most > row.high:
            price = row.over if row.over is not None else HARD if self.give_way or count > row.high else None
            if price is None:
                self.model.add(total <= row.high)
            elif price:
                self._pay(self._slack(total, most - row.high, -1, row.high, had), price)

    def _slack(self, total: Any, most: int, sign: int, limit: int, had: int) -> Var:
        slack = self.model.new_int_var(0, most, "")
        self.model.add_hint(slack, max(0, limit - had if sign > 0 else had - limit))
        if sign > 0:
            self.model.add(total + slack >= limit)
        else:
            self.model.add(total - slack <= limit)
        return slack

    def solve(
        self, seconds: float, seed: int, workers: int, stop: Callable[[], bool] | None = None, better: int | None = None
    ) -> Found:
        """Solve for at most so long. `better`: only rosters whose part costs less than this are of use."""
        total = cp_model.LinearExpr.weighted_sum([v for v, _ in self.costs], [c for _, c in self.costs])
        self.model.minimize(total)
        if better is not None:
            self.model.add(total <= better)
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = max(0.02, seconds)
        solver.parameters.random_seed = seed & 0x7FFFFFFF
        solver.parameters.num_workers = workers
        solver.parameters.symmetry_level = 0
        solver.parameters.cp_model_probing_level = 0
        solver.parameters.linearization_level = 2
        watch = _Watch(stop) if stop else None
        status = solver.solve(self.model, watch)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Found(
                self._read(solver),
                solver.objective_value,
                solver.best_objective_bound,
                status == cp_model.OPTIMAL,
                False,
            )
        return Found(None, 0, solver.best_objective_bound, False, status == cp_model.INFEASIBLE)

    def _read(self, solver: cp_model.CpSolver) -> Cells:
        cells = [list(line) for line in self.cells]
        for p, days in self.free.items():
            for day in days:
                cells[p][day] = None
        for (p, s), var in self.x.items():
            if solver.boolean_value(var):
                cells[p][self.compiled.day_of[s]] = s
        return cells


class _Watch(cp_model.CpSolverSolutionCallback):  # type: ignore[misc]
    """Ends a solve at its next solution once it is to stop."""

    def __init__(self, stop: Callable[[], bool]) -> None:
        super().__init__()
        self.stop = stop

    def on_solution_callback(self) -> None:
        if self.stop():
            self.stop_search()


class _Days:
    """The rules on one person's days; what isn't free stands as a number."""

    def __init__(self, part: Part, p: int, days: list[int]) -> None:
        self.part, self.p, self.days = part, p, days
        self.compiled, self.model = part.compiled, part.model
        self.open = set(days)
        self.mine = part.cells[p]

    def literals(self, day: int) -> list[Var]:
        """The variables of a free day."""
        return [self.part.x[self.p, s] for s in self.part.options[self.p, day]] if day in self.open else []

    def at_most(self, days: Iterable[int], limit: int) -> None:
        """At most so many of these days are worked."""
        found: list[Var] = []
        fixed = 0
        for day in days:
            if day in self.open:
                found += self.literals(day)
            elif self.mine[day] is not None:
                fixed += 1
        room = max(0, limit - fixed)
        if len(found) <= room:
            return
        if room == 1:
            self.model.add_at_most_one(found)
        else:
            self.model.add(cp_model.LinearExpr.sum(found) <= room)

    def gaps(self, one: One) -> None:
        """Turns lie far enough apart; windows around holidays keep a rest day."""
        last = 0
        for day, following in enumerate(one.earliest):
            if following > day + 1 and following > last:
                self.at_most(range(day, following), 1)
            last = max(last, following)
        for window in one.windows:
            self.at_most(window.days, len(window.days) - 1)

    def follows(self) -> None:
        """What may not follow on the next day doesn't."""
        follow = self.compiled.problem.rules.follow
        seconds = sorted({b for _, b in follow})
        for day in range(len(self.mine) - 1):
            if day not in self.open and day + 1 not in self.open:
                continue
            for second in seconds:
                firsts = {a for a, b in follow if b == second}
                pair = [self._of_kinds(day, firsts), self._of_kinds(day + 1, {second})]
                found = [var for vars_, _ in pair for var in vars_]
                fixed = sum(count for _, count in pair)
                if found and fixed:
                    for var in found:
                        self.model.add(var == 0)
                elif len(found) > 1 and pair[0][0] and pair[1][0]:
                    self.model.add_at_most_one(found)

    def _of_kinds(self, day: int, kinds: set[str]) -> tuple[list[Var], int]:
        shifts = self.compiled.shifts
        if day in self.open:
            options = self.part.options[self.p, day]
            return [self.part.x[self.p, s] for s in options if shifts[s].kind in kinds], 0
        had = self.mine[day]
        return [], int(had is not None and shifts[had].kind in kinds)

    def turns(self) -> None:
        """Not more turns than the most; too few cost as a hard row does."""
        person = self.compiled.people[self.p]
        if person.most is None and not person.least:
            return
        first = self.compiled.problem.first
        found = [var for day in self.days if day >= first for var in self.literals(day)]
        fixed = sum(s is not None for day, s in enumerate(self.mine) if day >= first and day not in self.open)
        if person.most is not None and fixed + len(found) > person.most:
            self.model.add(cp_model.LinearExpr.sum(found) <= max(0, person.most - fixed))
        if person.least > fixed:
            if self.part.give_way:
                total = cp_model.LinearExpr.sum(found) + fixed
                had = sum(s is not None for day, s in enumerate(self.mine) if day >= first)
                self.part._pay(self.part._slack(total, person.least - fixed, 1, person.least, had), HARD)
            else:
                self.model.add(cp_model.LinearExpr.sum(found) + fixed >= person.least)

    def tally(self, line: Line) -> None:
        """The price of being off one's fair share: a convex curve, followed by its tangents."""
        found = [
            (self.part.x[self.p, s], line.amounts[s])
            for day in self.days
            for s in self.part.options[self.p, day]
            if s in line.amounts
        ]
        if not found or not line.price:
            return
        fixed = (
            line.start
            - line.target
            + sum(line.amounts.get(s, 0) for day, s in enumerate(self.mine) if s is not None and day not in self.open)
        )
        reach = fixed + sum(max(line.amounts[s] for s in opts if s in line.amounts) for opts in self._amounts(line))
        top = max(fixed * fixed, reach * reach)
        cost = self.model.new_int_var(0, top, "")
        off = cp_model.LinearExpr.weighted_sum([v for v, _ in found], [a for _, a in found]) + fixed
        points = [at for at in _tangents(max(line.amounts.values()) == 1) if fixed - 40 <= at <= reach + 40]
        had = sum(line.amounts.get(s, 0) for day in self.days if (s := self.mine[day]) is not None) + fixed
        self.model.add_hint(cost, max([0, *((2 * at + 1) * had - at * (at + 1) for at in points)]))
        for at in points:
            self.model.add(cost >= (2 * at + 1) * off - at * (at + 1))
        self.part._pay(cost, line.price)

    def _amounts(self, line: Line) -> list[list[int]]:
        per_day = [[s for s in self.part.options[self.p, day] if s in line.amounts] for day in self.days]
        return [options for options in per_day if options]

    def patterns(self, rules: Patterns) -> None:
        """Runs, rests, weekends, minutes, kinds: over the whole horizon, with what is not free as it is."""
        work = [self._works(day) for day in range(len(self.mine))]
        self._runs(work, rules)
        self._weekends(work, rules.most_weekends)
        shifts = self.compiled.shifts
        found = [(s, self.part.x[self.p, s]) for day in self.days for s in self.part.options[self.p, day]]
        fixed = [s for day, s in enumerate(self.mine) if s is not None and day not in self.open]
        if rules.most_minutes is not None or rules.least_minutes:
            spent = sum(shifts[s].minutes for s in fixed)
            total = cp_model.LinearExpr.weighted_sum([v for _, v in found], [shifts[s].minutes for s, _ in found])
            most = rules.most_minutes if rules.most_minutes is not None else spent + 10**6
            self.model.add_linear_constraint(total, max(0, rules.least_minutes - spent), max(0, most - spent))
        for kind, limit in rules.most_of_kind.items():
            used = sum(shifts[s].kind == kind for s in fixed)
            mine = [var for s, var in found if shifts[s].kind == kind]
            if len(mine) + used > limit:
                self.model.add(cp_model.LinearExpr.sum(mine) <= max(0, limit - used))

    def _works(self, day: int) -> Var:
        """Whether this day is worked, as a variable or, where it isn't free, a number."""
        if day not in self.open:
            return int(self.mine[day] is not None)
        options = self.literals(day)
        if len(options) <= 1:
            return options[0] if options else 0
        work = self.model.new_bool_var("")
        self.model.add(cp_model.LinearExpr.sum(options) == work)
        return work

    def _runs(self, work: list[Var], rules: Patterns) -> None:
        end = len(work)
        if rules.most_run is not None:
            for start in range(end - rules.most_run):
                self._some([1 - w if isinstance(w, int) else w.Not() for w in work[start : start + rules.most_run + 1]])
        for run, on in ((rules.least_run, True), (rules.least_rest, False)):
            for length in range(1, run):
                for start in range(1, end - length):
                    inside = work[start : start + length]
                    edges = (work[start - 1], work[start + length])
                    if on:  # not: off, `length` days on, off
                        self._some([_not(w) for w in inside] + list(edges))
                    else:
                        self._some(inside + [_not(w) for w in edges])

    def _some(self, literals: list[Var]) -> None:
        """At least one of these holds."""
        if any(isinstance(literal, int) and literal for literal in literals):
            return
        open_ = [literal for literal in literals if not isinstance(literal, int)]
        if open_:
            self.model.add_bool_or(open_)

    def _weekends(self, work: list[Var], most: int | None) -> None:
        if most is None:
            return
        weekends: dict[int, list[Var]] = {}
        for day, what in enumerate(self.compiled.days):
            if what.weekend is not None:
                weekends.setdefault(what.weekend, []).append(work[day])
        worked: list[Var] = []
        sure = 0
        for days in weekends.values():
            if any(isinstance(w, int) and w for w in days):
                sure += 1
                continue
            open_ = [w for w in days if not isinstance(w, int)]
            if open_:
                var = self.model.new_bool_var("")
                for w in open_:
                    self.model.add_implication(w, var)
                worked.append(var)
        if len(worked) + sure > most:
            self.model.add(cp_model.LinearExpr.sum(worked) <= max(0, most - sure))


def _tangents(fine: bool) -> list[int]:
    """Where the square is touched: densely near 0, where the best rosters are, then ever more sparsely."""
    near = range(-8, 9) if fine else range(-14, 15, 2)
    far = {sign * at for sign in (1, -1) for at in (*range(16, 64, 8), *range(64, 400, 40), *range(400, 4000, 400))}
    return sorted({*near, *far})


def _not(what: Var) -> Var:
    return 1 - what if isinstance(what, int) else what.Not()
