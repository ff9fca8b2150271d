"""Changing venues, their hours and days that differ. Sittings follow in the same transaction."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.core.ids import token
from chenyue.people.rules import may
from chenyue.reception import timetable, venues
from chenyue.reception.models import DayChange, Opening, Venue
from chenyue.reception.timetable import Weekly
from chenyue.reception.venues import Made
from chenyue.timeline.actions import record

WORD = "reception.venues"
DETAILS = (
    "name", "kind", "place_id", "address", "how_to_reach", "letter", "windows", "members_needed", "capacity",
    "bookable_share", "dialect", "works", "contractor_id", "since", "until", "active", "order",
)  # fmt: skip


def _allowed(by: Actor) -> None:
    if by.kind == "member" and not may(by.user, WORD):
        raise NotAllowed


@transaction.atomic
def save_venue(
    *, details: Mapping[str, Any], by: Actor, at: datetime, venue: Venue | None = None
) -> tuple[Venue, Made]:
    """Add a venue, or change one; `details` are names of `DETAILS`. Another venue's name or letter is refused."""
    _allowed(by)
    if venue is None:
        venue = Venue(feed_token=token(), screen_token=token())
    else:
        venue = Venue.objects.select_for_update(of=("self",)).get(pk=venue.pk)
    changed = [name for name in DETAILS if name in details and getattr(venue, name) != details[name]]
    for name in changed:
        setattr(venue, name, details[name])
    if venue.since and venue.until and venue.until < venue.since:
        raise Refusal(_("The last day lies before the first."), field="until")
    others = Venue.objects.filter(active=True, letter=venue.letter).exclude(pk=venue.pk)
    if venue.active and others.exists():
        raise Refusal(_("Another venue calls its tickets by this letter already."), field="letter")
    fresh = venue.pk is None
    try:
        with transaction.atomic():
            venue.save()
    except IntegrityError as error:
        raise Refusal(_("There is a venue of this name already."), field="name") from error
    if fresh or changed:
        verb = "venue.added" if fresh else "venue.changed"
        record(subject=venue.subject, verb=verb, by=by, at=at, data={"name": venue.name, "fields": changed})
    return venue, _follow(at)


@transaction.atomic
def save_opening(
    *,
    venue: Venue,
    weekdays: Collection[int],
    starts: time,
    ends: time,
    since: date,
    by: Actor,
    at: datetime,
    until: date | None = None,
    on_holidays: bool = False,
    members_needed: int | None = None,
    opening: Opening | None = None,
) -> Made:
    """Add weekly hours to a venue, or change them from now on. Hours that overlap others of the venue are refused."""
    _allowed(by)
    Venue.objects.select_for_update(of=("self",)).get(pk=venue.pk)
    check_hours(starts, ends)
    if not weekdays:
        raise Refusal(_("Choose at least one weekday."), field="weekdays")
    if until is not None and until < since:
        raise Refusal(_("The last day lies before the first."), field="until")
    wanted = Weekly(frozenset(weekdays), starts, ends, since, until, on_holidays, members_needed)
    others = venue.openings.exclude(pk=opening.pk if opening else 0)
    if timetable.overlapping([wanted, *(venues.weekly(o) for o in others)]):
        raise Refusal(_("These hours overlap other hours of the same venue."), field="starts")
    row = opening or Opening(venue=venue)
    row.weekdays, row.starts, row.ends = sorted(set(weekdays)), starts, ends
    row.since, row.until, row.on_holidays, row.members_needed = since, until, on_holidays, members_needed
    row.save()
    data = {"hours": f"{starts:%H:%M}–{ends:%H:%M}", "weekdays": row.weekdays}
    record(subject=venue.subject, verb="venue.hours", by=by, at=at, data=data)
    return _follow(at)


def check_hours(starts: time, ends: time) -> None:
    """Refuse hours that end before they begin, or are too short or too long for one sitting."""
    length = datetime.combine(date.min, ends) - datetime.combine(date.min, starts)
    if length < timetable.FEWEST or length > timetable.LONGEST:
        raise Refusal(_("A sitting lasts from 15 minutes to 12 hours, and ends on the same day."), field="ends")


@transaction.atomic
def remove_opening(*, opening: Opening, by: Actor, at: datetime) -> Made:
    """Take weekly hours away; their future sittings go with them."""
    _allowed(by)
    data = {"hours": f"{opening.starts:%H:%M}–{opening.ends:%H:%M}", "weekdays": opening.weekdays}
    subject = opening.venue.subject
    Opening.objects.filter(pk=opening.pk).delete()
    record(subject=subject, verb="venue.hours_removed", by=by, at=at, data=data)
    return _follow(at)


@transaction.atomic
def change_day(
    *,
    day: date,
    closed: bool,
    by: Actor,
    at: datetime,
    venue: Venue | None = None,
    starts: time | None = None,
    ends: time | None = None,
    reason: str = "",
    until: date | None = None,
) -> Made:
    """Close a venue (None: all) on a day or on each day `until`, or open it at other hours then."""
    _allowed(by)
    last = until or day
    if day < timezone.localtime(at).date():
        raise Refusal(_("This day is over."), field="day")
    if not 0 <= (last - day).days <= 62:
        raise Refusal(_("From the first day to the last are at most two months."), field="until")
    if (starts is None) != (ends is None):
        raise Refusal(_("Give both times, or none for the whole day."), field="ends" if starts else "starts")
    if starts and ends:
        check_hours(starts, ends)
    elif not closed:
        raise Refusal(_("From when to when is it open?"), field="starts")
    if closed and not reason:
        raise Refusal(_("Say why: people read this reason."), field="reason")
    days = [date.fromordinal(day.toordinal() + i) for i in range((last - day).days + 1)]
    DayChange.objects.bulk_create(
        DayChange(venue=venue, day=d, closed=closed, starts=starts, ends=ends, reason=reason[:120]) for d in days
    )
    data = {"day": day.isoformat(), "until": last.isoformat(), "closed": closed, "reason": reason}
    hours = f"{starts:%H:%M}–{ends:%H:%M}" if starts and ends else ""
    subject = venue.subject if venue else "venue:all"
    record(subject=subject, verb="venue.day_changed", by=by, at=at, data=data | {"hours": hours})
    return _follow(at, first=day, last=last)


@transaction.atomic
def remove_change(*, change: DayChange, by: Actor, at: datetime) -> Made:
    """Let a day be as usual again."""
    _allowed(by)
    subject = change.venue.subject if change.venue else "venue:all"
    DayChange.objects.filter(pk=change.pk).delete()
    record(subject=subject, verb="venue.day_usual", by=by, at=at, data={"day": change.day.isoformat()})
    return _follow(at, first=change.day, last=change.day)


@transaction.atomic
def renew_feed(*, venue: Venue, by: Actor, at: datetime) -> str:
    """A new secret address for the venue's calendar; the old one stops working. Gives the new token."""
    _allowed(by)
    fresh = token()
    Venue.objects.filter(pk=venue.pk).update(feed_token=fresh)
    record(subject=venue.subject, verb="venue.feed_renewed", by=by, at=at)
    return fresh


@transaction.atomic
def renew_screen(*, venue: Venue, by: Actor, at: datetime) -> str:
    """A new secret address for the calling screen and the kiosk; screens must be opened anew. Gives the new token."""
    _allowed(by)
    fresh = token()
    Venue.objects.filter(pk=venue.pk).update(screen_token=fresh)
    record(subject=venue.subject, verb="venue.screen_renewed", by=by, at=at)
    return fresh


def _follow(at: datetime, first: date | None = None, last: date | None = None) -> Made:
    today = timezone.localtime(at).date()
    ahead = today + venues.AHEAD
    if first and last and first > ahead:  # those days alone, never all the days until then
        return venues.ensure_sittings(first, last, at)
    return venues.ensure_sittings(today, max(last or today, ahead), at)
