"""From openings to sittings: made ahead, and kept in step with the hours, whatever changes there.

What people hold a ticket for is never touched here: such a sitting is cancelled by a person, who tells those people.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from chenyue.core.actors import SYSTEM
from chenyue.core.ticks import every
from chenyue.reception import timetable
from chenyue.reception.lifecycle import SittingState
from chenyue.reception.models import DayChange, Opening, Sitting, Venue
from chenyue.reception.rostering import notices
from chenyue.reception.timetable import Change, Slot, Weekly
from chenyue.timeline.actions import Draft, record_many
from chenyue.workdays.queries import calendar

AHEAD = timedelta(weeks=8)


@dataclass
class Made:
    """What a run did. `held` are sittings that the hours no longer have, but for which people hold tickets."""

    created: int = 0
    changed: int = 0
    removed: int = 0
    cancelled: list[Sitting] = field(default_factory=list)
    restored: int = 0
    held: list[Sitting] = field(default_factory=list)


@every(3600, "reception.sittings")
def sittings_ahead(at: datetime) -> int:
    """See to it that the sittings of the next eight weeks are there; how many were new."""
    today = timezone.localtime(at).date()
    return ensure_sittings(today, today + AHEAD, at).created


@transaction.atomic
def ensure_sittings(first: date, last: date, at: datetime) -> Made:
    """Make the sittings of these days as the venues' hours say, and take back what they no longer say.

    Idempotent; the same number of statements for any number of days as long as nothing changes. Only sittings that
    are planned and begin after `at` are changed or taken back; one with tickets is left as it is and reported.
    One that is published or has people on duty is cancelled rather than removed, and they are told.
    """
    made = Made()
    wanted = _wanted(first, last)
    rows = Sitting.objects.filter(day__range=(first, last)).select_for_update(of=("self",))
    there = {(s.venue_id, s.starts_at): s for s in rows.order_by("pk")}
    fresh = [_fresh(venue, day, slot) for (venue, day, slot) in wanted.values()]
    missing = [s for s in fresh if (s.venue_id, s.starts_at) not in there and s.ends_at > at]
    Sitting.objects.bulk_create(missing, ignore_conflicts=True)
    made.created = len(missing)
    _keep_in_step([s for s in fresh if (s.venue_id, s.starts_at) in there], there, at, made)
    _take_back([s for key, s in there.items() if key not in wanted], at, made)
    return made


def _wanted(first: date, last: date) -> dict[tuple[int, datetime], tuple[Venue, date, Slot]]:
    """Every sitting that the hours of all venues ask for between two days. Three statements."""
    cal = calendar()
    changes: dict[tuple[int | None, date], list[Change]] = defaultdict(list)
    for change in DayChange.objects.filter(day__range=(first, last)).order_by("pk"):
        changes[change.venue_id, change.day].append(Change(change.closed, change.starts, change.ends, change.reason))
    found = {}
    for venue in Venue.objects.filter(active=True).prefetch_related("openings"):
        weeklies = [weekly(opening) for opening in venue.openings.all()]
        day = max(first, venue.since or first)
        while day <= min(last, venue.until or last):
            differing = changes[None, day] + changes[venue.pk, day]
            for slot in timetable.slots(weeklies, differing, day, cal):
                found[venue.pk, timetable.moments(slot, day, cal)[0]] = (venue, day, slot)
            day += timedelta(days=1)
    return found


def weekly(opening: Opening) -> Weekly:
    """An opening in the words of `timetable`."""
    return Weekly(
        frozenset(opening.weekdays), opening.starts, opening.ends, opening.since, opening.until,
        opening.on_holidays, opening.members_needed,
    )  # fmt: skip


def _fresh(venue: Venue, day: date, slot: Slot) -> Sitting:
    starts_at, ends_at = timetable.moments(slot, day, calendar())
    needed = slot.members_needed or venue.members_needed
    return Sitting(
        venue=venue, day=day, starts_at=starts_at, ends_at=ends_at, members_needed=needed, capacity=venue.capacity
    )


def _keep_in_step(fresh: list[Sitting], there: dict[tuple[int, datetime], Sitting], at: datetime, made: Made) -> None:
    """Take over a changed end, number of members or capacity, and bring back what hours had taken away."""
    changed, restored = [], []
    for new in fresh:
        row = there[new.venue_id, new.starts_at]
        if row.starts_at <= at:
            continue
        if row.state == SittingState.CANCELLED and row.by_timetable:
            row.state, row.reason, row.by_timetable, row.closed_at = SittingState.PLANNED, "", False, None
            restored.append(row)
        differs = (row.ends_at, row.members_needed, row.capacity) != (new.ends_at, new.members_needed, new.capacity)
        if row.state == SittingState.PLANNED and not row.issued and differs:
            row.ends_at, row.members_needed, row.capacity = new.ends_at, new.members_needed, new.capacity
            changed.append(row)
    names = ["state", "reason", "by_timetable", "closed_at", "ends_at", "members_needed", "capacity"]
    touched = {row.pk: row for row in [*changed, *restored]}
    if touched:
        Sitting.objects.bulk_update(touched.values(), names)
    record_many([Draft(row.subject, "sitting.restored") for row in restored], by=SYSTEM, at=at)
    made.changed, made.restored = len(changed), len(restored)


def _take_back(gone: Iterable[Sitting], at: datetime, made: Made) -> None:
    """Remove or cancel sittings that the hours no longer have."""
    pks = [s.pk for s in gone if s.state == SittingState.PLANNED and s.starts_at > at]
    if not pks:
        return
    rows = list(
        Sitting.objects.filter(pk__in=pks)
        .select_related("venue")
        .annotate(given=Count("tickets", distinct=True), turns=Count("shifts", distinct=True))
        .order_by("pk")
    )
    bare = [s.pk for s in rows if not s.given and not s.turns and s.published_at is None]
    made.held = [s for s in rows if s.given]
    made.cancelled = [s for s in rows if not s.given and s.pk not in bare]
    made.removed = len(bare)
    Sitting.objects.filter(pk__in=bare).delete()
    reasons = _reasons(made.cancelled)
    for sitting in made.cancelled:
        sitting.state, sitting.by_timetable, sitting.reason = SittingState.CANCELLED, True, reasons[sitting.pk]
        sitting.epoch += 1
    if made.cancelled:
        Sitting.objects.bulk_update(made.cancelled, ["state", "by_timetable", "reason", "epoch"])
    drafts = [Draft(s.subject, "sitting.withdrawn", {"reason": s.reason}) for s in made.cancelled]
    record_many(drafts, by=SYSTEM, at=at)
    for sitting in made.cancelled:
        notices.tell_cancelled(sitting=sitting, reason=sitting.reason, at=at)


def _reasons(sittings: list[Sitting]) -> dict[int, str]:
    """Why each was closed, as the change of its day says."""
    days = {s.day for s in sittings}
    said = list(DayChange.objects.filter(day__in=days, closed=True).exclude(reason="").order_by("pk"))
    return {
        s.pk: next((c.reason for c in said if c.day == s.day and c.venue_id in (None, s.venue_id)), "")
        for s in sittings
    }
