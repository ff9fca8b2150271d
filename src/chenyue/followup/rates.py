"""The rates: how each is counted, with its numerator, its denominator and everything that was left out.

A definition is a dated row (`RateDefinition`): the one in force on the last day of the period counts.
No statute gives formulas, so the rule is printed beside every figure.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from chenyue.cases.lifecycle import OPEN, State
from chenyue.cases.models import Case
from chenyue.core.paging import capped
from chenyue.followup.models import Callback, Grade, RateDefinition

NAMES: dict[str, str | Promise] = {
    "response": _("Response rate"),
    "resolution": _("Resolution rate"),
    "satisfaction": _("Satisfaction rate"),
    "on_time": _("On-time rate"),
}
PART_NAMES: dict[str, str | Promise] = {
    "numerator": _("Counted as good"),
    "denominator": _("Counted in all"),
    "contacted": _("Contacted in time"),
    "solved": _("Solved"),
    "satisfied": _("Satisfied"),
    "basically": _("Basically satisfied"),
    "dissatisfied": _("Dissatisfied"),
    "excluded": _("Left out"),
    "closed_on_time": _("Closed on time"),
    "closed_late": _("Closed late"),
    "overdue": _("Open and overdue"),
}
ALL = 1_000_000_000  # counts of rates stop nowhere
LISTED = 200  # of those left out, so many are listed with reason and approver


@dataclass(frozen=True)
class Period:
    """Whole days, the last one not included."""

    since: date
    until: date

    def moments(self) -> tuple[datetime, datetime]:
        """Its first moment, and the first moment after it."""
        zone = timezone.get_default_timezone()
        start, end = (datetime.combine(day, time(), zone) for day in (self.since, self.until))
        return start, end


@dataclass(frozen=True)
class Within:
    """Which cases are counted; None: any."""

    community_id: int | None = None
    lead_id: int | None = None
    category_id: int | None = None

    def q(self, prefix: str = "") -> Q:
        """The condition on cases, or on rows that reach them through `prefix`."""
        chosen = {"community_id": self.community_id, "lead_id": self.lead_id, "category_id": self.category_id}
        return Q(**{f"{prefix}{name}": value for name, value in chosen.items() if value is not None})


@dataclass(frozen=True)
class Excluded:
    """Somebody left out of a rate, with the reason and who approved it ("" if the rule of tries did)."""

    case_number: str
    appeal_number: str
    reason: str
    words: str
    approver: str
    at: datetime


@dataclass(frozen=True)
class Rate:
    """One figure with everything needed to check it."""

    code: str
    version: int
    numerator: int
    denominator: int
    rule_text: str
    source: str
    period: Period
    small: bool  # too few to say anything
    parts: dict[str, int] = field(default_factory=dict)
    excluded: list[Excluded] = field(default_factory=list)

    @property
    def name(self) -> str | Promise:
        return NAMES[self.code]

    @property
    def value(self) -> Decimal | None:
        """Per cent with two decimals; None where nothing was counted."""
        return percent(self.numerator, self.denominator)

    def list_query(self, part: str) -> str:
        """The query of the case list that shows the cases behind a part of this figure."""
        return f"rate={self.code}.{part}.{self.period.since}.{self.period.until}"


def percent(numerator: int, denominator: int) -> Decimal | None:
    """A share in per cent, rounded half up to two decimals."""
    if denominator == 0:
        return None
    return (Decimal(100 * numerator) / denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)


def definition(code: str, on: date) -> RateDefinition:
    """The version in force on a day: the newest that had begun; before all of them, the first."""
    versions = RateDefinition.objects.filter(code=code)
    return versions.filter(since__lte=on).order_by("-since", "-version").first() or versions.earliest("since")


def compute(
    code: str,
    since: date,
    until: date,
    filters: Within | None = None,
    *,
    cases: QuerySet[Case] | None = None,
    at: datetime,
) -> Rate:
    """One rate over whole days (`until` not included), within `cases` (what the reader may see; None: all)."""
    filters, period = filters or Within(), Period(since, until)
    rule = definition(code, until - timedelta(days=1))
    excluded: list[Excluded] = []
    if code == "on_time":
        parts = _count_cases(_on_time(period, at), filters, cases)
        parts["overdue"] += parts.pop("overdue_then")
        good = parts["closed_on_time"]
        whole = good + parts["closed_late"] + parts["overdue"]
    else:
        parts, excluded = _count_callbacks(rule, period, filters, cases)
        good, whole = parts["numerator"], parts["denominator"]
    return Rate(
        code=code,
        version=rule.version,
        numerator=good,
        denominator=whole,
        rule_text=rule.rule_zh if (get_language() or "zh").startswith("zh") else rule.rule_en,
        source=_own_language(rule.source),
        period=period,
        small=whole < int(rule.parameters.get("small_below", 30)),
        parts={name: count for name, count in parts.items() if name not in ("numerator", "denominator")},
        excluded=excluded,
    )


def _own_language(source: str) -> str:
    """The half of `中文 · English` that the reader reads; a source in one language stays whole."""
    halves = source.split(" · ")
    if len(halves) != 2:
        return source
    return halves[0] if (get_language() or "zh").startswith("zh") else halves[1]


def _callback_parts(rule: RateDefinition) -> dict[str, Q]:
    """What each part of a callback's rate counts; `denominator` first, as the others are within it."""
    left_out = Q(
        state__in=[Callback.State.TRIED, Callback.State.EXCLUDED],
        excluded_reason__in=rule.parameters.get("exclude", []),
    )
    asked = ~left_out
    grades = {grade.value: asked & Q(rating__grade=grade) for grade in Grade}
    parts = {"denominator": asked, "excluded": left_out}
    if rule.numerator == "contacted":
        denied = Q(rating__contacted__isnull=False, rating__contacted=False)
        return parts | {"numerator": asked & Q(contacted_in_time=True) & ~denied}
    if rule.numerator == "solved":
        return parts | {"numerator": asked & Q(rating__solved=True)}
    good = grades["satisfied"]
    if rule.parameters.get("basically_weight", 1):
        good = good | grades["basically"]
    return parts | {"numerator": good} | grades


def _ended(period: Period) -> Q:
    start, end = period.moments()
    done = [Callback.State.RATED, Callback.State.TRIED, Callback.State.EXCLUDED]
    return Q(ended_at__gte=start, ended_at__lt=end, state__in=done)


def _count_callbacks(
    rule: RateDefinition, period: Period, filters: Within, cases: QuerySet[Case] | None
) -> tuple[dict[str, int], list[Excluded]]:
    rows = Callback.objects.filter(_ended(period), filters.q("case__"))
    if cases is not None:
        rows = rows.filter(case__in=cases)
    parts = _callback_parts(rule)
    counts: dict[str, Any] = rows.aggregate(**{f"n_{name}": Count("pk", filter=q) for name, q in parts.items()})
    left_out = rows.filter(parts["excluded"]).order_by("-ended_at").select_related("case", "appeal", "excluded_by")
    excluded = [
        Excluded(
            case_number=row.case.number,
            appeal_number=row.appeal.number,
            reason=row.get_excluded_reason_display(),
            words=row.excluded_words,
            approver=row.excluded_by.name if row.excluded_by else "",
            at=row.ended_at,
        )
        for row in left_out[:LISTED]
        if row.ended_at is not None
    ]
    return {name: counts[f"n_{name}"] for name in parts}, excluded


def _on_time(period: Period, at: datetime) -> dict[str, Q]:
    """Closed in the period, in time or late; and what was open and overdue at its end (or now)."""
    start, end = period.moments()
    end = min(end, at)
    # What was closed elsewhere and taken over was never promised anything here.
    # What has an end and isn't declined or joined is closed. Said so, the period's index serves, not the state's.
    ended = Q(closed_at__gte=start, closed_at__lt=end) & ~Q(state__in=[State.DECLINED, State.JOINED])
    closed = ended & Q(resolve_due_at__isnull=False)
    late = Q(answered_at__isnull=False) & Q(answered_at__gt=F("resolve_due_at"))
    due = Q(resolve_due_at__lt=end, received_at__lt=end)
    still_open = Q(state__in=[state.value for state in OPEN])
    return {
        "closed_on_time": closed & ~late,
        "closed_late": closed & late,
        "overdue": still_open & due,
        "overdue_then": Q(answered_at__gte=end) & due & ~still_open,  # answered since
    }


def _count_cases(parts: dict[str, Q], filters: Within, cases: QuerySet[Case] | None) -> dict[str, int]:
    """One statement of counts, each by its own index: a single pass with conditions would read every case."""
    rows = (Case.objects.all() if cases is None else cases).filter(filters.q())
    return capped({name: rows.filter(part) for name, part in parts.items()}, cap=ALL)


def cases_behind(code: str, part: str, period: Period, at: datetime) -> Q:
    """The condition on cases for the list behind a part of a figure; raises KeyError for an unknown part."""
    rule = definition(code, period.until - timedelta(days=1))
    if code == "on_time":
        parts = _on_time(period, at)
        parts["overdue"] |= parts.pop("overdue_then")
        parts["numerator"] = parts["closed_on_time"]
        parts["denominator"] = parts["closed_on_time"] | parts["closed_late"] | parts["overdue"]
        return parts[part]
    rows = Callback.objects.filter(_ended(period), _callback_parts(rule)[part])
    return Q(pk__in=rows.values("case_id"))
