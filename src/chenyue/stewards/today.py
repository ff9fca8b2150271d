"""The five doors of today: which homes come first, and why. The ranking is pure; `candidates` reads for it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chenyue.core.errors import Sentence
from chenyue.stewards import weather
from chenyue.stewards.lifecycle import CareReason, Outcome
from chenyue.stewards.models import CareEntry, DoorVisit, WeatherCall

MOST = 5
BACK = timedelta(days=14)  # a call for help is followed up within
# What brings a door forward; the first reason counts most. Points, to be compared only with each other.
CALL, HELP, DUE, BIRTHDAY, CASE, WEAK = 100, 80, 50, 45, 30, 10


@dataclass(frozen=True)
class Reason:
    """Why a door, in a sentence, and how much it counts."""

    sentence: Sentence
    points: int


@dataclass
class DoorToday:
    """A home to go to."""

    building_id: int
    room: str
    care: CareEntry | None = None
    call: WeatherCall | None = None
    case_number: str = ""
    reasons: list[Reason] = field(default_factory=list)

    @property
    def points(self) -> tuple[int, int]:
        """How urgent: the strongest reason; between equals, all the others."""
        ordered = sorted((reason.points for reason in self.reasons), reverse=True)
        return (ordered[0], sum(ordered[1:])) if ordered else (0, 0)


def rank(doors: Iterable[DoorToday], most: int = MOST) -> list[DoorToday]:
    """One door for each home with all its reasons, the strongest first; equal ones by building and home."""
    by_home: dict[tuple[int, str], DoorToday] = {}
    for door in doors:
        held = by_home.setdefault((door.building_id, door.room), DoorToday(door.building_id, door.room))
        held.care, held.call = held.care or door.care, held.call or door.call
        held.case_number = held.case_number or door.case_number
        held.reasons += door.reasons
    for door in by_home.values():
        door.reasons.sort(key=lambda reason: -reason.points)
    wanted = [door for door in by_home.values() if door.reasons]
    return sorted(wanted, key=lambda door: (-door.points[0], -door.points[1], door.building_id, door.room))[:most]


def candidates(building_ids: Collection[int], at: datetime) -> list[DoorToday]:
    """Doors by the care list, calls of the weather and what the last visits found. Three statements."""
    day = localtime(at).date()
    entries = list(CareEntry.objects.filter(building_id__in=building_ids, active=True).order_by("building_id", "room"))
    calls = weather.running(day)
    visits = _visits(building_ids, at)
    doors = [_of_entry(entry, calls, visits.get((entry.building_id, entry.room), []), day) for entry in entries]
    held = {(entry.building_id, entry.room) for entry in entries}
    doors += [_of_help(home, rows[0]) for home, rows in visits.items() if home not in held and _calls_back(rows[0], at)]
    return doors


def _visits(building_ids: Collection[int], at: datetime) -> dict[tuple[int, str], list[Any]]:
    """Visits of the last weeks by home, the newest first."""
    rows = DoorVisit.objects.filter(building_id__in=building_ids, at__gte=at - BACK).order_by("-at", "-pk")
    found: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for row in rows.only("building_id", "room", "at", "outcome", "call_id"):
        found[row.building_id, row.room].append(row)
    return found


def _of_entry(entry: CareEntry, calls: list[WeatherCall], visits: list[Any], day: date) -> DoorToday:
    door = DoorToday(entry.building_id, entry.room, entry)
    seen_today = any(localtime(visit.at).date() == day and visit.outcome != Outcome.NOBODY for visit in visits)
    weak = WEAK if {CareReason.ALONE.value, CareReason.ILL.value} & set(entry.reasons) else 0
    for call in calls:
        if weather.concerns(call, entry) and not weather.done(call, visits):
            door.call = door.call or call
            door.reasons.append(Reason(weather.SENTENCES[call.weather], CALL + weak))
    if seen_today:
        return door
    if visits and visits[0].outcome == Outcome.HELP:
        door.reasons.append(Reason(_("Help was needed at the last visit"), HELP + weak))
    if entry.birthday == day.strftime("%m-%d"):
        door.reasons.append(Reason(_("Birthday today"), BIRTHDAY))
    if entry.next_on is not None and entry.next_on <= day:
        door.reasons.append(Reason(_due(entry.next_on, day), DUE + weak + min((day - entry.next_on).days, 20)))
    return door


def _due(planned: date, day: date) -> Sentence:
    days = (day - planned).days
    if not days:
        return _("A visit is planned for today")
    return ngettext("A visit is %(days)d day overdue", "A visit is %(days)d days overdue", days) % {"days": days}


def _calls_back(visit: Any, at: datetime) -> bool:
    return bool(visit.outcome == Outcome.HELP and localtime(visit.at).date() < localtime(at).date())


def _of_help(home: tuple[int, str], visit: Any) -> DoorToday:
    return DoorToday(*home, reasons=[Reason(_("Help was needed at the last visit"), HELP)])
