"""How bookings end without being taken: cancelled in time or late, missed, never recorded. Graded by the contract.

What is lost stays held until `final_at`, so that an appeal finds it untouched; then it is burnt, the rest released.
"""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from chenyue.core.actors import SYSTEM, Actor
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.timeline.models import VisibleTo
from chenyue.volunteering import acts, booking_letters, booking_rules, crediting, seeing, suppliers, waiting
from chenyue.volunteering.booking_counts import give_line, locked, owe
from chenyue.volunteering.booking_terms import lost_of, percent_for_cancelling, percent_for_missing
from chenyue.volunteering.lifecycle import BookingState, PleaState
from chenyue.volunteering.models import Booking
from chenyue.volunteering.persons import is_them
from chenyue.volunteering.slotting import give_place

BATCH = 200
SOONEST_MISSED = timedelta(minutes=15)  # after the beginning


def cancel(*, booking: Booking, by: Actor, at: datetime, reason: str = "") -> Booking:
    """Give a booking up: in time everything goes back, later what the contract's grades say. The place is passed on.

    Raises Refusal for one that has begun or ended, NotAllowed for who is neither the person, the payer, nor serves.
    """
    reason = acts.words(reason, "reason", most=200)
    with locked(booking) as row:
        _check_own(by, row)
        _check_held(row)
        if row.slot.starts_at <= at:
            raise booking_rules.refusal("begun", _("It has begun: it can't be cancelled any more."))
        terms = booking_rules.contract_terms(row.slot.service.contract)
        lost = lost_of(row.credits, percent_for_cancelling(terms, row.slot.starts_at, at))
        row.state = BookingState.LATE if lost else BookingState.CANCELLED
        row.reason, row.ended_at = reason, at
        give_line(row)
        owe(row, 0)
        waiting.pass_on(row.slot, at)
        _lose(row, lost, terms.appeal_days, by, at)
        acts.record(row.subject, f"booking_{row.state}", by=by, at=at, data=_data(row), visible_to=VisibleTo.RESIDENT)
        booking_letters.ended(row, at)
    return row


def lost_by_cancelling(row: Booking, at: datetime) -> int:
    """Hundredths that would be lost by cancelling now: what the button says before it is pressed."""
    terms = booking_rules.contract_terms(row.slot.service.contract)
    return lost_of(row.credits, percent_for_cancelling(terms, row.slot.starts_at, at))


def miss(*, booking: Booking, by: Actor, at: datetime) -> Booking:
    """Nobody came: said by the supplier of the booking, or by staff. The first is a warning; later ones cost credits.

    Raises Refusal before a quarter of an hour has passed, and where it was redeemed; NotAllowed for others.
    """
    with locked(booking) as row:
        _check_recorder(by, row)
        _check_held(row)
        if at < row.slot.starts_at + SOONEST_MISSED:
            raise booking_rules.refusal("early", _("Wait until a quarter of an hour after the beginning."))
        contract = row.slot.service.contract
        terms = booking_rules.contract_terms(contract)
        earlier = booking_rules.missed_starts(row.resident, at, terms.strike_days)
        lost = lost_of(row.credits, percent_for_missing(terms, earlier, at))
        row.state, row.ended_at = BookingState.MISSED, at
        owed = row.price * contract.missed_percent // 100
        if not owed:
            give_line(row)
        owe(row, owed)
        _lose(row, lost, terms.appeal_days, by, at)
        data = _data(row) | {"count": len(earlier) + 1}
        acts.record(row.subject, "booking_missed", by=by, at=at, data=data, visible_to=VisibleTo.RESIDENT)
        booking_letters.ended(row, at)
    return row


def _lose(row: Booking, lost: int, days: int, by: Actor, at: datetime) -> None:
    """Give everything back where nothing is lost; else keep it held until the appeal days are over. Saves the row."""
    row.lost = lost
    if lost:
        row.final_at = at + timedelta(days=days)
    else:
        row.end = crediting.release(row.hold, key=f"release:booking:{row.number}", by=by, at=at)
    row.save(update_fields=["state", "reason", "ended_at", "owed", "lost", "final_at", "end"])


def give_back(row: Booking, state: str, reason: str, by: Actor, at: datetime, *, fault: bool = False) -> None:
    """End a locked booking with all its credits back and nothing owed; saves it. `fault`: it wasn't the person's."""
    if row.state != BookingState.LATE:  # its place and line are free since it was cancelled
        give_place(row.slot_id)
        if row.state != BookingState.MISSED or row.owed:
            give_line(row)
    owe(row, 0)
    row.state, row.reason, row.ended_at = state, reason[:200], at
    row.lost, row.final_at = 0, None
    row.end = crediting.release(row.hold, key=f"release:booking:{row.number}", by=by, at=at, reason=reason, fault=fault)
    row.save(update_fields=["state", "reason", "ended_at", "owed", "lost", "final_at", "end"])


def finish(row: Booking, by: Actor, at: datetime) -> None:
    """The appeal days are over, or the appeal was refused: burn what is lost, release the rest. Saves the row."""
    row.end = crediting.burn(row.hold, row.lost, key=f"burn:booking:{row.number}", by=by, at=at)
    row.final_at = None
    row.save(update_fields=["end", "final_at"])


def finish_due(at: datetime) -> int:
    """Finish late and missed bookings whose appeal days are over and against which no appeal is open; how many."""
    due = Booking.objects.filter(final_at__lte=at, end=None).exclude(pleas__state=PleaState.OPEN)
    return sum(_finish_one(row, at) for row in due.order_by("final_at", "pk")[:BATCH])


def _finish_one(found: Booking, at: datetime) -> bool:
    with locked(found) as row:
        open_plea = row.pleas.filter(state=PleaState.OPEN).exists()
        if row.final_at is None or row.final_at > at or row.end_id or open_plea:
            return False  # another worker was faster, or an appeal has just come
        finish(row, SYSTEM, at)
        acts.record(row.subject, "booking_final", by=SYSTEM, at=at, data=_data(row), visible_to=VisibleTo.RESIDENT)
    return True


def waive_due(at: datetime) -> int:
    """Bookings that nobody recorded some days after their slot: credits go back, nothing is owed; how many.

    Nobody said that the person stayed away, and nobody showed that they came: doubt is no one's debt.
    """
    held = Booking.objects.filter(state=BookingState.HELD, slot__ends_at__lt=at - timedelta(days=1))
    rows = held.select_related("slot__service__contract").order_by("slot__ends_at", "pk")[:BATCH]
    return sum(_waive_one(row, at) for row in rows)


def _waive_one(found: Booking, at: datetime) -> bool:
    days = booking_rules.contract_terms(found.slot.service.contract).waive_days
    if at < found.slot.ends_at + timedelta(days=days):
        return False
    with locked(found) as row:
        if row.state != BookingState.HELD:
            return False
        give_back(row, BookingState.CALLED_OFF, _("Nobody recorded whether it took place."), SYSTEM, at, fault=True)
        acts.record(row.subject, "booking_waived", by=SYSTEM, at=at, data=_data(row), visible_to=VisibleTo.RESIDENT)
        booking_letters.ended(row, at)
    return True


def _check_own(by: Actor, row: Booking) -> None:
    own = by.kind == "resident" and (is_them(by, row.resident) or is_them(by, row.payer))
    if not own and by.kind != "system":
        seeing.check(by, seeing.SERVE)


def _check_recorder(by: Actor, row: Booking) -> None:
    if suppliers.is_supplier(by, row.slot.service.contract.supplier_id) or by.kind == "system":
        return
    if by.kind != "member" or not (seeing.may(by.user, seeing.SERVE) or seeing.may(by.user, seeing.CONTRACTS)):
        raise NotAllowed
    if is_them(by, row.resident):
        raise Refusal(_("About your own booking somebody else decides."), code="oneself")


def _check_held(row: Booking) -> None:
    if row.state != BookingState.HELD or row.redeemed_at is not None:
        said = {"state": row.get_state_display()}
        raise Refusal(_("It has changed meanwhile: %(state)s.") % said, code="ended")


def _data(row: Booking) -> dict[str, object]:
    """What an entry holds of a booking: no name, no number of anybody."""
    return {
        "service": row.slot.service.name, "when": row.slot.starts_at.isoformat(), "credits": row.credits,
        "lost": row.lost,
    }  # fmt: skip
