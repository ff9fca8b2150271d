"""Keeps the counts of days true by following the timeline.

The main road pays nothing for it: no act writes here. A tick reads the entries that were added since, recounts their
cases from their rows, takes back what they had added and adds what they add now. Cases are read and counted outside
any transaction; only what came of it is written, in pieces of some milliseconds. A case that changes between reading
and writing has gained an entry: the next turn finds it and counts it again.
"""

from collections import Counter
from datetime import datetime, timedelta

from django.utils import timezone

from chenyue.cases.models import Case
from chenyue.core import jobs
from chenyue.core.ticks import every
from chenyue.insight import reading, whole
from chenyue.insight.facts import RULE, Cell, put
from chenyue.insight.models import CaseFact, Follow
from chenyue.insight.pieces import CASES, Pace, add, texts
from chenyue.insight.turns import NAME, SILENT, Lost, Turn, turn
from chenyue.timeline.models import Entry

ENTRIES = 5_000  # entries of one turn; the next one goes on
OVERLAP = 1_000  # entries read again: a slow transaction may commit a lower number after a quick one's higher
LATE = timedelta(minutes=5)  # so long after the newest entry such a late one is still looked for


@every(60, "insight.follow")
def follow(at: datetime) -> int:
    """Count what happened since; how many cases' counts changed. The first time it asks for a count of everything."""
    mark = Follow.objects.filter(pk=NAME).first()
    if mark is None or mark.whole_at is None or mark.rule != RULE:
        if mark is None or mark.counting_at is None or not mark.alive(timezone.now() - SILENT):
            jobs.enqueue(whole.JOB)
        return 0
    try:
        with turn() as mine:
            changed, more = _follow(mine, at) if mine else (0, False)
    except Lost:
        return 0
    if more:
        jobs.enqueue("insight.follow")
    return changed


@jobs.job("insight.follow")
def follow_on() -> None:
    """What a tick left over."""
    follow(timezone.now())


def behind() -> bool:
    """Whether there are entries that weren't followed yet."""
    mark = Follow.objects.filter(pk=NAME).values_list("entry", flat=True).first() or 0
    return Entry.objects.filter(pk__gt=mark).exists()


def _follow(mine: Turn, at: datetime) -> tuple[int, bool]:
    """Count what is new; how many cases' counts changed, and whether there is more."""
    mark = mine.mark
    # By rows, not by numbers: what was rolled back leaves gaps of any width.
    fresh = list(Entry.objects.filter(pk__gt=mark.entry).order_by("pk").values_list("pk", flat=True)[:ENTRIES])
    if not fresh and (mark.entry_at is None or mark.entry_at < at - LATE):
        mine.note(at=at)
        return 0, False
    upto = max(fresh, default=mark.entry)
    rows = Entry.objects.filter(pk__gt=mark.entry - OVERLAP, pk__lte=upto, subject__startswith="case:")
    numbers = {subject.removeprefix("case:") for subject in rows.values_list("subject", flat=True)}
    ids = Case.objects.filter(number__in=numbers).values_list("pk", flat=True)
    pace = Pace(30, CASES)
    changed = sum(_recount(several, mine, pace) for several in pace.of(sorted(reading.with_others(ids))))
    if fresh:
        mine.note(entry=upto, entry_at=at)
    if len(fresh) == ENTRIES:
        return changed, True
    mine.note(at=at)
    return changed, False


def _recount(ids: list[int], mine: Turn, pace: Pace) -> int:
    """Recount these cases and put the difference into the counts; how many differ from what was kept.

    Only who has the turn writes counts, so what was read before the transaction still stands in it.
    """
    kept = dict(CaseFact.objects.filter(case__in=ids).values_list("case_id", "adds"))
    difference: Counter[Cell] = Counter()
    fresh = []
    for pk, text in texts(ids).items():
        if kept.get(pk, "") != text:
            put(difference, text)
            put(difference, kept.get(pk, ""), -1)
            fresh.append(CaseFact(case_id=pk, adds=text))
    if fresh:
        with pace.piece(mine):
            CaseFact.objects.bulk_create(fresh, update_conflicts=True, unique_fields=["case"], update_fields=["adds"])
            add(sorted((cell, value) for cell, value in difference.items() if value))
    return len(fresh)
