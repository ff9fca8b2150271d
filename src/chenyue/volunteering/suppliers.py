"""Who acts for a supplier, and its page: opened by an unguessable address and a number, with a limit on guessing."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from chenyue.core import limits
from chenyue.core.actors import Actor
from chenyue.core.errors import NotFound, Refusal
from chenyue.volunteering.buying import pin_fits
from chenyue.volunteering.models import Supplier

SESSION = "volunteering.supplier"
HOURS = timedelta(hours=12)  # a day at the supplier's; then the number is asked again
WRONG = limits.Limit("supplier-pin", 5, timedelta(minutes=30))  # at one supplier's page
WRONG_HERE = limits.Limit("supplier-pin-address", 20, timedelta(hours=1))  # from one address
CODES = limits.Limit("supplier-code", 20, timedelta(minutes=10))  # codes of vouchers that weren't known


def actor(supplier: Supplier) -> Actor:
    """The supplier as the `by` of an act."""
    return Actor("resident", f"supplier:{supplier.pk}", supplier.name)


def is_supplier(by: Actor, supplier_id: int) -> bool:
    """Whether the actor is this supplier, signed in on its page."""
    return by.kind == "resident" and by.key == f"supplier:{supplier_id}"


def by_code(code: str) -> Supplier:
    """The supplier whose page has this address. Raises NotFound."""
    found = Supplier.objects.filter(code=code, active=True).first()
    if found is None:
        raise NotFound
    return found


def sign_in(request: HttpRequest, supplier: Supplier, pin: str, at: datetime) -> None:
    """Open the page in this browser for a day. Raises Refusal: a wrong number, or too many of them."""
    here = limits.address(request)
    if limits.reached(WRONG, str(supplier.pk), at) or limits.reached(WRONG_HERE, here, at):
        sentence = _("Too many wrong numbers. Please wait half an hour, or telephone the office.")
        raise Refusal(sentence, field="pin", code="too_often")
    if not pin_fits(supplier, pin):
        limits.note(WRONG, str(supplier.pk), at)
        limits.note(WRONG_HERE, here, at)
        raise Refusal(_("This number isn't right."), field="pin", code="wrong_pin")
    request.session.cycle_key()  # who watched this browser before doesn't come along
    request.session[SESSION] = {"pk": supplier.pk, "until": int((at + HOURS).timestamp()), "mark": _mark(supplier)}


def sign_out(request: HttpRequest) -> None:
    """Close the page in this browser."""
    request.session.pop(SESSION, None)


def signed_in(request: HttpRequest, supplier: Supplier, at: datetime) -> bool:
    """Whether this browser was opened for this supplier today, with the number that is valid now."""
    held: Any = request.session.get(SESSION)
    return bool(
        isinstance(held, dict)
        and held.get("pk") == supplier.pk
        and held.get("mark") == _mark(supplier)
        and int(held.get("until", 0)) > at.timestamp()
    )


def current(request: HttpRequest, at: datetime) -> Supplier | None:
    """The supplier for whom this browser is open; None if it isn't for any."""
    held: Any = request.session.get(SESSION)
    if not isinstance(held, dict):
        return None
    found = Supplier.objects.filter(pk=int(held.get("pk") or 0), active=True).first()
    return found if found is not None and signed_in(request, found, at) else None


def _mark(supplier: Supplier) -> str:
    """Changes with the number and the address: a new one closes all browsers."""
    return salted_hmac("volunteering.supplier", f"{supplier.code}:{supplier.pin}", algorithm="sha256").hexdigest()[:32]
