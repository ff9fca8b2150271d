"""What a brief says of small pains that were found in its days: places and matters, never a door or a person.

A topic is told by the words that make it. Cases that became private since are taken out of the count; what then has
none left isn't told.
"""

import re
from typing import Any

from chenyue.bulletin import leaks
from chenyue.cases.models import Appeal, Case
from chenyue.insight.brief.stretches import Stretch
from chenyue.insight.lifecycle import PainKind, PainState
from chenyue.insight.models import Pain
from chenyue.people.models import Member
from chenyue.places.models import Kind, Place

MOST = 5  # of each kind
WORDS = 4  # of a topic
LONGEST = 6  # characters of a word
LOOKED = 300  # reporters of a topic whose names are kept out of its words
TOLD = (PainState.NEW, PainState.SEEN, PainState.PROJECT)
# A family name with what people are called by: no topic is named after somebody.
_PERSON = re.compile(
    "先生|女士|阿姨|大爷|大妈|奶奶|爷爷|老伯|师傅|同学|老师|医生|主任|书记|某某|"
    "[小老][王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许]"
)
_EDGES = re.compile(r"^[的了是在很都被把和与]+|[的了是在很都被把和与]+$")


def of(stretch: Stretch, community: int | None) -> dict[str, Any]:
    """Spots and topics of these days, and at how many doors the same came again."""
    rows = Pain.objects.filter(state__in=TOLD, last_on__gte=stretch.since, last_on__lt=stretch.until)
    if community is not None:
        rows = rows.filter(community=community)
    found = list(rows.select_related("place", "category").order_by("-count", "pk"))
    normal = _normal({pk for pain in found for pk in pain.cases if isinstance(pk, int)})
    spots: list[list[Any]] = []
    topics: list[list[Any]] = []
    doors = 0
    for pain in found:
        count = len(normal & set(pain.cases))
        if not count:
            continue
        if pain.kind == PainKind.DOOR:
            doors += 1
        elif pain.kind == PainKind.SPOT and len(spots) < MOST and pain.place and pain.category:
            spots.append([_where(pain.place), pain.category.name, count, round(pain.expected, 1), _days(pain)])
        elif pain.kind == PainKind.TOPIC and len(topics) < MOST and (words := _words(pain)):
            topics.append([words, count, _days(pain)])
    return {"spots": spots, "topics": topics, "doors": doors}


def _where(place: Place) -> str:
    """The place, at the nearest a building or an entrance."""
    return place.parent.full_name if place.kind == Kind.HOME and place.parent else place.full_name


def _days(pain: Pain) -> int:
    """Over how many days its cases were counted: from the first of them to the last."""
    return (pain.last_on - pain.first_on).days + 1


def _normal(ids: set[int]) -> set[int]:
    if not ids:
        return set()
    return set(Case.objects.filter(pk__in=ids, sensitivity="normal").values_list("pk", flat=True))


def _words(pain: Pain) -> str:
    """The words of a topic, without any that could name or number somebody."""
    known = leaks.Known(names=tuple(_people(pain)))
    kept: list[str] = []
    for word in pain.words:
        plain = _EDGES.sub("", str(word).strip())
        if not 1 < len(plain) <= LONGEST or any(plain in one or one in plain for one in kept):
            continue  # longer ones are somebody's own sentence
        inside = any(plain in name for name in known.names if len(plain) > 1)
        if not inside and not _PERSON.search(plain) and not re.search(r"\d{3}", plain):
            kept += [] if leaks.check({"": plain}, known) else [plain]
    return "、".join(kept[:WORDS])


def _people(pain: Pain) -> set[str]:
    """Names that no topic may be told by: of those who told of it, and of the office's own people."""
    told = Appeal.objects.filter(case__in=pain.cases, reporter__isnull=False).select_related("reporter")
    names = {appeal.reporter.name for appeal in told[:LOOKED] if appeal.reporter}
    return {name for name in names | set(Member.objects.values_list("name", flat=True)) if len(name) > 1}
