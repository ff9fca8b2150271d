"""What the pages of a steward read: the buildings looked after, the doors of today, open cases, words left."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from chenyue.cases import queries as cases
from chenyue.cases.lifecycle import OPEN
from chenyue.cases.models import Case
from chenyue.catalogue.models import Urgency
from chenyue.core.errors import Sentence
from chenyue.core.paging import capped
from chenyue.people.models import Member
from chenyue.people.scope import all_scopes, scopes
from chenyue.places.entries import PlaceInfo
from chenyue.places.queries import gazetteer
from chenyue.stewards import inbox, reach, today, weather
from chenyue.stewards.models import CareEntry, WeatherCall

ROWS = 8  # cases on the first page; the count opens the rest
CALLS = 2  # of the weather, on the first page
CASES = 60  # open cases whose homes are looked at for the doors of today


@dataclass(frozen=True)
class Mine:
    """The buildings of a member, and those of them that this page is about."""

    all: list[PlaceInfo]
    shown: list[PlaceInfo]

    @property
    def ids(self) -> list[int]:
        """Keys of the buildings shown."""
        return [place.id for place in self.shown]

    @property
    def one(self) -> PlaceInfo | None:
        """The only building shown, if it is one."""
        return self.shown[0] if len(self.shown) == 1 else None

    @property
    def choices(self) -> list[tuple[str, str]]:
        """For a picker."""
        return [(str(place.id), place.full_name) for place in self.all]


def mine(member: Member, chosen: str = "") -> Mine:
    """The member's buildings; those shown are the one chosen (a key as text), or all. One statement at most."""
    found = reach.buildings(member)
    picked = [place for place in found if chosen and str(place.id) == chosen]
    return Mine(found, picked or found)


def chosen(request: HttpRequest) -> str:
    """The building that the address names."""
    return request.GET.get("building", "")[:20]


def only_serves(member: Member) -> bool:
    """Whether looking after buildings is all that a member does here: then their pages come first."""
    held = all_scopes(member)
    return bool(scopes(member, reach.WORD)) and all(
        scope.place_id is not None for found in held.values() for scope in found
    )


@dataclass(frozen=True)
class Door:
    """A door of today as a page shows it: where, who, why, and where the visit is written down."""

    where: str
    name: str
    reasons: list[Sentence]
    urgent: bool
    url: str
    case_number: str


def doors(member: Member, ids: Collection[int], at: datetime, most: int = today.MOST) -> list[Door]:
    """The doors to knock at today with their reasons. Four statements."""
    found = today.candidates(ids, at) + _of_cases(member, ids)
    known = gazetteer()
    return [_door(door, known.get(door.building_id)) for door in today.rank(found, most)]


def _door(door: today.DoorToday, place: PlaceInfo | None) -> Door:
    where = f"{place.full_name if place else ''}{door.room}"
    query = urlencode({"building": str(door.building_id), "room": door.room})
    said = list(dict.fromkeys(reason.sentence for reason in door.reasons))
    urgent = door.reasons[0].points >= today.HELP
    name = door.care.name if door.care else ""
    return Door(where, name, said, urgent, f"{reverse('desk:my-buildings-visit')}?{query}", door.case_number)


def _of_cases(member: Member, ids: Collection[int]) -> list[today.DoorToday]:
    """Homes that told of a matter which is still open."""
    rows = open_cases(member, ids).exclude(room="").order_by("received_at", "pk")[:CASES]
    return [
        today.DoorToday(building, room, case_number=number, reasons=[_case_reason(urgency)])
        for building, room, number, urgency in rows.values_list("building_id", "room", "number", "urgency")
        if building is not None
    ]


def _case_reason(urgency: str) -> today.Reason:
    if urgency == Urgency.NORMAL:
        return today.Reason(_("A case of this home is open"), today.CASE)
    return today.Reason(_("An urgent case of this home is open"), today.CASE + 15)


def open_cases(member: Member, ids: Collection[int]) -> QuerySet[Case]:
    """Open cases at these buildings that the member may see."""
    return cases.visible(member).filter(building_id__in=ids, state__in=[state.value for state in OPEN])


@dataclass(frozen=True)
class Called:
    """A call of the weather and how far it has come here."""

    call: WeatherCall
    sentence: Sentence
    homes: int
    seen: int

    @property
    def done(self) -> bool:
        """Whether everybody was seen."""
        return self.seen >= self.homes


def called(ids: Collection[int], at: datetime) -> list[Called]:
    """Calls that hold today, with homes of these buildings; those without any are left out."""
    found = []
    for call in weather.running(localtime(at).date())[:CALLS]:
        rows = weather.progress(call, ids)
        if rows:
            homes, seen = sum(row.homes for row in rows), sum(row.seen for row in rows)
            found.append(Called(call, weather.SENTENCES[call.weather], homes, seen))
    return found


def first_page(member: Member, ids: Collection[int], at: datetime) -> dict[str, Any]:
    """All that the first page shows."""
    matters, words = open_cases(member, ids), inbox.waiting(ids)
    cared = CareEntry.objects.filter(building_id__in=ids, active=True)
    return {
        "doors": doors(member, ids, at),
        "calls": called(ids, at),
        "counts": capped({"cases": matters, "words": words, "care": cared}, cap=99),
        "cases": list(cases.lines(cases.in_order(matters))[:ROWS]),
        "words": list(words[:3]),
    }
