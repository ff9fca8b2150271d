"""Counts a trouble by one rule in two stretches: the rule that a root-cause project is held to, before and after."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from chenyue.cases.models import Appeal
from chenyue.catalogue.models import Category
from chenyue.insight import pain_rows
from chenyue.insight.models import Pain
from chenyue.insight.outages import outages
from chenyue.insight.proof import Proof, held
from chenyue.places.models import Kind, Place

MOST_WORDS = 6
MOST = 5_000  # cases whose words are read for copies; a rule that finds more counts nothing in particular
COLUMNS = {Kind.COMMUNITY: "community", Kind.ESTATE: "estate", Kind.BUILDING: "building"}


@dataclass(frozen=True)
class Rule:
    """What counts as "again": all that is named must fit, of the words any one. Kept as `RootProject.counted`.

    `who`: the resident whose matter it is (an id, never shown).
    """

    place: int | None = None
    category: int | None = None
    room: str = ""
    words: tuple[str, ...] = ()
    who: int | None = None

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "Rule":
        """From what a project keeps."""
        words = tuple(str(word) for word in kept.get("words", ()))[:MOST_WORDS]
        return cls(kept.get("place"), kept.get("category"), str(kept.get("room", "")), words, kept.get("who"))

    def kept(self) -> dict[str, Any]:
        """As a project keeps it."""
        found = {"place": self.place, "category": self.category, "room": self.room, "words": list(self.words)}
        return {name: value for name, value in (found | {"who": self.who}).items() if value}

    def empty(self) -> bool:
        """Whether it would count everything."""
        return not self.kept()


def rule_of(pain: Pain) -> Rule:
    """The rule by which a finding was counted."""
    if pain.words:
        return Rule(words=tuple(pain.words[:MOST_WORDS]))
    name, *parts = pain.key.split(":")
    if name == "again":
        return Rule(category=pain.category_id, who=int(parts[0]) if parts and parts[0].isdigit() else None)
    return Rule(pain.place_id, pain.category_id, pain.room)


def cases(rule: Rule, since: date, until: date) -> Any:
    """The normal cases that fit, received on these days (both counted)."""
    rows = pain_rows.normal(since, until)
    if rule.category is not None:
        kinds = Category.objects.filter(Q(pk=rule.category) | Q(parent_id=rule.category)).values("pk")
        rows = rows.filter(category__in=kinds)
    if rule.place is not None:
        kind = Place.objects.filter(pk=rule.place).values_list("kind", flat=True).first()
        rows = rows.filter(**{COLUMNS.get(Kind(kind), "place") if kind else "place": rule.place})
    if rule.room:
        rows = rows.filter(room=rule.room)
    if rule.who is not None:
        rows = rows.filter(pk__in=Appeal.objects.filter(reporter=rule.who, confidential=False).values("case"))
    if rule.words:
        said = Q()
        for word in rule.words:
            said |= Q(words__contains=word) | Q(title__contains=word)
        told = Appeal.objects.filter(said, received_at__gte=pain_rows.begins(since), confidential=False)
        rows = rows.filter(pk__in=told.values("case"))
    return rows


def count(rule: Rule, since: date, until: date) -> int:
    """How many, copies of the same words once."""
    if rule.empty() or until < since:
        return 0
    ids = list(cases(rule, since, until).order_by("pk").values_list("pk", flat=True)[: MOST + 1])
    if len(ids) > MOST:
        return int(cases(rule, since, until).count())
    marks = pain_rows.marks(ids)
    return len({marks.get(pk, -pk) for pk in ids})


def changed(rule: Rule) -> bool:
    """Whether what is counted isn't used any more: its kind (split, merged) or place was closed, or no rule is left."""
    if rule.empty():
        return True
    if rule.category is not None:
        kinds = Category.objects.filter(Q(pk=rule.category) | Q(parent_id=rule.category), active=True)
        if not kinds.exists():
            return True
    return rule.place is not None and not Place.objects.filter(pk=rule.place, active=True).exists()


def proved(rule: Rule, before: tuple[date, date], after: tuple[date, date], target: int) -> Proof:
    """Both stretches (first and last day) counted and held against each other."""
    since, until = before[0], after[1]
    away = outages(pain_rows.by_day(since, until), since, until)
    days = []
    for first, last in (before, after):
        length = (last - first).days + 1
        days.append(max(length, 0) - sum(first + timedelta(days=n) in away for n in range(max(length, 0))))
    return held(count(rule, *before), count(rule, *after), days[0], days[1], target, changed=changed(rule))
