"""Importing a register of homes: what is new is added, what differs is changed, nothing is removed.

Importing the same table again changes nothing. A dry run does all but write. A row that is wrong is left out and
told with its number; the others are imported. Areas are summed and compared with every sum that the table states.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chenyue.core import ids, tables
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.places.models import Place
from chenyue.places.queries import gazetteer
from chenyue.places.reading import entrance_key
from chenyue.timeline.actions import Draft, record_many
from chenyue.works import acts, areas
from chenyue.works.models import Owner, Ownership, Project, RegisteredHome
from chenyue.works.register import rows
from chenyue.works.register.owners import Owners, find_doubts
from chenyue.works.register.rows import COLUMNS, Sum, Wanted, Wrong, building_key
from chenyue.works.site import permits

BATCH = 500
SHOWN = 200  # good rows in the preview
FIELDS = ("area", "area_source", "status", "floor", "line", "use", "rented")
Key = tuple[int, str, str]  # building, entrance, room


@dataclass
class RegisterReport(tables.ImportReport):
    """What became of a register. `created`, `updated` and `unchanged` count homes; areas are in 0.01 m².

    `remarks` are sentences about what isn't wrong in one row but should be looked at: sums that don't add up, homes
    that the table leaves out, owners of several homes.
    """

    homes: int = 0
    area: int = 0
    stated: int = 0  # the stated total; 0: none
    owners: int = 0
    unknown: int = 0  # homes without an owner
    doubtful: int = 0  # new doubtful pairs; only after a real import
    absent: int = 0  # homes of the register that the table doesn't have
    remarks: list[str] = field(default_factory=list)

    @property
    def difference(self) -> int:
        """How far the homes' areas miss the stated total (0.01 m²)."""
        return self.area - self.stated if self.stated else 0


def import_register(
    *, estate: Place, file_bytes: bytes, filename: str = "", by: Actor, at: datetime, dry_run: bool = False,
    sheet: str | None = None, stated: int = 0,
) -> RegisterReport:  # fmt: skip
    """Import a table in the columns of `rows.COLUMNS`, in any format that `core.tables` reads.

    `stated`: the estate's whole area in 0.01 m², as the file's cover says, to compare with. Raises NotAllowed, and
    Refusal for what is no such table.
    """
    permits.only(permits.manages(by))
    table = tables.read_table(file_bytes, filename, expected=COLUMNS, sheet=sheet)
    for column in ("building", "room", "area"):
        if column not in table.header:
            raise Refusal(_("The column “%(column)s” is missing.") % {"column": COLUMNS[column][0]}, code="no_column")
    with transaction.atomic():
        one_at_a_time()
        reading = _Reading(estate, table, stated, at)
        reading.read()
        report = reading.report
        if report.errors:
            report.error_sheet = tables.error_sheet(table, report.errors)
        if not dry_run:
            reading.save()
            report.doubtful = find_doubts(estate.pk)
            _record(estate, report, by, at)
    return report


def one_at_a_time() -> None:
    """Wait for whoever changes owners now: the same new owner in two tables must become one row."""
    ids.next_value("works.register")


def _record(estate: Place, report: RegisterReport, by: Actor, at: datetime) -> None:
    data = {"created": report.created, "updated": report.updated, "errors": len({e.row for e in report.errors})}
    numbers = Project.objects.filter(estates=estate).exclude(state__in=acts.ENDED).order_by("pk")
    subjects = [f"register:{estate.pk}", *(f"project:{n}" for n in numbers.values_list("number", flat=True))]
    record_many([Draft(subject, "works.register_imported", data) for subject in subjects], by=by, at=at)


class _Reading:
    """A table, row by row, against the register as it is."""

    def __init__(self, estate: Place, table: tables.Sheet, stated: int, at: datetime) -> None:
        self.estate, self.table, self.at = estate, table, at
        self.report = RegisterReport(stated=stated)
        self.sums: list[Sum] = []
        self.seen: dict[Key, Wanted] = {}
        self.homes: dict[Key, RegisteredHome] = {}
        self.states: dict[Key, str] = {}
        self.owned: dict[Key, list[Owner]] = {}
        self.places = _Buildings(estate.pk)
        held = RegisteredHome.objects.filter(estate=estate)
        self.stored: dict[Key, RegisteredHome] = {(h.building_id, h.entrance, h.room): h for h in held}

    def read(self) -> None:
        """Everything but writing."""
        wanted = []
        for row in self.table.rows:
            try:
                found = rows.read(row)
            except Wrong as wrong:
                self._wrong(row.number, wrong)
                continue
            if isinstance(found, Sum):
                self.sums.append(found)
            else:
                wanted.append(found)
        told = [owner for one in wanted for owner in one.owners]
        self.people = Owners(self.estate.pk, told, self.at)
        for one in wanted:
            try:
                self._take(one)
            except Wrong as wrong:
                self._wrong(one.number, wrong)
        self._compare_owners()
        self._sum_up()

    def _wrong(self, number: int, wrong: Wrong) -> None:
        column = self.table.written.get(wrong.column, wrong.column)
        self.report.errors.append(tables.RowError(number, column, wrong.sentence))

    def _take(self, one: Wanted) -> None:
        building = self.places.building(one.building)
        one.entrance = self.places.entrance(building, one.entrance)
        key = building, one.entrance, one.room
        first = self.seen.get(key)
        if first is not None:
            self._another(key, first, one)
            return
        one.line = one.line or rows.default_line(one.entrance, one.room)
        stored = self.stored.get(key)
        owners = [self.people.find(told, stored.pk if stored else None, one.number) for told in one.owners]
        home = stored or RegisteredHome(
            estate=self.estate, building_id=building, entrance=one.entrance, room=one.room, made_at=self.at
        )
        given = {name: getattr(one, name) for name in FIELDS}
        state = "new" if stored is None else "same"
        if stored is not None and (not stored.active or any(getattr(stored, n) != v for n, v in given.items())):
            state = "changed"
        for name, value in given.items():
            setattr(home, name, value)
        home.active = True
        self.seen[key], self.homes[key], self.states[key], self.owned[key] = one, home, state, owners

    def _another(self, key: Key, first: Wanted, one: Wanted) -> None:
        """A second row about a home: another co-owner of it, or a mistake."""
        if one.area != first.area:
            raise Wrong(
                "area",
                _("Row %(row)d is about the same home, with another area (%(area)s m²).")
                % {"row": first.number, "area": areas.words(first.area)},
            )
        known = {(o.name_index, o.id_index) for o in first.owners}
        if not one.owners or not first.owners or any((o.name_index, o.id_index) in known for o in one.owners):
            raise Wrong("room", _("Row %(row)d is about the same home.") % {"row": first.number})
        stored = self.stored.get(key)
        self.owned[key] += [self.people.find(told, stored.pk if stored else None, one.number) for told in one.owners]
        first.owners += one.owners

    def _compare_owners(self) -> None:
        """A home whose owners differ is changed; known when all its rows are read."""
        for key, owners in self.owned.items():
            stored = self.stored.get(key)
            if stored is None or not owners:
                continue
            if {id(owner) for owner in owners} != {id(owner) for owner in self.people.of_home[stored.pk]}:
                self.states[key] = "changed"

    def _sum_up(self) -> None:
        report = self.report
        report.homes, report.area = len(self.homes), sum(home.area for home in self.homes.values())
        report.created = sum(state == "new" for state in self.states.values())
        report.updated = sum(state == "changed" for state in self.states.values())
        report.unchanged = report.homes - report.created - report.updated
        report.owners = len({id(o) for owners in self.owned.values() for o in owners})
        report.unknown = sum(not owners and not self._known(key) for key, owners in self.owned.items())
        report.absent = sum(key not in self.homes and home.active for key, home in self.stored.items())
        for key, home in list(self.homes.items())[:SHOWN]:
            one = self.seen[key]
            report.preview.append(
                {"row": one.number, "door": f"{one.building} {home.door}", "area": areas.words(home.area),
                 "owners": len(self.owned[key]), "state": self.states[key]}
            )  # fmt: skip
        report.remarks += self._remarks()

    def _known(self, key: Key) -> bool:
        """Whether the register knows an owner of this home already."""
        return key in self.stored and bool(self.people.of_home.get(self.stored[key].pk))

    def _remarks(self) -> Iterable[str]:
        """What should be looked at, though no single row is wrong."""
        report = self.report
        totals = [s for s in self.sums if not s.building]
        if totals and not report.stated:
            report.stated = totals[-1].area
        if report.difference:
            yield _(
                "The areas don't add up: the homes have %(sum)s m² together, the stated total is %(stated)s m²"
                " (%(difference)s m² apart)."
            ) % {
                "sum": areas.words(report.area),
                "stated": areas.words(report.stated),
                "difference": areas.words(abs(report.difference)),
            }
        yield from self._subtotals()
        several = sorted((n for n in self._held().values() if n > 1), reverse=True)
        if several:
            yield ngettext(
                "%(n)d owner has several homes (%(most)d at most) and counts as one head.",
                "%(n)d owners have several homes (%(most)d at most), and each counts as one head.",
                len(several),
            ) % {"n": len(several), "most": several[0]}
        if report.unknown:
            yield ngettext(
                "%(n)d home has no owner yet: it counts as one head by itself.",
                "%(n)d homes have no owner yet: each counts as one head by itself.",
                report.unknown,
            ) % {"n": report.unknown}
        if report.absent:
            yield ngettext(
                "%(n)d home of the register isn't in this table. It stays; retire it by hand if it is gone.",
                "%(n)d homes of the register aren't in this table. They stay; retire them by hand if they are gone.",
                report.absent,
            ) % {"n": report.absent}

    def _held(self) -> dict[int, int]:
        counts: dict[int, int] = defaultdict(int)
        for owners in self.owned.values():
            for owner in owners:
                counts[id(owner)] += 1
        return counts

    def _subtotals(self) -> Iterable[str]:
        by_building: dict[str, int] = defaultdict(int)
        for key, home in self.homes.items():
            by_building[building_key(self.seen[key].building)] += home.area
        for stated in self.sums:
            found = by_building.get(building_key(stated.building), 0) if stated.building else stated.area
            if found != stated.area:
                yield _("%(building)s: the homes have %(sum)s m² together, row %(row)d states %(stated)s m².") % {
                    "building": stated.building,
                    "sum": areas.words(found),
                    "row": stated.number,
                    "stated": areas.words(stated.area),
                }

    def save(self) -> None:
        """Write homes, owners and who owns what; a few statements for each five hundred."""
        fresh = [home for key, home in self.homes.items() if self.states[key] == "new"]
        for home in fresh:
            home.code = ids.receipt_code()
        RegisteredHome.objects.bulk_create(fresh, batch_size=BATCH)
        changed = [home for key, home in self.homes.items() if self.states[key] == "changed"]
        RegisteredHome.objects.bulk_update(changed, [*FIELDS, "active"], batch_size=BATCH)
        self.people.save([owner for owners in self.owned.values() for owner in owners])
        self._own()

    def _own(self) -> None:
        today = acts.local_day(self.at)
        begun: list[Ownership] = []
        ended: list[int] = []
        for key, owners in self.owned.items():
            if not owners:
                continue  # the table says nothing about owners: those that are known stay
            home = self.homes[key]
            before = {owner.pk for owner in self.people.of_home.get(home.pk, ())}
            now = {owner.pk for owner in owners}
            begun += [Ownership(home=home, owner_id=pk, since=today if before else None) for pk in sorted(now - before)]
            if before - now:
                gone = Ownership.objects.filter(home=home, owner__in=before - now, until=None)
                ended += gone.values_list("pk", flat=True)
        for n in range(0, len(ended), BATCH):
            Ownership.objects.filter(pk__in=ended[n : n + BATCH]).update(until=today)
        Ownership.objects.bulk_create(begun, batch_size=BATCH)


class _Buildings:
    """The buildings of an estate and their entrances, by any spelling."""

    def __init__(self, estate_id: int) -> None:
        known = gazetteer()
        self.ids: dict[str, int] = {}
        for place in known.buildings_of(estate_id):
            for name in (place.name, place.full_name, *place.aliases):
                self.ids.setdefault(name, place.id)
            self.ids.setdefault(building_key(place.name), place.id)
        self.doors: dict[int, dict[str, str]] = {
            pk: {key: known.places[door].name for key, door in known.entrances.get(pk, {}).items()}
            for pk in self.ids.values()
        }

    def building(self, written: str) -> int:
        """The building that is meant; raises `Wrong` for one that the estate doesn't have."""
        found = self.ids.get(written) or self.ids.get(building_key(written))
        if found is None:
            raise Wrong("building", _("The estate has no building “%(name)s”.") % {"name": written[:20]})
        return found

    def entrance(self, building: int, written: str) -> str:
        """The entrance's own name; raises `Wrong` for one that the building doesn't have."""
        doors = self.doors.get(building, {})
        if not written:
            if len(doors) > 1:
                raise Wrong("entrance", _("This building has several entrances: write which."))
            return next(iter(doors.values()), "")
        key = entrance_key(written)
        if doors and key not in doors:
            raise Wrong("entrance", _("This building has no entrance “%(name)s”.") % {"name": written[:20]})
        return doors.get(key) or (f"{key}单元" if key.isdigit() else written[:20])
