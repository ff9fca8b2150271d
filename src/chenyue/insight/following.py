"""Keeps the counts of days true: follows the timeline, recounts what was touched, and can recount everything.

The main road pays nothing for it: no act writes here. A tick reads the entries that were added since, recounts their
cases from their rows, takes back what they had added and adds what they add now. One at a time: the row of `Follow` is
locked meanwhile.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from chenyue.cases.models import Case
from chenyue.core import jobs
from chenyue.core.ticks import every
from chenyue.insight import reading
from chenyue.insight.facts import Cell, adds_of, cells, short
from chenyue.insight.models import CaseFact, DayCount, Follow
from chenyue.timeline.models import Entry

NAME = "cases"
BATCH = 500  # cases read at a time
WHOLE_BATCH = 4_000  # cases of one transaction of a full recount
STUCK = timedelta(hours=1)
ENTRIES = 5_000  # entries of one tick; the next goes on
OVERLAP = 1_000  # entries read again: a slow transaction may commit a lower number after a quick one's higher
ROWS = 150  # cells of one statement: SQLite takes 999 values in old builds


@every(60, "insight.follow")
def follow(at: datetime) -> int:
    """Count what happened since; how many cases' counts changed. The first time it asks for a count of everything."""
    with transaction.atomic():
        mark = _mark()
        if mark.whole_at is None:
            if mark.counting_at is None or mark.counting_at < at - STUCK:
                jobs.enqueue("insight.recount")
            return 0
        # By rows, not by numbers: what was rolled back leaves gaps of any width.
        fresh = Entry.objects.filter(pk__gt=mark.entry).order_by("pk").values_list("pk", flat=True)[:ENTRIES]
        upto = max(fresh, default=mark.entry)
        if upto == mark.entry:
            return 0
        found = Entry.objects.filter(pk__gt=mark.entry - OVERLAP, pk__lte=upto, subject__startswith="case:")
        numbers = {subject.removeprefix("case:") for subject in found.values_list("subject", flat=True)}
        ids = Case.objects.filter(number__in=numbers).values_list("pk", flat=True)
        changed = recount_cases(reading.with_others(ids))
        Follow.objects.filter(pk=NAME).update(entry=upto, at=at)
        return changed


def _mark() -> Follow:
    Follow.objects.get_or_create(name=NAME)
    return Follow.objects.select_for_update().get(name=NAME)


def _newest() -> int:
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


@jobs.job("insight.recount")
def recount() -> int:
    """Throw the counts away and count every case anew; how many cases. Nothing is locked for longer than a batch.

    What happens meanwhile is followed afterwards, from the entry that was the newest when this began. Whoever comes
    while another counts does nothing, unless that one has been at it for an hour: it died.
    """
    at = timezone.now()
    with transaction.atomic():
        mark = _mark()
        if mark.counting_at and mark.counting_at > at - STUCK:
            return 0
        Follow.objects.filter(pk=NAME).update(counting_at=at, whole_at=None)
        newest = _newest()
        DayCount.objects.all()._raw_delete(DayCount.objects.db)
        CaseFact.objects.all()._raw_delete(CaseFact.objects.db)
    counted = 0
    for ids in _batches(_all_ids(), WHOLE_BATCH):
        with transaction.atomic():
            counted += len(ids)
            recount_cases(ids)
    Follow.objects.filter(pk=NAME).update(entry=newest, at=at, whole_at=timezone.now(), counting_at=None)
    return counted


def recount_cases(ids: Iterable[int]) -> int:
    """Recount these cases and put the difference into the counts; how many differ from what was kept."""
    changed = 0
    difference: Counter[Cell] = Counter()
    for several in _batches(sorted(ids), BATCH):
        kept = dict(CaseFact.objects.filter(case__in=several).values_list("case_id", "adds"))
        now = _texts(several)
        fresh = []
        for pk, text in now.items():
            if kept.get(pk, "") == text:
                continue
            changed += 1
            difference.update(cells(text))
            difference.subtract(cells(kept.get(pk, "")))
            fresh.append(CaseFact(case_id=pk, adds=text))
        CaseFact.objects.bulk_create(fresh, update_conflicts=True, unique_fields=["case"], update_fields=["adds"])
    add({cell: value for cell, value in difference.items() if value})
    return changed


def _texts(ids: list[int]) -> dict[int, str]:
    zone = timezone.get_default_timezone()
    return {case.id: short(case, adds_of(case, zone)) for case in reading.known(ids)}


def add(difference: dict[Cell, int]) -> None:
    """Add these amounts to their cells; one statement for so many."""
    for several in _batches(sorted(difference.items()), ROWS):
        values = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(several))
        given: list[Any] = [part for cell, value in several for part in (*cell, value)]
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO insight_daycount (grain, axis, measure, day, key, value) VALUES {values} "  # noqa: S608
                "ON CONFLICT (grain, axis, measure, day, key) "
                "DO UPDATE SET value = insight_daycount.value + excluded.value",
                given,
            )


def _all_ids() -> Iterator[int]:
    last = 0
    while ids := list(Case.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:WHOLE_BATCH]):
        last = ids[-1]
        yield from ids


def differences(most: int = 100) -> list[str]:
    """Where the kept counts differ from a count of all cases, as sentences; nothing where all is well."""
    whole: Counter[Cell] = Counter()
    for ids in _batches(_all_ids(), BATCH):
        for text in _texts(ids).values():
            whole.update(cells(text))
    found: list[str] = []
    kept = DayCount.objects.exclude(value=0).values_list("grain", "axis", "measure", "day", "key", "value")
    for grain, axis, measure, day, key, value in kept.iterator(chunk_size=5_000):
        cell = Cell(grain, axis, measure, day, key)
        if (right := whole.pop(cell, 0)) != value and len(found) < most:
            found.append(f"{'/'.join(map(str, cell))}: kept {value}, counted {right}")
    absent = (f"{'/'.join(map(str, cell))}: kept 0, counted {value}" for cell, value in whole.items() if value)
    for sentence in absent:
        if len(found) >= most:
            break
        found.append(sentence)
    return found


def _batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    held: list[Any] = []
    for item in items:
        held.append(item)
        if len(held) == size:
            yield held
            held = []
    if held:
        yield held
