"""Open cases that a new appeal may belong to: near in place and time, alike in words.

Candidates come from one statement (the same building, else the same estate or category, newest first);
the score is a cosine of character pairs weighted by how rare they are among the candidates, with the
place as a score and not a veto. Suggested only: a person joins.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case as When
from django.db.models import F, IntegerField, Q, QuerySet, Value
from django.db.models import When as If
from django.db.models.functions import Substr
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chenyue.cases.lifecycle import OPEN
from chenyue.cases.models import Appeal, Case
from chenyue.cases.queries import visible
from chenyue.core import text
from chenyue.people.models import Member, Sensitivity
from chenyue.places.queries import gazetteer

WITHIN = timedelta(days=30)
CANDIDATES = 24
WORDS = 200  # characters of an appeal that are compared: people say what it is at the beginning
SHOWN = (
    "number",
    "title",
    "state",
    "building_id",
    "estate_id",
    "appeals_count",
    "received_at",
    "category__code",
    "category__name",
    "place__full_name",
)
THRESHOLD = 0.30
# Shares of the score: words count most; the same door with few common words is still a hint.
WORDS_SHARE, PLACE_SHARE, CATEGORY_SHARE = 0.6, 0.25, 0.15


@dataclass(frozen=True)
class Similar:
    """An open case that may be the same incident, and why."""

    case_id: int
    number: str
    title: str
    category: str
    place: str
    voices: int
    received_at: datetime
    score: float  # 0–1; not a probability
    reasons: list[str | Promise]


def similar(
    words: str,
    *,
    place_id: int | None,
    category_code: str | None,
    at: datetime,
    member: Member | None = None,
    exclude: int | None = None,
    limit: int = 5,
) -> list[Similar]:
    """The likeliest open cases, best first; only those that `member` may see where one is given."""
    rows = visible(member) if member else Case.objects.filter(sensitivity=Sensitivity.NORMAL)
    found = list(_candidates(rows, place_id, category_code, at, exclude))
    if not found:
        return []
    place = gazetteer().get(place_id) if place_id else None
    said = _first_words([case.pk for case in found])
    scores = cosines(words[:WORDS], [f"{c.title}\n{said.get(c.pk, '')}" for c in found])
    result = []
    for case, likeness in zip(found, scores, strict=True):
        near = _nearness(case, place.building_id or 0, place.estate_id or 0) if place else 0.0
        alike = bool(category_code and case.category and case.category.code == category_code)
        score = WORDS_SHARE * likeness + PLACE_SHARE * near + CATEGORY_SHARE * alike
        if score >= THRESHOLD:
            reasons: list[str | Promise] = []
            if near == 1.0:
                reasons.append(_("Same building"))
            elif near:
                reasons.append(_("Same estate"))
            if alike:
                reasons.append(_("Same category"))
            if likeness >= 0.2:
                reasons.append(_("Similar words"))
            result.append(_said(case, score, reasons))
    return sorted(result, key=lambda s: -s.score)[:limit]


def for_resident(words: str, *, place_id: int | None, category_code: str | None, at: datetime) -> list[Similar]:
    """What a resident may be offered to follow: ordinary matters, without anyone's words in it."""
    found = similar(words, place_id=place_id, category_code=category_code, at=at, limit=3)
    return [Similar(**{**s.__dict__, "title": s.category}) for s in found]


def _candidates(
    rows: QuerySet[Case], place_id: int | None, category_code: str | None, at: datetime, exclude: int | None
) -> QuerySet[Case]:
    place = gazetteer().get(place_id) if place_id else None
    near = Q()
    if place and place.estate_id:
        near = Q(estate_id=place.estate_id)
    elif place:
        near = Q(place_id=place.id) | (Q(community_id=place.community_id) if place.community_id else Q())
    elif category_code:
        near = Q(category__code=category_code)
    else:
        return rows.none()
    closeness = When(
        If(building_id=place.building_id if place and place.building_id else -1, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    return (
        rows.filter(near, state__in=[s.value for s in OPEN], received_at__gte=at - WITHIN)
        .exclude(pk=exclude or 0)
        .select_related("category", "place")
        .only(*SHOWN)
        .order_by(closeness, "-id")[:CANDIDATES]
    )


def _first_words(case_ids: list[int]) -> dict[int, str]:
    """How each case's first appeal begins; asked for the few candidates only."""
    rows = Appeal.objects.filter(case__in=case_ids, case_id=F("first_case_id")).order_by("-id")
    return dict(rows.values_list("case_id", Substr("words", 1, WORDS)))


def _nearness(case: Case, building_id: int, estate_id: int) -> float:
    if building_id and case.building_id == building_id:
        return 1.0
    if estate_id and case.estate_id == estate_id:
        # An estate's gate and one of its houses may be the same trouble; two different houses rarely are.
        return 0.5 if not building_id or not case.building_id else 0.2
    return 0.0


def _said(case: Case, score: float, reasons: list[str | Promise]) -> Similar:
    return Similar(
        case_id=case.pk,
        number=case.number,
        title=case.title,
        category=case.category.name if case.category else "",
        place=case.place.full_name if case.place else "",
        voices=case.appeals_count,
        received_at=case.received_at,
        score=round(min(score, 1.0), 3),
        reasons=reasons,
    )


def cosines(words: str, others: Sequence[str]) -> list[float]:
    """Cosine (0–1) between the weighted character pairs of `words` and of each of `others`."""
    mine = Counter(text.tokens(words))
    theirs = [Counter(text.tokens(other)) for other in others]
    spread: Counter[str] = Counter()
    for bag in [mine, *theirs]:
        spread.update(bag.keys())
    total = len(theirs) + 1
    weight = {token: math.log(1 + total / n) for token, n in spread.items()}

    def length(bag: Counter[str]) -> float:
        return math.sqrt(sum((weight[t] * (1 + math.log(n))) ** 2 for t, n in bag.items())) or 1.0

    own = length(mine)
    found = []
    for bag in theirs:
        common = mine.keys() & bag.keys()
        dot = sum(weight[t] ** 2 * (1 + math.log(mine[t])) * (1 + math.log(bag[t])) for t in common)
        found.append(dot / (own * length(bag)))
    return found
