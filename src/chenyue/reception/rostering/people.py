"""Who takes turns: their skills and limits, leave, wishes, corrections of the ledger, and the office's rules."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.core import snapshots
from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.core.ids import token
from chenyue.people.models import Member
from chenyue.people.rules import may
from chenyue.reception.lifecycle import SittingState
from chenyue.reception.models import (
    Leave,
    LedgerCorrection,
    RosterPerson,
    RosterRules,
    Shift,
    Venue,
    Wish,
)
from chenyue.reception.rostering import ledger, notices
from chenyue.reception.rostering.planning import WORD, allowed
from chenyue.reception.rostering.rules import OfficeRules, checked
from chenyue.timeline.actions import record

OFFICE = "roster:office"  # subject of what concerns the roster as a whole
DETAILS = ("lead", "skills", "dialects", "min_turns", "max_turns", "share", "barred", "active")
LONGEST = 400  # days of one leave


def own_or_planner(person: RosterPerson, by: Actor) -> None:
    """Refuse anybody but the person and who plans."""
    if by.kind != "member" or by.key == str(person.member_id):
        return
    if not may(by.user, WORD):
        raise NotAllowed


@transaction.atomic
def save_person(
    *,
    member: Member,
    details: Mapping[str, Any],
    by: Actor,
    at: datetime,
    venues: list[Venue] | None = None,
) -> RosterPerson:
    """Put a member on the roster, or change what is known of them; `details` are names of `DETAILS`."""
    allowed(by)
    if details.get("min_turns", 0) > details.get("max_turns", 99):
        raise Refusal(_("At least can't be more than at most."), field="max_turns")
    defaults = {name: details[name] for name in DETAILS if name in details}
    try:
        person, fresh = RosterPerson.objects.update_or_create(
            member=member, defaults=defaults, create_defaults=defaults | {"feed_token": token()}
        )
    except IntegrityError as error:
        raise Refusal(_("Somebody else has put this member on the roster just now."), field="member") from error
    if venues is not None:
        person.venues.set(venues)
    snapshots.bump("roster")
    verb = "roster.person_added" if fresh else "roster.person_changed"
    record(subject=OFFICE, verb=verb, by=by, at=at, data={"name": member.name})
    return person


@transaction.atomic
def renew_feed(*, person: RosterPerson, by: Actor, at: datetime) -> str:
    """A new secret address for the person's calendar; the old one stops working. Gives the new token."""
    own_or_planner(person, by)
    fresh = token()
    RosterPerson.objects.filter(pk=person.pk).update(feed_token=fresh)
    return fresh


@transaction.atomic
def take_leave(
    *, person: RosterPerson, kind: str, first: date, last: date, by: Actor, at: datetime, words: str = ""
) -> tuple[Leave, list[Shift]]:
    """Write leave down. Gives it and the published turns that fall into it, which somebody else must take.

    Those who plan are told when there are any. The words stay with the person and the planners.
    """
    own_or_planner(person, by)
    today = timezone.localtime(at).date()
    if last < first:
        raise Refusal(_("The last day lies before the first."), field="last")
    if (last - first).days >= LONGEST:
        raise Refusal(_("Leave of more than a year: take the person off the roster instead."), field="last")
    if last < today and not may(by.user, WORD):
        raise Refusal(_("These days are over."), field="first")
    if Leave.objects.filter(person=person, cancelled_at=None, first__lte=last, last__gte=first).exists():
        raise Refusal(_("Leave is written down for some of these days already."), field="first")
    leave = Leave.objects.create(person=person, kind=kind, first=first, last=last, words=words[:120], by=by.user, at=at)
    lost = lost_turns(person, first, last, at)
    data = {"name": person.member.name, "first": first.isoformat(), "last": last.isoformat(), "turns": len(lost)}
    record(subject=OFFICE, verb="roster.leave", by=by, at=at, data=data)
    if lost:
        notices.tell_planners_of_leave(person, lost, leave, at)
    return leave, lost


def lost_turns(person: RosterPerson, first: date, last: date, at: datetime) -> list[Shift]:
    """Published turns of a person on these days that are still to come."""
    rows = Shift.objects.filter(person=person, absent_at=None, sitting__day__range=(first, last))
    rows = rows.filter(sitting__state=SittingState.PLANNED, sitting__starts_at__gt=at)
    return list(
        rows.exclude(sitting__published_at=None).select_related("sitting__venue").order_by("sitting__starts_at")
    )


@transaction.atomic
def cancel_leave(*, leave: Leave, by: Actor, at: datetime) -> None:
    """Take leave back."""
    own_or_planner(leave.person, by)
    changed = Leave.objects.filter(pk=leave.pk, cancelled_at=None).update(cancelled_at=at)
    if changed:
        data = {"name": leave.person.member.name, "first": leave.first.isoformat(), "last": leave.last.isoformat()}
        record(subject=OFFICE, verb="roster.leave_cancelled", by=by, at=at, data=data)


@transaction.atomic
def wish(
    *,
    person: RosterPerson,
    by: Actor,
    at: datetime,
    wanted: bool,
    day: date | None = None,
    weekday: int | None = None,
    part: str = "",
    weight: int = 1,
) -> Wish:
    """Write a wish down: for a day or a weekday, for mornings or evenings or both."""
    own_or_planner(person, by)
    if (day is None) == (weekday is None):
        raise Refusal(_("Choose a day or a weekday."), field="day")
    if day is not None and day < timezone.localtime(at).date():
        raise Refusal(_("This day is over."), field="day")
    if Wish.objects.filter(person=person).count() >= 40:
        raise Refusal(_("At most 40 wishes. Take some back first."), field="day")
    Wish.objects.filter(person=person, day=day, weekday=weekday, part=part).delete()
    return Wish.objects.create(
        person=person, day=day, weekday=weekday, part=part, wanted=wanted, weight=max(1, min(3, weight)), at=at
    )


@transaction.atomic
def drop_wish(*, wish: Wish, by: Actor, at: datetime) -> None:
    """Take a wish back."""
    own_or_planner(wish.person, by)
    Wish.objects.filter(pk=wish.pk).delete()


@transaction.atomic
def correct(
    *, person: RosterPerson, year: int, turns: Decimal, words: str, by: Actor, at: datetime
) -> LedgerCorrection:
    """Add weighted turns to a person's ledger, or take some off, with the reason that everybody may read."""
    allowed(by)
    if not words:
        raise Refusal(_("Give the reason: everybody may read it."), field="words")
    if not turns or abs(turns) > 200:
        raise Refusal(_("From 0.1 to 200 turns, more or less."), field="turns")
    row = LedgerCorrection.objects.create(person=person, year=year, turns=turns, words=words[:120], by=by.user, at=at)
    data = {"name": person.member.name, "turns": str(turns), "year": year, "words": words[:120]}
    record(subject=OFFICE, verb="roster.corrected", by=by, at=at, data=data)
    return row


@transaction.atomic
def save_rules(*, changes: Mapping[str, Any], by: Actor, at: datetime) -> RosterRules:
    """A new version of the rules, from the present one and what changes. Plans being made keep theirs."""
    allowed(by)
    row, rules = ledger.current()
    fresh = checked(replace(rules, **changes))
    if row is not None and fresh == rules:
        return row
    version = (row.version if row else 0) + 1
    try:
        with transaction.atomic():
            saved = RosterRules.objects.create(version=version, data=fresh.stored(), since=at, by=by.user)
    except IntegrityError as error:
        raise Refusal(_("Somebody else has changed the rules just now. Look at them again.")) from error
    old, new = rules.stored(), fresh.stored()
    data = {"version": version, "fields": sorted(name for name in new if new[name] != old[name])}
    record(subject=OFFICE, verb="roster.rules", by=by, at=at, data=data)
    return saved


def rules_of(row: RosterRules | None) -> OfficeRules:
    """What a version says; as shipped without one."""
    return OfficeRules.of(row.data if row else {})
