"""Findings under a stable key from run to run, with what people decided about them.

A finding that isn't seen any more is gone, one that people decided about keeps their decision. A dismissed one comes
back when it has grown by half and by three at least (`comes_back`); one whose project ended, when it is found again.
"""

import hashlib
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from chenyue.catalogue.models import Category
from chenyue.core.actors import SYSTEM
from chenyue.insight.found import Found, Look
from chenyue.insight.lifecycle import PainKind, PainState, RootState
from chenyue.insight.models import Pain, PainRun, RootProject
from chenyue.timeline.actions import Draft, record_many

ALIKE = 0.3  # share of the smaller topic's cases that make two topics of two runs one
DECIDED = (PainState.SEEN, PainState.DISMISSED, PainState.PROJECT)


def comes_back(count: int) -> int:
    """From how many on a finding that was dismissed at `count` is shown again."""
    return max(count + 3, -(-count * 3 // 2))


@transaction.atomic
def keep(look: Look, *, at: datetime, seconds: float) -> PainRun:
    """Write down what a look found. Short: everything was computed before."""
    run = PainRun.objects.create(
        at=at, kind=look.kind, since=look.since, until=look.until, tests=look.tests, found=len(look.found),
        settings=look.settings | {"blind": look.blind}, seconds=round(seconds, 2),
    )  # fmt: skip
    rows = {pain.key: pain for pain in Pain.objects.select_for_update(of=("self",)).filter(kind=look.kind)}
    back: list[Pain] = []
    seen: set[str] = set()
    for found in look.found:
        pain = _same(found, rows, look.kind, seen)
        was = "" if pain._state.adding else pain.state
        _fill(pain, found, run, at)
        _state(pain, found)
        pain.save()
        rows[pain.key] = pain
        seen.add(pain.key)
        if was and was != pain.state:
            back.append(pain)
    if not look.blind:
        unseen = [pain.pk for key, pain in rows.items() if key not in seen]
        Pain.objects.filter(pk__in=unseen, state__in=[PainState.NEW, PainState.SEEN]).update(state=PainState.GONE)
    record_many([Draft(f"pain:{pain.pk}", "pain.back", {"n": pain.count}) for pain in back], by=SYSTEM, at=at)
    return run


def _same(found: Found, rows: dict[str, Pain], kind: str, taken: Collection[str]) -> Pain:
    """The row of this finding, or a new one."""
    if kind == PainKind.TOPIC:
        return _same_topic(found, rows, taken)
    if found.key in rows:
        return rows[found.key]
    if kind == PainKind.SPOT and (old := _of_its_kinds(found, rows)):
        rows.pop(old.key)
        old.key = found.key
        return old
    return Pain(kind=kind, key=found.key)


def _of_its_kinds(found: Found, rows: dict[str, Pain]) -> Pain | None:
    """A decided finding at this place of a kind that is now looked at as part of its group: the decision goes along."""
    kinds = set(Category.objects.filter(parent_id=found.category).values_list("pk", flat=True))
    mine = [pain for pain in rows.values() if pain.place_id == found.place and pain.category_id in kinds]
    return next((pain for pain in sorted(mine, key=lambda pain: -pain.pk) if pain.state in DECIDED), None)


def _same_topic(found: Found, rows: dict[str, Pain], taken: Collection[str]) -> Pain:
    """Topics have no name of their own: the one that shares most cases, or two telling words, is the same."""
    mine = set(found.cases)
    best, like = None, 0.0
    for key, pain in rows.items():
        if key in taken:
            continue
        share = len(mine & set(pain.cases)) / max(1, min(len(mine), len(pain.cases)))
        if share < ALIKE and len(set(found.words) & set(pain.words)) >= 2:
            share = ALIKE
        if share >= ALIKE and share > like:
            best, like = pain, share
    if best is not None:
        return best
    told = "|".join([*found.words, *map(str, sorted(found.cases)[:3])])
    return Pain(kind=PainKind.TOPIC, key=hashlib.blake2b(told.encode(), digest_size=12).hexdigest())


def _fill(pain: Pain, found: Found, run: PainRun, at: datetime) -> None:
    pain.run, pain.seen_at = run, at
    pain.place_id, pain.community_id, pain.category_id = found.place, found.community, found.category
    pain.room, pain.when, pain.title = found.room[:20], found.when, found.title[:120]
    pain.words, pain.cases = list(found.words), list(found.cases)
    pain.sentences = [[pk] for pk in found.cases[:3]] if found.words else []
    pain.count, pain.expected, pain.p_value, pain.q_value = found.count, found.expected, found.p, found.q
    pain.growth, pain.reporters, pain.copies = found.growth, found.reporters, found.copies
    pain.first_on, pain.last_on = found.first, found.last


def _state(pain: Pain, found: Found) -> None:
    if pain._state.adding:
        pain.state = PainState.NEW
        return
    again = pain.state == PainState.GONE
    if pain.state == PainState.DISMISSED:
        again = found.count >= comes_back(pain.decided_count or 0)
    if pain.state == PainState.PROJECT:
        running = (RootState.OPEN, RootState.PROVING)
        again = not RootProject.objects.filter(pain=pain, state__in=running).exists()
    if again:
        pain.state = PainState.NEW
        pain.version += 1
