"""The settlement of a month as Word, PDF and workbook. Booking numbers only: no name of a resident stands in it.

`SAMPLE` is the contract of the data: every key, in this shape, put into words. An office may replace the Word template.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.core import office, papers, sheets, word_templates
from chenyue.people.models import Member
from chenyue.volunteering import settling
from chenyue.volunteering.amounts import credits_words, yuan
from chenyue.volunteering.models import Booking, Settlement

CODE = "volunteering.settlement"
DATA = Path(__file__).parent / "data"
SAMPLE: dict[str, Any] = {
    "office": "晨光街道办事处",
    "number": "CG-2026-001",
    "title": "中医推拿服务采购",
    "supplier": "晨光中医诊所",
    "licence": "中医诊所备案证 2026-018",
    "month": "2026年11月",
    "state": "双方已核对",
    "lines": [
        {"name": "中医推拿", "price": "60.00", "attended": "42", "missed": "1", "sum": "2,550.00"},
        {"name": "艾灸", "price": "45.00", "attended": "10", "missed": "0", "sum": "450.00"},
    ],
    "corrections": [{"number": "B2026-000017", "name": "中医推拿", "was": "60.00", "is": "0.00", "sum": "-60.00"}],
    "carried": "",
    "total": "2,940.00",
    "claimed": "3,000.00",
    "invoice": "发票 26112200013",
    "differences": [{"what": "合计", "ours": "2,940.00", "theirs": "3,000.00"}],
    "words": "一次重复计入，供应商已确认。",
    "unsigned": "2",
    "budget": "100,000.00",
    "left": "61,420.00",
    "made_by": "何志",
    "made_on": "2026年12月2日",
    "agreed_by": "赵卫东",
    "agreed_on": "2026年12月3日",
    "paid_on": "",
}


def day_words(moment: Any) -> str:
    """A day on paper: `2026年12月2日`; empty for none."""
    if moment is None:
        return ""
    day = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    return f"{day.year}年{day.month}月{day.day}日"


def data_of(row: Settlement) -> dict[str, Any]:
    """What the paper says of a settlement."""
    contract, supplier = row.contract, row.contract.supplier
    words = [one["what"] for one in row.differences if one["kind"] == "words"]
    return {
        "office": office.get("name"), "number": contract.number, "title": contract.title, "supplier": supplier.name,
        "licence": supplier.licence, "month": f"{row.month.year}年{row.month.month}月",
        "state": str(row.get_state_display()), "lines": [_line(one) for one in row.lines if one["kind"] == "service"],
        "corrections": [_correction(one) for one in row.lines if one["kind"] == "correction"],
        "carried": "".join(yuan(one["fen"]) for one in row.lines if one["kind"] == "carried"),
        "total": yuan(row.total), "claimed": "" if row.claimed is None else yuan(row.claimed), "invoice": row.invoice,
        "differences": [difference(one) for one in row.differences if one["kind"] != "words"],
        "words": "；".join(words), "unsigned": str(settling.unsigned(contract, row.month).count()),
        "budget": yuan(contract.budget), "left": yuan(contract.budget - contract.owed),
        "made_by": _name(row.made_by), "made_on": day_words(row.made_at), "agreed_by": _name(row.agreed_by),
        "agreed_on": day_words(row.agreed_at), "paid_on": day_words(row.paid_on),
    }  # fmt: skip


def _line(one: Mapping[str, Any]) -> dict[str, str]:
    counts = {"attended": str(one["attended"]), "missed": str(one["missed"])}
    return {"name": one["name"], "price": yuan(one["price"]), "sum": yuan(one["fen"])} | counts


def _correction(one: Mapping[str, Any]) -> dict[str, str]:
    found = {"number": one["number"], "name": one["name"], "was": yuan(one["was"]), "is": yuan(one["is"])}
    return found | {"sum": yuan(one["fen"])}


def difference(one: Mapping[str, Any]) -> dict[str, str]:
    """A difference from the invoice in words: what, ours, theirs."""
    if one["kind"] == "sum":
        return {"what": _("Sum in yuan"), "ours": yuan(one["ours"]), "theirs": yuan(one["theirs"])}
    return {
        "what": _("%(name)s, how many") % {"name": one["what"]},
        "ours": str(one["ours"]),
        "theirs": str(one["theirs"]),
    }


def _name(member: Member | None) -> str:
    return member.name if member else ""


def pdf(data: Mapping[str, Any], at: datetime) -> papers.Paper:
    """The settlement as PDF."""
    return papers.pdf(DATA / "settlement.typ", data, at=at)


def word(data: Mapping[str, Any]) -> papers.Paper:
    """The settlement as Word, from the office's own template if it has one. Raises Refusal."""
    return word_templates.fill(CODE, data)


def bookings_of(row: Settlement) -> list[Booking]:
    """The bookings in a settlement: of an agreed one those it holds, of a draft those it would take in."""
    if row.state in settling.DONE:
        rows = Booking.objects.filter(settlement=row)
    else:
        rows = settling.settleable(row.contract, row.month)
    return list(rows.select_related("slot__service", "signed_by").order_by("slot__starts_at", "pk"))


def workbook(row: Settlement, who: str, at: datetime) -> bytes:
    """Each booking of the month in a line, its corrections, and the sum."""
    header = [
        _("Booking"), _("Service"), _("Time"), _("Voucher read at"), _("Second sign by"), _("Credits"),
        _("State"), _("Yuan"),
    ]  # fmt: skip
    lines: list[list[Any]] = [
        [
            one.number, one.slot.service.name, one.slot.starts_at, one.redeemed_at, _signer(one),
            credits_words(one.credits), str(one.get_state_display()), yuan(one.owed),
        ]
        for one in bookings_of(row)
    ]  # fmt: skip
    blank = [""] * 4
    for one in row.lines:
        if one["kind"] == "correction":
            lines.append([one["number"], one["name"], *blank, _("Correction"), yuan(one["fen"])])
        elif one["kind"] == "carried":
            lines.append(["", "", *blank, _("Carried on"), yuan(one["fen"])])
    lines.append(["", "", *blank, _("To be paid"), yuan(row.total)])
    purpose = f"{row.contract.number} {row.month:%Y-%m}"
    return sheets.write_xlsx(header, lines, _("Settlement"), cover=sheets.Cover(who, at, purpose))


def _signer(row: Booking) -> str:
    if row.signed_at is None:
        return ""
    return row.signed_by.name if row.signed_by else _("the person themselves")


word_templates.register(CODE, gettext_lazy("Settlement with a supplier"), DATA / "settlement.docx", lambda: SAMPLE)
