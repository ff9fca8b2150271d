"""Residents, volunteers, activities, hours and credits in one call each: what many tests of volunteering stand on.

Rows that aren't under test are made directly; credits always go through `crediting.earn`.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from cast import SHANGHAI, Cast
from chenyue.core import ids
from chenyue.core.actors import Actor
from chenyue.people.actions import register_resident
from chenyue.people.models import Resident
from chenyue.volunteering import conversion, crediting
from chenyue.volunteering.lifecycle import ActivityState, ClaimState
from chenyue.volunteering.models import Activity, Claim, ConversionRule, HourEntry, Posting, Volunteer

BEGAN = datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI)  # a Monday


def moment(days: float = 0, hours: float = 0) -> datetime:
    """A moment so long after the stage's beginning."""
    return BEGAN + timedelta(days=days, hours=hours)


def acts_for(resident: Resident) -> Actor:
    """A resident who has signed in."""
    return Actor("resident", str(resident.pk))


def add_rule(**more: Any) -> ConversionRule:
    """An approved rule from 2026 on: one credit for an hour, to the minute, grades A and B, no caps."""
    given: dict[str, Any] = {
        "version": ConversionRule.objects.count() + 1, "starts_on": date(2026, 1, 1), "per_hour": 100,
        "grades": ["A", "B"], "made_at": BEGAN, "approved_at": BEGAN,
    } | more  # fmt: skip
    rule = ConversionRule.objects.create(**given)
    conversion.changed()
    return rule


@dataclass
class Stage:
    """`li` serves at the window, `lin` organises for drainage, `zhao` may do everything."""

    cast: Cast
    rule: ConversionRule | None = None
    count: int = field(default=0)

    @property
    def li(self) -> Any:
        return self.cast.li.actor()

    @property
    def lin(self) -> Any:
        return self.cast.lin.actor()

    @property
    def zhao(self) -> Any:
        return self.cast.zhao.actor()

    def resident(self, name: str = "", phone: str = "") -> Resident:
        """Somebody new."""
        self.count += 1
        name, phone = name or f"居民{self.count}", phone or f"139000{self.count:05d}"
        return register_resident(name=name, phone=phone, at=BEGAN, by=self.li)

    def volunteer(self, name: str = "", phone: str = "", **more: Any) -> Volunteer:
        """Somebody new who serves."""
        who = self.resident(name, phone)
        number = f"V{ids.next_value('volunteer'):06d}"  # of the counter that joining uses, too
        given = {"number": number, "resident": who, "joined_at": BEGAN, "terms_at": BEGAN} | more
        return Volunteer.objects.create(**given)

    def activity(self, days: float = 0, hours: float = 2, **more: Any) -> Activity:
        """An open activity of drainage: so long, so many days after the beginning."""
        self.count += 1
        given: dict[str, Any] = {
            "number": f"V2026-{self.count:04d}", "title": f"清淤行动{self.count}", "state": ActivityState.OPEN,
            "unit": self.cast.units["drainage"], "starts_at": moment(days), "ends_at": moment(days, hours),
            "capacity": 20, "secret": f"secret-{self.count}", "made_at": BEGAN, "made_by": self.cast.lin,
        } | more  # fmt: skip
        return Activity.objects.create(**given)

    def hours(
        self, volunteer: Volunteer, minutes: int = 60, *, activity: Activity | None = None, grade: str = "A",
        served_on: date | None = None,
    ) -> HourEntry:  # fmt: skip
        """An approved claim with its entry in the ledger of hours; no credits yet."""
        self.count += 1
        day = served_on or (activity.starts_at.astimezone(SHANGHAI) if activity else BEGAN).date()
        begins = datetime(day.year, day.month, day.day, 9, 0, tzinfo=SHANGHAI)
        claim = Claim.objects.create(
            volunteer=volunteer, activity=activity, grade=grade, state=ClaimState.APPROVED, starts_at=begins,
            ends_at=begins + timedelta(minutes=minutes), minutes=minutes, key=f"stage:{self.count}", recorded_at=BEGAN,
        )  # fmt: skip
        return HourEntry.objects.create(
            volunteer=volunteer, claim=claim, activity=activity, grade=grade, minutes=minutes, served_on=day, at=BEGAN
        )

    def earned(self, volunteer: Volunteer, minutes: int = 60, *, at: datetime = BEGAN, **more: Any) -> Posting | None:
        """Hours and their credits."""
        if self.rule is None:
            self.rule = add_rule()
        return crediting.earn(self.hours(volunteer, minutes, **more), at)

    def rich(self, credits: int = 1000, name: str = "") -> Volunteer:
        """A volunteer with so many hundredths of a credit (of the stage's own rule: 100 an hour)."""
        found = self.volunteer(name)
        left = credits * 60 // 100
        while left > 0:
            self.earned(found, min(left, 480))
            left -= 480
        return found

    def counter(self, entry: HourEntry, minutes: int | None = None) -> HourEntry:
        """The counter-entry of hours that were wrong."""
        return HourEntry.objects.create(
            volunteer=entry.volunteer, claim=entry.claim, activity=entry.activity, grade=entry.grade, reverses=entry,
            minutes=-(minutes or entry.minutes), served_on=entry.served_on, reason="记错了", at=BEGAN,
        )  # fmt: skip
