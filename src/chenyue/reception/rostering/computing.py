"""The job that computes a roster: claims the plan, keeps each better one, hears a stop, and explains what can't be."""

import logging
import time
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from chenyue.core import jobs
from chenyue.core.ticks import every
from chenyue.reception.lifecycle import PlanState
from chenyue.reception.models import Plan
from chenyue.reception.rostering import drafts, engine, notices, planning
from chenyue.reception.rostering.building import Built, build
from chenyue.reception.rostering.ledger import current
from chenyue.reception.rostering.people import rules_of
from chenyue.reception.solving.problem import Solution

log = logging.getLogger(__name__)
BEAT = 1.0  # seconds between two looks at the row
SILENT = timedelta(minutes=3)  # a running plan from which nothing was heard so long has lost its worker


@jobs.job(planning.JOB)
def compute(plan_id: int) -> None:
    """Compute a plan that was asked for. A second delivery finds it claimed, and does nothing."""
    at = timezone.now()
    claimed = Plan.objects.filter(pk=plan_id, state=PlanState.ASKED).update(
        state=PlanState.RUNNING, started_at=at, stop_asked=False, progress=_beat(at)
    )
    if claimed:
        plan = Plan.objects.select_related("rules").get(pk=plan_id)
        try:
            run(plan, at)
        except Exception:
            log.exception("plan %s failed", plan_id)
            end(plan, PlanState.FAILED, timezone.now())


def run(plan: Plan, at: datetime) -> None:
    """Solve; if nothing legal is found in the time given, explain why, with repairs."""
    pins = [(sitting, person) for sitting, person in plan.pins]
    rules = rules_of(plan.rules) if plan.rules else current()[1]
    built = build(plan.first, plan.last, at=at, replans=plan.replans, pins=pins, rules=rules)
    keeper = Keeper(plan, built)
    solution = engine.solve(
        built,
        plan.seconds,
        replans=plan.replans,
        progress=keeper.progress,
        keep=keeper.keep,
        stop=keeper.stopped,
    )
    keeper.keep(solution)
    if solution.legal:
        end(plan, PlanState.READY, timezone.now())
        return
    plan.findings = engine.findings(built, solution.assignment, plan.seconds, stop=keeper.stopped)
    end(plan, PlanState.IMPOSSIBLE, timezone.now())


class Keeper:
    """Writes down how far it is, a second apart at least, and each roster that is kept; hears whether to stop."""

    def __init__(self, plan: Plan, built: Built) -> None:
        self.plan, self.built = plan, built
        self.began = time.monotonic()
        self.wrote = self.looked = 0.0
        self.stop = False

    def progress(self, price: int | None, bound: float | None, elapsed: float) -> None:
        """Write down how far it is: the price of the best legal roster (None: none yet), and the bound."""
        self.plan.progress |= {"objective": price, "bound": bound, "elapsed": round(elapsed, 1)}
        now = time.monotonic()
        if now - self.wrote >= BEAT:
            self.wrote = now
            self._write()

    def keep(self, solution: Solution) -> None:
        """Keep this roster as the draft."""
        self.plan.draft = drafts.stored(solution.assignment.turns, self.built)
        self.plan.progress |= {
            "objective": solution.objective,
            "bound": solution.bound,
            "elapsed": round(time.monotonic() - self.began, 1),
            "method": solution.method,
            "proven": solution.proven,
            "broken": len(solution.breaches),
        }
        self._write()

    def _write(self) -> None:
        self.plan.progress |= _beat(timezone.now())
        rows = Plan.objects.filter(pk=self.plan.pk, state=PlanState.RUNNING)
        rows.update(draft=self.plan.draft, progress=self.plan.progress)

    def stopped(self) -> bool:
        """Whether somebody asked to stop, or dropped the plan; asked once a second, which is also the sign of life."""
        now = time.monotonic()
        if not self.stop and now - self.looked >= BEAT:
            self.looked = now
            row = Plan.objects.filter(pk=self.plan.pk).values_list("stop_asked", "state").first()
            self.stop = row is None or row[0] or row[1] != PlanState.RUNNING
            self._write()
        return self.stop


def _beat(at: datetime) -> dict[str, Any]:
    return {"beat": at.isoformat()}


def end(plan: Plan, state: PlanState, at: datetime) -> bool:
    """Set how it ended, unless it was dropped meanwhile; tell who asked."""
    changed = Plan.objects.filter(pk=plan.pk, state=PlanState.RUNNING).update(
        state=state, ended_at=at, findings=plan.findings, version=plan.version + 1
    )
    if changed:
        plan.state, plan.ended_at = state, at
        notices.tell_planned(plan, at)
    return bool(changed)


@every(60, "reception.plans")
def abandoned(at: datetime) -> int:
    """Plans whose worker has died: the best that was kept is ready; without one, it failed and can be asked again."""
    count = 0
    for plan in Plan.objects.filter(state=PlanState.RUNNING, started_at__lt=at - SILENT):
        heard = datetime.fromisoformat(plan.progress["beat"]) if "beat" in plan.progress else plan.started_at
        if heard is None or at - heard > SILENT:
            with transaction.atomic():
                good = bool(plan.draft) and not plan.progress.get("broken")
                count += end(plan, PlanState.READY if good else PlanState.FAILED, at)
    return count
