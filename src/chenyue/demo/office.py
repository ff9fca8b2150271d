"""The office itself: places, catalogue, units, members, texts and views; through the doors of the set-up pages."""

import tomllib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import chenyue.places as places_package
from chenyue.cases import saved
from chenyue.catalogue import actions as catalogue
from chenyue.core import office as settings
from chenyue.core.actors import SYSTEM
from chenyue.people import actions as people
from chenyue.people.models import Member, Role, Unit
from chenyue.places.actions import import_places
from chenyue.places.models import Kind, Place

DATA = Path(__file__).parent / "data"
PLACES = Path(places_package.__file__).parent / "data" / "demo_places.csv"


def table(name: str) -> dict[str, Any]:
    """A data file of this package."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


@dataclass
class Office:
    """Who works here and where things happen."""

    members: dict[str, Member] = field(default_factory=dict)
    officers: dict[int, Member] = field(default_factory=dict)  # by unit: who acts for it
    places: dict[str, list[Place]] = field(default_factory=dict)  # by kind
    by_name: dict[str, Place] = field(default_factory=dict)
    stewards: dict[int, int | None] = field(default_factory=dict)  # age of who looks after a building, by its id

    def officer(self, unit_id: int) -> Member:
        """Who acts for a unit; the director where nobody does."""
        return self.officers.get(unit_id) or self.members["zhao"]

    def place(self, full_name: str) -> Place:
        """A place by its full name, such as `金桂苑3幢`."""
        return self.by_name[full_name]


def found(at: datetime) -> Office:
    """Open the office: everything that the set-up pages would have made."""
    settings.put(demo=True, set_up=True, **table("office")["settings"])
    report = import_places(PLACES.read_bytes(), PLACES.name, by=SYSTEM, at=at)
    people.seed_roles(at=at)
    people.seed_consents(at=at)
    catalogue.seed(by=SYSTEM, at=at)
    catalogue.link_places(report.property_units, by=SYSTEM, at=at)
    office = Office(stewards=report.stewards)
    _know_places(office)
    roles = {role.code: role for role in Role.objects.all()}
    units = {unit.code: unit for unit in Unit.objects.all()}
    for row in table("people")["member"]:
        _join(office, row, roles, units, at)
    _furnish(office, at)
    return office


def _know_places(office: Office) -> None:
    for place in Place.objects.exclude(kind__in=(Kind.HOME, Kind.ENTRANCE)).order_by("pk"):
        office.places.setdefault(place.kind, []).append(place)
        office.by_name[place.full_name] = place
    office.places["village"] = [p for p in office.places[Kind.COMMUNITY] if p.village]


def _join(office: Office, row: dict[str, Any], roles: dict[str, Role], units: dict[str, Unit], at: datetime) -> None:
    """A member without any password: in the demo office one signs in by the page of the cast."""
    codes = row.get("units", [])
    unit = units[codes[0]] if codes else None
    member = Member.objects.create_member(
        row["username"], None, name=row["name"], unit=unit, title=row["title"], must_change_password=False
    )
    people.tell(f"member:{member.pk}", "people.member_added", SYSTEM, at, username=member.username, name=member.name)
    place = office.place(row["place"]) if "place" in row else None
    for code in row["roles"]:
        for within in codes if row.get("own_unit") else [None]:
            people.give_grant(
                member=member, role=roles[code], unit=units[within] if within else None, place=place,
                sensitivity=row.get("sensitivity", "normal"), by=SYSTEM, at=at,
            )  # fmt: skip
    office.members[member.username] = member
    if row.get("own_unit"):
        for code in codes:
            office.officers.setdefault(units[code].pk, member)


def _furnish(office: Office, at: datetime) -> None:
    """Standard answers, and views that colleagues share."""
    writer = office.members["qian"].actor()
    for row in table("office")["template"]:
        saved.save_template(**row, active=True, by=writer, at=at)
    for row in table("office")["view"]:
        owner = office.members[row["member"]].actor()
        saved.save_view(name=row["name"], query=row["query"], shared=row.get("shared", True), by=owner, at=at)
