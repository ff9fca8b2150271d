"""What people are told of their bookings, by whatever reaches them, and lines on the desks of who must act."""

import json
from datetime import datetime
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.core import office
from chenyue.notify import texts
from chenyue.notify.actions import Letter, notice, send_many
from chenyue.people.models import Resident
from chenyue.people.queries import members_with
from chenyue.volunteering import seeing
from chenyue.volunteering.amounts import credits_words
from chenyue.volunteering.letters_deeds import person_of
from chenyue.volunteering.lifecycle import BookingState, PleaState
from chenyue.volunteering.models import Booking, Plea, Slot, Supplier, WaitingPlace

for _row in json.loads((Path(__file__).parent / "data" / "letters_contracts.json").read_text(encoding="utf-8")):
    texts.register(**_row)

ENDED = {
    BookingState.CANCELLED: "booking-cancelled",
    BookingState.LATE: "booking-late",
    BookingState.MISSED: "booking-missed",
    BookingState.CALLED_OFF: "booking-called-off",
}


def when_words(slot: Slot) -> str:
    """A slot in short Chinese words for messages: `11月28日 09:00`."""
    start = timezone.localtime(slot.starts_at)
    return f"{start.month}月{start.day}日 {start:%H:%M}"


def _of_slot(slot: Slot) -> dict[str, str]:
    service = slot.service
    where = service.where or "预约地点"
    return {
        "service": service.name, "when": when_words(slot), "where": where, "office": office.get("short_name"),
        "phone": office.get("phone") or "街道服务窗口",
    }  # fmt: skip


def _send(resident: Resident, template: str, blanks: dict[str, str], key: str, about: str, at: datetime) -> None:
    person = person_of(resident)
    if person is not None:
        send_many([Letter(template, person, blanks, f"{template}:{key}")], about=about, at=at)


def _blanks(row: Booking) -> dict[str, str]:
    back = credits_words(row.credits - row.lost)
    more = {"number": row.number, "code": row.code, "reason": row.reason or "—", "lost": credits_words(row.lost)}
    return _of_slot(row.slot) | more | {"back": back, "credits": credits_words(row.credits)}


def booked(row: Booking, at: datetime) -> None:
    """It is booked: when, where, and the code to show."""
    _send(row.resident, "booking-made", _blanks(row), row.number, row.subject, at)


def ended(row: Booking, at: datetime) -> None:
    """It has ended without being taken, what became of the credits, and how to appeal."""
    template = ENDED[BookingState(row.state)]
    _send(row.resident, template, _blanks(row), f"{row.number}:{row.state}", row.subject, at)


def redeemed(row: Booking, at: datetime) -> None:
    """The supplier says that you were there: if that isn't so, say it."""
    _send(row.resident, "booking-redeemed", _blanks(row), row.number, row.subject, at)


def remind(row: Booking, at: datetime) -> None:
    """It is tomorrow."""
    _send(row.resident, "booking-reminder", _blanks(row), row.number, row.subject, at)


def called(row: WaitingPlace, at: datetime) -> None:
    """A place is kept for you until then."""
    until = timezone.localtime(row.answer_by) if row.answer_by else None
    blanks = _of_slot(row.slot) | {"until": f"{until.month}月{until.day}日 {until:%H:%M}" if until else ""}
    _send(row.resident, "waiting-called", blanks, f"{row.pk}:{at:%Y%m%d%H%M}", f"waiting:{row.pk}", at)


def not_called(row: WaitingPlace, at: datetime) -> None:
    """The slot was called off: nobody needs to wait any more."""
    _send(row.resident, "waiting-ended", _of_slot(row.slot), f"{row.pk}", f"waiting:{row.pk}", at)


def plea_waits(plea: Plea, row: Booking, at: datetime) -> None:
    """An appeal or complaint waits on the desks of who may decide it."""
    who = [m.pk for m in members_with(seeing.CONTRACTS) if m.pk not in (plea.taken_by_id, row.by_id, row.signed_by_id)]
    said = _("To be decided by %(day)s: an appeal about booking %(number)s.")
    words = said % {"day": plea.due_on, "number": row.number}
    notice(who, words, f"/desk/volunteering/bookings/{row.number}/", f"plea:{plea.pk}", at)


def plea_decided(plea: Plea, row: Booking, at: datetime) -> None:
    """What was decided, and why."""
    blanks = _blanks(row) | {
        "decision": "成立" if plea.state == PleaState.UPHELD else "不成立",
        "reason": plea.reason,
    }
    _send(row.resident, "booking-plea", blanks, f"{plea.pk}", row.subject, at)


def licence_ends(supplier: Supplier, at: datetime) -> None:
    """A supplier's licence runs out soon: whoever buys hears it."""
    who = [m.pk for m in members_with(seeing.CONTRACTS)]
    said = _("The licence of %(name)s runs out on %(day)s: later times can't be booked then.")
    words = said % {"name": supplier.name, "day": supplier.licence_until}
    url = f"/desk/volunteering/suppliers/{supplier.pk}/"
    notice(who, words, url, f"licence:{supplier.pk}:{supplier.licence_until}", at)
