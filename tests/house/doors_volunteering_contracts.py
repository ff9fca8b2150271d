"""Rows of the table of doors: contracts, bookings and settlements; the public page of services; suppliers' pages."""

from typing import Any

from house.doors import Door, Status, everybody, once, only, posted

SEES, BUYS, SERVES = ("li", "zhao", "audit"), ("zhao",), ("li", "zhao")


def at(*path: str, key: str = "pk", **more: Any) -> Any:
    """Something of the stage, as a URL takes it."""

    def kwargs(world: Any) -> dict[str, Any]:
        found: Any = world.bought
        for step in path:
            found = getattr(found, step)
        return {key: found} | more

    return kwargs


def sees(status: Status = 200) -> dict[str, Status]:
    return only(*SEES, status=status)


def buys(status: Status = 200) -> dict[str, Status]:
    return only(*BUYS, status=status)


def everyone_out(status: Status = 303) -> dict[str, Status]:
    """A supplier's page: nobody of the cast is a supplier; they are sent to its door."""
    return everybody(status)


one, draft, supplier, slot = at("contract", "pk"), at("draft", "pk"), at("supplier", "pk"), at("slot", "pk")
held, missed = at("held", "number", key="number"), at("missed", "number", key="number")
month = at("contract", "pk", month="2026-11")
code = at("supplier", "code", key="code")


def with_code(name: str, *path: str) -> Any:
    return lambda world: code(world) | at(*path, key=name)(world)


VOLUNTEERING_CONTRACTS: dict[str, Door | list[Door]] = {
    "volunteering:contracts": Door(sees()),
    "volunteering:contract-new": Door(buys()),
    "volunteering:forecast": Door(sees()),
    "volunteering:contract": [Door(sees(), one), Door(only(), {"pk": 999_999})],
    "volunteering:contract-edit": Door(buys(), draft),
    "volunteering:contract-sign": posted(only(), draft, once),  # the only one who may wrote it down
    "volunteering:contract-cut": Door(buys(), one),
    "volunteering:contract-file": Door(only(), one),
    "volunteering:service-new": Door(buys(), draft),
    "volunteering:service": Door(buys(), lambda w: one(w) | at("service", "pk", key="line")(w)),
    "volunteering:slots-new": Door(buys(), one),
    "volunteering:settlement-draw": Door(buys(), one),
    "volunteering:settlement": Door(sees(), month),
    "volunteering:settlement-agree": posted(buys({303, 422}), month, once),
    "volunteering:settlement-pay": posted(buys(422), month, once),
    "volunteering:settlement-file": Door(sees(), lambda w: month(w) | {"kind": "xlsx"}),
    "volunteering:slot": Door(sees(), slot),
    "volunteering:slot-resize": Door(buys(), slot),
    "volunteering:slot-off": Door(buys(), slot),
    "volunteering:suppliers": Door(sees()),
    "volunteering:supplier-new": Door(buys()),
    "volunteering:supplier": Door(sees(), supplier),
    "volunteering:supplier-edit": Door(buys(), supplier),
    "volunteering:supplier-pin": Door(buys(), supplier),
    "volunteering:supplier-address": posted(buys(303), supplier, once),
    "volunteering:bookings": Door(sees()),
    "volunteering:bookings-sign": posted(sees(303), None, once),
    "volunteering:booking": [Door(sees(), held), Door(only(), {"number": "B2026-999999"})],
    "volunteering:booking-press": posted(only("li", "zhao", status=303), lambda w: held(w) | {"what": "missed"}, once),
    "volunteering:booking-do": Door(only(*SERVES), lambda w: missed(w) | {"what": "appeal"}),
    "volunteering:booking-decide": Door(buys(), at("plea", "pk")),
    "volunteering:services": Door(everybody(200)),
    "volunteering:supplier-voucher": Door(everybody(200), at("held", "code", key="code")),
    "volunteering:supplier-page": [Door(everybody(200), code), Door(everybody(404), {"code": "nobody"})],
    "volunteering:supplier-leave": posted(everyone_out(), code, once),
    "volunteering:supplier-redeem": posted(everyone_out(), code, once),
    "volunteering:supplier-missed": posted(everyone_out(), with_code("number", "held", "number"), once),
    "volunteering:supplier-off": Door(everyone_out(), with_code("pk", "slot", "pk")),
}
