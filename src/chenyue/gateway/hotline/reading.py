"""What one row of a hotline's table says. Pure: nothing is looked up, nothing is kept."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from chenyue.core import tables, text
from chenyue.core.errors import Refusal
from chenyue.core.tables import Row
from chenyue.gateway.hotline.columns import FIELDS
from chenyue.gateway.rows import LONGEST_TITLE, WrongRow

YES = frozenset({"1", "是", "有", "y", "yes", "true", "匿名", "保密", "需保密"})
URGENT = frozenset({"紧急", "特急", "加急"})  # 次紧急 is the hotline's second step, not ours
NOTED = ("kind", "category", "urgency", "channel", "dispatched", "due", "unit", "status", "repeat_of", "phone")
_PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1\d{10}|0\d{2,3}-?\d{7,8}|\d{7,8})(?!\d)")
_NUMBER = re.compile(r"[\w\-/.#()（）\[\]【】〔〕]{1,50}")
AHEAD = timedelta(days=1)  # a sheet's clock may be wrong; a year is a slip of the pen


@dataclass(frozen=True)
class Order:
    """A work order as the hotline tells it. `noted` is what a person reads beside it, by the words of its heading."""

    number: str
    words: str
    title: str = ""
    received_at: datetime | None = None
    name: str = ""
    phone: str = ""
    confidential: bool = False
    category: str = ""
    category_code: str = ""
    place: str = ""
    urgent: bool = False
    due_at: datetime | None = None
    answer: str = ""
    answered_at: datetime | None = None
    noted: dict[str, str] = field(default_factory=dict)


def read(row: Row, written: Mapping[str, str], at: datetime) -> Order:
    """Read a row whose columns are called by our fields; raises WrongRow at the heading in the file."""
    if row.problem:
        raise WrongRow(row.problem)
    cells = {name: text.clean(row[name]) for name in FIELDS if name in written}
    number = _number(cells.get("number", ""), written)
    words, title = cells.get("words", ""), cells.get("title", "")
    if not words and not title:
        raise WrongRow(_("This order says nothing: neither words nor a headline."), field=written.get("words", ""))
    if title and (len(title) > LONGEST_TITLE or not words):
        words = f"{title}\n{words}".strip()  # what doesn't fit into a headline is kept
    received = _moment(cells, written, "received") or _if_it_can_be_read(cells, written, "dispatched")
    if received and received > at + AHEAD:
        raise WrongRow(_("This date is in the future. Check it."), field=written.get("received", ""))
    answer = cells.get("answer", "")
    answered = _moment(cells, written, "answered") if answer else None
    if answered and received and answered < received:
        raise WrongRow(_("This answer is older than the words it answers."), field=written["answered"])
    anonymous = yes(cells.get("anonymous", ""))
    phone = _phone(cells.get("phone", ""))
    return Order(
        number=number,
        words=words,
        title=title[:LONGEST_TITLE],
        received_at=received,
        name="" if anonymous else cells.get("name", "")[:40],
        phone="" if anonymous else phone,
        confidential=yes(cells.get("confidential", "")),
        category=re.split(r"->|→|/|＞|>|—", cells.get("category", ""))[-1].strip(),
        category_code=cells.get("category_code", ""),
        place=" ".join(dict.fromkeys(filter(None, (cells.get(name, "") for name in ("area", "community", "place"))))),
        urgent=cells.get("urgency", "") in URGENT,
        due_at=_if_it_can_be_read(cells, written, "due"),
        answer=answer if answered else "",
        answered_at=answered,
        noted=_noted(cells, written, phone, anonymous),
    )


def yes(cell: str) -> bool:
    """Whether a cell means yes."""
    return unicodedata.normalize("NFKC", cell).strip().lower() in YES


def _number(cell: str, written: Mapping[str, str]) -> str:
    number = unicodedata.normalize("NFKC", cell).replace(" ", "")
    if not number:
        raise WrongRow(_("This order has no number: it could not be known again."), field=written.get("number", ""))
    if re.fullmatch(r"\d(\.\d+)?[eE]\+?\d+", number):
        raise WrongRow(
            _("This number was rounded by the spreadsheet. Set the column to text and export it again."),
            field=written.get("number", ""),
        )
    if not _NUMBER.fullmatch(number):
        raise WrongRow(_("“%(text)s” is no work-order number.") % {"text": cell[:40]}, field=written.get("number", ""))
    return number


def _phone(cell: str) -> str:
    """The first number that can be called; a masked one (138****0001) is none."""
    found = _PHONE.search(unicodedata.normalize("NFKC", cell))
    return found[1] if found else ""


def _moment(cells: Mapping[str, str], written: Mapping[str, str], name: str) -> datetime | None:
    if not cells.get(name):
        return None
    try:
        return tables.moment(cells[name])
    except Refusal as refusal:
        raise WrongRow(refusal.sentence, field=written[name]) from refusal


def _if_it_can_be_read(cells: Mapping[str, str], written: Mapping[str, str], name: str) -> datetime | None:
    """A moment that isn't needed: a deadline may be a span in words (5个工作日), which stays in the note."""
    try:
        return _moment(cells, written, name)
    except WrongRow:
        return None


def _noted(cells: Mapping[str, str], written: Mapping[str, str], phone: str, anonymous: bool) -> dict[str, str]:
    found = {written[name]: cells[name] for name in NOTED if cells.get(name) and name != "phone"}
    if cells.get("phone") and not phone and not anonymous:
        found[written["phone"]] = cells["phone"]  # such as 138****0001: nobody can call it, but it tells two apart
    return found
