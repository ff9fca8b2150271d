"""A running contract with a service and slots: what the tests of bookings and settlements stand on.

`zhao` makes contracts, `keeper` (a second person who buys services) signs, `li` serves at the window.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from cast import Cast
from chenyue.core.actors import Actor
from chenyue.people.models import Grant, Member, Resident, Role
from chenyue.volunteering import booking, buying, slotting
from chenyue.volunteering.lifecycle import Kin
from chenyue.volunteering.models import Booking, Contract, FamilyTie, Service, Slot, Supplier
from volunteering.stage import Stage, acts_for, moment

PIN = "271828"
MASSAGE: dict[str, Any] = {
    "name": "中医推拿", "words": "肩颈推拿三十分钟", "price": 6000, "quantity": 100, "credits": 300, "minutes": 30,
    "place_words": "社区服务中心二楼", "per_month": 2, "elder_hours": 0,
}  # fmt: skip


def second(username: str = "keeper", name: str = "何志") -> Member:
    """A member who keeps volunteering: all its words, in the whole office."""
    member = Member.objects.create_member(username, None, name=name, must_change_password=False)
    Grant.objects.create(member=member, role=Role.objects.get(code="volunteer_keeper"))
    return member


@dataclass
class Shop:
    """One supplier with one running contract of massages; everything else is made when it is asked for."""

    cast: Cast
    given: dict[str, Any] = field(default_factory=dict)
    service_given: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.stage = Stage(self.cast)
        self.keeper = second().actor()
        self.supplier = self.new_supplier()
        self.contract = self.draft(**self.given)
        self.service = self.line(self.contract, **self.service_given)
        buying.sign(contract=self.contract, by=self.keeper, at=moment())
        self.contract.refresh_from_db()

    @property
    def zhao(self) -> Actor:
        return self.cast.zhao.actor()

    @property
    def li(self) -> Actor:
        return self.cast.li.actor()

    def new_supplier(self, **more: Any) -> Supplier:
        """A clinic with a licence for years."""
        given = {"name": "晨光中医诊所", "licence": "中医诊所备案证", "licence_until": date(2028, 12, 31)}
        return buying.save_supplier(**given | more, by=self.zhao, at=moment())

    def draft(self, **more: Any) -> Contract:
        """A contract of a year, not signed yet."""
        given: dict[str, Any] = {
            "number": f"CG-2026-{Contract.objects.count() + 1:03d}", "supplier": self.supplier, "title": "推拿服务采购",
            "starts_on": date(2026, 11, 1), "ends_on": date(2027, 10, 31), "budget": 600_000,
        } | more  # fmt: skip
        return buying.save_contract(**given, by=self.zhao, at=moment())

    def line(self, contract: Contract, **more: Any) -> Service:
        """A service of a draft."""
        return buying.save_service(contract=contract, by=self.zhao, at=moment(), **MASSAGE | more)

    def slot(self, days: float = 3, hours: float = 0, capacity: int = 2, **more: Any) -> Slot:
        """A published slot of half an hour, so long after Monday nine o'clock."""
        starts = moment(days, hours)
        given: dict[str, Any] = {
            "service": self.service, "starts_at": starts, "ends_at": starts + timedelta(minutes=30),
            "capacity": capacity, "published_at": moment(),
        } | more  # fmt: skip
        return Slot.objects.create(**given)

    def series(self, first: date, last: date, **more: Any) -> Any:
        """Slots from day to day."""
        given: dict[str, Any] = {"begins": time(9), "minutes": 30} | more
        found = slotting.Series(first=first, last=last, **given)
        return slotting.make_slots(service=self.service, series=found, capacity=2, by=self.zhao, at=moment())

    def person(self, credits: int = 1000, **more: Any) -> Resident:
        """Somebody with so many hundredths of a credit."""
        found = self.stage.rich(credits).resident
        for name, value in more.items():
            setattr(found, name, value)
        if more:
            found.save(update_fields=list(more))
        return found

    def tie(self, giver: Resident, receiver: Resident, **more: Any) -> FamilyTie:
        """Relatives, agreed to by both and confirmed."""
        given: dict[str, Any] = {
            "kin": Kin.PARENT, "giver_at": moment(), "receiver_at": moment(), "approved_at": moment(),
            "made_at": moment(),
        } | more  # fmt: skip
        return FamilyTie.objects.create(giver=giver, receiver=receiver, **given)

    def booked(self, slot: Slot, resident: Resident, at: datetime | None = None, **more: Any) -> Booking:
        """Booked by the person's own telephone."""
        given: dict[str, Any] = {"by": acts_for(resident), "at": at or moment(1)} | more
        return booking.book(slot=slot, resident=resident, **given)

    def attended(self, slot: Slot, resident: Resident) -> Booking:
        """Booked, and the voucher read when it began."""
        row = self.booked(slot, resident)
        return booking.redeem(code=row.code, supplier=self.supplier, at=slot.starts_at)
