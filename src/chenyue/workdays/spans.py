"""Lengths of promises: an amount and the unit of time it is counted in."""

import re
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from chenyue.core.errors import Refusal

_WRITTEN = re.compile(r"(\d{1,5})\s*(m|h|wh|wd|d)")
LONGEST = 36_525  # no promise is longer than a century, whatever its unit


class Unit(StrEnum):
    """What a clock counts. The value is how it is written after the amount."""

    MINUTES = "m"  # by the wall
    HOURS = "h"  # by the wall
    WORKING_HOURS = "wh"
    WORKING_DAYS = "wd"
    DAYS = "d"  # of the calendar, by the rule of 民法典 201 and 203


@dataclass(frozen=True)
class Span:
    """A length of time such as `4wh`: four working hours."""

    amount: int
    unit: Unit

    @classmethod
    def parse(cls, written: str) -> "Span":
        """Read `15m`, `4h`, `4wh`, `5wd` or `10d`; refuses anything else with a sentence."""
        found = _WRITTEN.fullmatch(written.strip().lower())
        if not found or int(found[1]) > LONGEST:
            raise Refusal(
                _("Write a time limit as a number and a unit: 15m, 4h, 4wh (working hours), 5wd (working days), 10d."),
                code="bad_span",
            )
        return cls(int(found[1]), Unit(found[2]))

    @property
    def by_the_wall(self) -> bool:
        """Whether it runs day and night, as every promise of an emergency must."""
        return self.unit in (Unit.MINUTES, Unit.HOURS)

    @property
    def seconds(self) -> int:
        """Seconds on its own clock; only for minutes, hours and working hours."""
        return self.amount * (60 if self.unit is Unit.MINUTES else 3600)

    @property
    def words(self) -> str | Promise:
        """As people read it: `5 working days`."""
        return _WORDS[self.unit] % {"count": self.amount}

    def __str__(self) -> str:
        return f"{self.amount}{self.unit.value}"


_WORDS = {
    Unit.MINUTES: ngettext_lazy("%(count)d minute", "%(count)d minutes", "count"),
    Unit.HOURS: ngettext_lazy("%(count)d hour", "%(count)d hours", "count"),
    Unit.WORKING_HOURS: ngettext_lazy("%(count)d working hour", "%(count)d working hours", "count"),
    Unit.WORKING_DAYS: ngettext_lazy("%(count)d working day", "%(count)d working days", "count"),
    Unit.DAYS: ngettext_lazy("%(count)d day", "%(count)d days", "count"),
}
