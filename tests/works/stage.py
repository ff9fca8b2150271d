"""A small estate with a project and a published plan: what the tests of works stand on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cast import SHANGHAI, Cast
from chenyue.people.models import Grant, Member, Role
from chenyue.works import actions
from chenyue.works.lifecycle import How, ProjectState
from chenyue.works.models import (
    Owner,
    Ownership,
    PlanVersion,
    Project,
    RegisteredHome,
    Stance,
    ThresholdRule,
)

BEGAN = datetime(2026, 9, 7, 9, 0, tzinfo=SHANGHAI)  # a Monday
AREA = 80_00


def day(days: float = 0, hours: float = 0) -> datetime:
    """A moment so long after the plan was published."""
    return BEGAN + timedelta(days=days, hours=hours)


@dataclass
class Stage:
    """The project, its plan, and homes by their door: `1单元101`."""

    cast: Cast
    project: Project
    plan: PlanVersion
    homes: dict[str, RegisteredHome] = field(default_factory=dict)

    @property
    def li(self) -> Any:
        """Who takes down what homes say."""
        return self.cast.li.actor()

    @property
    def zhao(self) -> Any:
        """Who runs the works."""
        return self.cast.zhao.actor()

    def home(self, door: str) -> RegisteredHome:
        return self.homes[door]

    def says(self, door: str, step: str, days: float = 1, how: str = How.DOOR, **more: Any) -> Stance:
        more = {"by": self.li, "plan": self.plan} | more
        return actions.take_stance(home=self.homes[door], step=step, how=how, at=day(days), **more)

    def votes(self, door: str, vote: str = "agree", days: float = 1, **more: Any) -> Any:
        more = {"by": self.li, "plan": self.plan, "how": How.DOOR, "signed_by": "户主"} | more
        more.setdefault("signed_on", day(days).date())
        return actions.cast_ballot(home=self.homes[door], vote=vote, at=day(days), **more)

    def next_version(self, days: float = 14, **texts: str) -> PlanVersion:
        """The next version, published: the parts named are changed, `whom` of each stays."""
        plan = actions.make_plan(project=self.project, title="第二版", by=self.zhao, at=day(days))
        for part in list(plan.parts.all()):
            if part.key in texts:
                whom = {"buildings": part.buildings, "lines": part.lines, "homes": part.homes}
                actions.save_part(
                    plan=plan, key=part.key, title=part.title, text=texts[part.key], by=self.zhao, at=day(days),
                    whom=None if part.everyone else whom,
                )  # fmt: skip
        self.published = actions.publish_plan(plan=plan, by=self.zhao, at=day(days))
        return self.published.plan


def owner(name: str = "", kind: str = Owner.Kind.PERSON) -> Owner:
    return Owner.objects.create(name=name, kind=kind, made_at=BEGAN)


def add_home(cast: Cast, door: str, building: str = "金桂苑1幢", owners: Sequence[Owner] = (), **more: Any) -> Any:
    """A registered home; `door` such as `1单元101`. Its line is its entrance with the last two digits."""
    place = cast.place(building)
    entrance, room = door[:3], door[3:]
    given = {"area": AREA, "line": f"{entrance}{room[-2:]}", "code": f"T{RegisteredHome.objects.count():05d}"} | more
    home = RegisteredHome.objects.create(
        estate_id=place.estate_id, building=place, entrance=entrance, room=room, made_at=BEGAN, **given
    )
    Ownership.objects.bulk_create(Ownership(home=home, owner=one) for one in owners)
    return home


DOORS = [f"{entrance}单元{floor}0{flat}" for entrance in (1, 2) for floor in (1, 2, 3) for flat in (1, 2)]


def stage(cast: Cast, *, rule: str = "civil_code_278_special", doors: Sequence[str] = DOORS, **more: Any) -> Stage:
    """Twelve homes in two entrances of 金桂苑1幢, each with an owner, and version 1: `pipes` for all, `sheds` for 1."""
    estate = cast.place("金桂苑")
    given = {
        "number": "W2026-0901", "title": "金桂苑改造", "state": ProjectState.ASKING, "made_at": BEGAN, "matter": "7",
        "contractor": cast.units["builder"], "owner_unit": cast.units["drainage"], "community_id": estate.community_id,
        "rule": ThresholdRule.objects.filter(code=rule).first(),
    } | more  # fmt: skip
    project = Project.objects.create(**given)
    project.estates.add(estate)
    by = cast.zhao.actor()
    plan = actions.make_plan(project=project, title="第一版", by=by, at=BEGAN)
    actions.save_part(plan=plan, key="pipes", title="雨污管道", text="更换全部立管。", by=by, at=BEGAN)
    lines = [f"{cast.place('金桂苑1幢').pk}:1单元01"]
    actions.save_part(plan=plan, key="sheds", title="车棚", text="拆除车棚。", whom={"lines": lines}, by=by, at=BEGAN)
    plan = actions.publish_plan(plan=plan, by=by, at=BEGAN).plan
    found = Stage(cast, project, plan)
    for door in doors:
        found.homes[door] = add_home(cast, door, owners=[owner(f"业主{door}")])
    return found


def member(cast: Cast, username: str, role: str, *, place: str = "", unit: str = "") -> Member:
    """A member with one grant."""
    found = Member.objects.create_member(username, None, name=username, must_change_password=False)
    Grant.objects.create(
        member=found,
        role=Role.objects.get(code=role),
        place=cast.place(place) if place else None,
        unit=cast.units[unit] if unit else None,
    )
    return found
