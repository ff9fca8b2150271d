"""What stands on door posters and contact cards: public facts only, and never a steward's own telephone number."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from chenyue.core import office, qr
from chenyue.places.models import Kind, Place
from chenyue.stewards import queries
from chenyue.stewards.lifecycle import TermRole
from chenyue.stewards.models import Term

# What papers call each role: papers are in the office's language, whoever asks for them. They hang for months, so
# that whoever stands in for a week isn't on them.
ROLES = {TermRole.MAIN.value: "楼长", TermRole.DEPUTY.value: "代理楼长"}
NAMES = 8  # buildings that a poster lists; more are counted
Venues = Callable[[Sequence[int], datetime], Mapping[int, list[str]]]

_venues: list[Venues] = []


def venues_from(source: Venues) -> None:
    """Register who knows where people near a building are received: lines of name, hours, address."""
    _venues.append(source)


def data(kind: str, building_ids: Collection[int], base: str, at: datetime) -> dict[str, Any]:
    """Everything the templates ask for, the doors in the order of the office's places."""
    day = timezone.localtime(at).date()
    return {
        "title": "楼栋门贴" if kind == "poster" else "联系卡",
        "office": office.get("short_name"),
        "phone": office.get("phone"),
        "supervision": office.get("supervision_phone"),
        "address": office.get("address"),
        "made_on": f"{day.year}年{day.month}月{day.day}日",
        "doors": doors(building_ids, base, at),
    }


def doors(building_ids: Collection[int], base: str, at: datetime) -> list[dict[str, Any]]:
    """One dict for each building: its names, its code, who answers, where people are received."""
    rows = Place.objects.filter(pk__in=sorted(set(building_ids)), kind=Kind.BUILDING, active=True)
    places = list(rows.select_related("community", "estate").order_by("community_id", "estate_id", "pk"))
    day = queries.day_of(at)
    answering = _answering([place.pk for place in places], day)
    ranges = _ranges(day)
    found: dict[int, list[str]] = defaultdict(list)
    for source in _venues:
        for building, lines in source([place.pk for place in places], at).items():
            found[building] += lines
    return [_door(place, answering.get(place.pk), ranges, found[place.pk], base) for place in places]


def _answering(building_ids: Sequence[int], day: date) -> dict[int, Term]:
    """The term of each building's steward, or of its deputy where there is none. One statement."""
    rows = queries.open_terms(day).filter(building_id__in=building_ids, role__in=ROLES)
    found: dict[int, Term] = {}
    for term in sorted(rows, key=lambda term: queries.ORDER[term.role]):
        found.setdefault(term.building_id, term)
    return found


def _door(
    place: Place, term: Term | None, ranges: Mapping[int, list[str]], venues: list[str], base: str
) -> dict[str, Any]:
    name = term.steward.name if term and term.steward.shows_name else ""
    url = base + reverse("portal:door", args=[place.code])
    phone = office.get("phone")
    return {
        "name": place.full_name,
        "above": place.community.name if place.community else "",
        "code": place.code,
        "url": url,
        "qr": qr.drawing(url),
        "steward": name,
        "role": ROLES[term.role] if term else "",
        "range": _range(ranges.get(term.steward_id, [])) if term and name else "",
        "venues": venues,
        "help": ("请家人、邻居或楼长帮忙" if term else "请家人或邻居帮忙") + (f"，也可以拨打 {phone}" if phone else ""),
    }


def _ranges(day: date) -> dict[int, list[str]]:
    """The names of the buildings that each steward answers for. One statement."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = queries.open_terms(day).filter(role=TermRole.MAIN).order_by("building__estate_id", "building_id")
    for steward, name in rows.values_list("steward_id", "building__full_name"):
        found[steward].append(name)
    return found


def _range(names: list[str]) -> str:
    shown = "、".join(names[:NAMES])
    return f"{shown}等{len(names)}幢" if len(names) > NAMES else shown
