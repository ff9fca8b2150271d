"""Broken rules in words, with the names and days of the office."""

from collections.abc import Iterable

from django.utils import timezone

from chenyue.core import moments
from chenyue.reception import why
from chenyue.reception.models import Sitting
from chenyue.reception.rostering.building import Built
from chenyue.reception.solving.problem import Breach
from chenyue.reception.timetable import WEEKDAYS


def names(built: Built) -> why.Names:
    """How this office calls people, sittings and units."""
    units = {str(p.member.unit_id): p.member.unit.name for p in built.people.values() if p.member.unit}
    return why.Names(
        built.problem,
        shift=lambda pk: called(built.sittings[pk]) if pk in built.sittings else pk,
        unit=lambda pk: units.get(pk, pk),
        day=moments.calendar_day,
    )


def called(sitting: Sitting) -> str:
    """`11 月 24 日周二 07:00 接待室`."""
    local = timezone.localtime(sitting.starts_at)
    return f"{moments.calendar_day(local.date())}{WEEKDAYS[local.weekday()]} {local:%H:%M} {sitting.venue.name}"


def sentence(breach: Breach, built: Built) -> str:
    """What is broken, who it is about, and when."""
    return why.sentence(breach, names(built))


def rule(breach: Breach, built: Built) -> str:
    """A rule of a conflict, as it holds."""
    return why.rule(breach, names(built))


def gives(breaches: Iterable[Breach], built: Built) -> str:
    """What a repair gives way in."""
    return why.gives(breaches, names(built))
