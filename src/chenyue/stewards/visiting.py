"""Visits at doors: recorded in three taps, also afterwards; said to be so, or not, by the people of the home."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from chenyue.core import ids, kept_files, office, text
from chenyue.core.actors import Actor
from chenyue.core.errors import NotFound, Refusal
from chenyue.core.ticks import every
from chenyue.notify import actions as notify
from chenyue.people.models import Member
from chenyue.people.queries import members_with
from chenyue.stewards import pace, reach, weather
from chenyue.stewards.lifecycle import Outcome
from chenyue.stewards.models import CareEntry, DoorVisit, Steward
from chenyue.timeline import actions as timeline

FOLDER = "visits/%Y/%m"
AHEAD = timedelta(minutes=5)  # clocks of two machines differ
OLDEST = timedelta(days=14)  # a draft that waited longer is told to the office by telephone
OPEN_FOR = timedelta(days=30)  # a home can say so long whether it was visited
AGAIN = timedelta(days=3)  # where nobody was at home
LATEST_NEXT = timedelta(days=366)


@dataclass(frozen=True)
class Told:
    """What is said about a visit. `at`: when at the door, None for now."""

    room: str
    outcome: str
    words: str = ""
    next_on: date | None = None
    at: datetime | None = None


def visit_for(member: Member, pk: int) -> DoorVisit:
    """A visit to a building the member looks after. Raises NotFound otherwise."""
    found = DoorVisit.objects.select_related("made_by", "building", "call").filter(pk=pk).first()
    if found is None or not reach.serves(member, found.building_id):
        raise NotFound
    return found


def visits_of(building_ids: Collection[int]) -> QuerySet[DoorVisit]:
    """Visits to these buildings, the newest first."""
    return DoorVisit.objects.filter(building_id__in=building_ids).select_related("made_by", "building")


def visit(*, building_id: int, told: Told, photos: Collection[Any] = (), by: Actor, at: datetime) -> DoorVisit:
    """Record a visit; what the care list and a running call need follows by itself.

    Raises NotFound for a building that isn't theirs; Refusal at `room`, `outcome`, `next_on`, `at`, `photos`.
    """
    reach.require(by.user, building_id)
    when, room = _checked(told, at), reach.room_of(told.room)
    with kept_files.kept(list(photos)[:1], folder=FOLDER, field="photos") as files, transaction.atomic():
        care = CareEntry.objects.select_for_update(of=("self",)).filter(
            building_id=building_id, room=room, active=True
        ).first()  # fmt: skip
        row = DoorVisit(
            steward=Steward.objects.filter(member=by.user).first(),
            made_by=by.user, building_id=building_id, room=room, care=care, at=when, sent_at=at,
            outcome=told.outcome, words=text.clean(told.words)[:2000], confirm_code=ids.receipt_code(),
        )  # fmt: skip
        calls = [call for call in weather.running(localtime(when).date()) if care and weather.concerns(call, care)]
        row.call = calls[0] if calls else None
        row.next_on = told.next_on or (_next(care, row) if care else None)
        row.flags = _flags(row)
        if files:
            row.photo, row.preview = files[0].path, files[0].preview
        row.save(force_insert=True)
        if care is not None and row.next_on is not None and row.next_on != care.next_on:
            care.next_on = row.next_on
            care.save(update_fields=["next_on"])
        if row.steward_id:
            Steward.objects.filter(pk=row.steward_id).update(last_active_at=at)
        data = {"building": building_id, "outcome": row.outcome, "flags": row.flags}
        timeline.record(subject=row.subject, verb="visit.made", by=by, at=at, data=data)
    return row


def _checked(told: Told, at: datetime) -> datetime:
    """When it was, or a refusal at what can't be so."""
    if told.outcome not in Outcome.values:
        raise Refusal(_("Say how it went."), field="outcome", code="choice")
    when = told.at or at
    if when > at + AHEAD:
        when = at  # a telephone's clock runs ahead: what is sent has happened
    if when < at - OLDEST:
        raise Refusal(_("A visit is told within two weeks."), field="at", code="old")
    today = localtime(at).date()
    if told.next_on is not None and not today <= told.next_on <= today + LATEST_NEXT:
        raise Refusal(_("The next visit lies between today and a year ahead."), field="next_on", code="next")
    return when


def _next(care: CareEntry, row: DoorVisit) -> date:
    """When to come again if nobody says: soon where nobody opened or help is needed, else by the care list."""
    soon = row.outcome in (Outcome.NOBODY, Outcome.HELP)
    again = AGAIN if soon and care.every_days > AGAIN.days else timedelta(days=care.every_days)
    return localtime(row.at).date() + again


def _flags(row: DoorVisit) -> list[str]:
    when = localtime(row.at)
    day = when.replace(hour=0, minute=0, second=0, microsecond=0)
    rows = DoorVisit.objects.filter(made_by=row.made_by, at__gte=day, at__lt=day + timedelta(days=1)).order_by("at")
    others = [pace.Knock(localtime(at), building, room) for at, building, room in rows.values_list(
        "at", "building_id", "room"
    )]  # fmt: skip
    return pace.flags(
        pace.Knock(when, row.building_id, row.room),
        others,
        seconds=int(office.get("steward_visit_seconds")),
        a_day=int(office.get("steward_visits_a_day")),
        sent_at=localtime(row.sent_at),
    )


def made_a_case(*, visit: DoorVisit, number: str, by: Actor, at: datetime) -> None:
    """A case came of a visit."""
    visit.case_number = number
    visit.save(update_fields=["case_number"])
    timeline.record(subject=visit.subject, verb="visit.filed", by=by, at=at, data={"number": number})


def by_code(code: str, at: datetime) -> DoorVisit | None:
    """The visit that a home may speak about under this code: within a month, in any spelling. One statement."""
    asked = ids.read_receipt(code) if len(code) <= 40 else ""
    if not asked:
        return None
    return DoorVisit.objects.filter(confirm_code=asked, sent_at__gt=at - OPEN_FOR).first()


def confirm(*, visit: DoorVisit, yes: bool, words: str, by: Actor, at: datetime) -> DoorVisit:
    """The home says whether it was visited. The first answer stands; the same one again changes nothing.

    Raises Refusal for another answer than the first one, and for who made the visit.
    """
    if by.user is not None:
        raise Refusal(_("Only the people of the home can say so, on their own telephone."), code="own")
    with transaction.atomic():
        row = DoorVisit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
        if row.confirmed_at or row.disputed_at:
            if yes is (row.confirmed_at is not None):
                return row
            raise Refusal(_("Somebody of the home has answered otherwise. Please telephone the office."), code="said")
        row.confirmed_at, row.disputed_at = (at, None) if yes else (None, at)
        row.answer = text.clean(words)[:500]
        row.save(update_fields=["confirmed_at", "disputed_at", "answer"])
        verb = "visit.confirmed" if yes else "visit.disputed"
        timeline.record(subject=row.subject, verb=verb, by=by, at=at, data={"building": row.building_id})
        if not yes:
            who = [member.pk for member in members_with("steward.manage")]
            said = str(_("A home says that a visit did not take place."))
            notify.notice(who, said, "/desk/stewards/visits/", f"visit:{row.pk}", at)
    return row


def odd() -> QuerySet[DoorVisit]:
    """Visits that a person should look at: flagged or disputed, the newest first."""
    rows = DoorVisit.objects.exclude(Q(flags=[]) & Q(disputed_at=None))
    return rows.select_related("made_by", "building").order_by("-at", "-pk")


@every(6 * 3600, "stewards.orphans")
def orphans(at: datetime) -> int:
    """Clear photographs that no visit knows: left behind when a process was killed."""
    return kept_files.sweep("visits", _known, at)


def _known(names: set[str]) -> set[str]:
    known: set[str] = set()
    for field in ("photo", "preview"):
        known |= set(DoorVisit.objects.filter(**{f"{field}__in": names}).values_list(field, flat=True))
    return known
