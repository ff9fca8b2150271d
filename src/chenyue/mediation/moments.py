"""The next moment that somebody waits for: each part of mediation says its own, the row keeps the earliest."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.utils import timezone

from chenyue.mediation.lifecycle import Stage
from chenyue.mediation.models import Mediation

Moment = tuple[datetime, str]
Source = Callable[[Mediation], list[Moment]]
_sources: list[Source] = []


def source(found: Source) -> Source:
    """Register a function that gives moments which are still waited for, each with its kind (`meeting`, `due`, …)."""
    if found not in _sources:
        _sources.append(found)
    return found


def refresh(mediation: Mediation) -> None:
    """Keep `next_at` and `next_what`: the earliest moment of all sources, also one that has passed unmet."""
    coming = sorted(moment for one in _sources for moment in one(mediation))
    at, what = coming[0] if coming else (None, "")
    if (mediation.next_at, mediation.next_what) != (at, what):
        mediation.next_at, mediation.next_what = at, what
        Mediation.objects.filter(pk=mediation.pk).update(next_at=at, next_what=what)


def closing_of(day: object) -> datetime:
    """The end of a day by the office's clock: until then something is in time."""
    return timezone.make_aware(datetime.combine(day, time(0)) + timedelta(days=1))  # type: ignore[arg-type]


@source
def due(mediation: Mediation) -> list[Moment]:
    """The day by which mediating is to end; passing it ends nothing by itself."""
    if mediation.due_on is None or mediation.stage not in (Stage.CONSENT, Stage.MEDIATING):
        return []
    return [(closing_of(mediation.due_on), "due")]
