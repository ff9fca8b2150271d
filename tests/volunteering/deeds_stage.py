"""Activities, needs and volunteers: what the tests of deeds stand on. `lin` organises for drainage, `li` serves."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from cast import SHANGHAI, Cast
from chenyue.people.actions import register_resident
from chenyue.people.models import Resident
from chenyue.volunteering import joining
from chenyue.volunteering.lifecycle import ActivityState, Via
from chenyue.volunteering.models import Activity, Skill, Volunteer

BEGAN = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)  # a Tuesday
BORN = date(1968, 5, 1)


def moment(days: float = 0, hours: float = 0) -> datetime:
    """A moment so long after the beginning."""
    return BEGAN + timedelta(days=days, hours=hours)


@dataclass
class DeedsStage:
    """An office that has people who would like to help."""

    cast: Cast
    count: int = 0

    @property
    def li(self) -> Any:
        """Who serves residents at the window."""
        return self.cast.li.actor()

    @property
    def lin(self) -> Any:
        """Who organises for drainage."""
        return self.cast.lin.actor()

    def resident(self, name: str = "", phone: str = "") -> Resident:
        """Somebody new."""
        self.count += 1
        return register_resident(
            name=name or f"志愿者{self.count}", phone=phone or f"137000{self.count:05d}", at=BEGAN, by=self.li
        )

    def volunteer(self, name: str = "", **more: Any) -> Volunteer:
        """Somebody new who has joined at the window."""
        given = {"by": self.li, "at": BEGAN, "via": Via.WINDOW, "terms": True, "birth_on": BORN} | more
        return joining.join(self.resident(name), **given)

    def activity(self, hours: float = 48, state: str = ActivityState.OPEN, **more: Any) -> Activity:
        """An activity of drainage, two hours long."""
        self.count += 1
        given: dict[str, Any] = {
            "number": f"V2026-9{self.count:03d}", "title": f"清淤行动{self.count}", "unit": self.cast.units["drainage"],
            "starts_at": moment(hours=hours), "ends_at": moment(hours=hours + 2), "capacity": 2, "state": state,
            "secret": f"secret-{self.count}", "made_at": BEGAN, "made_by": self.cast.lin, "risks": "路滑",
        }  # fmt: skip
        return Activity.objects.create(**given | more)

    def skill(self, code: str = "haircut", licensed: bool = False) -> Skill:
        """Something that one can do."""
        given = {"name": f"技能{sum(map(ord, code))}", "licensed": licensed}  # a Chinese page shows no code
        return Skill.objects.get_or_create(code=code, defaults=given)[0]
