"""Counts everything anew: the first time after an upgrade, where the rule of counting changed, or on demand.

While it goes on no figure is shown. Cases are read and their counts summed up in memory; what came of some thousand
of them is written in pieces. A job does some seconds of it at a time and asks for the next itself, so that letters and
clocks don't wait.
"""

import time
from collections import Counter

from django.utils import timezone

from chenyue.core import jobs
from chenyue.insight.facts import RULE, Cell, put
from chenyue.insight.models import CaseFact, DayCount
from chenyue.insight.pieces import Pace, add, next_ids, texts
from chenyue.insight.turns import Lost, Turn, turn
from chenyue.timeline.models import Entry

JOB = "insight.recount"
SLICE = 5.0  # seconds of a job
CELLS, CASES = 40_000, 3_000  # counts, and cases, held in memory before they are written
WRITING = -1  # instead of the last case counted: who died then may have written half of its counts


def recount() -> int:
    """Throw the counts away and count every case anew, at once; how many cases. Raises Lost if somebody else counts.

    What happens meanwhile is followed afterwards, from the entry that was the newest when this began.
    """
    with turn() as mine:
        if mine is None:
            raise Lost
        _begin(mine)
        _go_on(mine, None)
    return CaseFact.objects.count()


@jobs.job(JOB)
def recount_some() -> None:
    """Some seconds of a full recount, from where the last ones ended; it asks for the next itself."""
    try:
        with turn() as mine:
            if mine is None or (mine.mark.whole_at is not None and mine.mark.rule == RULE):
                return  # somebody is at it, or it was asked for twice
            if mine.mark.counting_at is None or mine.mark.rule != RULE or mine.mark.case == WRITING:
                _begin(mine)
            done = _go_on(mine, time.monotonic() + SLICE)
    except Lost:
        return
    if not done:
        jobs.enqueue(JOB)


def _begin(mine: Turn) -> None:
    newest = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    now = timezone.now()
    mine.note(counting_at=now, whole_at=None, rule=RULE, case=0, entry=newest, entry_at=now)
    mine.mark.case = 0


def _go_on(mine: Turn, until: float | None) -> bool:
    """Count on from the last case counted, until this moment of the clock (None: to the end); whether all is done."""
    last = mine.mark.case
    if last == 0 and not _clear(mine, until):
        return False
    facts: list[CaseFact] = []
    sums: Counter[Cell] = Counter()
    while several := next_ids(last):
        last = several[-1]
        for pk, text in texts(several).items():
            facts.append(CaseFact(case_id=pk, adds=text))
            put(sums, text)
        late = until is not None and time.monotonic() > until
        if late or len(sums) > CELLS or len(facts) > CASES:
            _write(mine, facts, sums, last)
            facts, sums = [], Counter()
        if late:
            return False
    _write(mine, facts, sums, last)
    now = timezone.now()
    mine.note(at=now, whole_at=now, counting_at=None, case=0)
    return True


def _clear(mine: Turn, until: float | None) -> bool:
    """Delete all counts, some at a time; False if the time was over."""
    for model in (DayCount, CaseFact):
        pace = Pace(500, 5_000)
        while several := list(model.objects.order_by("pk").values_list("pk", flat=True)[: pace.size]):
            with pace.piece(mine):
                model.objects.filter(pk__lte=several[-1])._raw_delete(model.objects.db)
            if until is not None and time.monotonic() > until:
                return False
    return True


def _write(mine: Turn, facts: list[CaseFact], sums: Counter[Cell], last: int) -> None:
    """Put down what these cases add, and that all up to the last one are counted."""
    mine.note(case=WRITING)
    pace = Pace(300, 3_000)
    for several in pace.of(facts):
        with pace.piece(mine):
            CaseFact.objects.bulk_create(several)
    pace = Pace(600, 6_000)
    for rows in pace.of(sorted(sums.items())):
        with pace.piece(mine):
            add(rows)
    mine.note(case=last)
