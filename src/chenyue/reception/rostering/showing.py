"""What the pages of plans and of fairness show."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from chenyue.reception.lifecycle import PlanState, SittingState
from chenyue.reception.models import Leave, LedgerCorrection, Plan, Shift, Swap
from chenyue.reception.rostering import choosing, drafts, ledger, publishing
from chenyue.reception.rostering.choosing import Load
from chenyue.reception.rostering.drafts import Trouble
from chenyue.reception.rostering.ledger import Account, Fairness

AHEAD = timedelta(days=90)


def recent(limit: int = 20) -> list[Plan]:
    """The newest plans, without their drafts. One statement."""
    rows = Plan.objects.select_related("asked_by").defer("draft", "findings", "pins")
    return list(rows.order_by("-pk")[:limit])


def needing(at: datetime) -> list[Shift]:
    """Published turns to come that need somebody else: their people are on leave, or no longer take turns."""
    today = timezone.localtime(at).date()
    away = Leave.objects.filter(
        person=OuterRef("person"),
        cancelled_at=None,
        first__lte=OuterRef("sitting__day"),
        last__gte=OuterRef("sitting__day"),
    )
    rows = Shift.objects.filter(absent_at=None, sitting__day__range=(today, today + AHEAD), sitting__starts_at__gt=at)
    rows = rows.filter(sitting__state=SittingState.PLANNED).exclude(sitting__published_at=None)
    rows = rows.filter(Exists(away) | Q(person__active=False) | Q(person__member__is_active=False))
    return list(rows.select_related("sitting__venue", "person__member").order_by("sitting__starts_at", "pk")[:100])


@dataclass
class Shown:
    """A plan as its page shows it."""

    running: bool
    troubles: list[Trouble] = field(default_factory=list)
    rules: list[dict[str, object]] = field(default_factory=list)  # why it is impossible
    repairs: list[dict[str, object]] = field(default_factory=list)
    difference: publishing.Difference | None = None
    leads: Fairness | None = None
    others: Fairness | None = None
    loads: Sequence[Load] = ()
    most: float = 0

    @property
    def verified(self) -> bool:
        """Whether each rule of the conflict was shown to be needed."""
        return all(rule.get("verified") for rule in self.rules)

    @property
    def score(self) -> int:
        """Quality, 0–100: how evenly everybody is loaded with this draft."""
        scores = [f.score for f in (self.leads, self.others) if f is not None and f.people]
        return min(scores, default=100)


def plan(row: Plan, at: datetime) -> Shown:
    """Everything that the page of a plan shows; the draft is judged only when there is one to be looked at."""
    shown = Shown(row.state in (PlanState.ASKED, PlanState.RUNNING))
    shown.rules = [f for f in row.findings if f.get("kind") == "rule"]
    shown.repairs = [f for f in row.findings if f.get("kind") == "repair"]
    if row.draft and row.state in (PlanState.READY, PlanState.IMPOSSIBLE):
        shown.troubles = drafts.Judge.of(row, at).troubles()
        shown.difference = publishing.difference(row, at)
        shown.loads = choosing.loads(row, row.first.year)
        accounts = [load.account for load in shown.loads]
        shown.leads, shown.others = groups(accounts)
        shown.most = max((account.weight for account in accounts), default=0)
    return shown


def groups(accounts: Sequence[Account]) -> tuple[Fairness, Fairness]:
    """Fairness among leading cadres and among the others, who are loaded apart."""
    leads = [account for account in accounts if account.person.lead]
    others = [account for account in accounts if not account.person.lead]
    return ledger.fairness(leads), ledger.fairness(others)


def corrections(year: int) -> list[LedgerCorrection]:
    """The corrections of a year, the newest first."""
    rows = LedgerCorrection.objects.filter(year=year).select_related("person__member", "by")
    return list(rows.order_by("-pk")[:100])


def waiting_swaps() -> list[Swap]:
    """Swaps that are open, and those decided of late."""
    rows = Swap.objects.select_related(
        "shift__sitting__venue", "shift__person__member", "other__member", "other_shift__sitting__venue", "asked_by",
        "decided_by",
    )  # fmt: skip
    open_ones = list(rows.filter(state__in=["asked", "agreed"]).order_by("shift__sitting__starts_at", "pk"))
    return open_ones + list(rows.exclude(state__in=["asked", "agreed"]).order_by("-pk")[:20])
