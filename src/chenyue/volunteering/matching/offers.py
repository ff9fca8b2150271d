"""From rows to people and tasks of the matching. A fixed number of statements, whatever the size."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Sum
from django.utils import timezone

from chenyue.places.models import Place
from chenyue.volunteering import acts
from chenyue.volunteering.fitting import ADULT, age_on, licensed
from chenyue.volunteering.lifecycle import ActivityState, SignUpState, VolunteerState
from chenyue.volunteering.matching.score import Person, Point, Task
from chenyue.volunteering.models import HourEntry, Need, SignUp, Skill, Volunteer

LOOKING_BACK = timedelta(days=28)


def people(day: date, at: datetime) -> list[Person]:
    """Active volunteers as they are on a day. Five statements."""
    rows = Volunteer.objects.filter(state=VolunteerState.ACTIVE, resident__erased_at=None, resident__locked_at=None)
    held = list(rows.select_related("place").prefetch_related("skills").order_by("pk"))
    needing = {skill.pk: skill for skill in Skill.objects.filter(licensed=True)}
    since = acts.local_day(at) - LOOKING_BACK
    minutes = _minutes(since)
    busy = _busy(at)
    return [
        Person(
            id=row.pk,
            number=row.number,
            skills=frozenset(skill.pk for skill in row.skills.all()),
            free=tuple(tuple(one) for one in row.times),
            where=point(row.place),
            reach=row.reach_metres,
            minutes=max(0, minutes.get(row.pk, 0)),
            busy=tuple(busy.get(row.pk, ())),
            barred=frozenset(pk for pk, skill in needing.items() if not licensed(row, skill, day)),
            adult=(age := age_on(row.birth_on, day)) is None or age >= ADULT,
        )
        for row in held
    ]


def _minutes(since: date) -> dict[int, int]:
    """Minutes of each volunteer from a day on."""
    rows = HourEntry.objects.filter(served_on__gte=since).order_by().values_list("volunteer")
    return dict(rows.annotate(minutes=Sum("minutes")))


def _busy(at: datetime) -> dict[int, list[tuple[datetime, datetime]]]:
    """Times at which volunteers have said that they come somewhere."""
    rows = SignUp.objects.filter(state=SignUpState.GOING, activity__ends_at__gt=at)
    rows = rows.exclude(activity__state=ActivityState.CANCELLED).order_by("activity__starts_at", "pk")
    found: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for pk, starts, ends in rows.values_list("volunteer", "activity__starts_at", "activity__ends_at"):
        found[pk].append((timezone.localtime(starts), timezone.localtime(ends)))
    return found


def point(place: Place | None) -> Point | None:
    """Where a place lies; None if nobody wrote it down."""
    if place is None or place.latitude is None or place.longitude is None:
        return None
    return place.latitude, place.longitude


def tasks(needs: Iterable[Need]) -> list[Task]:
    """Needs (with skills prefetched and place selected) as tasks. One statement for who asked."""
    held = list(needs)
    askers = dict(
        Volunteer.objects.filter(resident__in=[n.resident_id for n in held if n.resident_id]).values_list(
            "resident", "pk"
        )
    )
    return [
        Task(
            id=need.pk,
            number=need.number,
            starts=timezone.localtime(need.starts_at),
            ends=timezone.localtime(need.ends_at),
            people=need.people,
            skills=frozenset(skill.pk for skill in need.skills.all()),
            where=point(need.place),
            asker=askers.get(need.resident_id) if need.resident_id else None,
        )
        for need in held
    ]
