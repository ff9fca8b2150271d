"""Several matters in one message: which sentences tell of which. Offered to a person, never decided. Pure.

Precise rather than complete: a further matter counts only where its sentence begins as a list does (第二, 另外 …),
is as good as sure of its kind, and has another unit than what was told before. A letter that lists the faults of
one opponent, or many arguments for one wish, stays whole.
"""

import re
from dataclasses import dataclass

from chenyue.catalogue.queries import catalogue
from chenyue.catalogue.tree import CategoryInfo
from chenyue.triage.reading import Reading, read
from chenyue.triage.scorer import Score, scorer
from chenyue.triage.versions import active

SURE = 0.72  # confidence with which a sentence must speak for a matter of its own
MOST = 5  # matters; whoever lists more lists arguments
LETTER = 160  # characters; above, only a text that counts its points is a list …
LIST = 0.6  # … and of its points this share must be matters of their own
PREAMBLE = 110  # characters before the first point; who tells more has one matter and its arguments
READ = 24  # sentences that are looked at
NEVER = ("12",)  # thanks, wishes and questions beside a matter are none of their own
# How a further point begins.
_COUNTED = (
    r"(?:第[一二三四五六]|其[一二三]|[一二三四五六]是|[一二三四五六](?=[、.．，,])|[1-6１-６](?=[、.．)）:：](?!\d))|[①②③④⑤⑥]|"
    r"[(（][一二三四五六1-6][)）])"
)
_BESIDE = (
    r"(?:另外|此外|还有一[件个]?|还有个|再有|再一个|再就是|顺便|同时(?:反映|请|要求)|除此之外|另有|还想(?:反映|说)|"
    r"还要反映|对了)"
)
_POINT = re.compile(rf"\s{{0,20}}(?:{_COUNTED}|{_BESIDE})")
_NUMBERED = re.compile(rf"\s{{0,20}}{_COUNTED}")
_INSIDE = re.compile(rf"(?<=[，,；;、：:\s])(?={_COUNTED}|{_BESIDE})")
_SENTENCE = re.compile(r"[^。！？；!?;\n]{1,2000}[。！？；!?;\n]*|[。！？；!?;\n]+")


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter of a message: its kind, how sure, and the places of its sentences in `sentences(words)`."""

    category: CategoryInfo
    confidence: float
    lines: tuple[int, ...]


def sentences(words: str) -> list[str]:
    """The words cut into pieces; joined they are the words again, to the letter."""
    found: list[str] = []
    for sentence in _SENTENCE.findall(words):
        found += [piece for piece in _INSIDE.split(sentence) if piece]
    return found


def matters(words: str) -> list[Matter]:
    """Two or more matters with their sentences, the first as told first; [] for a message with one."""
    pieces = sentences(words)
    points = [bool(_POINT.match(piece)) for piece in pieces]
    counted = sum(bool(_NUMBERED.match(piece)) for piece in pieces)
    if not any(points) or len(pieces) < 2 or len(pieces) > READ or (len(words) > LETTER and counted < 2):
        return []
    engine = scorer(catalogue(), active())
    best = [_best(engine.score(_alone(piece), limit=1)) for piece in pieces]
    found: list[tuple[Score, list[int]]] = []
    for line, (score, point) in enumerate(zip(best, points, strict=True)):
        if score and (not found or (point and _another(score, [s for s, _lines in found]))):
            found.append((score, []))
        if found:
            found[-1][1].append(line)
    if not 2 <= len(found) <= MOST or _OPPONENT.search(words) or not _is_list(pieces, points, len(words), len(found)):
        return []
    found[0][1][:0] = range(found[0][1][0])  # a salutation goes with what is told first
    return [Matter(score.category, round(score.confidence, 3), tuple(lines)) for score, lines in found]


def _alone(piece: str) -> Reading:
    """A piece as a text of its own, without what only counts it."""
    mark = _POINT.match(piece)
    plain = read(piece[mark.end() if mark else 0 :].lstrip("、.．)）:： ，,")).plain
    return Reading(plain, (plain,))


def _best(scores: list[Score]) -> Score | None:
    sure = bool(scores) and scores[0].confidence >= SURE and scores[0].category.code[:2] not in NEVER
    return scores[0] if sure and scores[0].cues else None


def _another(score: Score, before: list[Score]) -> bool:
    """Another kind than all before, and for another unit or in another group."""
    mine = score.category
    return all(
        mine.code != s.category.code
        and (mine.lead_code != s.category.lead_code or mine.parent_code != s.category.parent_code)
        for s in before
    )


# One quarrel with many points: about a purchase, a firm, or what an opponent did.
_OPPONENT = re.compile(
    r"开发商|毛坯|质量问题|收房|交房|楼盘|购房|置业|欺诈|虚假|侵吞|举报|维权|被投诉|强烈反对|坚决反对|理由(?:如下|是)|事实(?:如下|理由)|原因|"
    r"物业.{0,20}物业.{0,30}物业|纳入.{0,8}改造|诉求(?:如下|有以下)"
)


def _is_list(pieces: list[str], points: list[bool], length: int, found: int) -> bool:
    """Whether a longer text is a list of matters rather than a letter with arguments."""
    if length <= LETTER:
        return True
    first = points.index(True)
    preamble = sum(len(piece) for piece in pieces[:first])
    return preamble <= PREAMBLE and found >= max(2.0, LIST * sum(points))
