"""How well triage did: what was suggested beside what people chose, by category and month, and what would help."""

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, F
from django.db.models.fields.json import KT
from django.db.models.functions import TruncMonth

from chenyue.cases.models import Appeal
from chenyue.catalogue.queries import catalogue
from chenyue.catalogue.tree import CategoryInfo
from chenyue.core.text import fold
from chenyue.people.models import Sensitivity
from chenyue.triage.similarity import grams

MISREAD = 400  # cases, the newest, whose words are looked through for what would help
OFTEN = 3  # texts that a word must stand in before it is offered as a keyword
WORDS = 5


@dataclass
class Line:
    """One category: of the cases that people gave it, how many were suggested so, in all and by month."""

    category: CategoryInfo
    right: int = 0
    total: int = 0
    months: dict[str, list[int]] = field(default_factory=dict)  # 2026-11 → [right, total]
    taken_for: Counter[str] = field(default_factory=Counter)  # code that was suggested instead
    words: list[str] = field(default_factory=list)  # keywords that would help
    cases: list[str] = field(default_factory=list)  # numbers of cases whose words would make good examples

    @property
    def share(self) -> int | None:
        """Per cent right."""
        return round(100 * self.right / self.total) if self.total else None


@dataclass(frozen=True)
class Confusion:
    """A pair that is taken for one another: what people chose, what was suggested, how often."""

    chosen: CategoryInfo
    suggested: CategoryInfo
    count: int


@dataclass(frozen=True)
class Quality:
    """The figures of a period; lines with the most cases read wrongly come first."""

    right: int
    total: int
    months: list[tuple[str, int, int]]
    lines: list[Line]
    confusions: list[Confusion]

    @property
    def share(self) -> int | None:
        return round(100 * self.right / self.total) if self.total else None


def _confirmed(since: datetime, until: datetime) -> Any:
    return Appeal.objects.filter(
        case_id=F("first_case_id"),
        case__triaged_at__gte=since,
        case__triaged_at__lt=until,
        case__category__isnull=False,
    ).annotate(guessed=KT("suggestion__categories__0__code"), chosen=F("case__category__code"))


def quality(since: datetime, until: datetime) -> Quality:
    """Cases confirmed in a period (3 statements, whatever their number)."""
    held = catalogue()
    lines: dict[str, Line] = {}
    confused: Counter[tuple[str, str]] = Counter()
    months: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    counted = _confirmed(since, until).annotate(month=TruncMonth("case__triaged_at"))
    for month, guessed, chosen, n in counted.values_list("month", "guessed", "chosen").annotate(n=Count("pk")):
        category = held.by_code.get(chosen)
        if category is None or not guessed:
            continue
        line = lines.setdefault(chosen, Line(category))
        hit = n if guessed == chosen else 0
        for sums in (months[f"{month:%Y-%m}"], line.months.setdefault(f"{month:%Y-%m}", [0, 0])):
            sums[0] += hit
            sums[1] += n
        line.right += hit
        line.total += n
        if not hit:
            line.taken_for[guessed] += n
            confused[chosen, guessed] += n
    _help(lines, since, until)
    pairs = [(held.by_code[a], held.by_code[b], n) for (a, b), n in confused.most_common(12) if b in held.by_code]
    return Quality(
        right=sum(line.right for line in lines.values()),
        total=sum(line.total for line in lines.values()),
        months=[(month, sums[0], sums[1]) for month, sums in sorted(months.items())],
        lines=sorted(lines.values(), key=lambda line: (line.right - line.total, line.category.code)),
        confusions=[Confusion(*pair) for pair in pairs],
    )


def _help(lines: dict[str, Line], since: datetime, until: datetime) -> None:
    """Words that stand in several misread texts of a category and hardly in others'; cases fit as examples."""
    rows = _confirmed(since, until).exclude(guessed=F("chosen")).filter(case__sensitivity=Sensitivity.NORMAL)
    texts: dict[str, list[set[str]]] = defaultdict(list)
    for words, number, chosen in rows.order_by("-pk").values_list("words", "case__number", "chosen")[:MISREAD]:
        texts[chosen].append({gram for gram in grams(fold(words[:600])) if len(gram) > 1})
        if chosen in lines and len(lines[chosen].cases) < 3 and 8 <= len(words) <= 120:
            lines[chosen].cases.append(number)
    spread: Counter[str] = Counter(gram for own in texts.values() for found in own for gram in found)
    for code, own in texts.items():
        if code in lines:
            lines[code].words = helpful(own, spread, lines[code].category)


def helpful(own: list[set[str]], spread: Counter[str], category: CategoryInfo) -> list[str]:
    """The keywords to offer, best first: frequent here, rare elsewhere, not in the row already."""
    known = fold(" ".join((category.name, *category.keywords)))
    here = Counter(gram for found in own for gram in found)
    ranked = sorted(
        ((n * math.log((n + 0.5) / (spread[gram] - n + 0.5)) * len(gram) ** 0.5, gram) for gram, n in here.items()
         if n >= OFTEN and gram not in known and not gram.isdigit()),
        reverse=True,
    )  # fmt: skip
    chosen: list[str] = []
    for weight, gram in ranked:
        if weight > 0 and not any(gram in other or other in gram for other in chosen):
            chosen.append(gram)
        if len(chosen) == WORDS:
            break
    return chosen
