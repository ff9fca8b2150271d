"""One look for small pains of each kind: reads cases, asks the pure cores, and says what was found. Writes nothing.

Runs in a process of its own (`pains`): numpy, scipy and sklearn never enter the web process or the worker.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from chenyue.bulletin.leaks import PATTERNS
from chenyue.catalogue.queries import catalogue
from chenyue.insight import again, pain_rows, spots, topics
from chenyue.insight.found import Found, Look
from chenyue.insight.lifecycle import PainKind
from chenyue.insight.outages import outages
from chenyue.insight.pain_rows import Row
from chenyue.insight.proof import below
from chenyue.people.masking import holds_contact
from chenyue.places.queries import gazetteer

MOST_CASES = 400  # ids kept of one finding
MOST_DOORS = 300
MOST_APPEALS = 6_000  # texts compared at once: half a minute, 300 MB
STRETCHES = (28, 21, 14, 10, 7, 5, 3)  # days of topics; the longest that isn't too much
MOST_TOPICS = 20
FEWEST_VOICES = 3  # people behind a topic
YOUNGEST = 30  # days before the window that say what is usual; with fewer nothing is tested
MOST_OTHERS = 5  # large topics that don't clearly grow are named, too, but few of them
Cells = dict[tuple[int, int], dict[int, date]]  # place and kind → ids of their cases with their days
BLIND = 1 / 3  # of the days looked at without a single case: nothing can be said to be gone


def spots_until(today: date) -> Look:
    """Places with more of a kind than is usual there, in the thirty days that end today."""
    since = today - timedelta(days=spots.WINDOW + spots.USUAL - 1)
    rows = pain_rows.placed(since, today)
    days = Counter(row.day for row in rows)
    away = outages(days, since, today)
    rows, folded = pain_rows.grouped(rows)
    window = today - timedelta(days=spots.WINDOW - 1)
    usual = (window - min(days, default=today)).days  # a young office has less than a year before
    young = usual < YOUNGEST
    found, tests, copies = ([], 0, Counter()) if young else _without_copies(rows, today, usual)
    cells = _cells(rows, found, window)
    voices = pain_rows.reporters({pk for ids in cells.values() for pk in ids})
    settings: dict[str, Any] = {
        "window": spots.WINDOW,
        "usual": max(usual, 0),
        "floor": spots.FLOOR,
        "rate": spots.RATE,
    }
    settings |= {"outages": sorted(day.isoformat() for day in away), "grouped": sorted(set(folded.values()))}
    settings |= {"young": young}
    return Look(
        PainKind.SPOT, window, today,
        [_spot(spot, cells, voices, copies) for spot in found],
        tests, settings | {"copies": sum(copies.values())}, _blind(days, window, today, away),
    )  # fmt: skip


def _without_copies(rows: list[Row], today: date, usual: int) -> tuple[list[spots.Spot], int, Counter[tuple[int, int]]]:
    """Spots after copies were put aside: words are read of what looks like a spot only, until nothing changes."""
    copies: Counter[tuple[int, int]] = Counter()
    gone: set[int] = set()
    looked: set[tuple[int, int]] = set()
    window = today - timedelta(days=spots.WINDOW - 1)
    while True:
        seen = [
            spots.Seen(row.place, row.category, (today - row.day).days, row.part) for row in rows if row.id not in gone
        ]
        found, tests = spots.find(seen, usual=usual)
        fresh = [spot for spot in found if (spot.place, spot.category) not in looked]
        if not fresh:
            return found, tests, copies
        cells = _cells(rows, fresh, window)
        marks = pain_rows.marks({pk for ids in cells.values() for pk in ids})
        for cell, ids in cells.items():
            looked.add(cell)
            first: set[int] = set()
            for pk in sorted(ids):
                if marks.get(pk, -pk) in first:
                    gone.add(pk)
                    copies[cell] += 1
                first.add(marks.get(pk, -pk))
        if not copies:
            return found, tests, copies


def _cells(rows: list[Row], found: Iterable[spots.Spot], window: date) -> Cells:
    """The cases behind spots with their days, the newest first."""
    cells: Cells = {(spot.place, spot.category): {} for spot in found}
    for row in reversed(rows):
        if row.day >= window and (ids := cells.get((row.place, row.category))) is not None:
            ids[row.id] = row.day
    return cells


def _spot(spot: spots.Spot, cells: Cells, voices: dict[int, set[int | str]], copies: Counter[tuple[int, int]]) -> Found:
    cell = (spot.place, spot.category)
    mine = cells[cell]
    place = gazetteer().get(spot.place)
    return Found(
        f"{spot.place}:{spot.category}", named(place.full_name if place else "", spot.category),
        tuple(mine)[:MOST_CASES], spot.count, min(mine.values()), max(mine.values()), spot.place,
        place.community_id if place else None, spot.category,
        when=spots.WEEK_PARTS[spot.part] if spot.part is not None else "", expected=spot.expected, p=spot.p, q=spot.q,
        reporters=len({who for pk in cells[cell] for who in voices[pk]}), copies=copies[cell],
    )  # fmt: skip


def named(place: str, category: int) -> str:
    """What a finding is called: data of the office, no sentence."""
    kind = catalogue().by_id.get(category)
    return "：".join(filter(None, [place, kind.name if kind else ""]))


def doors_until(today: date) -> Look:
    """Homes, and people, that had to tell of the same again and again within half a year."""
    since = today - timedelta(days=again.DAYS - 1)
    likely = again.find(pain_rows.told(since, today))
    ids = {pk for door in likely for pk in door.ids}
    marks = pain_rows.marks(ids)
    rows = (one._replace(text=marks.get(one.id, one.text)) for one in pain_rows.told(since, today) if one.id in ids)
    found = again.find(rows)[:MOST_DOORS]
    days = pain_rows.by_day(since, today)
    away = outages(days, since, today)
    settings: dict[str, Any] = {
        "window": again.DAYS,
        "floor": again.FEWEST,
        "copies": sum(door.copies for door in found),
    }
    settings |= {"outages": sorted(day.isoformat() for day in away)}
    return Look(
        PainKind.DOOR, since, today, [_door(door) for door in found], len(likely), settings,
        _blind(days, today - timedelta(days=29), today, away),
    )  # fmt: skip


def _door(door: again.Door) -> Found:
    place = gazetteer().get(door.building) if door.building else None
    return Found(
        door.key, named(place.full_name if place else "", door.category), door.ids[:MOST_CASES], len(door.ids),
        door.first, door.last,
        door.building, place.community_id if place else None, door.category, door.room, reporters=door.reporters,
        copies=door.copies,
    )  # fmt: skip


def topics_until(today: date) -> Look:
    """What is told of in the last weeks, each held against as many weeks before."""
    days, given, cut = _stretch(today)
    since = today - timedelta(days=days - 1)
    case_of = {said.id: case for case, said in given}
    when = {said.id: pain_rows.local_day(said.at) for _case, said in given}
    copies = _copied(said for _case, said in given)
    recent = sum(when[pk] >= since for pk in when if pk not in copies)
    before = len(when) - len(copies) - recent
    found = topics.find([said for _case, said in given])
    rows = [_topic(topic, case_of, when, copies, since, recent, before) for topic in found]
    rows = _tested([row for row in rows if row.count >= topics.FEWEST and row.reporters >= FEWEST_VOICES])
    emerging = [row for row in rows if row.q is not None and row.q <= spots.RATE]
    rest = [row for row in rows if row not in emerging][:MOST_OTHERS]
    settings: dict[str, Any] = {
        "days": days,
        "appeals": len(given),
        "copies": len(copies),
        "cut": cut,
        "rate": spots.RATE,
    }
    kept = (emerging + rest)[:MOST_TOPICS]
    return Look(PainKind.TOPIC, since, today, kept, len(rows), settings, blind=recent == 0)


def _stretch(today: date) -> tuple[int, list[tuple[int, topics.Said]], bool]:
    """The longest stretch, with the one before, that isn't too much; and whether even the shortest was."""
    for days in STRETCHES:
        since = today - timedelta(days=2 * days - 1)
        if pain_rows.appeals_between(since, today) <= MOST_APPEALS:
            return days, pain_rows.texts(since, today, MOST_APPEALS), False
    return days, pain_rows.texts(since, today, MOST_APPEALS), True


def _copied(said: Iterable[topics.Said]) -> set[int]:
    """Ids of appeals that say word for word what an earlier one says."""
    seen: set[int] = set()
    found = set()
    for one in sorted(said, key=lambda one: (one.at, one.id)):
        text = pain_rows.mark(one.title + one.text)
        if text in seen:
            found.add(one.id)
        seen.add(text)
    return found


def _topic(
    topic: topics.Topic,
    case_of: dict[int, int],
    when: dict[int, date],
    copies: Collection[int],
    since: date,
    recent: int,
    before: int,
) -> Found:
    now = [pk for pk in topic.ids if pk not in copies and when[pk] >= since]
    old = sum(pk not in copies and when[pk] < since for pk in topic.ids)
    cases = tuple(dict.fromkeys(case_of[pk] for pk in topic.ids if when[pk] >= since))
    days = [when[pk] for pk in topic.ids]
    words = tuple(word for word in topic.words if harmless(word))
    growth = p = None
    expected = 0.0
    if before and now:
        n = len(now) + old
        expected = n * recent / (recent + before)
        p = 1 - below(len(now) - 1, n, recent / (recent + before))
        growth = round(len(now) / recent / (max(old, 0.5) / before), 2)
    return Found(
        "", "、".join(words[:3]), cases[:MOST_CASES], len(now), min(days), max(days), words=words,
        expected=round(expected, 2), p=p, growth=growth, reporters=topic.reporters,
        copies=sum(pk in copies for pk in topic.ids),
    )  # fmt: skip


def _tested(rows: list[Found]) -> list[Found]:
    """With `q` after Benjamini and Hochberg over all topics; the surest first, then the largest."""
    asked = sorted((row for row in rows if row.p is not None), key=lambda row: row.p or 0)
    q, least = {}, 1.0
    for rank in range(len(asked), 0, -1):
        least = min(least, (asked[rank - 1].p or 0) * len(asked) / rank)
        q[asked[rank - 1].cases] = least
    found = [replace(row, q=q.get(row.cases)) for row in rows]
    return sorted(found, key=lambda row: (row.q is None or row.q > spots.RATE, -row.count, row.title))


def harmless(word: str) -> bool:
    """Whether a word of a topic may stand in a title: nothing in it that names or reaches a person."""
    return not holds_contact(word) and not any(pattern.search(word) for _kind, _level, pattern in PATTERNS)


def _blind(days: Counter[Any], since: date, until: date, away: set[date]) -> bool:
    length = (until - since).days + 1
    here = sum(since + timedelta(days=n) in away for n in range(length))
    return not any(day >= since for day in days) or here > length * BLIND


LOOKS = {PainKind.SPOT: spots_until, PainKind.DOOR: doors_until, PainKind.TOPIC: topics_until}
