"""Why somebody can't book: each reason with its code and a sentence that says what would help."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Refusal
from chenyue.people.models import Resident
from chenyue.volunteering import acts, conversion
from chenyue.volunteering.amounts import credits_words
from chenyue.volunteering.booking_terms import Terms, is_elder, month_of, paused_until, terms_of
from chenyue.volunteering.buying import last_day
from chenyue.volunteering.lifecycle import BookingState, ContractState, SlotState
from chenyue.volunteering.models import Booking, Contract, Service, Slot, Volunteer
from chenyue.volunteering.passing import passed_on, tie_between

COUNTS = (BookingState.HELD, BookingState.ATTENDED, BookingState.MISSED)  # towards the month of a person


def refusal(code: str, sentence: Any, **blanks: Any) -> Refusal:
    """A refusal with its code and the blanks of its sentence."""
    return Refusal(sentence % blanks if blanks else sentence, code=code)


def moment_words(moment: datetime) -> str:
    """A moment on the office's wall: `2026-11-28 09:00`."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


def contract_terms(contract: Contract) -> Terms:
    """The graded rules of a contract."""
    return terms_of(contract.terms or {}, contract.cancel_hours)


def slot_refusal(slot: Slot, at: datetime) -> Refusal | None:
    """Why nobody can book this slot now, whoever asks; its service and contract are read already."""
    contract, service = slot.service.contract, slot.service
    if slot.state == SlotState.CALLED_OFF:
        return refusal("called_off", _("This time was called off. Please choose another."))
    if slot.starts_at <= at or slot.state == SlotState.DONE:
        return refusal("begun", _("This time has begun or is over. Please choose another."))
    if (
        contract.state != ContractState.RUNNING
        or not service.active
        or acts.local_day(slot.starts_at) > last_day(contract)
    ):
        return closed()
    if slot.published_at is None or slot.published_at > at:
        return refusal("not_yet", _("This time isn't open for booking yet."))
    return None


def closed() -> Refusal:
    """The contract is over, was cut short, or no longer has this service."""
    return refusal("closed", _("This service isn't offered any more. Please choose another."))


def full() -> Refusal:
    """The places of a slot are taken."""
    return refusal("full", _("All places at this time are taken. Choose another time, or join the waiting list."))


def used_up(service: Service) -> Refusal:
    """As many as were bought are booked."""
    return refusal(
        "quantity", _("All %(n)d of “%(name)s” that the office bought are booked."), n=service.quantity,
        name=service.name,
    )  # fmt: skip


def no_budget() -> Refusal:
    """The budget of the contract holds no more."""
    return refusal("budget", _("The budget for this service is used up. Nothing was taken from your credits."))


def person_refusal(slot: Slot, resident: Resident, payer: Resident, at: datetime) -> Refusal | None:
    """Why this person can't book this slot now. Asked inside the transaction that holds the service's row."""
    if resident.erased_at or resident.locked_at or payer.erased_at or payer.locked_at:
        return refusal("locked", _("This person's data is locked. Please ask at the window."))
    return (
        _family(slot, resident, payer, at)
        or _double(slot, resident)
        or _quota(slot, resident)
        or _elders(slot, resident, at)
        or _paused(slot, resident, at)
    )


def _family(slot: Slot, resident: Resident, payer: Resident, at: datetime) -> Refusal | None:
    if resident.pk == payer.pk:
        return None
    if tie_between(payer.pk, resident.pk) is None:
        return refusal(
            "no_tie",
            _("To use the credits of a relative, both must agree and the office must have confirmed the relation."),
        )
    rule = conversion.rule_of(acts.local_day(at))
    if rule is None or rule.family_year_cap is None:
        return None
    left = rule.family_year_cap - passed_on(payer.pk, at) - _paid_for_others(payer, at)
    if slot.service.credits <= left:
        return None
    return refusal(
        "year_cap", _("In a year %(cap)s credits may go to relatives; %(left)s are left."),
        cap=credits_words(rule.family_year_cap), left=credits_words(max(0, left)),
    )  # fmt: skip


def _paid_for_others(payer: Resident, at: datetime) -> int:
    """Hundredths of bookings that somebody paid for relatives in this calendar year."""
    rows = Booking.objects.filter(payer=payer, state__in=COUNTS).exclude(resident=payer)
    return int(rows.filter(made_at__year=timezone.localtime(at).year).aggregate(total=Sum("credits"))["total"] or 0)


def _double(slot: Slot, resident: Resident) -> Refusal | None:
    own = Booking.objects.filter(resident=resident, state__in=(BookingState.HELD, BookingState.ATTENDED))
    crossing = own.filter(slot__starts_at__lt=slot.ends_at, slot__ends_at__gt=slot.starts_at)
    found = crossing.select_related("slot").first()
    if found is None:
        return None
    if found.slot_id == slot.pk:
        return refusal("double", _("There is a booking at this time already: %(number)s."), number=found.number)
    return refusal(
        "overlap", _("Another booking lies at the same time: %(number)s, %(when)s."), number=found.number,
        when=moment_words(found.slot.starts_at),
    )  # fmt: skip


def used_in_month(service: Service, resident: Resident, moment: datetime) -> int:
    """How many of a service somebody has in the month of a moment."""
    first, following = month_of(moment)
    rows = Booking.objects.filter(resident=resident, slot__service=service, state__in=COUNTS)
    return rows.filter(slot__starts_at__gte=first, slot__starts_at__lt=following).count()


def _quota(slot: Slot, resident: Resident) -> Refusal | None:
    most = slot.service.per_month
    if not most or used_in_month(slot.service, resident, slot.starts_at) < most:
        return None
    return refusal(
        "quota", _("So that everyone gets a turn: %(n)d of “%(name)s” a month for one person."), n=most,
        name=slot.service.name,
    )  # fmt: skip


def elder(resident: Resident, age: int, at: datetime) -> bool:
    """Whether somebody has reached an age, as far as the office knows it."""
    birth = Volunteer.objects.filter(resident=resident).values_list("birth_on", flat=True).first()
    return is_elder(birth, resident.birth_year, age, acts.local_day(at))


def elders_until(service: Service, slot: Slot) -> datetime | None:
    """Until when only the old book this slot; None if there is no such time."""
    if not service.elder_hours or slot.published_at is None:
        return None
    return slot.published_at + timedelta(hours=service.elder_hours)


def _elders(slot: Slot, resident: Resident, at: datetime) -> Refusal | None:
    service = slot.service
    until = elders_until(service, slot)
    if until is None or at >= until or elder(resident, service.elder_age, at):
        return None
    return refusal(
        "elders_first", _("Until %(until)s only people of %(age)d and older book. Whose year of birth we don't know yet"
        " may have it written down at the window."), until=moment_words(until), age=service.elder_age,
    )  # fmt: skip


def missed_starts(resident: Resident, at: datetime, days: int) -> list[datetime]:
    """When the bookings began that somebody missed in the last days."""
    rows = Booking.objects.filter(resident=resident, state=BookingState.MISSED)
    return list(rows.filter(slot__starts_at__gte=at - timedelta(days=days)).values_list("slot__starts_at", flat=True))


def _paused(slot: Slot, resident: Resident, at: datetime) -> Refusal | None:
    terms = contract_terms(slot.service.contract)
    until = paused_until(terms, missed_starts(resident, at, terms.strike_days), at)
    return None if until is None else paused(until)


def paused(until: datetime) -> Refusal:
    """Too many bookings were missed without a word."""
    return refusal(
        "paused", _("Several bookings were missed without a word, and others waited for these places. Bookings are"
        " possible again from %(until)s. If that is wrong, appeal against it."), until=moment_words(until),
    )  # fmt: skip


def short(missing: int) -> Refusal:
    """Not enough credits for one: how many are missing."""
    return refusal("short", _("%(missing)s credits are missing for one."), missing=credits_words(missing))
