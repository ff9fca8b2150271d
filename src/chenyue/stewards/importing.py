"""Stewards and facts of buildings from a table: one row a building.

Each row goes through the same doors as the pages, so that it is refused with the same sentences; a row that is
wrong is left out and told, the others hold. A dry run does all of it and takes it back. The same table again changes
nothing. A steward is known by name and telephone number, by the name alone where there is only one.
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.core import tables
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.people import personal
from chenyue.people.models import Member
from chenyue.places.models import Kind, Place
from chenyue.stewards import actions
from chenyue.stewards.forms_core import building_of, words
from chenyue.stewards.lifecycle import StewardKind, StewardState, TermRole
from chenyue.stewards.models import BuildingFacts, Steward, Term
from chenyue.stewards.profiles import OFFICE
from chenyue.stewards.queries import buildings, day_of
from chenyue.timeline.actions import record

COLUMNS: dict[str, tuple[str, ...]] = {
    "building": ("楼幢", "楼栋", "幢", "楼号"),
    "name": ("楼长", "楼长姓名", "姓名"),
    "role": ("角色", "身份"),
    "kind": ("类型", "人员类型"),
    "phone": ("电话", "手机", "联系电话"),
    "birth_year": ("出生年份", "出生年"),
    "dialects": ("方言", "会讲方言"),
    "since": ("任职时间", "起始日期", "任职日期"),
    "account": ("账号", "用户名"),
    "elderly_alone": ("独居老人户", "独居老人"),
    "disabled": ("残疾人户", "残疾人"),
    "tenants": ("租户", "出租户"),
    "dialect": ("多数方言", "楼内方言"),
}
KINDS = {"": "", "居民": StewardKind.RESIDENT.value, "志愿者": StewardKind.RESIDENT.value, "resident": "resident"}
KINDS |= {"工作人员": StewardKind.STAFF.value, "干部": StewardKind.STAFF.value, "staff": StewardKind.STAFF.value}
ROLES = {"": TermRole.MAIN, "楼长": TermRole.MAIN, "main": TermRole.MAIN}
ROLES |= {"副楼长": TermRole.DEPUTY, "deputy": TermRole.DEPUTY}
FACTS = ("elderly_alone", "disabled", "tenants")
BAD_NUMBER = gettext_lazy("“%(text)s” isn't a number from %(least)d to %(most)d.")
COLUMN_OF = {"steward": "name", "member": "account", "until": "since", "homes": "building"}


class _TakenBack(Exception):
    """Ends a dry run: all that was done is undone."""


@dataclass
class _Reader:
    """One table being read: who asks, and which buildings have been told of."""

    by: Actor
    at: datetime
    report: tables.ImportReport = field(default_factory=tables.ImportReport)
    seen: dict[tuple[int, str], int] = field(default_factory=dict)  # building and role → row

    def take(self, row: tables.Row) -> str:
        """Take one row in: new, changed or same."""
        if row.problem:
            raise Refusal(row.problem)
        place = _building(row)
        role = _one_of(row, "role", ROLES)
        first = self.seen.setdefault((place.pk, role), row.number)
        if first != row.number:
            raise Refusal(_("Row %d is about the same building.") % first, field="building")
        states = {self._facts(row, place)}
        if row["name"]:
            steward, state = self._steward(row, place)
            states |= {state, self._term(row, place, steward, role)}
        return "new" if "new" in states else "changed" if "changed" in states else "same"

    def _facts(self, row: tables.Row, place: Place) -> str:
        told: dict[str, Any] = {name: _number(row, name, 0, 9999) for name in FACTS if row[name]}
        told |= {"dialect": row["dialect"][:20]} if row["dialect"] else {}
        known = BuildingFacts.objects.filter(building=place).first() or BuildingFacts(building=place)
        if all(getattr(known, name) == value for name, value in told.items()):
            return "same"
        actions.save_facts(building=place, by=self.by, at=self.at, **told)
        return "changed"

    def _steward(self, row: tables.Row, place: Place) -> tuple[Steward, str]:
        known = _known(row)
        told = _told(row)
        if known is None:
            fresh: dict[str, Any] = {"home": place, "since": day_of(self.at)} | told
            return actions.save_steward(by=self.by, at=self.at, **fresh), "new"
        told = {name: value for name, value in told.items() if name != "since" and getattr(known, name) != value}
        if not told:
            return known, "same"
        return actions.save_steward(steward=known, by=self.by, at=self.at, **told), "changed"

    def _term(self, row: tables.Row, place: Place, steward: Steward, role: str) -> str:
        if Term.objects.filter(building=place, steward=steward, role=role, ended_at=None).exists():
            return "same"
        since = _day(row) or day_of(self.at)
        actions.begin_term(steward=steward, building=place, role=role, since=since, by=self.by, at=self.at)
        return "changed"


def import_stewards(
    content: bytes, filename: str = "", *, by: Actor, at: datetime, dry_run: bool = False
) -> tables.ImportReport:
    """Read a table in the columns of `COLUMNS`. `created` and `updated` count rows; see the top of this file."""
    actions.allowed(by)
    table = tables.read_table(content, filename, expected=COLUMNS)
    reader = _Reader(by, at)
    try:
        with transaction.atomic():
            _read(table, reader)
            if dry_run:
                raise _TakenBack
            told = {"created": reader.report.created, "updated": reader.report.updated}
            record(subject=OFFICE, verb="stewards.imported", by=by, at=at, data=told)
    except _TakenBack:
        pass
    return reader.report


def _read(table: tables.Sheet, reader: _Reader) -> None:
    report = reader.report
    for row in table.rows:
        try:
            with transaction.atomic():
                state = reader.take(row)
        except Refusal as refusal:
            column = COLUMN_OF.get(refusal.field or "", refusal.field or "")
            report.errors.append(tables.RowError(row.number, table.written.get(column, column), str(refusal.sentence)))
            continue
        report.preview.append({"row": row.number, "full_name": row["building"], "state": state})
        report.created += state == "new"
        report.updated += state == "changed"
        report.unchanged += state == "same"
    if report.errors:
        report.error_sheet = tables.error_sheet(table, report.errors)


def _building(row: tables.Row) -> Place:
    if not row["building"]:
        raise Refusal(_("This cell is empty."), field="building")
    try:
        return Place.objects.get(pk=building_of(row["building"]), kind=Kind.BUILDING)
    except ValidationError as error:
        raise Refusal(" ".join(error.messages), field="building") from error


def _known(row: tables.Row) -> Steward | None:
    """The steward that a row means, if written down already."""
    name, phone = personal.name(row["name"])[:40], personal.phone(row["phone"])
    rows = list(Steward.objects.filter(name=name).exclude(state=StewardState.ENDED).order_by("pk"))
    fit = [steward for steward in rows if not phone or steward.phone in ("", phone)]
    exact = [steward for steward in fit if phone and steward.phone == phone]
    found = exact or fit
    if len(found) > 1:
        raise Refusal(_("Several stewards are called so. Add the telephone number."), field="phone")
    return found[0] if found else None


def _told(row: tables.Row) -> dict[str, Any]:
    """What a row says of its steward; empty cells say nothing."""
    told: dict[str, Any] = {"name": personal.name(row["name"])[:40]}
    if kind := _one_of(row, "kind", KINDS):
        told["kind"] = kind
    if row["phone"]:
        told["phone"] = personal.phone(row["phone"])
    if row["birth_year"]:
        told["birth_year"] = _number(row, "birth_year", 1900, 2100)
    if row["dialects"]:
        told["dialects"] = words(row["dialects"])
    if since := _day(row):
        told["since"] = since
    if row["account"]:
        member = Member.objects.filter(username=row["account"].lower(), is_active=True).first()
        if member is None:
            raise Refusal(_("Nobody signs in as “%s”.") % row["account"][:40], field="account")
        told["member"] = member
    return told


def _day(row: tables.Row) -> date | None:
    if not row["since"]:
        return None
    try:
        return tables.moment(row["since"]).date()
    except Refusal as refusal:
        refusal.field = "since"
        raise


def _number(row: tables.Row, column: str, least: int, most: int) -> int:
    plain = row[column].strip().rstrip("户年人")
    if not re.fullmatch(r"[0-9]{1,6}", plain) or not least <= int(plain) <= most:
        raise Refusal(BAD_NUMBER % {"text": row[column][:20], "least": least, "most": most}, field=column)
    return int(plain)


def _one_of(row: tables.Row, column: str, known: dict[str, Any]) -> Any:
    found = known.get(row[column].strip().lower())
    if found is None:
        offered = "、".join(word for word in known if word and not word.isascii())
        told = {"text": row[column][:20], "offered": offered}
        raise Refusal(_("“%(text)s” isn't one of %(offered)s.") % told, field=column)
    return found


def template() -> bytes:
    """A workbook with a row for each building, to be filled in."""
    header = [others[0] for others in COLUMNS.values()]
    rows = [[place.full_name, *[""] * (len(header) - 1)] for place in buildings()]
    choices = {"角色": ("楼长", "副楼长"), "类型": ("居民", "工作人员")}
    return tables.write_xlsx(header, rows, str(_("Stewards")), choices=choices)
