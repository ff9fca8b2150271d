"""Reads cases for the look for small pains: normal ones only, as plain numbers, in one pass; words of few only."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import Count, QuerySet
from django.utils import timezone

from chenyue.cases.lifecycle import State
from chenyue.cases.models import Appeal, Case
from chenyue.catalogue.models import Category
from chenyue.insight.again import Told
from chenyue.insight.facts import NORMAL
from chenyue.insight.pieces import batches
from chenyue.insight.spots import part_of_week
from chenyue.insight.topics import Said
from chenyue.places.queries import gazetteer

CHUNK = 5_000
IDS = 500  # of one statement


class Row(NamedTuple):
    """A case as spots see it. `place`: its building, else whatever place it names."""

    id: int
    place: int
    category: int
    day: date
    part: int


def begins(day: date) -> datetime:
    """The first moment of a day on the office's wall."""
    return datetime.combine(day, time.min, timezone.get_current_timezone())


def normal(since: date, until: date) -> QuerySet[Case]:
    """Normal cases received on these days (both counted); what was joined to another is that other one."""
    rows = Case.objects.filter(sensitivity=NORMAL, received_at__gte=begins(since))
    return rows.filter(received_at__lt=begins(until + timedelta(days=1))).exclude(state=State.JOINED.value)


def by_day(since: date, until: date) -> Counter[date]:
    """How many cases came in on each day. One statement, read in chunks."""
    zone = timezone.get_current_timezone()
    found: Counter[date] = Counter()
    for at in normal(since, until).order_by().values_list("received_at", flat=True).iterator(CHUNK):
        found[at.astimezone(zone).date()] += 1
    return found


def placed(since: date, until: date) -> list[Row]:
    """All with a category and a place."""
    zone = timezone.get_current_timezone()
    wide = {place.id for place in gazetteer().places.values() if place.kind == "community"}  # no place of a trouble
    wanted = normal(since, until).filter(category__isnull=False, place__isnull=False).order_by("pk")
    found = []
    for pk, building, place, category, at in wanted.values_list(
        "pk", "building_id", "place_id", "category_id", "received_at"
    ).iterator(CHUNK):
        if not building and place in wide:
            continue
        local = at.astimezone(zone)
        found.append(Row(pk, building or place, category, local.date(), part_of_week(local.weekday(), local.hour)))
    return found


def grouped(rows: Iterable[Row]) -> tuple[list[Row], dict[int, int]]:
    """Rows with kinds of which there was no steady sort folded into their group; and which kinds became which group.

    A kind that was closed while its cases still stand in the stretch was split, merged or renamed: cases of before and
    after have different kinds. All kinds of such a group are looked at as one.
    """
    rows = list(rows)
    seen = {row.category for row in rows}
    known = {pk: (parent, active) for pk, parent, active in Category.objects.values_list("pk", "parent_id", "active")}
    changed = {known[pk][0] for pk in seen if pk in known and not known[pk][1]} - {None}
    folded = {pk: parent for pk, (parent, _active) in known.items() if parent is not None and parent in changed}
    if not folded:
        return rows, {}
    return [row._replace(category=folded.get(row.category, row.category)) for row in rows], folded


def marks(cases: Collection[int]) -> dict[int, int]:
    """A mark of the first words of each of these cases: equal ones are copies."""
    found: dict[int, int] = {}
    for ids in batches(sorted(cases), IDS):
        rows = Appeal.objects.filter(case__in=ids).order_by("-pk").values_list("case_id", "title", "words")
        for case, title, words in rows:
            found[case] = mark(title + words)
    return found


def mark(words: str) -> int:
    """A number for a text without its blanks."""
    return int.from_bytes(hashlib.blake2b("".join(words.split()).lower().encode(), digest_size=7).digest(), "big")


def reporters(cases: Collection[int]) -> dict[int, set[int | str]]:
    """Who told of each of these cases; whoever is anonymous is somebody of their own."""
    found: dict[int, set[int | str]] = defaultdict(set)
    for ids in batches(sorted(cases), IDS):
        for pk, case, who in Appeal.objects.filter(case__in=ids).values_list("pk", "case_id", "reporter_id"):
            found[case].add(who if who is not None else f"anonymous {pk}")
    return found


def told(since: date, until: date) -> Iterator[Told]:
    """Cases by their voices, for doors with recurring cases. No words are read: each case has a mark of its own."""
    zone = timezone.get_current_timezone()
    mine = normal(since, until).filter(category__isnull=False)
    rows = Appeal.objects.filter(case__in=mine).order_by("pk")
    for case, building, room, category, who, at, quiet in rows.values_list(
        "case_id", "case__building_id", "case__room", "case__category_id", "reporter_id", "case__received_at",
        "confidential",
    ).iterator(CHUNK):  # fmt: skip
        # Who told it in confidence is nobody here.
        yield Told(
            case, building, room.strip(), category or 0, None if quiet else who, at.astimezone(zone).date(), -case
        )


def texts(since: date, until: date, most: int) -> list[tuple[int, Said]]:
    """Appeals of these days as topics compare them, the newest so many: case id and what was said."""
    mine = Case.objects.filter(sensitivity=NORMAL)
    wanted = Appeal.objects.filter(received_at__gte=begins(since), received_at__lt=begins(until + timedelta(days=1)))
    wanted = wanted.filter(case__in=mine, withdrawn_at=None, confidential=False).order_by("-received_at", "-pk")
    rows = wanted.values_list("pk", "case_id", "received_at", "title", "words", "reporter_id")[:most]
    return [
        (case, Said(pk, at, title, words[:1000], "" if who is None else str(who)))
        for pk, case, at, title, words, who in rows
    ]


def appeals_between(since: date, until: date) -> int:
    """How many appeals came in on these days."""
    rows = Appeal.objects.filter(received_at__gte=begins(since), received_at__lt=begins(until + timedelta(days=1)))
    return rows.aggregate(n=Count("pk"))["n"] or 0


def local_day(at: datetime) -> date:
    """The day on the office's wall."""
    return timezone.localtime(at).date()
