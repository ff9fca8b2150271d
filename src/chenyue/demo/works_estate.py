"""The renewal of 金桂苑 in the demo office: ten weeks in which its homes turned from opposing to supporting."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from chenyue.core.actors import Actor
from chenyue.demo.office import Office, table
from chenyue.demo.works_register import bring
from chenyue.notify.actions import quietly
from chenyue.people.models import Unit
from chenyue.works import actions, acts, queries
from chenyue.works.lifecycle import How, Speaker, Step, Vote
from chenyue.works.models import PlanVersion, Project, RegisteredHome, ThresholdRule
from chenyue.works.site import projects

ESTATE = "金桂苑"
LENGTH, SECOND, BALLOTS = 70, 32, 57  # days: of the story, when the second version comes, when signing begins
SHORT = 3  # owners who are still missing today
EACH, REST = 16, 6  # homes a day; and no visits on one day of the week
SUPPORT, RATHER, UNDECIDED, DOUBTS, AGAINST = (str(step) for step in Step)
# How people say it, by what they are like; the later in the second version, the kinder (the last two columns).
FIRST = {
    "fan": ((SUPPORT, 1.0),),
    "mild": ((RATHER, 0.6), (UNDECIDED, 0.4)),
    "doubt": ((UNDECIDED, 0.6), (DOUBTS, 0.4)),
    "sceptic": ((DOUBTS, 0.6), (AGAINST, 0.4)),
    "foe": ((AGAINST, 1.0),),
}
EARLY = {
    "fan": ((SUPPORT, 1.0),),
    "mild": ((SUPPORT, 0.5), (RATHER, 0.5)),
    "doubt": ((RATHER, 0.5), (UNDECIDED, 0.5)),
    "sceptic": ((RATHER, 0.2), (UNDECIDED, 0.5), (DOUBTS, 0.3)),
    "foe": ((DOUBTS, 0.5), (AGAINST, 0.5)),
}
LATE = {
    "fan": ((SUPPORT, 1.0),),
    "mild": ((SUPPORT, 0.9), (RATHER, 0.1)),
    "doubt": ((SUPPORT, 0.6), (RATHER, 0.4)),
    "sceptic": ((SUPPORT, 0.3), (RATHER, 0.5), (UNDECIDED, 0.2)),
    "foe": ((RATHER, 0.35), (UNDECIDED, 0.25), (DOUBTS, 0.2), (AGAINST, 0.2)),
}
USUAL = (("fan", 0.14), ("mild", 0.26), ("doubt", 0.28), ("sceptic", 0.2), ("foe", 0.12))
HURT = (("fan", 0.05), ("mild", 0.12), ("doubt", 0.2), ("sceptic", 0.28), ("foe", 0.35))
REASONS = ("noise", "dust", "inside", "trust", "quality", "cost", "other")


@dataclass
class Renewal:
    """The project while it is told, from its first day to now."""

    here: Office
    began: datetime
    now: datetime
    project: Project
    homes: list[RegisteredHome]
    random: Random = field(default_factory=lambda: Random(23))
    data: dict[str, Any] = field(default_factory=lambda: table("works"))
    like: dict[int, str] = field(default_factory=dict)
    plans: dict[int, PlanVersion] = field(default_factory=dict)
    spoken: set[int] = field(default_factory=set)  # to the version that is asked about
    last: dict[int, str] = field(default_factory=dict)  # what a home said last
    rows: dict[tuple[str, int], Any] = field(default_factory=dict)  # objections, phases and defects by their number

    def at(self, day: float, hour: float = 10) -> datetime:
        """A moment of the story: day 0 is when the first version came. A shorter past makes the days shorter."""
        length = min(timedelta(days=LENGTH + 3), self.now - self.began - timedelta(hours=6))
        if length < timedelta(days=LENGTH + 3):
            return self.now - length * ((LENGTH - day - hour / 24 + 1) / (LENGTH + 3))
        local = timezone.localtime(self.now) - timedelta(days=LENGTH - int(day))
        moment = local.replace(hour=int(hour), minute=int(hour % 1 * 60), second=0, microsecond=0)
        return min(moment, self.now - timedelta(minutes=30))

    def actor(self, name: str) -> Actor:
        return self.here.members[name].actor()

    @property
    def plan(self) -> PlanVersion:
        """The version that is asked about."""
        return self.plans[max(self.plans)]

    def buildings(self, numbers: list[str]) -> list[int]:
        """Ids of buildings by their numbers."""
        return [self.here.place(f"{ESTATE}{number}幢").pk for number in numbers]

    def one_of(self, weights: Any) -> str:
        """A choice by weight."""
        names, shares = zip(*weights, strict=True)
        return str(self.random.choices(names, shares)[0])


def begin(here: Office, began: datetime, now: datetime) -> Renewal:
    """Add the project, import its register and publish the first version."""
    data = table("works")["project"]
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=("renovation", "builder", "property_office"))}
    rule = ThresholdRule.objects.get(code="civil_code_278_special", version=1)
    first = Renewal(here, began, now, Project(), [])
    estate = here.place(ESTATE)
    day = timezone.localtime(now).date()
    details = data | {
        "contractor_id": units["builder"].pk, "supervisor_id": units["property_office"].pk,
        "owner_unit_id": units["renovation"].pk, "manager_id": here.members["luo"].pk, "rule_id": rule.pk,
        "matter": "7", "noise_hours": [["08:00", "12:00"], ["14:00", "18:00"]], "stop_notice_hours": 48,
        "starts_on": day - timedelta(days=30), "ends_on": day + timedelta(days=120), "stale_days": 45,
        "answer_within": "5wd", "defect_within": "3wd",
    }  # fmt: skip
    by = here.members["qiu"].actor()
    project = projects.save_project(details=details, estates=[estate.pk], by=by, at=first.at(-2))
    homes = bring(here, estate, first.at(-1))
    found = Renewal(here, began, now, project, homes)
    for home in homes:
        hurt = home.floor == 1 or (home.line.endswith("01") and len(home.building.name) == 2)
        found.like[home.pk] = found.one_of(HURT if hurt else USUAL)
    publish(found, 1, 0)
    projects.publish(project=project, by=by, at=found.at(0, 11))
    projects.move_project(project=project, to="asking", by=by, at=found.at(0, 11.5))
    return found


def publish(found: Renewal, number: int, day: float) -> None:
    """Write the parts of a version and publish it."""
    by, at = found.actor("qiu"), found.at(day, 9.5)
    told = found.data["version"][number - 1]
    plan = actions.make_plan(project=found.project, title=told["title"], words=told["words"], by=by, at=at)
    for part in told["parts"]:
        actions.save_part(
            plan=plan, key=part["key"], title=part["title"], text=part["text"], whom=_whom(found, part), by=by, at=at
        )
    found.plans[number] = actions.publish_plan(plan=plan, by=by, at=at).plan
    asked = queries.standing(found.plan, at)
    found.spoken = {home.id for home in asked.homes if home.step}


def _whom(found: Renewal, part: dict[str, Any]) -> dict[str, list[Any]] | None:
    if numbers := part.get("lines"):
        ids = found.buildings(numbers)
        lines = {f"{h.building_id}:{h.line}" for h in found.homes if h.building_id in ids and h.line.endswith("01")}
        return {"lines": sorted(lines)}
    if numbers := part.get("floors"):
        ids = found.buildings(numbers)
        return {"homes": [h.pk for h in found.homes if h.building_id in ids and h.floor == 1]}
    if numbers := part.get("buildings"):
        return {"buildings": found.buildings(numbers)}
    return None


def ask_around(found: Renewal, day: int, each: int) -> None:
    """So many homes are visited, called, or answer by themselves; those who haven't spoken to this version first."""
    silent = [home for home in found.homes if home.pk not in found.spoken]
    found.random.shuffle(silent)
    open_ones = [home for home in found.homes if found.last.get(home.pk, SUPPORT) not in (SUPPORT, RATHER)]
    again = found.random.sample(open_ones, min(len(open_ones), each // 4 if len(found.plans) == 1 else each * 2 // 3))
    wanted = {home.pk: home for home in [*silent[:each], *again]}
    ways: dict[str, list[actions.Said]] = defaultdict(list)
    for home in wanted.values():
        how = found.one_of(((How.DOOR, 0.62), (How.PHONE, 0.12), (How.PAPER, 0.2), (How.WEB, 0.06)))
        ways[how].append(_said(found, home, day))
    _take(found, ways, day)
    found.spoken |= wanted.keys()


def _said(found: Renewal, home: RegisteredHome, day: int) -> actions.Said:
    like = found.like[home.pk]
    speaker = Speaker.TENANT if home.rented and found.random.random() < 0.5 else Speaker.OWNER
    chances = FIRST[like]
    if len(found.plans) > 1:
        chances = LATE[like] if found.random.random() < (day - SECOND) / (LENGTH - SECOND) + 0.25 else EARLY[like]
    step = found.one_of(chances)
    if speaker == Speaker.OWNER:
        found.last[home.pk] = step
    reasons = (
        [] if step in (SUPPORT, RATHER) else found.random.sample(_reasons(home), 1 + (found.random.random() < 0.3))
    )
    words = ""
    if found.random.random() < 0.3:
        lists = found.data["words"]
        words = found.random.choice(lists[reasons[0]] if reasons else found.data["glad"]["words"])
    return actions.Said(home.pk, step, reasons, words, speaker=speaker)


def _reasons(home: RegisteredHome) -> list[str]:
    own = ["green"] if home.floor == 1 else ["shed"] if home.line.endswith("01") else ["parking"]
    return own * 3 + list(REASONS)


def _take(found: Renewal, ways: dict[str, list[actions.Said]], day: int) -> None:
    for how, said in ways.items():
        if how != How.WEB:
            who = found.actor("qiu" if how == How.PAPER else "li")
            actions.take_stances(plan=found.plan, said=_once(said), how=how, by=who, at=found.at(day, 18))
            continue
        homes = {home.pk: home for home in found.homes}
        for one in said:
            by = acts.resident_of(homes[one.home_id])
            actions.take_stances(plan=found.plan, said=[one], how=how, by=by, at=found.at(day, 20))


def _once(said: list[actions.Said]) -> list[actions.Said]:
    return list({one.home_id: one for one in said}.values())


def prepare_ballots(found: Renewal) -> dict[int, list[actions.Signed]]:
    """Who signs on which day: homes that are for it and a few others, until a handful of owners is still missing."""
    at = found.at(BALLOTS - 1, 20)
    projects.move_project(project=found.project, to="shown", by=found.actor("qiu"), at=at)
    standing = queries.standing(found.plan, at)
    wanted = (queries.count(standing).decision.quorum_heads.needed or 0) - SHORT
    heads: set[Any] = set()
    days: dict[int, list[actions.Signed]] = defaultdict(list)
    for home in sorted(found.homes, key=lambda h: (not standing.by_id[h.pk].agrees, found.random.random())):
        stand = standing.by_id[home.pk]
        if home.status != "sold" or (stand.head not in heads and len(heads) >= wanted):
            continue
        heads.add(stand.head)
        vote = found.one_of(((Vote.AGREE, 0.9), (Vote.DISAGREE, 0.07), (Vote.ABSTAIN, 0.03)))
        vote = str(Vote.DISAGREE) if stand.step in (AGAINST, DOUBTS) else vote
        day = BALLOTS + len(heads) % (LENGTH - BALLOTS - 1)
        days[day].append(actions.Signed(home.pk, vote, "业主本人", timezone.localtime(found.at(day, 19)).date()))
    return days


def found_in(here: Office, began: datetime, now: datetime) -> Renewal:
    """The whole story up to now, told quietly: nobody's desk fills with what was long ago."""
    from chenyue.demo import works_site

    ballots: dict[int, list[actions.Signed]] = {}
    with quietly():
        found = begin(here, began, now)
        for day in range(LENGTH):
            if day == SECOND:
                publish(found, 2, SECOND)
            works_site.live(found, day)
            if day % 7 != REST and day not in (0, SECOND - 1, SECOND):
                ask_around(found, day, EACH)
            if day == BALLOTS - 1:
                ballots = prepare_ballots(found)
            if batch := ballots.get(day):
                how = How.MEETING if day == BALLOTS + 2 else How.PAPER if day % 2 else How.DOOR
                actions.cast_ballots(
                    plan=found.plan, signed=batch, how=how, by=found.actor("qiu"), at=found.at(day, 19)
                )
    return found
