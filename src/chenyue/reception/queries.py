"""Reading venues, sittings and who receives, for every page that shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from chenyue.reception.lifecycle import SittingState, TicketState
from chenyue.reception.models import DayChange, Opening, RosterPerson, Shift, Sitting, Ticket, Venue


@dataclass(frozen=True)
class Receiving:
    """Who receives at one sitting, as residents read it. `names` has everybody, the lead first."""

    venue: Venue
    sitting: Sitting
    names: list[str]
    lead: str  # "" if none is named


def _on_duty() -> "Prefetch[Any]":
    shifts = Shift.objects.filter(absent_at=None).select_related("person__member__unit")
    return Prefetch("shifts", shifts.order_by("-lead", "pk"))


def sittings_between(first: date, last: date) -> QuerySet[Sitting]:
    """The sittings of these days, by their beginning, with their venue and who is on duty (`shifts`, lead first)."""
    rows = Sitting.objects.filter(day__range=(first, last)).select_related("venue")
    return rows.prefetch_related(_on_duty()).order_by("starts_at", "venue__order", "pk")


def sittings_on(day: date) -> list[Sitting]:
    """The sittings of one day, in any state: see `sittings_between`. Two statements."""
    return list(sittings_between(day, day))


def receiving(day: date) -> list[Receiving]:
    """Who receives on a day, where and when: what was published and isn't cancelled. Two statements."""
    return receiving_between(day, day)


def receiving_between(first: date, last: date, venue: Venue | None = None) -> list[Receiving]:
    """`receiving` for several days, at all venues or one. Two statements."""
    rows = sittings_between(first, last).exclude(published_at=None).exclude(state=SittingState.CANCELLED)
    if venue is not None:
        rows = rows.filter(venue=venue)
    return [as_published(sitting) for sitting in rows]


def as_published(sitting: Sitting) -> Receiving:
    """One sitting (with `shifts` at hand) as residents read it."""
    shifts = list(sitting.shifts.all())
    lead = next((shift.person.member.name for shift in shifts if shift.lead), "")
    return Receiving(sitting.venue, sitting, [shift.person.member.name for shift in shifts], lead)


def turns_of(person: RosterPerson, first: date, last: date, *, cancelled: bool = False) -> list[Shift]:
    """A person's published turns, with their sittings and who else is on duty. Three statements."""
    rows = Shift.objects.filter(person=person, absent_at=None, sitting__day__range=(first, last))
    rows = rows.exclude(sitting__published_at=None)
    if not cancelled:
        rows = rows.exclude(sitting__state=SittingState.CANCELLED)
    colleagues = Shift.objects.filter(absent_at=None).select_related("person__member").order_by("-lead", "pk")
    rows = rows.select_related("sitting__venue").prefetch_related(Prefetch("sitting__shifts", colleagues))
    return list(rows.order_by("sitting__starts_at", "pk"))


def closures(day: date) -> list[DayChange]:
    """What is closed on a day, with the reason that people read."""
    return list(DayChange.objects.filter(day=day, closed=True).select_related("venue").order_by("venue__order", "pk"))


def open_venues(day: date) -> QuerySet[Venue]:
    """Venues that are in use on a day: active, and within their lifetime."""
    rows = Venue.objects.filter(active=True)
    rows = rows.filter(Q(since=None) | Q(since__lte=day))
    return rows.filter(Q(until=None) | Q(until__gte=day))


def next_sittings(at: datetime, venues: Iterable[int] | None = None, limit: int = 10) -> list[Sitting]:
    """Sittings that are open or still to come after `at`, the earliest first, published or not."""
    rows = Sitting.objects.filter(state__in=[SittingState.PLANNED, SittingState.OPEN], ends_at__gt=at)
    if venues is not None:
        rows = rows.filter(venue_id__in=list(venues))
    return list(rows.select_related("venue").order_by("starts_at", "venue__order", "pk")[:limit])


def venue_list(day: date) -> list[Venue]:
    """All venues for the set-up page, those in use first, with their hours. Two statements."""
    hours = Opening.objects.filter(Q(until=None) | Q(until__gte=day))
    rows = Venue.objects.prefetch_related(Prefetch("openings", hours.order_by("starts", "pk")))
    return list(rows.select_related("contractor").order_by("-active", "order", "pk"))


def openings(venue: Venue) -> QuerySet[Opening]:
    """The weekly hours of a venue."""
    return venue.openings.order_by("starts", "since", "pk")


def changes_from(day: date, limit: int = 100) -> list[DayChange]:
    """Days that differ, from `day` on."""
    return list(DayChange.objects.filter(day__gte=day).select_related("venue").order_by("day", "pk")[:limit])


def free_letter() -> str:
    """The first letter that no venue in use calls its tickets by."""
    used = set(Venue.objects.filter(active=True).values_list("letter", flat=True))
    return next((letter for letter in "ABCDEFGHJKLMNPQRSTUVWXYZ" if letter not in used), "A")


def on_duty(sitting: Sitting) -> list[Shift]:
    """Everybody who was put down for a sitting, the lead first, with those who don't come."""
    rows = Shift.objects.filter(sitting=sitting).select_related("person__member__unit")
    return list(rows.order_by("-lead", "pk"))


def visits_expected(day: date) -> int:
    """How many have booked for a day, or wait, and were not heard yet. One statement."""
    expected = Ticket.objects.filter(sitting__day=day, state__in=(TicketState.BOOKED, TicketState.WAITING))
    return expected.count()
