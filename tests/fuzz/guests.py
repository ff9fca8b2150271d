"""Who knocks at doors that nobody of the cast may open: a resident who has signed in, a supplier at the counter."""

from dataclasses import dataclass
from typing import Any
from unittest import mock

from django.test import Client
from django.urls import reverse

from cast import client_of, client_of_resident
from chenyue.core.ids import token

PIN = "314159"


@dataclass
class Guest:
    """A browser, and what the address names; None: what the table says."""

    who: str
    client: Client
    kwargs: dict[str, Any] | None = None


def guest(name: str, world: Any) -> Guest | None:
    """The guest of this door; None where one of the cast is let in."""
    space, _, door = name.partition(":")
    side, _, what = door.partition("-")
    if space != "volunteering":
        return None
    if side == "me":
        return _resident(world, what)
    if side == "window" and what in _BOUGHT | _HELPED | {"home", "join", "activities", "hours", "family", "data"}:
        return _served(world, what)
    if door in ("supplier-redeem", "supplier-missed", "supplier-off", "supplier-leave"):
        return Guest("supplier", _counter(world))
    return None


_BOUGHT = {"book", "wait", "unwait", "booking", "slip", "cancel", "sign", "deny", "appeal", "services", "bookings"}
_HELPED = {"sign-up", "withdraw", "change", "complain", "needs", "need-withdraw", "give", "donate", "tie"}


def _kwargs(world: Any, what: str) -> tuple[Any, dict[str, Any] | None]:
    if what in _BOUGHT:
        bought = world.bought
        given: dict[str, Any] | None = {"number": bought.held.number}
        if what in ("book", "wait", "unwait"):
            given = {"slot": bought.slot.pk}
        return bought.held.resident, None if what in ("services", "bookings") else given
    helped = world.helped
    given = {
        "sign-up": {"number": helped.activity.number}, "withdraw": {"row": helped.sign_up.pk},
        "need-withdraw": {"number": helped.need.number},
    }.get(what)  # fmt: skip
    whose = helped.resident if what in ("needs", "need-withdraw") else helped.volunteer.resident
    return whose, given


def _resident(world: Any, what: str) -> Guest:
    resident, kwargs = _kwargs(world, what)
    return Guest("resident", client_of_resident(resident), kwargs)


def _served(world: Any, what: str) -> Guest:
    """Somebody whom 李 serves at the window."""
    resident, kwargs = _kwargs(world, what)
    client = client_of(world.cast.li)
    given = {"resident": resident.pk, "via": "window", "idempotency_key": token()}
    assert client.post(reverse("volunteering:window-open"), given).status_code == 303
    return Guest("li for a resident", client, {"pk": resident.pk} | (kwargs or _FURTHER.get(what, {})))


_FURTHER: dict[str, dict[str, Any]] = {
    "change": {"what": "rest"}, "complain": {"row": 1}, "give": {"row": 1}, "tie": {"row": 1, "what": "end"},
}  # fmt: skip


def _counter(world: Any) -> Client:
    """The supplier's telephone, with its number entered."""
    from chenyue.volunteering import buying
    from volunteering.stage import moment

    bought = world.bought
    buying.set_pin(supplier=bought.supplier, pin=PIN, by=bought.shop.zhao, at=moment())
    client = Client()
    with mock.patch("chenyue.volunteering.views.contracts_counter.now", return_value=moment(3)):
        url = reverse("volunteering:supplier-page", args=[bought.supplier.code])
        assert client.post(url, {"pin": PIN, "idempotency_key": token()}).status_code == 303
    return client
