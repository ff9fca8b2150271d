"""Reading works: the only door to what homes said; each function is written where it belongs."""

from datetime import date

from django.db.models import Q, QuerySet

from chenyue.works.boards import (
    Doubt,
    OwnerShown,
    ballots_of,
    changed_minds,
    disputes,
    doubts,
    history,
    objection_for,
    objections,
    owners_of,
    said_of,
)
from chenyue.works.models import ThresholdRule
from chenyue.works.seeing import current_plan, home_by_code, project_for, public, versions, visible
from chenyue.works.standing import (
    ASK_AGAIN,
    SILENT,
    STANDS,
    Count,
    Home,
    Standing,
    Tally,
    count,
    homes_of,
    standing,
    tally,
)
from chenyue.works.trends import Trend, Week, trend
from chenyue.works.visiting import Alarm, Door, Line, lines, missing_words, next_doors, warnings

__all__ = [
    "ASK_AGAIN",
    "SILENT",
    "STANDS",
    "Alarm",
    "Count",
    "Door",
    "Doubt",
    "Home",
    "Line",
    "OwnerShown",
    "Standing",
    "Tally",
    "Trend",
    "Week",
    "ballots_of",
    "changed_minds",
    "count",
    "current_plan",
    "disputes",
    "doubts",
    "history",
    "home_by_code",
    "homes_of",
    "lines",
    "missing_words",
    "next_doors",
    "objection_for",
    "objections",
    "owners_of",
    "project_for",
    "public",
    "rules_on",
    "said_of",
    "standing",
    "tally",
    "trend",
    "versions",
    "visible",
    "warnings",
]


def rules_on(day: date) -> QuerySet[ThresholdRule]:
    """The rules of joint decisions that are law on this day."""
    rows = ThresholdRule.objects.filter(Q(until=None) | Q(until__gte=day), since__lte=day)
    return rows.order_by("code", "version")
