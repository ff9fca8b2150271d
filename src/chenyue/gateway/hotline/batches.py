"""A table on its way in: kept in a private folder, read by a job, looked at, dropped or handed on to be filed."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from chenyue.core import ids, jobs, keeping, tables, ticks
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.core.tables import Sheet
from chenyue.core.text import clean
from chenyue.gateway.hotline import columns as known
from chenyue.gateway.hotline.reading import Order, read
from chenyue.gateway.models import HotlineBatch, HotlineItem, HotlineSource
from chenyue.gateway.rows import WrongRow
from chenyue.people.masking import mask_name, mask_phone, mask_words
from chenyue.people.models import Member
from chenyue.people.rules import may
from chenyue.timeline.actions import record
from chenyue.timeline.models import VisibleTo

WORD = "hotline.import"
SHOWN = 50  # rows of the preview
SAID = 200  # characters of words in it
TABLES = "gateway.hotline_tables"  # files; their rows are kept with the orders
ROWS = "gateway.hotline_rows"  # until then answers can be handed back in the sender's columns
DAY = 24 * 3600
State = HotlineBatch.State


def importer(by: Actor) -> Member:
    """The member who acts; NotAllowed for anybody who may not import."""
    if by.kind != "member" or not may(by.user, WORD):
        raise NotAllowed
    return by.user  # type: ignore[no-any-return]


def path_of(batch: HotlineBatch) -> Path:
    """Where its table lies, for nobody else to read."""
    folder = Path(settings.HOME) / "hotline"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / re.sub(r"[^\w.-]", "", batch.file)


def keep(*, data: bytes, filename: str, sender: str, by: Actor, at: datetime) -> HotlineBatch:
    """Take a table in: a job reads it, and nothing is filed before somebody looked. Refusal at `table`, `sender`."""
    member = importer(by)
    name = clean(sender)[:60]
    if not name:
        raise Refusal(_("Say who sent this table, such as 12345 热线."), field="sender")
    if len(data) > tables.MAX_BYTES:
        raise Refusal(_("This file is larger than 30 MB. Split it and import the parts."), field="table")
    with transaction.atomic():
        source, _new = HotlineSource.objects.get_or_create(name=name)
        batch = HotlineBatch(
            source=source, filename=clean(filename)[:120] or "table", file=ids.token(), made_by=member, made_at=at,
            digest=hashlib.sha256(data).hexdigest(), columns=source.columns, sheet=source.sheet,
            language=translation.get_language() or settings.LANGUAGE_CODE,
        )  # fmt: skip
        path = path_of(batch)
        path.touch(mode=0o600)
        path.write_bytes(data)
        batch.save()
        jobs.enqueue("hotline.read", pk=batch.pk)
    return batch


@transaction.atomic
def choose(
    *, batch: HotlineBatch, columns: Mapping[str, str], sheet: str, known_choice: str, by: Actor, at: datetime
) -> HotlineBatch:
    """Say which heading means what, and read the table again. Remembered for this sender. Refusal at the field."""
    importer(by)
    batch = _locked(batch, State.READ, State.REFUSED)
    chosen = {name: heading for name, heading in columns.items() if name in known.FIELDS and heading in batch.headings}
    twice = [h for h in chosen.values() if list(chosen.values()).count(h) > 1]
    if twice:
        raise Refusal(_("“%(heading)s” was chosen twice.") % {"heading": twice[0]}, field="columns")
    batch.columns, batch.state = chosen, State.READING
    batch.sheet = sheet if sheet in batch.sheets else batch.sheet
    batch.known = known_choice if known_choice in HotlineBatch.Known.values else batch.known
    batch.save()
    HotlineSource.objects.filter(pk=batch.source_id).update(columns=chosen, sheet=batch.sheet)
    jobs.enqueue("hotline.read", pk=batch.pk)
    return batch


@transaction.atomic
def file(*, batch: HotlineBatch, known_choice: str, by: Actor, at: datetime) -> HotlineBatch:
    """File the rows that are right, by a job. Raises Conflict if it was begun already."""
    member = importer(by)
    batch = _locked(batch, State.READ, State.STOPPED)
    if missing := known.missing(batch.columns):
        words = _("Choose the column of: %(missing)s.") % {"missing": "、".join(map(str, missing))}
        raise Refusal(words, field="columns")
    batch.known = known_choice if known_choice in HotlineBatch.Known.values else batch.known
    batch.state, batch.filed_at = State.FILING, batch.filed_at or at
    batch.save()
    HotlineSource.objects.filter(pk=batch.source_id).update(last_used_at=at)
    data = {"file": batch.filename, "sender": batch.source.name, "rows": batch.whole, "known": batch.known}
    record(
        subject=batch.subject, verb="gateway.hotline_filed", by=member.actor(), at=at, data=data,
        visible_to=VisibleTo.OFFICE,
    )  # fmt: skip
    jobs.enqueue("hotline.file", pk=batch.pk)
    return batch


def stop(*, batch: HotlineBatch, by: Actor) -> None:
    """Stop filing after the row that is being filed; what is filed stays, and it can go on later."""
    importer(by)
    if not HotlineBatch.objects.filter(pk=batch.pk, state=State.FILING).update(state=State.STOPPED):
        raise Conflict


def drop(*, batch: HotlineBatch, by: Actor, at: datetime) -> None:
    """Throw a table away of which nothing was filed."""
    importer(by)
    looked = HotlineBatch.objects.filter(pk=batch.pk, state__in=[State.READ, State.REFUSED, State.READING])
    if not looked.update(state=State.DROPPED, ended_at=at, preview="", wrong=""):
        raise Conflict
    path_of(batch).unlink(missing_ok=True)


def _locked(batch: HotlineBatch, *states: str) -> HotlineBatch:
    found = HotlineBatch.objects.select_for_update().select_related("source").get(pk=batch.pk)
    if found.state not in states:
        raise Conflict
    return found


def table_of(batch: HotlineBatch) -> Sheet:
    """Read its table by the columns chosen, else by all headings that are known."""
    try:
        data = path_of(batch).read_bytes()
    except OSError as error:
        raise Refusal(_("This table is no longer kept. Choose the file again."), field="table") from error
    expected = known.expected(batch.columns)
    return tables.read_table(data, batch.filename, expected=expected, sheet=batch.sheet or None)


@jobs.job("hotline.read")
def read_it(pk: int) -> None:
    """Read a table without filing anything: what it has, which rows are wrong, how the first were understood."""
    batch = HotlineBatch.objects.select_related("source").filter(pk=pk, state=State.READING).first()
    if batch is None:
        return
    with translation.override(batch.language):
        try:
            _read(batch, _table(batch), timezone.now())
        except Refusal as refusal:
            batch.state, batch.sentence = State.REFUSED, str(refusal.sentence)[:300]
        except Exception:
            HotlineBatch.objects.filter(pk=pk, state=State.READING).update(state=State.FAILED)
            raise
    names = ["state", "sentence", "sheets", "headings", "columns", "whole", "wrong", "preview", "counts"]
    if HotlineBatch.objects.filter(pk=pk, state=State.READING).exists():
        batch.save(update_fields=names)


def _table(batch: HotlineBatch) -> Sheet:
    """By the remembered columns; a table with other headings is read by those that are known."""
    try:
        return table_of(batch)
    except Refusal as refusal:
        if refusal.code != "no_header" or not batch.columns:
            raise
    batch.columns = {}
    return table_of(batch)


def _read(batch: HotlineBatch, sheet: Sheet, at: datetime) -> None:
    batch.sheets, batch.headings = list(sheet.sheets), list(sheet.written.values())
    batch.columns = {name: sheet.written[name] for name in known.FIELDS if name in sheet.written}
    batch.whole, batch.state, batch.sentence = len(sheet.rows), State.READ, ""
    orders: list[tuple[int, Order]] = []
    wrong: list[list[Any]] = []
    first: dict[str, int] = {}
    for row in sheet.rows:
        try:
            order = read(row, batch.columns, at)
            if order.number in first:
                twice = _("This number stands in row %(row)d already.") % {"row": first[order.number]}
                raise WrongRow(twice, field=batch.columns.get("number", ""))
        except Refusal as refusal:
            wrong.append([row.number, refusal.field or "", str(refusal.sentence)])
            continue
        first[order.number] = row.number
        orders.append((row.number, order))
    batch.counts = {"right": len(orders), "wrong": len(wrong)}
    batch.errors = wrong
    batch.preview = json.dumps([_line(number, order) for number, order in orders[:SHOWN]], ensure_ascii=False)


def _line(number: int, order: Order) -> dict[str, Any]:
    """A row as it was understood, for people to check; contact data masked."""
    return {
        "row": number,
        "number": order.number,
        "received": order.received_at.isoformat() if order.received_at else "",
        "who": " ".join(filter(None, (mask_name(order.name), mask_phone(order.phone)))),
        "title": mask_words(order.title),
        "words": mask_words(order.words)[:SAID],
        "place": order.place,
        "category": order.category,
        "due": order.due_at.isoformat() if order.due_at else "",
        "answered": bool(order.answer),
    }


def preview_of(batch: HotlineBatch) -> list[dict[str, Any]]:
    """The first rows as they were understood, with moments as moments."""
    lines = json.loads(batch.preview or "[]")
    for line in lines:
        for name in ("received", "due"):
            line[name] = datetime.fromisoformat(line[name]) if line[name] else None
    return lines  # type: ignore[no-any-return]


def error_sheet(batch: HotlineBatch, errors: Iterable[list[Any]]) -> bytes:
    """The wrong rows as a workbook, each with what is wrong."""
    sheet = table_of(batch)
    found = [tables.RowError(int(row), str(column), str(sentence)) for row, column, sentence in errors]
    return tables.error_sheet(sheet, found)


@ticks.every(DAY, "gateway.hotline")
def sweep(at: datetime) -> int:
    """Take away tables after a month, and what rows told after a year. How many tables."""
    old = _tables(keeping.before(TABLES, at))
    count = 0
    for batch in old:
        path_of(batch).unlink(missing_ok=True)
        HotlineBatch.objects.filter(pk=batch.pk).update(file="", preview="")
        count += 1
    rows = _rows(keeping.before(ROWS, at)).update(told="{}", digest="")
    keeping.told(TABLES, count, at, files=count)
    keeping.told(ROWS, rows, at)
    return count


def _tables(before: datetime) -> "QuerySet[HotlineBatch]":
    return HotlineBatch.objects.filter(made_at__lt=before).exclude(file="").exclude(state=State.FILING)


def _rows(before: datetime) -> "QuerySet[HotlineItem]":
    return HotlineItem.objects.filter(batch__made_at__lt=before).exclude(digest="")


def _look(before: datetime, at: datetime) -> keeping.Found:
    found = keeping.counted(_tables(before), "made_at")
    return replace(found, files=found.rows)


keeping.register(TABLES, days=30, least=7, look=_look)
keeping.register(ROWS, days=365, least=30, look=lambda before, at: keeping.counted(_rows(before), "batch__made_at"))
