"""How well a volunteer fits a need: skill × time × distance × load, in parts that add up to 100. Pure.

No score is kept or shown as a person's own: it belongs to one need, and who serves much gets fewer points, not more.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MOST = {"skill": 35, "time": 30, "way": 20, "load": 15}  # points of each part
EARTH = 6_371_000.0  # metres
UNKNOWN_WAY = 8  # points where one of the two places is unknown
UNKNOWN_TIME = 10  # points for who hasn't said when they are free: one has to ask
EASY_LOAD, FULL_LOAD = 60, 960  # minutes within four weeks: up to here all points, from there none
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Point = tuple[float, float]  # latitude, longitude in degrees of WGS-84
Free = Sequence[Sequence[str]]  # [["mon", "08:00", "11:30"], …]


@dataclass(frozen=True)
class Person:
    """A volunteer as far as matching needs them. Times are those of the office's wall."""

    id: int
    number: str
    skills: frozenset[int] = frozenset()
    free: Free = ()
    where: Point | None = None
    reach: int = 1500  # metres
    minutes: int = 0  # served within the last four weeks
    busy: tuple[tuple[datetime, datetime], ...] = ()
    barred: frozenset[int] = frozenset()  # skills whose licence is missing or has run out
    adult: bool = True


@dataclass(frozen=True)
class Task:
    """A need as far as matching needs it. Moments are local."""

    id: int
    number: str
    starts: datetime
    ends: datetime
    people: int = 1
    skills: frozenset[int] = frozenset()
    where: Point | None = None
    asker: int | None = None  # the volunteer who asked for it themselves: never matched


@dataclass(frozen=True)
class Part:
    """Points of one part, of how many; `fact` is the figure behind it (metres, minutes, per cent)."""

    name: str
    points: int
    most: int
    fact: int | None = None


@dataclass(frozen=True)
class Fit:
    """How well somebody fits, in parts."""

    person: int
    task: int
    parts: tuple[Part, ...]

    @property
    def points(self) -> int:
        """Of 100."""
        return sum(part.points for part in self.parts)


def metres(one: Point, other: Point) -> int:
    """The way as the crow flies (haversine)."""
    a, b = math.radians(one[0]), math.radians(other[0])
    across = math.sin((b - a) / 2) ** 2
    along = math.sin(math.radians(other[1] - one[1]) / 2) ** 2
    return round(2 * EARTH * math.asin(math.sqrt(min(1.0, across + math.cos(a) * math.cos(b) * along))))


def bars(person: Person, task: Task) -> str:
    """Why somebody is out of the question: self, minor, skill, licence, busy, far, time; empty if they aren't."""
    if task.asker == person.id:
        return "self"
    if not person.adult:
        return "minor"
    if task.skills - person.skills:
        return "skill"
    if task.skills & person.barred:
        return "licence"
    if any(start < task.ends and end > task.starts for start, end in person.busy):
        return "busy"
    if _way(person, task) > person.reach:
        return "far"
    if person.free and not covered(person.free, task.starts, task.ends):
        return "time"
    return ""


def _way(person: Person, task: Task) -> int:
    return metres(person.where, task.where) if person.where and task.where else 0


def covered(free: Free, starts: datetime, ends: datetime) -> int:
    """Minutes of a span (within one day or over midnight) that lie in somebody's free times."""
    total, day = 0, starts.replace(hour=0, minute=0, second=0, microsecond=0)
    while day < ends:
        spans = [(first, last) for name, first, last in free if name == DAYS[day.weekday()]]
        for first, last in _joined(spans):
            begin, end = day + timedelta(minutes=first), day + timedelta(minutes=last)
            total += max(0, int((min(end, ends) - max(begin, starts)).total_seconds() // 60))
        day += timedelta(days=1)
    return total


def _joined(spans: Iterable[tuple[str, str]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for first, last in sorted((_minute(a), _minute(b)) for a, b in spans):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def _minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def fit(person: Person, task: Task) -> Fit | None:
    """The score in parts; None for who is out of the question (see `bars`)."""
    if bars(person, task):
        return None
    return Fit(person.id, task.id, (_skill(person, task), _time(person, task), _distance(person, task), _load(person)))


def _skill(person: Person, task: Task) -> Part:
    """All points where a skill is needed and held; fewer where none is needed: such work keeps for who has none."""
    most = MOST["skill"]
    if task.skills:
        return Part("skill", most, most, len(task.skills))
    return Part("skill", most - min(10, 2 * len(person.skills)), most, 0)


def _time(person: Person, task: Task) -> Part:
    most = MOST["time"]
    if not person.free:
        return Part("time", UNKNOWN_TIME, most)
    span = max(1, int((task.ends - task.starts).total_seconds() // 60))
    share = covered(person.free, task.starts, task.ends) * 100 // span
    return Part("time", most * share // 100, most, share)


def _distance(person: Person, task: Task) -> Part:
    most = MOST["way"]
    if person.where is None or task.where is None:
        return Part("way", UNKNOWN_WAY, most)
    way = metres(person.where, task.where)
    return Part("way", most - most * way // max(1, 2 * person.reach), most, way)


def _load(person: Person) -> Part:
    most = MOST["load"]
    over = min(max(person.minutes - EASY_LOAD, 0), FULL_LOAD - EASY_LOAD)
    return Part("load", most - most * over // (FULL_LOAD - EASY_LOAD), most, person.minutes)


def best(task: Task, people: Iterable[Person], count: int = 5) -> list[Fit]:
    """The few who fit a need best; at equal points who served less, then by number: the same each time."""
    by_id = {person.id: person for person in people}
    found = [one for one in (fit(person, task) for person in by_id.values()) if one is not None]
    found.sort(key=lambda one: (-one.points, by_id[one.person].minutes, by_id[one.person].number))
    return found[:count]


def why_nobody(task: Task, people: Iterable[Person]) -> dict[str, int]:
    """How many are out of the question for which reason."""
    counts: dict[str, int] = {}
    for person in people:
        why = bars(person, task)
        if why:
            counts[why] = counts.get(why, 0) + 1
    return counts
