"""Exports that take a while: asked for on a page, made by a job, kept for a day in a folder nobody else reads."""

import hashlib
import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from chenyue.core import jobs, ticks
from chenyue.desk import sheets
from chenyue.desk.models import Export
from chenyue.notify.actions import notice
from chenyue.people import masking
from chenyue.people.models import Member
from chenyue.timeline.actions import record
from chenyue.timeline.models import VisibleTo

AT_ONCE = 2_000  # rows; more is a job
LIMIT = 100_000  # rows of one workbook
STEP = 1_000  # rows between two notes of progress
KEPT_FOR = timedelta(days=1)
HOUR = 3600
log = logging.getLogger(__name__)


def path_of(export: Export) -> Path:
    """Where the file of an export lies."""
    folder = Path(settings.HOME) / "exports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{export.pk}.xlsx"


def written_down(member: Member, at: datetime, count: int, what: str) -> None:
    """Who took how much, by which filters: numbers in the words masked, for entries stay for ever."""
    data = {"count": count, "what": masking.mask_words(what)[:300]}
    record(
        subject="office:exports", verb="desk.exported", by=member.actor(), at=at, data=data, visible_to=VisibleTo.OFFICE
    )


@transaction.atomic
def ask(*, member: Member, key: str, query: str, numbers: list[str], what: str, count: int, at: datetime) -> Export:
    """Ask for an export; the same form sent twice asks once. Put on the timeline as it is asked for."""
    asked = hashlib.sha256(json.dumps([key, query, sorted(numbers)]).encode()).hexdigest()
    export, fresh = Export.objects.get_or_create(
        member=member,
        key=asked,
        defaults={
            "query": query, "numbers": numbers, "what": what[:300], "count": min(count, LIMIT), "asked_at": at,
            "language": translation.get_language() or settings.LANGUAGE_CODE,
        },
    )  # fmt: skip
    if fresh:
        written_down(member, at, export.count, what)
        jobs.enqueue("desk.export", pk=export.pk)
    return export


@jobs.job("desk.export")
def make(pk: int) -> None:
    """Write the file and tell its asker. Done once, however often it is asked for; a failure is shown and raised."""
    export = Export.objects.select_related("member").filter(pk=pk, state=Export.State.WAITING).first()
    if export is None:
        return
    at = timezone.now()
    try:
        with translation.override(export.language):
            _write(export, at)
            text = _("Your export is ready: %(what)s") % {"what": masking.mask_words(export.what)}
    except Exception:
        Export.objects.filter(pk=pk).update(state=Export.State.FAILED, ended_at=timezone.now())
        raise
    Export.objects.filter(pk=pk).update(state=Export.State.READY, done=export.count, ended_at=timezone.now())
    notice([export.member_id], text, reverse("desk:export-job", args=[pk]), f"export:{pk}", timezone.now())


def _write(export: Export, at: datetime) -> None:
    """The workbook, put in place when it is whole: with what its asker may see now."""
    rows, what = sheets.wanted(export.member, export.query, export.numbers, export.asked_at)
    export.count = rows[:LIMIT].count()
    content = sheets.book(export.member, at, what, export.count, _counted(export, rows))
    path = path_of(export)
    half = path.with_suffix(".part")
    half.touch(mode=0o600)
    half.write_bytes(content)
    half.replace(path)


def _counted(export: Export, rows: Any) -> Iterator[list[Any]]:
    """The lines, with a note of progress now and then."""
    for number, line in enumerate(sheets.lines(rows, LIMIT), start=1):
        if number % STEP == 0:
            Export.objects.filter(pk=export.pk).update(done=number, count=export.count)
        yield line


@ticks.every(HOUR, "desk.exports")
def sweep(at: datetime) -> int:
    """Delete exports after a day, with their files. How many."""
    old = list(Export.objects.filter(asked_at__lt=at - KEPT_FOR))
    for export in old:
        path_of(export).unlink(missing_ok=True)
        export.delete()
    return len(old)
