"""The filter `counted` of case lists: opens the cases that a count of days is made of.

`counted=answered.2026-11-01.2026-12-01`; for what was given to and returned by a unit with its id behind.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Substr
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chenyue.cases import filters
from chenyue.cases.lifecycle import OPEN, State
from chenyue.cases.models import Assignment, Case, Return
from chenyue.core.errors import Sentence
from chenyue.insight.facts import NORMAL
from chenyue.insight.lifecycle import Measure
from chenyue.insight.reading import VERBS
from chenyue.timeline.models import Entry


@dataclass(frozen=True)
class Asked:
    """What is looked for: from a moment until before another, of a unit (0: any)."""

    since: datetime
    until: datetime
    unit: int

    def during(self, field: str) -> Q:
        return Q(**{f"{field}__gte": self.since, f"{field}__lt": self.until})


def _sent(asked: Asked) -> Q:
    rows = Assignment.objects.filter(asked.during("sent_at"), case=OuterRef("pk"))
    return Q(Exists(rows.filter(unit=asked.unit) if asked.unit else rows))


def _returned(asked: Asked) -> Q:
    rows = Return.objects.filter(asked.during("at"), case=OuterRef("pk"))
    return Q(Exists(rows.filter(assignment__unit=asked.unit) if asked.unit else rows))


def _by_verb(measure: str) -> Callable[[Asked], Q]:
    verb = next(verb for verb, name in VERBS.items() if name == measure)

    def apply(asked: Asked) -> Q:
        rows = Entry.objects.filter(asked.during("at"), verb=verb)
        return Q(number__in=rows.annotate(number=Substr("subject", len("case:") + 1)).values("number"))

    return apply


ENDED = ~Q(state__in=[str(state) for state in (State.JOINED, *OPEN)])
PROMISED = Q(contact_due_at__isnull=False)
CLOSED = ~Q(state__in=[str(State.DECLINED), str(State.JOINED)])
COUNTED: dict[str, tuple[Sentence, Callable[[Asked], Q]]] = {
    "received": (Measure.RECEIVED.label, lambda a: a.during("received_at") & ~Q(state=str(State.JOINED))),
    "repeated": (
        Measure.REPEATED.label,
        lambda a: a.during("received_at") & Q(fact__adds__contains=f"{Measure.REPEATED}:"),
    ),
    "answered": (Measure.ANSWERED.label, lambda a: a.during("answered_at") & ENDED),
    "closed": (pgettext_lazy("measure", "Closed"), lambda a: a.during("closed_at") & CLOSED),
    "contacted": (pgettext_lazy("measure", "First contact"), lambda a: a.during("contacted_at") & PROMISED),
    "contact_kept": (
        Measure.CONTACT_KEPT.label,
        lambda a: a.during("contacted_at") & Q(contacted_at__lte=F("contact_due_at")),
    ),
    "sent": (Measure.SENT.label, _sent),
    "returned": (Measure.RETURNED.label, _returned),
    "at_once": (Measure.AT_ONCE.label, _by_verb("settled")),
    "reopened": (Measure.REOPENED.label, _by_verb("reopened")),
}


def _read(value: str) -> tuple[str, date, date, int]:
    measure, since, until, *unit = value.split(".")
    first, after = date.fromisoformat(since), date.fromisoformat(until)
    if measure not in COUNTED or len(unit) > 1 or any(day.year not in filters.YEARS for day in (first, after)):
        raise ValueError(value)
    number = int(unit[0]) if unit else 0
    if not 0 <= number < 2**31:
        raise ValueError(value)
    return measure, first, after, number


def _apply(rows: QuerySet[Case], values: list[str], context: filters.Context) -> QuerySet[Case]:
    measure, since, until, unit = _read(values[0])
    zone = timezone.get_default_timezone()
    first, after = (datetime.combine(day, time(), zone) for day in (since, until))
    return rows.filter(COUNTED[measure][1](Asked(first, after, unit)), sensitivity=NORMAL)


def _say(value: str) -> str:
    measure, since, until, _unit = _read(value)
    return _("%(measure)s, from %(since)s until before %(until)s") % {
        "measure": COUNTED[measure][0], "since": since, "until": until,
    }  # fmt: skip


filters.register("counted", filters.Filter(gettext_lazy("Counted"), _apply, _say, many=False))
