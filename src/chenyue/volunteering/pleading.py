"""Appeals against late and missed bookings, complaints about services: decided by somebody who had no part in it.

While one is open the credits stay held: nothing is burnt, nothing is settled.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.timeline.models import VisibleTo
from chenyue.volunteering import acts, booking_letters, booking_rules, seeing
from chenyue.volunteering.booking_counts import locked, owe
from chenyue.volunteering.ending import finish, give_back
from chenyue.volunteering.lifecycle import BookingState, PleaKind, PleaState
from chenyue.volunteering.models import Booking, Plea
from chenyue.volunteering.persons import is_them
from chenyue.workdays.queries import calendar
from chenyue.workdays.spans import Span

DECIDED_WITHIN = Span.parse("5wd")
GRADED = (BookingState.LATE, BookingState.MISSED)
SERVICE_DAYS = 30  # after it took place somebody may still complain about a service
LONGEST = 1000


def appeal(*, booking: Booking, words: str, by: Actor, at: datetime) -> Plea:
    """Appeal against a late or missed booking, within the appeal days of its contract. Raises Refusal, NotAllowed."""
    return complain(booking=booking, kind=PleaKind.BOOKING, words=words, by=by, at=at)


def complain(*, booking: Booking, kind: str, words: str, by: Actor, at: datetime) -> Plea:
    """Take an appeal (BOOKING) or a complaint about a service (SERVICE) down. One at a time for a booking.

    Raises Refusal: nothing to appeal against, too late, one is open already; NotAllowed for others.
    """
    said = acts.words(words, "words", needed=True, most=LONGEST)
    with locked(booking) as row:
        own = by.kind == "resident" and (is_them(by, row.resident) or is_them(by, row.payer))
        if not own:
            seeing.check(by, seeing.SERVE)
        _check_time(row, str(kind), at)
        plea = Plea(
            kind=kind, booking=row, resident=row.resident, words=said, at=at, due_on=_due(at),
            taken_by=by.user if by.kind == "member" else None,
        )  # fmt: skip
        try:
            with transaction.atomic():
                plea.save()
        except IntegrityError as error:
            raise Refusal(_("An appeal about it is open already."), code="open") from error
        data: dict[str, Any] = {"plea": plea.pk, "kind": str(kind)}
        acts.record(row.subject, "plea_made", by=by, at=at, data=data, visible_to=VisibleTo.RESIDENT, said=said)
        booking_letters.plea_waits(plea, row, at)
    return plea


def _due(at: datetime) -> date:
    return acts.local_day(calendar().add(at, DECIDED_WITHIN).at)


def appeal_until(row: Booking) -> datetime | None:
    """Until when an appeal is possible; None for a booking that has nothing to appeal against."""
    if row.state not in GRADED or row.ended_at is None:
        return None
    days = booking_rules.contract_terms(row.slot.service.contract).appeal_days
    return row.final_at or row.ended_at + timedelta(days=days)


def _check_time(row: Booking, kind: str, at: datetime) -> None:
    if kind == PleaKind.BOOKING:
        until = appeal_until(row)
        if until is None:
            raise Refusal(_("There is nothing to appeal against: nothing was lost."), code="nothing")
        if at > until:
            said = {"until": booking_rules.moment_words(until)}
            raise Refusal(_("An appeal was possible until %(until)s.") % said, code="late")
    elif kind != PleaKind.SERVICE or row.state != BookingState.ATTENDED or row.redeemed_at is None:
        raise Refusal(_("Nobody has recorded that it took place."), code="not_attended")
    elif at > row.redeemed_at + timedelta(days=SERVICE_DAYS):
        raise Refusal(_("Please complain within %(n)d days.") % {"n": SERVICE_DAYS}, code="late")


def decide(*, plea: Plea, upheld: bool, reason: str, by: Actor, at: datetime, version: int | None = None) -> Plea:
    """Decide an appeal or complaint about a booking, with a reason that the person reads.

    Upheld: the credits go back, no strike counts, nothing is owed (what is settled already is taken off the next
    month). Refused: it ends as it would have. Not by who took it down, booked it or signed it, nor by the person.
    """
    seeing.check(by, seeing.CONTRACTS)
    reason = acts.words(reason, "reason", needed=True, most=500)
    if plea.booking is None:
        raise NotAllowed
    with locked(plea.booking) as row:
        found = Plea.objects.select_for_update(of=("self",)).get(pk=plea.pk)
        _check_decider(found, row, by)
        if found.state != PleaState.OPEN or (version is not None and version != found.version):
            raise Conflict
        found.state = PleaState.UPHELD if upheld else PleaState.REFUSED
        found.decided_at, found.decided_by, found.reason = at, by.user, reason
        acts.touch(found, "state", "decided_at", "decided_by", "reason")
        if upheld:
            _uphold(row, reason, by, at)
        elif row.final_at is not None and row.final_at <= at and row.end_id is None:
            finish(row, by, at)
        verb = "plea_upheld" if upheld else "plea_refused"
        data = {"plea": found.pk, "kind": found.kind}
        acts.record(row.subject, verb, by=by, at=at, data=data, visible_to=VisibleTo.RESIDENT, said=reason)
        booking_letters.plea_decided(found, row, at)
    return found


def _check_decider(plea: Plea, row: Booking, by: Actor) -> None:
    member = by.user.pk if by.user is not None else None
    if member is None or member in (plea.taken_by_id, row.by_id, row.signed_by_id):
        raise NotAllowed(_("You had a part in it: somebody else decides."))
    if is_them(by, row.resident) or is_them(by, row.payer):
        raise NotAllowed(_("It is about yourself: somebody else decides."))


def _uphold(row: Booking, reason: str, by: Actor, at: datetime) -> None:
    if row.end_id is None:
        state = BookingState.CALLED_OFF if row.state == BookingState.ATTENDED else BookingState.CANCELLED
        give_back(row, state, reason, by, at, fault=True)
        return
    # Its credits moved already: where it was a warning nothing was lost; where it was signed, a grant makes it good.
    if row.state in GRADED:
        row.state = BookingState.CANCELLED
    owe(row, 0)
    row.reason = reason[:200]
    row.save(update_fields=["state", "owed", "reason"])


def needs_grant(plea: Plea) -> bool:
    """Whether credits were burnt before a complaint was upheld: two persons grant them anew."""
    row = plea.booking
    return plea.state == PleaState.UPHELD and row is not None and row.signed_at is not None
