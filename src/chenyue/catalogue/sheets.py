"""The catalogue as a table: import with dry run and error sheet, export that can be imported again.

Columns are those of the starter table, with Chinese headings as offices write them. A row with a known
code changes it, a new code adds it; categories that aren't in the table stay as they are.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chenyue.catalogue.actions import save_category
from chenyue.catalogue.models import Category, Handling, Urgency
from chenyue.catalogue.starter import split
from chenyue.core import tables
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.people.models import Unit

# Column → what else it is called in tables of offices.
COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("编码", "代码", "类别编码", "事项编码"),
    "parent": ("上级", "上级编码", "父级"),
    "name": ("名称", "类别", "类别名称", "事项名称"),
    "handling": ("办理方式", "处置方式"),
    "lead_unit": ("主办", "主办单位", "牵头单位", "责任单位"),
    "assist_units": ("协办", "协办单位", "配合单位"),
    "urgency": ("紧急程度", "缓急"),
    "accept_by": ("签收时限", "受理时限"),
    "contact_by": ("联系时限", "首次联系时限"),
    "resolve_by": ("办结时限", "处置时限"),
    "route_away": ("其他途径", "引导途径"),
    "keywords": ("关键词",),
    "examples": ("示例", "例句", "举例"),
    "hard_stop": ("提交前提示",),
    "private": ("保密",),
    "public": ("可公开",),
    "active": ("启用", "是否启用"),
    "external_code": ("外部编码", "上级平台编码"),
}
HEADINGS = {name: other[0] for name, other in COLUMNS.items()}
_HANDLING = {"即接即办": "direct", "直接办理": "direct", "联合办理": "joint", "联办": "joint"}
_URGENCY = {
    "一般": "normal",
    "普通": "normal",
    "紧急": "urgent",
    "急": "urgent",
    "突发": "emergency",
    "特急": "emergency",
    "应急": "emergency",
}
_NO = frozenset({"0", "否", "no", "n", "false", "停用", "×"})
_FIELD = {"lead": "lead_unit", "assists": "assist_units"}  # field of an action → column


@dataclass
class CatalogueReport(tables.ImportReport):
    """What became of a table. `preview` has one line per good row: row, code, name, state (new, changed, same)."""

    error_sheet: bytes = b""


class _Undo(Exception):
    """Takes a dry run back."""


def import_catalogue(
    data: bytes, filename: str = "", *, by: Actor, at: datetime, dry_run: bool = False
) -> CatalogueReport:
    """Import a table in any format that `core.tables` reads. A wrong row is left out and told, the others count."""
    sheet = tables.read_table(data, filename, expected=COLUMNS)
    report = CatalogueReport()
    try:
        with transaction.atomic():
            for row in sorted(sheet.rows, key=lambda r: bool(r["parent"])):  # groups before their leaves
                _import_row(row, sheet, report, by, at)
            report.errors.sort(key=lambda error: error.row)
            report.preview.sort(key=lambda line: line["row"])
            if dry_run:
                raise _Undo
    except _Undo:
        from chenyue.core import snapshots

        snapshots.forget_all()  # what was read meanwhile never was
    if report.errors:
        report.error_sheet = tables.error_sheet(sheet, report.errors)
    return report


def _import_row(row: tables.Row, sheet: tables.Sheet, report: CatalogueReport, by: Actor, at: datetime) -> None:
    def wrong(column: str, sentence: Any) -> None:
        report.errors.append(tables.RowError(row.number, sheet.written.get(column, column), sentence))

    if row.problem:
        return wrong("", row.problem)
    data = _data(row, set(sheet.header))
    before = Category.objects.filter(code=data["code"]).first()
    if before and _same(before, data):
        report.unchanged += 1
        report.preview.append({"row": row.number, "code": data["code"], "name": before.name, "state": "same"})
        return None
    try:
        with transaction.atomic():
            saved = save_category(data=data, by=by, at=at)
    except Refusal as refusal:
        return wrong(_FIELD.get(refusal.field or "", refusal.field or "code"), refusal.sentence)
    if before:
        report.updated += 1
    else:
        report.created += 1
    state = "changed" if before else "new"
    report.preview.append({"row": row.number, "code": saved.code, "name": saved.name, "state": state})
    return None


def _data(row: tables.Row, header: set[str]) -> dict[str, Any]:
    data: dict[str, Any] = {"code": row["code"].strip()}
    names = {"name", "parent", "route_away", "hard_stop", "external_code", "accept_by", "contact_by", "resolve_by"}
    data |= {name: row[name] for name in names & header}
    if "lead_unit" in header:
        data["lead"] = _unit_code(row["lead_unit"])
    if "assist_units" in header:
        data["assists"] = [
            _unit_code(part) for part in split(row["assist_units"].replace("、", ";").replace("，", ";"))
        ]
    if "handling" in header:
        data["handling"] = _HANDLING.get(row["handling"], row["handling"].lower())
    if "urgency" in header:
        data["urgency"] = _URGENCY.get(row["urgency"], row["urgency"].lower())
    if "keywords" in header:
        data["keywords"] = split(row["keywords"])
    if "examples" in header:
        data["examples"] = split(row["examples"], ";;" if ";;" in row["examples"] else "；；")
    for name in {"private", "public", "active"} & header:
        data[name] = row[name].strip().lower() not in _NO if row[name] else name == "active"
    return data


def _unit_code(cell: str) -> str:
    """A unit by its code or by its name."""
    cell = cell.strip()
    if not cell or Unit.objects.filter(code=cell).exists():
        return cell
    return Unit.objects.filter(name=cell, active=True).values_list("code", flat=True).first() or cell


def _same(category: Category, data: dict[str, Any]) -> bool:
    now = _row(category)
    for name, value in data.items():
        if name in ("handling", "urgency") and not value:
            continue
        if now[name] != value:
            return False
    return True


def _row(category: Category) -> dict[str, Any]:
    assists = Category.assists.through.objects
    plain = ("code", "name", "handling", "urgency", "accept_by", "contact_by", "resolve_by", "route_away", "hard_stop")
    more = ("private", "public", "active", "external_code")
    return {name: getattr(category, name) for name in (*plain, *more)} | {
        "parent": category.parent.code if category.parent else "",
        "lead": category.lead.code if category.lead else "",
        "assists": list(assists.filter(category_id=category.pk).order_by("pk").values_list("unit__code", flat=True)),
        "keywords": list(category.keywords),
        "examples": list(category.examples),
    }


def export_catalogue() -> bytes:
    """All categories as a workbook that can be edited and imported again."""
    yes, no = _now("yes"), _now("no")
    rows = []
    for category in Category.objects.select_related("parent", "lead").order_by("code"):
        now = _row(category)
        now |= {"lead_unit": now["lead"], "assist_units": ";".join(now["assists"])}
        now |= {"keywords": ";".join(now["keywords"]), "examples": ";;".join(now["examples"])}
        now |= {name: yes if now[name] else no for name in ("private", "public", "active")}
        rows.append([now[name] for name in COLUMNS])
    choices = {HEADINGS["handling"]: Handling.values, HEADINGS["urgency"]: Urgency.values}
    return tables.write_xlsx(list(HEADINGS.values()), rows, str(_("Catalogue")), choices=choices)
