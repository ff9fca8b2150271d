"""Rows of somebody else's table as appeals: which column means what, and what a row says. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from chenyue.core import tables, text
from chenyue.core.errors import Refusal
from chenyue.core.tables import Row, Sheet

TOLD = ("title", "text", "time", "reporter", "number", "place")
ANSWERED = ("answer", "answered")
LONGEST_TITLE = 120


@dataclass(frozen=True)
class Told:
    """What one row says. `received_at` is None where the row has no time; `answer` is "" where it has none."""

    words: str
    title: str = ""
    received_at: datetime | None = None
    reporter: str = ""
    number: str = ""
    place: str = ""
    answer: str = ""
    answered_at: datetime | None = None


class WrongRow(Refusal):
    """A row that can't be an appeal; `field` is the heading of its wrong cell."""


def mapping(written: str, fields: tuple[str, ...]) -> dict[str, str]:
    """Read `title=headline,text=body`: field → column. Refuses what isn't written so, and unknown fields."""
    found: dict[str, str] = {}
    for part in filter(None, (piece.strip() for piece in written.split(","))):
        name, equals, column = (piece.strip() for piece in part.partition("="))
        if not equals or not column or name not in fields:
            raise Refusal(
                _("“%(part)s” isn't understood. Write field=column with one of these fields: %(fields)s.")
                % {"part": part, "fields": ", ".join(fields)},
                code="map",
            )
        found[name] = column
    return found


def check(columns: Mapping[str, str], sheet: Sheet) -> None:
    """Refuse a mapping without words or answers' times, and one that names columns that aren't there."""
    if "text" not in columns:
        raise Refusal(_("Say which column holds the words, such as text=content."), code="map")
    if ("answer" in columns) != ("answered" in columns):
        raise Refusal(_("Answers need their time: name both columns, answer=… and answered=…."), code="map")
    missing = [column for column in columns.values() if column not in sheet.header]
    if missing:
        raise Refusal(
            _("The table has no column “%(missing)s”. It has: %(columns)s.")
            % {"missing": "”, “".join(missing), "columns": ", ".join(sheet.header)},
            code="map",
        )


def told(row: Row, columns: Mapping[str, str]) -> Told:
    """What a row says; raises WrongRow if it can't be read or contradicts itself."""
    if row.problem:
        raise WrongRow(row.problem)
    cells = {name: text.clean(row[column]) for name, column in columns.items()}
    title, words = cells.get("title", ""), cells["text"]
    if words and len(title) > LONGEST_TITLE:
        words = f"{title}\n{words}"  # what doesn't fit into a title is kept
    answer = cells.get("answer", "")
    return Told(
        words=words,
        title=title,
        received_at=(received := _moment(cells, columns, "time")),
        reporter=cells.get("reporter", ""),
        number=cells.get("number", ""),
        place=cells.get("place", ""),
        answer=answer,
        answered_at=_answered(cells, columns, received) if answer else None,
    )


def _answered(cells: Mapping[str, str], columns: Mapping[str, str], received: datetime | None) -> datetime:
    answered = _moment(cells, columns, "answered")
    if answered is None:
        raise WrongRow(_("This answer has no time. When was it given?"), field=columns["answered"])
    if received and answered < received:
        raise WrongRow(_("This answer is older than the words it answers."), field=columns["answered"])
    return answered


def _moment(cells: Mapping[str, str], columns: Mapping[str, str], name: str) -> datetime | None:
    """A moment on the office's wall clock; None for an empty cell."""
    if not cells.get(name):
        return None
    try:
        return tables.moment(cells[name])
    except Refusal as refusal:
        raise WrongRow(refusal.sentence, field=columns[name]) from refusal
