"""Taking over a table of appeals: each row through the door that the portal uses, once and resumably."""

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chenyue.cases.actions import Filed, ReporterData, file_appeal, move
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Appeal, Case, Result
from chenyue.catalogue.models import Urgency
from chenyue.catalogue.queries import catalogue
from chenyue.catalogue.routing import centre
from chenyue.core import tables
from chenyue.core.actors import SYSTEM
from chenyue.core.errors import Refusal
from chenyue.core.tables import Row, RowError, Sheet
from chenyue.core.text import clean
from chenyue.followup.actions import leave_out_history
from chenyue.gateway import rows
from chenyue.notify.actions import quietly
from chenyue.timeline.actions import record
from chenyue.timeline.models import VisibleTo

LOOKED_UP = 500  # numbers in one question


@dataclass
class Report:
    """What came of a table so far. `seconds` is the time spent on rows that were not known already."""

    whole: int = 0  # rows to go through
    done: int = 0
    filed: int = 0
    answered: int = 0  # of the filed ones, those that came with their answer
    known: int = 0
    without_time: int = 0
    history: int = 0  # filed and not answered, but too long ago for a promise
    seconds: float = 0.0
    slowest: float = 0.0
    slowest_row: int = 0
    categories: Counter[str] = field(default_factory=Counter)
    urgencies: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)  # whether a place was found
    errors: list[RowError] = field(default_factory=list)

    def took(self, number: int, seconds: float) -> None:
        """Count the time of a row."""
        self.seconds += seconds
        if seconds > self.slowest:
            self.slowest, self.slowest_row = seconds, number

    def count(self, filed: Filed, told: rows.Told) -> None:
        """Count an appeal that was filed, and what was read from it."""
        case = filed.case
        guess = catalogue().by_id.get(case.category_id or 0)
        self.filed += 1
        self.answered += bool(told.answer)
        self.history += not told.answer and case.triage_due_at is None
        self.without_time += told.received_at is None
        self.categories[guess.name if guess else ""] += 1
        self.urgencies[case.urgency] += 1
        self.places["found" if case.place_id else ""] += 1


@dataclass
class Filing:
    """One table on its way in. `run` may be cut off at any moment and begun again: what is filed stays filed."""

    data: bytes
    filename: str
    columns: Mapping[str, str]  # field → column, see `rows.mapping`
    channel: str
    at: datetime  # the moment of the import
    limit: int | None = None
    dry_run: bool = False
    report: Report = field(default_factory=Report)

    def __post_init__(self) -> None:
        """Read the table; refuses what is none, and columns that aren't there."""
        self.sheet: Sheet = tables.read_table(self.data, self.filename, expected=sorted(set(self.columns.values())))
        rows.check(self.columns, self.sheet)
        self.digest = hashlib.sha256(self.data).hexdigest()
        self.rows = self.sheet.rows[: self.limit]
        self.report.whole = len(self.rows)

    def run(self, tell: Callable[[Report], None] = lambda report: None) -> Report:
        """File the rows in their order; `tell` hears of the progress after each."""
        for start in range(0, len(self.rows), LOOKED_UP):
            some = self.rows[start : start + LOOKED_UP]
            known = self._known(some)
            for row in some:
                self._take(row, known)
                self.report.done += 1
                tell(self.report)
        return self.report

    def error_sheet(self) -> bytes:
        """The refused rows as a workbook, with the reasons beside them."""
        return tables.error_sheet(self.sheet, self.report.errors)

    def _take(self, row: Row, known: set[str]) -> None:
        number = self._number(row)
        if number in known:
            self.report.known += 1
            return
        began = time.perf_counter()
        try:
            told = rows.told(row, self.columns)
            filed = self._file(told, number, row.number)
        except Refusal as refusal:
            column = refusal.field if isinstance(refusal, rows.WrongRow) else self._column(refusal.field)
            self.report.errors.append(RowError(row.number, column or "", refusal.sentence))
        else:
            known.add(number)
            if filed.known:
                self.report.known += 1
            else:
                self.report.count(filed, told)
        self.report.took(row.number, time.perf_counter() - began)

    def _file(self, told: rows.Told, number: str, row: int) -> Filed:
        with transaction.atomic():
            filed = self._answered(told, number) if told.answered_at else self._open(told, number)
            if not filed.known:
                self._say_whence(filed.case, row)
            if self.dry_run:
                transaction.set_rollback(True)
        return filed

    def _say_whence(self, case: Case, row: int) -> None:
        """Say in the history when and from where it came: its other entries may be dated earlier."""
        data, seen = {"file": self.filename[:80], "row": row}, VisibleTo.UNIT
        record(subject=case.subject, verb="gateway.taken_over", by=SYSTEM, at=self.at, data=data, visible_to=seen)

    def _open(self, told: rows.Told, number: str) -> Filed:
        """Words that nobody has answered yet: filed now, received when the row says."""
        return self._through_the_door(told, number, self.at, told.received_at or self.at)

    def _answered(self, told: rows.Told, number: str) -> Filed:
        """History: everything at its own time, and nobody is told now.

        The table doesn't say who did what when: it is handed over when it came, to whom today's catalogue
        names, without assists, hurry or promises, and accepted with the answer at the latest. The rule closes it at
        once, as there is nobody to ask.
        """
        at = told.answered_at or self.at
        if at > self.at:
            raise Refusal(_("This date is in the future. Check it."), field="answered")
        with quietly():
            received = told.received_at or at
            filed = self._through_the_door(told, number, received, received, urgency=Urgency.NORMAL.value)
            if not filed.known:
                live_through(filed.case, told.answer, received, at)
        return filed

    def _through_the_door(
        self, told: rows.Told, number: str, at: datetime, received: datetime, urgency: str | None = None
    ) -> Filed:
        return file_appeal(
            words=told.words,
            title=told.title,
            channel=self.channel,
            by=SYSTEM,
            at=at,
            received_at=received,
            place_told=told.place,
            reporter=ReporterData(nickname=told.reporter),
            external_number=number,
            urgency=urgency,
        )

    def _number(self, row: Row) -> str:
        """The number there, else the file's fingerprint and the row: by it a row is known again."""
        given = clean(row[self.columns["number"]])[:60] if "number" in self.columns else ""
        return given or f"{self.digest[:8]}-{row.number}"

    def _known(self, some: list[Row]) -> set[str]:
        numbers = [self._number(row) for row in some]
        same = Appeal.objects.filter(channel=self.channel, external_number__in=numbers)
        return set(same.values_list("external_number", flat=True))

    def _column(self, name: str | None) -> str:
        """The column that a refusal of the door means."""
        means = {"words": "text", "received_at": "time", "told": "answer"}
        return self.columns.get(means.get(name or "", name or ""), "")


def _lead(case: Case) -> int | None:
    """None: whom the catalogue names. What is said about a unit goes to the centre instead."""
    unit = centre(catalogue()) if case.accused_unit_id else None
    return unit.id if unit else None


def live_through(case: Case, answer: str, received: datetime, at: datetime) -> None:
    """Let an answered case live its life through the door, each move at its own time."""
    given: dict[str, Any] = {"lead_id": _lead(case), "assist_ids": [], "promised": False}
    case = move(case=case, move=Move.DISPATCH, by=SYSTEM, at=received, **given)
    case = move(case=case, move=Move.ACCEPT, by=SYSTEM, at=at)
    case = move(case=case, move=Move.ANSWER, by=SYSTEM, at=at, told=answer, result=Result.EXPLAINED.value)
    leave_out_history(case=case, at=at)
    move(case=case, move=Move.CLOSE, by=SYSTEM, at=at)
