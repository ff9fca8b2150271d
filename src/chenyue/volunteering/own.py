"""Who is served on a page: a resident who signed in, or one who stands at the window or telephones, by a member.

The pages are the same for both; only the frame differs, and through which door an act came.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse

from chenyue.core.actors import Actor
from chenyue.people import personal
from chenyue.people.models import Member, Resident
from chenyue.people.resident_session import resident_actor
from chenyue.volunteering import accounts, acts, changing, hours, joining
from chenyue.volunteering.lifecycle import BookingState, NeedState, PleaState, SignUpState, Via, WaitState
from chenyue.volunteering.models import Account, Booking, FamilyTie, Need, SignUp, Volunteer, WaitingPlace

SOON = 30  # days before credits expire that the page says so
SHOWN = 50  # rows of a list


@dataclass(frozen=True)
class Side:
    """For whom, by whom, through which door."""

    resident: Resident
    member: Member | None = None  # at the window
    via: str = Via.WEB

    @property
    def by(self) -> Actor:
        """Who acts."""
        return self.member.actor() if self.member else resident_actor(self.resident)

    @property
    def frame(self) -> str:
        """The frame of its pages."""
        return f"volunteering/self/_{'window' if self.member else 'resident'}.html"

    def url(self, name: str, *args: Any) -> str:
        """The address of a page on this side."""
        if self.member:
            return reverse(f"volunteering:window-{name}", args=[self.resident.pk, *args])
        return reverse(f"volunteering:me-{name}", args=args)

    def scope(self, act: str) -> str:
        """What an idempotency key is bound to."""
        return f"own:{self.resident.pk}:{act}"


def at_a_glance(resident: Resident, at: datetime) -> dict[str, Any]:
    """What the first page shows: totals, what waits for an answer, what comes next. A fixed number of statements."""
    volunteer = joining.volunteer_of(resident)
    return {
        "volunteer": volunteer,
        "minutes": hours.totals(volunteer) if volunteer else 0,
        "balance": accounts.balance(resident, acts.local_day(at)),
        "expiring": expiring(resident, at),
        "sign_ups": coming(volunteer, at)[:5],
        "bookings": held(resident)[:5],
        "to_sign": to_sign(resident),
        "called": called(resident, at),
        "ties_asked": ties_waiting_for(resident),
        "needs": [one for one in needs(resident) if one.state in OPEN_NEEDS][:5],
    }


OPEN_NEEDS = (NeedState.ASKED, NeedState.VERIFIED, NeedState.PLANNED)


def expiring(resident: Resident, at: datetime) -> int:
    """Hundredths that expire within `SOON` days."""
    account = Account.objects.filter(kind="person", resident=resident).first()
    return changing.expiring(account, acts.local_day(at), SOON) if account else 0


def coming(volunteer: Volunteer | None, at: datetime) -> list[SignUp]:
    """Sign-ups that lie ahead, the next first."""
    if volunteer is None:
        return []
    rows = volunteer.sign_ups.filter(
        state__in=(SignUpState.GOING, SignUpState.WAITING), activity__ends_at__gt=at
    ).exclude(activity__state="cancelled")
    return list(rows.select_related("activity__place").order_by("activity__starts_at", "pk")[:SHOWN])


def past(volunteer: Volunteer | None, at: datetime) -> list[SignUp]:
    """Sign-ups that are over or were taken back, the latest first."""
    if volunteer is None:
        return []
    rows = volunteer.sign_ups.filter(
        Q(activity__ends_at__lte=at) | Q(state=SignUpState.WITHDRAWN) | Q(activity__state="cancelled")
    )
    return list(rows.select_related("activity__place").order_by("-activity__starts_at", "-pk")[:SHOWN])


def _bookings(resident: Resident) -> Any:
    rows = Booking.objects.filter(Q(resident=resident) | Q(payer=resident))
    return rows.select_related("slot__service__contract__supplier", "slot__service__place", "resident", "payer")


def held(resident: Resident) -> list[Booking]:
    """Bookings that lie ahead, for oneself or paid for a relative, the next first."""
    return list(_bookings(resident).filter(state=BookingState.HELD).order_by("slot__starts_at", "pk")[:SHOWN])


def ended(resident: Resident) -> list[Booking]:
    """Other bookings, the latest first."""
    return list(_bookings(resident).exclude(state=BookingState.HELD).order_by("-slot__starts_at", "-pk")[:SHOWN])


def booking(resident: Resident, number: str) -> Booking | None:
    """One of them by its number."""
    found: Booking | None = _bookings(resident).filter(number=number.upper()[:20]).first()
    return found


def to_sign(resident: Resident) -> list[Booking]:
    """What was taken and waits for the resident's own word."""
    rows = _bookings(resident).filter(
        resident=resident, state=BookingState.ATTENDED, signed_at=None, redeemed_at__isnull=False
    )
    return list(rows.exclude(pleas__state=PleaState.OPEN).order_by("redeemed_at", "pk")[:SHOWN])


def called(resident: Resident, at: datetime) -> list[WaitingPlace]:
    """Places kept for a resident who was called from a waiting list."""
    rows = WaitingPlace.objects.filter(Q(resident=resident) | Q(payer=resident))
    rows = rows.filter(state=WaitState.CALLED, answer_by__gt=at)
    return list(rows.select_related("slot__service", "resident").order_by("answer_by", "pk"))


def waiting(resident: Resident) -> dict[int, WaitingPlace]:
    """Where a resident waits or is called, by slot."""
    rows = WaitingPlace.objects.filter(resident=resident, state__in=(WaitState.WAITING, WaitState.CALLED))
    return {row.slot_id: row for row in rows.order_by("pk")}


def needs(resident: Resident) -> list[Need]:
    """What a resident asked for, the latest first."""
    return list(Need.objects.filter(resident=resident).select_related("place").order_by("-pk")[:SHOWN])


def ties_waiting_for(resident: Resident) -> list[FamilyTie]:
    """Ties that somebody asked for and this resident hasn't agreed to yet."""
    rows = FamilyTie.objects.filter(
        Q(giver=resident, giver_at=None) | Q(receiver=resident, receiver_at=None), ended_at=None
    )
    return list(rows.select_related("giver", "receiver").order_by("pk"))


def relative(name: str, phone: str) -> Resident | None:
    """The resident with exactly this name and telephone, whose data may be used."""
    index = personal.phone_index(phone)
    if not index:
        return None
    rows = Resident.objects.filter(phone_index=index, name_index=personal.name_index(name))
    return rows.filter(erased_at=None, locked_at=None).first()


def payers(resident: Resident) -> list[Resident]:
    """Whose credits a resident may use: the own, and those of relatives whose tie is confirmed."""
    rows = FamilyTie.objects.filter(
        receiver=resident, ended_at=None, approved_at__isnull=False, giver_at__isnull=False, receiver_at__isnull=False
    )
    return [resident, *(row.giver for row in rows.select_related("giver").order_by("pk"))]


def may_visit_until(at: datetime) -> datetime:
    """How long a page that was opened at the window stays open."""
    return at + timedelta(minutes=30)
