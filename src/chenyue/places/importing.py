"""Importing places from a table: what is new is added, what differs is changed, nothing is removed.

Importing the same table again changes nothing. A dry run does all but write. A row that is wrong is
left out and told; the others are imported.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chenyue.core import events, snapshots, tables
from chenyue.core.actors import Actor
from chenyue.core.errors import Sentence
from chenyue.places import planting
from chenyue.places.events import PlacesImported
from chenyue.places.models import Alias, Kind, Place
from chenyue.places.rows import COLUMNS, Wanted, Wrong, read

Key = tuple[int, str, str]  # id() of the parent in memory (0: none), kind, name


@dataclass
class ImportReport(tables.ImportReport):
    """What became of a table of places, and what it says that other packages keep.

    `created` and `updated` count places. `preview` has one line per good row: `row`, `full_name`, and
    `state` (new, changed or same). After a real import `property_units` maps an estate's id to the
    code of its property firm ("" for none), and `stewards` a building's id to its steward's age
    (None if not told); buildings without a steward aren't in it.
    """

    property_units: dict[int, str] = field(default_factory=dict)
    stewards: dict[int, int | None] = field(default_factory=dict)


@transaction.atomic
def import_places(
    file_bytes: bytes, filename: str = "", *, by: Actor, at: datetime, dry_run: bool = False, sheet: str | None = None
) -> ImportReport:
    """Import a table in the columns of `rows.COLUMNS`, in any format that `core.tables` reads."""
    table = tables.read_table(file_bytes, filename, expected=COLUMNS, sheet=sheet)
    report = ImportReport()
    garden = _Garden()
    buildings = {}
    for row in table.rows:
        try:
            wanted = read(row)
            place, state = garden.plant(wanted)
        except Wrong as wrong:
            column = table.written.get(wrong.column, wrong.column)
            report.errors.append(tables.RowError(row.number, column, wrong.sentence))
            continue
        buildings[row.number] = (wanted, place)
        report.preview.append({"row": row.number, "full_name": place.full_name, "state": state})
    report.created, report.updated = len(garden.new), len(garden.changed)
    report.unchanged = sum(line["state"] == "same" for line in report.preview)
    if report.errors:
        report.error_sheet = tables.error_sheet(table, report.errors)
    if not dry_run:
        garden.save()
        _hand_on(report, buildings.values())
        snapshots.bump("places")
        events.emit(PlacesImported(filename, len(table.rows), report.created, report.updated, by, at))
    return report


def template() -> bytes:
    """An empty workbook to fill in, with Chinese headings, lists to pick from and two rows as examples."""
    header = [others[0] for others in COLUMNS.values()]
    samples = (
        {"kind": "楼幢", "community": "示例社区", "community_kind": "社区", "estate": "示例苑", "building": "1幢"}
        | {"building_aliases": "北门那栋", "entrances": "1单元;2单元", "rooms": "1单元/101;2单元/101", "homes": "24"},
        {"kind": "道路", "community": "示例社区", "community_kind": "社区", "estate": "示例路"},
    )
    choices = {"类型": ("楼幢", "道路", "场所"), "社区类型": ("社区", "村"), "有无楼长": ("有", "无")}
    rows = ([sample.get(column, "") for column in COLUMNS] for sample in samples)
    return tables.write_xlsx(header, rows, str(_("Places")), choices=choices)


def _hand_on(report: ImportReport, planted: Iterable[tuple[Wanted, Place]]) -> None:
    for wanted, place in planted:
        if place.kind == Kind.BUILDING:
            report.property_units.setdefault(place.estate_id or 0, wanted.property_unit)
            if wanted.steward:
                report.stewards[place.pk] = wanted.steward_age


class _Garden:
    """The tree of places in memory while a table is read: what is there, what is new, what differs."""

    def __init__(self) -> None:
        self.new: list[Place] = []
        self.changed: dict[int, Place] = {}
        self.aliases: list[Alias] = []
        stored = {p.pk: p for p in Place.objects.order_by("pk")}
        for place in stored.values():  # share one object per place, so that keys can be by identity
            for column in ("parent", "community", "estate", "building"):
                setattr(place, column, stored.get(getattr(place, f"{column}_id")))
        self.there: dict[Key, Place] = {self._key(p.kind, p.name, p.parent): p for p in stored.values()}
        self.called: set[tuple[int, str]] = {
            (id(stored[pk]), text) for pk, text in Alias.objects.values_list("place_id", "text")
        }
        self.estates = {(p.kind, p.name): p for p in stored.values() if p.kind in (Kind.ESTATE, Kind.ROAD, Kind.SPOT)}
        self.rows: dict[tuple[str, ...], int] = {}  # what a row is about → its number

    @staticmethod
    def _key(kind: str, name: str, parent: Place | None) -> Key:
        return id(parent) if parent else 0, str(kind), name

    def plant(self, wanted: Wanted) -> tuple[Place, str]:
        """Take one row in; the place it is about, and whether it is new, changed or the same."""
        before = len(self.new), len(self.changed), len(self.aliases)
        self._refuse_twice(wanted)
        estate_kind = Kind.ESTATE if wanted.kind == Kind.BUILDING else wanted.kind
        self._refuse_elsewhere(estate_kind, wanted)
        community = self._place(Kind.COMMUNITY, wanted.community, None, village=wanted.village)
        details = wanted.details if wanted.kind != Kind.BUILDING else {}
        place = self._place(estate_kind, wanted.estate, community, **details)
        self._call(place, wanted.estate_aliases)
        if wanted.kind == Kind.BUILDING:
            place = self._place(Kind.BUILDING, wanted.building, place, **wanted.details)
            self._call(place, wanted.building_aliases)
        doors = {name: self._place(Kind.ENTRANCE, name, place) for name in wanted.entrances}
        for door, room in wanted.rooms:
            self._place(Kind.HOME, room, doors[door] if door else place)
        if place._state.adding:
            return place, "new"
        return place, "same" if before == (len(self.new), len(self.changed), len(self.aliases)) else "changed"

    def _refuse_elsewhere(self, kind: str, wanted: Wanted) -> None:
        known = self.estates.get((kind, wanted.estate))
        if known and known.parent and known.parent.name != wanted.community:
            told: Sentence = _("%(estate)s already lies in %(community)s.")
            raise Wrong("community", str(told) % {"estate": wanted.estate, "community": known.parent.name})

    def _refuse_twice(self, wanted: Wanted) -> None:
        about = (wanted.kind, wanted.community, wanted.estate, wanted.building)
        first = self.rows.setdefault(about, wanted.number)
        if first != wanted.number:
            raise Wrong("building" if wanted.building else "estate", _("Row %d is about the same place.") % first)

    def _place(self, kind: str, name: str, parent: Place | None, **details: Any) -> Place:
        key = self._key(kind, name, parent)
        place = self.there.get(key)
        if place is None:
            place = planting.derive(Place(kind=kind, name=name, **details), parent)
            self.there[key] = place
            self.new.append(place)
            if kind in (Kind.ESTATE, Kind.ROAD, Kind.SPOT):
                self.estates[str(kind), name] = place
        elif not place._state.adding:
            told = {column: value for column, value in details.items() if value not in (None, 0, False)}
            if any(getattr(place, column) != value for column, value in told.items()):
                for column, value in told.items():
                    setattr(place, column, value)
                self.changed[id(place)] = place
        return place

    def _call(self, place: Place, aliases: Iterable[str]) -> None:
        for text in aliases:
            if (id(place), text) not in self.called:
                self.called.add((id(place), text))
                self.aliases.append(Alias(place=place, text=text))

    def save(self) -> None:
        """Write what is new and what differs, in a few statements whatever the size."""
        planting.insert(self.new)
        columns = ["homes", "built_year", "latitude", "longitude", "village"]
        Place.objects.bulk_update(self.changed.values(), columns, batch_size=500)
        Alias.objects.bulk_create(self.aliases, batch_size=500)
