"""The job that works a proposal out: claims it, says how far it is, hears a stop, keeps the result with its reasons."""

import logging
import time
from datetime import datetime, timedelta
from statistics import mean
from typing import Any

from django.utils import timezone

from chenyue.core import jobs
from chenyue.core.ticks import every
from chenyue.stewards.lifecycle import PlanState
from chenyue.stewards.models import Plan
from chenyue.stewards.planning import asking, telling
from chenyue.stewards.planning.building import Built, build
from chenyue.stewards.queries import day_of
from chenyue.stewards.solving import checking, solver
from chenyue.stewards.solving.explaining import Explainer
from chenyue.stewards.solving.problem import Assignment, Problem

log = logging.getLogger(__name__)
BEAT = 0.5  # seconds between two looks at the row
SILENT = timedelta(minutes=3)  # a proposal that is over its time by so much has lost its worker


@jobs.job(asking.JOB)
def compute(plan_id: int) -> None:
    """Work out what was asked for. A second delivery finds it claimed, and does nothing."""
    at = timezone.now()
    plan = Plan.objects.filter(pk=plan_id).first()
    if plan is None:
        return
    asks = plan.asks | {"begun": at.isoformat()}
    rows = Plan.objects.filter(pk=plan_id, state=PlanState.ASKED)
    if not rows.update(state=PlanState.RUNNING, stop_asked=False, asks=asks):
        return
    try:
        state, result = work_out(plan, at)
    except Exception:
        log.exception("proposal %s failed", plan_id)
        state, result = PlanState.FAILED, {}
    end(plan, state, result, timezone.now())


def work_out(plan: Plan, at: datetime) -> tuple[PlanState, dict[str, Any]]:
    """Solve, and say why. A proposal that leaves all vacant buildings vacant and changes nothing is impossible."""
    asks = plan.asks
    built = build(
        plan.reason, day=day_of(at), leaving=asks["leaving"], within=asks["within"], seconds=float(asks["seconds"])
    )
    watch = Watch(plan)
    found = solver.assign(built.problem, told=watch.told, stop=watch.stopped)
    result = told(built, found)
    hopeless = result["vacant"] and not result["changes"]
    return (PlanState.IMPOSSIBLE if hopeless else PlanState.READY), result


class Watch:
    """Writes down how far it is and hears whether to stop, half a second apart at least."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.looked, self.stop = plan, 0.0, False

    def told(self, _price: int, _bound: int | None, used: float) -> None:
        """Note the part of the time that is used."""
        self.plan.progress = min(99, round(100 * used))

    def stopped(self) -> bool:
        """Whether somebody asked to stop, or dropped it."""
        if not self.stop and time.monotonic() - self.looked >= BEAT:
            self.looked = time.monotonic()
            rows = Plan.objects.filter(pk=self.plan.pk, state=PlanState.RUNNING)
            rows.update(progress=self.plan.progress)
            row = rows.values_list("stop_asked", flat=True).first()
            self.stop = row is None or row
        return self.stop


def told(built: Built, found: Assignment) -> dict[str, Any]:
    """The result as it is kept: ids and figures, no names."""
    problem, explainer = built.problem, Explainer(built.problem, found)
    changes = [
        {"building": c.building, "before": c.before, "after": c.after, "why": [list(f) for f in explainer.why(c)]}
        for c in explainer.changes
        if c.after is not None
    ]
    vacant = [
        {"building": b.id, "before": problem.current.get(b.id), "why": list(explainer.nobody(b.id))}
        for b in problem.buildings
        if b.id not in found.who
    ]
    loads = [vars(row) | {"why": list(row.why) if row.why else None} for row in explainer.loads()]
    return {
        "changes": changes,
        "vacant": vacant,
        "loads": loads,
        "who": {str(b.id): found.who.get(b.id) for b in problem.buildings},
        "quarrels": [[building, list(ids)] for building, ids in problem.quarrels],
        "appointed": list(built.appointed),
        "figures": figures(problem, found),
    }


def figures(problem: Problem, found: Assignment) -> dict[str, Any]:
    """What came of it in numbers."""
    before = {b: s for b, s in problem.current.items() if s not in problem.leaving}
    return {
        "buildings": len(problem.buildings),
        "stewards": len(problem.serving),
        "balance": problem.balance,
        "outside_before": len(checking.outside(problem, before)),
        "outside_after": len(checking.outside(problem, found.who)),
        "metres_before": _way(problem, before),
        "metres_after": _way(problem, found.who),
        "proven": found.proven,
        "price": found.objective,
        "bound": found.bound,
        "seconds": found.seconds,
        "cpu": found.cpu,
        "tried": found.tried,
        "stopped": found.stopped,
    }


def _way(problem: Problem, who: dict[int, int]) -> int | None:
    """The mean way from a steward to a building, in metres."""
    ways = [problem.metres(b, s) for b, s in who.items() if s in problem.anchors and b in problem.building]
    known = [way for way in ways if way is not None]
    return round(mean(known)) if known else None


def end(plan: Plan, state: PlanState, result: dict[str, Any], at: datetime) -> bool:
    """Set how it ended, unless it was dropped meanwhile; tell who asked."""
    rows = Plan.objects.filter(pk=plan.pk, state=PlanState.RUNNING)
    changed = rows.update(state=state, result=result, finished_at=at, progress=100)
    if changed:
        plan.state, plan.result, plan.finished_at = state, result, at
        telling.worked_out(plan, at)
    return bool(changed)


@every(60, "stewards.plans")
def abandoned(at: datetime) -> int:
    """Proposals whose worker has died: they failed, and can be worked out once more by a button."""
    lost = []
    for plan in Plan.objects.filter(state=PlanState.RUNNING).order_by("pk"):
        begun = datetime.fromisoformat(plan.asks["begun"])
        if at - begun > SILENT + timedelta(seconds=plan.asks["seconds"]):
            lost.append(plan)
    return sum(end(plan, PlanState.FAILED, {}, at) for plan in lost)
