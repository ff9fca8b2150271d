"""Attendance: the supplier reads the voucher once, a second sign burns the credits; what looks odd waits for a person.

The second sign is the resident's own tap, or a member of staff who neither booked it nor is that person; where
something looked odd, staff sign on the next day at the earliest. Unsigned ones don't enter the settlement.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.core.ids import read_receipt
from chenyue.timeline.models import VisibleTo
from chenyue.volunteering import (
    acts,
    booking_letters,
    booking_rules,
    crediting,
    pleading,
    seeing,
    suppliers,
    thresholds,
)
from chenyue.volunteering.booking_counts import locked
from chenyue.volunteering.booking_terms import odd
from chenyue.volunteering.lifecycle import BookingState, PleaKind, PleaState
from chenyue.volunteering.models import Booking, Plea, Supplier
from chenyue.volunteering.persons import is_them

UNKNOWN = gettext_lazy("No booking with you has this code. Look at it again, or ask the office.")


def find(code: str, supplier: Supplier) -> Booking:
    """The booking of a voucher with this supplier, however the code is typed. Raises Refusal `unknown`."""
    rows = Booking.objects.filter(code=read_receipt(code)[:64], slot__service__contract__supplier=supplier)
    row = rows.select_related("slot__service__contract", "resident").first()
    if row is None:
        raise Refusal(UNKNOWN, field="code", code="unknown")
    return row


def redeem(*, code: str, supplier: Supplier, at: datetime) -> Booking:
    """The supplier reads a voucher: the person is there. Once only.

    Raises Refusal: unknown (also another supplier's), again, ended, not_today, too_late. What looks odd (night, many in
    minutes, early, late) is flagged, not refused: a second person looks at it.
    """
    by = suppliers.actor(supplier)
    with locked(find(code, supplier)) as row:
        _check_redeemable(row, at)
        limits = thresholds.odd_now()
        recent = _recent(supplier, at, limits["within"])
        row.flags = odd(at, row.slot.starts_at, row.slot.ends_at, len(recent), row.slot.capacity, limits)
        row.state, row.redeemed_at = BookingState.ATTENDED, at
        row.save(update_fields=["state", "redeemed_at", "flags"])
        if "many" in row.flags:
            _flag_many(recent)
        data = {"service": row.slot.service.name, "when": row.slot.starts_at.isoformat(), "flags": row.flags}
        acts.record(row.subject, "booking_redeemed", by=by, at=at, data=data, visible_to=VisibleTo.RESIDENT)
        booking_letters.redeemed(row, at)
    return row


def _check_redeemable(row: Booking, at: datetime) -> None:
    if row.redeemed_at is not None:
        said = {"when": booking_rules.moment_words(row.redeemed_at)}
        raise Refusal(_("This voucher was used already, %(when)s. It counts once.") % said, field="code", code="again")
    if row.state != BookingState.HELD:
        said = {"state": row.get_state_display()}
        raise Refusal(_("This booking can't be redeemed: %(state)s.") % said, field="code", code="ended")
    if acts.local_day(row.slot.starts_at) > acts.local_day(at):
        said = {"when": booking_rules.moment_words(row.slot.starts_at)}
        raise Refusal(_("This booking is for another day: %(when)s.") % said, field="code", code="not_today")
    days = booking_rules.contract_terms(row.slot.service.contract).waive_days
    if at > row.slot.ends_at + timedelta(days=days):
        raise Refusal(_("This booking is too long ago. Please ask the office."), field="code", code="too_late")


def _recent(supplier: Supplier, at: datetime, within: int) -> list[Booking]:
    """What the supplier redeemed within the last so many minutes."""
    rows = Booking.objects.filter(slot__service__contract__supplier=supplier, redeemed_at__lte=at)
    return list(rows.filter(redeemed_at__gt=at - timedelta(minutes=within)).order_by("pk")[:500])


def _flag_many(rows: Iterable[Booking]) -> None:
    """Those just before belong to the same rush; who has signed already is let be."""
    for row in rows:
        if "many" not in row.flags and row.signed_at is None:
            Booking.objects.filter(pk=row.pk, signed_at=None).update(flags=[*row.flags, "many"])


def note_again(*, code: str, supplier: Supplier, at: datetime) -> None:
    """Somebody showed a voucher a second time: flagged, unless it's signed already. Called after the refusal."""
    row = find(code, supplier)
    with locked(row) as found:
        if found.redeemed_at is None or at - found.redeemed_at < timedelta(minutes=1):
            return  # a shaking finger
        if "again" not in found.flags and found.signed_at is None:
            found.flags = [*found.flags, "again"]
            found.save(update_fields=["flags"])
        acts.record(found.subject, "booking_again", by=suppliers.actor(supplier), at=at)


def sign(*, booking: Booking, by: Actor, at: datetime) -> Booking:
    """The second sign: yes, it took place. Burns the credits; from now on it enters a settlement.

    Raises Refusal: not_attended, signed, plea (an open complaint), next_day (an odd one, on the same day), oneself;
    NotAllowed for who booked it at the window and for who may not at all.
    """
    with locked(booking) as row:
        _check_signer(row, by, at)
        row.end = crediting.burn(row.hold, None, key=f"burn:booking:{row.number}", by=by, at=at)
        row.signed_by, row.signed_at = (by.user if by.kind == "member" else None), at
        row.save(update_fields=["end", "signed_by", "signed_at"])
        data = {"service": row.slot.service.name, "when": row.slot.starts_at.isoformat(), "credits": row.credits}
        acts.record(row.subject, "booking_signed", by=by, at=at, data=data, visible_to=VisibleTo.RESIDENT)
    return row


def _check_signer(row: Booking, by: Actor, at: datetime) -> None:
    _check_who_signs(row, by)
    if row.state != BookingState.ATTENDED or row.redeemed_at is None:
        raise Refusal(_("Nobody has recorded that it took place."), code="not_attended")
    if row.signed_at is not None:
        raise Refusal(_("It is signed already."), code="signed")
    if Plea.objects.filter(booking=row, state=PleaState.OPEN).exists():
        raise Refusal(_("There is a complaint about it: that is decided first."), code="plea")
    if by.kind == "member" and row.flags and acts.local_day(at) <= acts.local_day(row.redeemed_at):
        raise Refusal(
            _("Something looked odd about it: staff sign it on the next day at the earliest."), code="next_day"
        )


def _check_who_signs(row: Booking, by: Actor) -> None:
    if by.kind == "resident":
        if not is_them(by, row.resident):
            raise NotAllowed
        return
    if by.kind != "member" or not (seeing.may(by.user, seeing.SERVE) or seeing.may(by.user, seeing.CONTRACTS)):
        raise NotAllowed
    if row.by_id == by.user.pk:
        raise NotAllowed(_("You booked it at the window: somebody else signs."))
    if is_them(by, row.resident) or is_them(by, row.payer):
        raise NotAllowed(_("It is your own booking, or a relative's: somebody else signs."))


def sign_many(*, bookings: Iterable[Booking], by: Actor, at: datetime) -> tuple[int, list[tuple[Booking, str]]]:
    """Sign several that look as they should, each in a transaction of its own; how many, and which not and why."""
    signed, left = 0, []
    for row in bookings:
        try:
            with transaction.atomic():  # a savepoint: one that is refused leaves the others
                if row.flags:
                    raise Refusal(_("Something looked odd: look at it alone."), code="flagged")
                sign(booking=row, by=by, at=at)
            signed += 1
        except Refusal as refusal:
            left.append((row, str(refusal.sentence)))
    return signed, left


def deny(*, booking: Booking, words: str, by: Actor, at: datetime) -> Plea:
    """The resident says: I wasn't there. A complaint that must be decided before anything is burnt or paid."""
    return pleading.complain(booking=booking, kind=PleaKind.SERVICE, words=words, by=by, at=at)
