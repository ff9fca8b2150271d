"""What entries about suppliers, contracts and bookings say. Residents read those of their own bookings: no names."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.timeline.verbs import register
from chenyue.volunteering.amounts import credits_words, yuan

Data = dict[str, Any]
CREDITS, MOMENTS, MONEY = ("credits", "lost"), ("when",), ("fen", "price")


def _filled(data: Data) -> Data:
    """Amounts and moments as people read them."""
    found = dict(data)
    found |= {name: credits_words(int(data[name])) for name in CREDITS if name in data}
    found |= {name: yuan(int(data[name])) for name in MONEY if name in data}
    for name in MOMENTS:
        if name in data:
            found[name] = f"{timezone.localtime(datetime.fromisoformat(str(data[name]))):%Y-%m-%d %H:%M}"
    return found


def _says(verb: str, sentence: Promise, tone: str = "", icon: str = "") -> None:
    register(
        f"volunteering.{verb}",
        lambda data: str(sentence) % _filled(data),
        tone,
        icon,
        lambda data: str(data.get("words", "")),
    )


_says("supplier_added", gettext_lazy("The supplier %(name)s was added"), "", "plus")
_says("supplier_saved", gettext_lazy("The supplier's description was changed"), "", "edit")
_says("supplier_pin", gettext_lazy("The supplier has a new number for its page"), "due", "key")
_says("supplier_page", gettext_lazy("The supplier's page has a new address"), "due", "link")
_says("contract_added", gettext_lazy("Contract %(number)s was written down, budget %(fen)s yuan"), "", "plus")
_says("contract_changed", gettext_lazy("The draft of contract %(number)s was changed, budget %(fen)s yuan"), "", "edit")
_says("contract_signed", gettext_lazy("Contract %(number)s was signed by a second person"), "done", "check")
_says("contract_cut", gettext_lazy("Contract %(number)s was cut short; its last day is %(last)s"), "late", "x")
_says("service_added", gettext_lazy("“%(name)s”: %(quantity)s at %(price)s yuan, %(credits)s credits each"), "", "plus")
_says("service_changed", gettext_lazy("“%(name)s” was changed"), "", "edit")
_says(
    "slots_added", gettext_lazy("%(count)d times of “%(service)s” from %(first)s to %(last)s"), "done", "calendar-event"
)
_says("slot_resized", gettext_lazy("At %(when)s %(is)d may come, not %(was)d"), "", "users")
_says("slot_called_off", gettext_lazy("%(when)s was called off; bookings: %(count)d"), "late", "x")
_says("booked", gettext_lazy("“%(service)s” was booked for %(when)s; %(credits)s credits are held"), "wait", "calendar")
_says("booking_cancelled", gettext_lazy("The booking was cancelled in time; all credits went back"), "neutral", "x")
_says(
    "booking_late", gettext_lazy("The booking was cancelled late; %(lost)s credits are at stake"), "due", "x"
)  # fmt: skip
_says("booking_called_off", gettext_lazy("The supplier called it off; all credits went back"), "due", "arrow-back-up")
_says("booking_waived", gettext_lazy("Nobody recorded whether it took place; all credits went back"), "neutral", "x")
_says("booking_final", gettext_lazy("The days for an appeal are over; %(lost)s credits are lost"), "late", "check")
_says("booking_again", gettext_lazy("The voucher was shown a second time and refused"), "due", "alert-triangle")
_says(
    "booking_signed", gettext_lazy("The second sign was given; %(credits)s credits are spent"), "done", "circle-check"
)
_says("plea_made", gettext_lazy("An appeal was made; the credits stay held until it is decided"), "due", "hand-stop")
_says("plea_upheld", gettext_lazy("The appeal was upheld"), "done", "check")
_says("plea_refused", gettext_lazy("The appeal was refused"), "late", "x")
_says("settlement_made", gettext_lazy("The settlement of %(month)s was drawn up: %(fen)s yuan"), "wait", "notes")
_says(
    "settlement_agreed", gettext_lazy("The settlement of %(month)s was agreed by a second person: %(fen)s yuan"),
    "done", "check",
)  # fmt: skip
_says("settlement_paid", gettext_lazy("The settlement of %(month)s was paid on %(day)s"), "done", "circle-check")


def _missed(data: Data) -> str:
    if not data.get("lost"):
        return _("Nobody came: noted as a warning, all credits went back")
    return _("Nobody came (missed: %(count)d); %(lost)s credits are at stake") % _filled(data)


register("volunteering.booking_missed", _missed, "late", "alert-triangle")


def _redeemed(data: Data) -> str:
    said = _("The supplier read the voucher")
    return f"{said} · {_('something looked odd: a second person looks at it')}" if data.get("flags") else said


register("volunteering.booking_redeemed", _redeemed, "wait", "qrcode")
