"""One of each that the doors of contracts show: a draft, a running contract, a booking, an appeal, a settlement."""

from datetime import date
from typing import Any

from cast import Cast
from chenyue.volunteering import booking, pleading, settling, suppliers
from chenyue.volunteering.models import Contract, Settlement
from volunteering.contracts_stage import Shop
from volunteering.stage import acts_for, moment


class Bought:
    """Made once for each test that needs it; moments are those of the stage."""

    def __init__(self, cast: Cast) -> None:
        self.shop = Shop(cast)
        self.contract, self.supplier, self.service = self.shop.contract, self.shop.supplier, self.shop.service
        self.draft: Contract = self.shop.draft(number="CG-DRAFT")
        self.slot = self.shop.slot(3, capacity=5)
        person = self.shop.person(3000)
        self.held = self.shop.booked(self.slot, person)
        self.signed = self.shop.attended(self.shop.slot(4), self.shop.person())
        booking.sign(booking=self.signed, by=acts_for(self.signed.resident), at=moment(4, 1))
        row = self.shop.booked(self.shop.slot(5), self.shop.person())
        self.missed = booking.miss(booking=row, by=suppliers.actor(self.supplier), at=moment(5, 1))
        self.plea = pleading.appeal(booking=self.missed, words="在医院", by=acts_for(row.resident), at=moment(6))
        self.month: Settlement = settling.draw_up(
            contract=self.contract, month=date(2026, 11, 1), by=self.shop.keeper, at=moment(10)
        )


def bought(world: Any) -> Bought:
    """The world's contracts."""
    found: Bought = world.bought
    return found
