"""Answers back to the hotline: the sender's own columns, filled with what we answered and what residents said."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.cases.models import Answer, Appeal
from chenyue.core import sheets
from chenyue.core.actors import Actor
from chenyue.core.sheets import Cover, write_xlsx
from chenyue.followup.models import Rating
from chenyue.followup.queries import said_of
from chenyue.gateway.hotline.batches import importer
from chenyue.gateway.hotline.columns import BACK, HEADED
from chenyue.gateway.models import HotlineBatch, HotlineItem
from chenyue.timeline.actions import record
from chenyue.timeline.models import VisibleTo

STEP = 500
GRADES = {"satisfied": "满意", "basically": "基本满意", "dissatisfied": "不满意"}  # the hotline reads Chinese


def table(*, batch: HotlineBatch, by: Actor, at: datetime, everything: bool = False) -> bytes:
    """A workbook in the sender's columns; only orders that are answered unless `everything`. Put on the timeline."""
    member = importer(by)
    items = list(_items(batch))
    found = dict(_answers([item.appeal for item in items if item.appeal]))
    rows = [_row(batch, item, found.get(item.appeal_id)) for item in items if everything or item.appeal_id in found]
    data = {"file": batch.filename, "count": len(rows)}
    record(subject=batch.subject, verb="gateway.hotline_answers", by=by, at=at, data=data, visible_to=VisibleTo.OFFICE)
    cover = Cover(member.name, at, _("Answers to %(sender)s") % {"sender": batch.source.name})
    return write_xlsx(_header(batch), rows, _("Answers"), cover=cover)


def _items(batch: HotlineBatch) -> Iterator[HotlineItem]:
    wanted = HotlineItem.objects.filter(batch=batch, appeal__isnull=False).exclude(outcome=HotlineItem.Outcome.UNDONE)
    return wanted.select_related("appeal__case").order_by("row").iterator(STEP)


def _header(batch: HotlineBatch) -> list[str]:
    """The sender's headings in their order; what has no column there stands behind them."""
    return [*batch.headings, *(h for f in BACK if (h := batch.columns.get(f, HEADED[f])) not in batch.headings)]


def _row(batch: HotlineBatch, item: HotlineItem, answer: dict[str, str] | None) -> list[Any]:
    cells: dict[str, str] = json.loads(item.told)
    for name in BACK:
        heading = batch.columns.get(name, HEADED[name])
        if answer and answer[name]:
            cells[heading] = answer[name]
    return [sheets.as_text(cells.get(heading, "")) for heading in _header(batch)]


def _answers(appeals: list[Appeal]) -> Iterator[tuple[int | None, dict[str, str]]]:
    """Appeal → the newest answer that its reporter was told, when, and what they said of it."""
    for start in range(0, len(appeals), STEP):
        some = appeals[start : start + STEP]
        answers = Answer.objects.filter(case_id__in={a.case_id for a in some}).order_by("pk")
        newest = {answer.case_id: answer for answer in answers}
        said = said_of([a.pk for a in some])
        for appeal in some:
            if answer := newest.get(appeal.case_id):
                yield appeal.pk, _told(answer, said.get(appeal.pk))


def _told(answer: Answer, said: Rating | None) -> dict[str, str]:
    """In the hotline's words."""
    return {
        "answer": answer.told,
        "answered": f"{timezone.localtime(answer.at):%Y-%m-%d %H:%M}",
        "solved": ("是" if said.solved else "否") if said else "",
        "satisfied": GRADES[said.grade] if said else "",
    }
