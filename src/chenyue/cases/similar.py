"""Open cases that a new appeal may belong to: near in place and time, alike in words.

Candidates come from one statement (the same building, else the same estate or category, newest first);
the score is a cosine of character pairs weighted by how rare they are among the candidates, with the
place as a score and not a veto. Suggested only: a person joins.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, ExpressionWrapper, F, IntegerField, QuerySet, Value
from django.db.models import Case as When
from django.db.models import When as If
from django.db.models.functions import Substr
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chenyue.cases.filters import STILL_OPEN
from chenyue.cases.models import Appeal, Case
from chenyue.cases.queries import Reach, reach, within
from chenyue.catalogue.queries import catalogue
from chenyue.core import text
from chenyue.core.prepared import prepared
from chenyue.people.models import Member, Sensitivity
from chenyue.places.entries import PlaceInfo
from chenyue.places.queries import gazetteer

WITHIN = timedelta(days=30)
CANDIDATES = 24
WORDS = 200  # characters of an appeal that are compared: people say what it is at the beginning
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
    place = gazetteer().get(place_id) if place_id else None
    found = _candidates(reach(member) if member else None, place, category_code, at, exclude or 0)
    if not found:
        return []
    said = _first_words([near.pk for near in found])
    scores = cosines(words[:WORDS], [f"{near.title}\n{said.get(near.pk, '')}" for near in found])
    result = []
    for near, likeness in zip(found, scores, strict=True):
        closeness = _closeness(near, place)
        alike = bool(category_code and near.category_code == category_code)
        score = WORDS_SHARE * likeness + PLACE_SHARE * closeness + CATEGORY_SHARE * alike
        if score >= THRESHOLD:
            result.append(_said(near, score, list(_reasons(closeness, alike, likeness))))
    return sorted(result, key=lambda s: -s.score)[:limit]


def _reasons(closeness: float, alike: bool, likeness: float) -> Iterator[Promise]:
    if closeness:
        yield _("Same building") if closeness == 1.0 else _("Same estate")
    if alike:
        yield _("Same category")
    if likeness >= 0.2:
        yield _("Similar words")


def for_resident(words: str, *, place_id: int | None, category_code: str | None, at: datetime) -> list[Similar]:
    """What a resident may be offered to follow: ordinary matters, without anyone's words in it."""
    found = similar(words, place_id=place_id, category_code=category_code, at=at, limit=3)
    return [Similar(**{**s.__dict__, "title": s.category}) for s in found]


class Near(NamedTuple):
    """An open case near in place and time."""

    pk: int
    number: str
    title: str
    building_id: int | None
    estate_id: int | None
    voices: int
    received_at: datetime
    category_code: str | None
    category: str | None
    place: str | None


NEAR = (
    "pk", "number", "title", "building_id", "estate_id", "appeals_count", "received_at", "category__code",
    "category__name", "place__full_name",
)  # fmt: skip


def _candidates(
    seen: Reach | None, place: PlaceInfo | None, category_code: str | None, at: datetime, besides: int
) -> list[Near]:
    """In the same estate, else the same community, else of the same category; the same building first."""
    if place:
        kind = next((k for k in ("estate_id", "community_id") if getattr(place, k)), "place_id")
        value = getattr(place, kind, place.id)
    else:
        info = catalogue().by_code.get(category_code or "")
        if info is None:
            return []
        kind, value = "category_id", info.id
    building = (place.building_id if place else None) or -1
    rows = _open_near(seen, kind, value=value, building=building, since=at - WITHIN, besides=besides)
    return [Near(*row) for row in rows]


@prepared
def _open_near(seen: Reach | None, kind: str, *, value: Any, building: Any, since: Any, besides: Any) -> QuerySet[Any]:
    rows = Case.objects.filter(sensitivity=Sensitivity.NORMAL) if seen is None else within(seen, few=True)
    here = If(building_id=building, then=Value(0))
    closeness = When(here, default=Value(1), output_field=IntegerField())
    near = rows.filter(STILL_OPEN, received_at__gte=since, **{kind: value}).exclude(pk=besides)
    return near.order_by(closeness, "-id").values_list(*NEAR)[:CANDIDATES]


def _first_words(case_ids: list[int]) -> dict[int, str]:
    """How each case's first appeal begins; asked for the few candidates only."""
    wanted = [*case_ids, *[-1] * (CANDIDATES - len(case_ids))]  # one statement for any number of them
    return dict(_beginnings(**{f"case{n}": pk for n, pk in enumerate(wanted)}))


@prepared
def _beginnings(**cases: Any) -> QuerySet[Any]:
    own = ExpressionWrapper(F("case_id"), output_field=BigIntegerField())  # Django would prepare keys at once
    rows = Appeal.objects.alias(own=own).filter(own__in=list(cases.values()), case_id=F("first_case_id"))
    return rows.order_by("-id").values_list("case_id", Substr("words", 1, WORDS))


def _closeness(near: Near, place: PlaceInfo | None) -> float:
    if place is None:
        return 0.0
    if place.building_id and near.building_id == place.building_id:
        return 1.0
    if place.estate_id and near.estate_id == place.estate_id:
        # An estate's gate and one of its houses may be the same trouble; two different houses rarely are.
        return 0.5 if not place.building_id or not near.building_id else 0.2
    return 0.0


def _said(near: Near, score: float, reasons: list[str | Promise]) -> Similar:
    return Similar(
        case_id=near.pk,
        number=near.number,
        title=near.title,
        category=near.category or "",
        place=near.place or "",
        voices=near.voices,
        received_at=near.received_at,
        score=round(min(score, 1.0), 3),
        reasons=reasons,
    )


def cosines(words: str, others: Sequence[str]) -> list[float]:
    """Cosine (0–1) between the weighted character pairs of `words` and of each of `others`."""
    mine, *theirs = map(Counter, text.tokens_of([words, *others]))
    spread: Counter[str] = Counter()
    for bag in (mine, *theirs):
        spread.update(bag.keys())
    total = len(theirs) + 1
    weight = {token: math.log(1 + total / n) for token, n in spread.items()}
    weighed = {token: weight[token] * (1 + math.log(n)) for token, n in mine.items()}
    own = math.sqrt(sum([value * value for value in weighed.values()])) or 1.0
    found = []
    for bag in theirs:
        values = {token: weight[token] if n == 1 else weight[token] * (1 + math.log(n)) for token, n in bag.items()}
        length = math.sqrt(sum([value * value for value in values.values()])) or 1.0
        found.append(sum([weighed[token] * values[token] for token in weighed.keys() & values.keys()]) / (own * length))
    return found
