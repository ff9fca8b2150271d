"""The whole question for CP-SAT: finds far exchanges that steps don't, and proves. OR-Tools is imported here."""

import math
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from ortools.sat.python import cp_model

from chenyue.stewards.solving.problem import ESTATE, Problem

Told = Callable[[int, int], None]  # price, bound
Stop = Callable[[], bool]
BEAT = 0.2  # seconds between two looks at how far it is


@dataclass(frozen=True)
class Found:
    """What CP-SAT says: the best it has (None: nothing in the time given), its bound, and whether the two meet."""

    who: dict[int, int] | None
    bound: int
    proven: bool


class Model:
    """One question: these buildings among these stewards (all, if none are named), who keep what is `kept`."""

    def __init__(
        self,
        problem: Problem,
        options: Mapping[int, Collection[int]],
        among: Collection[int] | None = None,
        kept: Mapping[int, int] | None = None,
    ) -> None:
        self.problem, self.options = problem, options
        self.model = cp_model.CpModel()
        self.x: dict[tuple[int, int], cp_model.IntVar] = {}
        self.price: list[tuple[cp_model.IntVar, int]] = []
        self.constant = sum(problem.own(b, s) for b, s in (kept or {}).items())
        self.kept: dict[int, list[int]] = {}
        for building, keeper in (kept or {}).items():
            self.kept.setdefault(keeper, []).append(building)
        self.vacant: dict[int, cp_model.IntVar] = {}
        self._buildings()
        for steward in problem.serving:
            if among is not None and steward.id not in among:
                continue
            mine = [b for b, ids in options.items() if steward.id in ids]
            self._load(steward.id, mine)
            self._most(steward.id, mine)
            self._some(steward.id, mine)
            self._estates(steward.id, mine)
        total = cp_model.LinearExpr.weighted_sum([v for v, _ in self.price], [c for _, c in self.price])
        self.model.minimize(total + self.constant)

    def _buildings(self) -> None:
        prices = self.problem.prices
        for building, ids in self.options.items():
            here = []
            for steward in sorted(ids):
                var = self.x[building, steward] = self.model.new_bool_var(f"x{building}_{steward}")
                self.price.append((var, self.problem.own(building, steward)))
                here.append(var)
            self.vacant[building] = self.model.new_bool_var(f"v{building}")
            self.price.append((self.vacant[building], prices.vacant))
            self.model.add_exactly_one([*here, self.vacant[building]])

    def _load(self, steward: int, mine: list[int]) -> None:
        band, prices = self.problem.bands[steward], self.problem.prices
        weights = [self.problem.weight[b] for b in mine]
        base = round(self.problem.steward[steward].carries * 10)
        base += sum(self.problem.weight[b] for b in self.kept.get(steward, ()))
        load = cp_model.LinearExpr.weighted_sum([self.x[b, steward] for b in mine], weights) + base
        top = max(0, sum(weights) + base - band.high)
        over = self.model.new_int_var(0, top, f"o{steward}")
        under = self.model.new_int_var(0, max(0, band.low - base), f"u{steward}")
        out = self.model.new_bool_var(f"b{steward}")
        self.model.add(load - over <= band.high)
        self.model.add(load + under >= band.low)
        self.model.add(over <= top * out)
        self.model.add(under <= max(0, band.low - base) * out)
        self.price += [(out, prices.outside), (over, prices.tenth), (under, prices.tenth)]

    def _most(self, steward: int, mine: list[int]) -> None:
        row = self.problem.steward[steward]
        if row.most is not None:
            room = max(0, row.most - row.holds - len(self.kept.get(steward, ())))
            self.model.add(cp_model.LinearExpr.sum([self.x[b, steward] for b in mine]) <= room)

    def _some(self, steward: int, mine: list[int]) -> None:
        """Who serves isn't left with nothing, if it can be helped."""
        if steward in self.problem.active and not self.kept.get(steward):
            none = self.model.new_bool_var(f"e{steward}")
            self.model.add_bool_or([*(self.x[b, steward] for b in mine), none])
            self.price.append((none, self.problem.prices.emptied))

    def _estates(self, steward: int, mine: list[int]) -> None:
        """One variable for each estate they could go to. The first costs nothing; `none`: there is no first."""
        there = {self.problem.building[b].estate for b in self.kept.get(steward, ())}
        by_estate: dict[int | None, list[cp_model.IntVar]] = {}
        for building in mine:
            if (estate := self.problem.building[building].estate) not in there:
                by_estate.setdefault(estate, []).append(self.x[building, steward])
        self.constant += ESTATE * max(0, len(there) - 1)
        if not there and len(by_estate) < 2:
            return
        goes = []
        for estate, found in by_estate.items():
            var = self.model.new_bool_var(f"g{steward}_{estate}")
            self.model.add_max_equality(var, found)
            goes.append(var)
        self.price += [(var, ESTATE) for var in goes]
        if there:
            return
        none = self.model.new_bool_var(f"n{steward}")
        self.model.add(cp_model.LinearExpr.sum(goes) == 0).only_enforce_if(none)
        self.model.add(cp_model.LinearExpr.sum(goes) >= 1).only_enforce_if(none.negated())
        self.price.append((none, ESTATE))
        self.constant -= ESTATE

    def hint(self, who: Mapping[int, int]) -> None:
        """Begin with this assignment."""
        for (building, steward), var in self.x.items():
            self.model.add_hint(var, who.get(building) == steward)
        for building, var in self.vacant.items():
            self.model.add_hint(var, building not in who)

    def solve(self, seconds: float, seed: int, workers: int, told: Told | None, stop: Stop | None) -> Found:
        """Search for so many seconds of wall time at most.

        `told` and `stop` are called in this thread, a few times a second: the solver runs in threads of its own, where
        nobody's database connection is open.
        """
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = max(0.05, seconds)
        solver.parameters.random_seed = seed & 0x7FFFFFFF
        solver.parameters.num_workers = workers
        watch, ended = _Watch(), []
        thread = threading.Thread(target=lambda: ended.append(solver.solve(self.model, watch)), daemon=True)
        thread.start()
        while thread.is_alive():
            thread.join(BEAT)
            if told and watch.best is not None:
                told(*watch.best)
            if stop and stop():
                solver.stop_search()
        if not ended:
            raise RuntimeError("the solver broke off")
        bound = math.ceil(solver.best_objective_bound - 0.5)
        if ended[0] not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Found(None, bound, False)
        who = {b: s for (b, s), var in self.x.items() if solver.boolean_value(var)}
        return Found(who, bound, ended[0] == cp_model.OPTIMAL)


class _Watch(cp_model.CpSolverSolutionCallback):  # type: ignore[misc]
    """Notes the price and the bound of the best so far."""

    def __init__(self) -> None:
        super().__init__()
        self.best: tuple[int, int] | None = None

    def on_solution_callback(self) -> None:
        self.best = round(self.objective_value), math.ceil(self.best_objective_bound - 0.5)
