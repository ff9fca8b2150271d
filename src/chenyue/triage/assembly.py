"""Puts a suggestion together: what, how urgent, where, whose, and why. Reads snapshots, writes nothing."""

import re
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.catalogue.models import Urgency
from chenyue.catalogue.queries import catalogue
from chenyue.catalogue.routing import Route, route
from chenyue.catalogue.tree import Catalogue
from chenyue.triage import dangers, moments, notappeals, numbers, roads, titles, urgency
from chenyue.triage.reading import Reading, read
from chenyue.triage.scorer import Score, Scorer, entry, scorer
from chenyue.triage.suggestion import CategoryGuess, EmergencyCall, Suggestion
from chenyue.triage.versions import active

if TYPE_CHECKING:
    from chenyue.places.gazetteer import PlaceHit

READ_PLACES = 3000  # characters; a letter names its place early
GUESSES = 5
SURE = 0.5  # a first guess below this is no ground for calling an emergency
PASSED = 0.02  # share of confidence that is left to a category whose danger is over
FURTHER = 0.6  # confidence with which a sentence must speak for another matter
NEVER_FURTHER = ("12",)  # thanks, wishes and questions beside a matter are no matter of their own
ALARM = 0.9  # confidence at which one sentence of a longer text is taken for a danger without a rule
LISTED = 4  # sentences of a short list
PLAIN = 0.94  # confidence of a first guess beside which the second ear is silent
LIKELY = 0.12  # confidence of a danger that goes first in a text that sounds like one
CERTAIN, DOUBTED = 0.9, 0.7  # confidence of a danger by rule that likeness finds too, or doesn't at all
SHARED = 0.1  # confidence by likeness from which it does
MASS = 0.45  # confidence that dangers of any kind must gather to count as one
_LIST = re.compile(
    r"第[一二三四]|[一二三四]是|[1-4１-４][、.．)]|[一二三四]、|[①②③④]|另外|顺便|还有一|还有个|再一个|再就是|"
    r"此外|[。；;！]\s?还有|头一[个件]|二一个|三一个|再者|末了|最后(?:说|还)|同时(?:请|反映|查清|要求)|以上.{0,2}[几两三四]|[两几三四]件事"
)


def suggest(text: str, where: int | None, at: datetime, *, reporter_key: str = "") -> Suggestion:
    """See `chenyue.triage.suggest`."""
    reading = read(text)
    if not reading.plain:
        return Suggestion(is_appeal=False, not_appeal_because="empty", reasons=[_("There are no words to read.")])
    held = catalogue()
    engine = scorer(held, active())
    parts = engine.parts(reading, heard := engine.hear(reading))
    seen = _alarmed(reading, parts, dangers.look(reading, at), at)
    scores = _with_danger(_listed(reading, engine.score(reading, heard=heard), parts), seen, held)
    best = next((s.points for s in scores if s.category.lead_code), 0.0)
    because = notappeals.why_not(reading, best, bool(seen.present))
    rings = not because and _rings(reading, scores, seen, engine)
    scores = _gravest_first(scores) if rings else scores
    places = _places(text, where)
    first = scores[0] if scores else None
    how, further = _urgency(reading, scores, seen, rings), _further(reading, first, parts)
    goes = route(
        first.category.id if first else None,
        places[0].place_id if places else None,
        how.urgency,
        extra_leads=[s.category.lead_code for s in further],
        held=held,
    )
    guesses, away = [_guess(score) for score in scores[:GUESSES]], _roads(reading, first)
    return Suggestion(
        is_appeal=not because,
        not_appeal_because=because,
        categories=guesses,
        further=[_guess(score) for score in further],
        places=places,
        urgency=how.urgency,
        urgency_cue=how.cue,
        handling=goes.handling,
        lead_id=goes.lead_id,
        assist_ids=list(goes.assist_ids),
        lead_code=goes.lead_code,
        assist_codes=list(goes.assist_codes),
        needs_place=goes.needs_place,
        rule_id=goes.rule_id,
        promises=(goes.accept_by, goes.contact_by, goes.resolve_by),
        reasons=_reasons(guesses, places, how, further, goes),
        routes_away=roads.told(away),
        people=numbers.people(reading.plain),
        homes=numbers.homes(reading.plain),
        emergency=_emergency(how, seen, away, first),
        title=titles.title(text),
        taught=bool(first and first.taught),
        **_times(reading.plain, at),
    )


def _times(plain: str, at: datetime) -> dict[str, Any]:
    """When it happened and how long it has lasted, as told."""
    told = moments.happened(plain[:READ_PLACES], timezone.localtime(at))
    lasts = moments.lasting(plain[:READ_PLACES])
    return {
        "happened": told.at.isoformat(timespec="minutes") if told else "",
        "happened_words": told.words if told else "",
        "lasting_hours": round(lasts.hours, 1) if lasts else None,
        "lasting_words": lasts.words if lasts else "",
    }


def _rings(reading: Reading, scores: list[Score], seen: dangers.Reader, engine: Scorer) -> bool:
    """Whether the second ear hears a danger: no rule speaks, and no first guess is as good as certain."""
    if seen.present or seen.passed or not scores:
        return False
    plain = scores[0].confidence >= PLAIN and scores[0].category.urgency != Urgency.EMERGENCY
    return not plain and engine.rings(reading)


def _gravest_first(scores: list[Score]) -> list[Score]:
    """Of a text that sounds like danger, the likeliest danger first, if it is likely at all."""
    grave = next((s for s in scores if s.category.urgency == Urgency.EMERGENCY and s.confidence >= LIKELY), None)
    if grave is None or grave is scores[0]:
        return scores
    others = [s for s in scores[1:] if s is not grave]
    top, low = replace(grave, confidence=scores[0].confidence), replace(scores[0], confidence=grave.confidence)
    return [top, *sorted([low, *others], key=lambda s: -s.confidence)]


def _urgency(reading: Reading, scores: list[Score], seen: dangers.Reader, rings: bool) -> urgency.Read:
    """By the first guess; dangers of several kinds that share the confidence count together."""
    if not scores:
        return urgency.read(reading, None, seen, False)
    if rings:
        cue = "…".join(scores[0].cues[:2])
        return urgency.Read(Urgency.EMERGENCY.value, cue, _("It sounds like a danger now."))
    first = scores[0]
    grave = [s for s in scores if s.category.urgency == Urgency.EMERGENCY]
    gathered = sum(s.confidence for s in grave)
    of = grave[0] if gathered >= MASS and not seen.present else first
    sure = first.confidence >= SURE if of is first else True
    return urgency.read(reading, of.category, seen, sure, lasting=entry(first.category).get("lasting", False))


def _guess(score: Score) -> CategoryGuess:
    category = score.category
    return CategoryGuess(category.code, category.name, round(score.confidence, 4), score.cues, category.id)


def _with_danger(scores: list[Score], seen: dangers.Reader, held: Catalogue) -> list[Score]:
    """A danger to life comes before everything else that a text complains of."""
    wanted: dict[str, dangers.Seen] = {}
    for one in seen.present:
        category = held.by_code.get(one.danger.code)
        if category and category.active and category.name == one.danger.name:
            wanted.setdefault(category.code, one)
    if not wanted:
        return _without_passed(scores, seen)
    ranked = [s for s in scores if s.category.code in wanted]
    for code, one in wanted.items():
        if not any(s.category.code == code for s in ranked):
            ranked.append(Score(held.by_code[code], 0.0, 0.0, (one.cue,), frozenset({one.sentence})))
    others = [s for s in scores if s.category.code not in wanted]
    top = replace(
        ranked[0],
        confidence=max(ranked[0].confidence, CERTAIN if ranked[0].confidence >= SHARED else DOUBTED),
        cues=tuple(dict.fromkeys([wanted[ranked[0].category.code].cue, *ranked[0].cues]))[:4],
    )
    left = 1.0 - top.confidence
    total = sum(s.confidence for s in [*ranked[1:], *others]) or 1.0
    return [top, *(replace(s, confidence=s.confidence / total * left) for s in [*ranked[1:], *others])]


def _without_passed(scores: list[Score], seen: dangers.Reader) -> list[Score]:
    """A danger that is over, supposed or asked about is rarely the matter itself."""
    gone = {one.danger.code for one in seen.passed}
    if not any(s.category.code in gone for s in scores[:2]):
        return scores
    weighed = [replace(s, confidence=s.confidence * PASSED) if s.category.code in gone else s for s in scores]
    total = sum(s.confidence for s in weighed) or 1.0
    weighed = [replace(s, confidence=s.confidence / total) for s in weighed]
    return sorted(weighed, key=lambda s: -s.confidence)


def _further(reading: Reading, first: Score | None, parts: list[Score | None]) -> list[Score]:
    """Other matters in the same words: each told in a sentence of its own, in a text that lists several."""
    if first is None or not _LIST.search(reading.plain):
        return []
    found: list[Score] = []
    for best in parts:
        if best is None or best.confidence < FURTHER or best.category.code[:2] in NEVER_FURTHER:
            continue
        known = [first.category, *(score.category for score in found)]
        if any(c.lead_code == best.category.lead_code and c.parent_code == best.category.parent_code for c in known):
            continue
        if all(c.code != best.category.code for c in known):
            found.append(best)
    return found[:3]


def _listed(reading: Reading, scores: list[Score], parts: list[Score | None]) -> list[Score]:
    """Of several matters in a list the gravest comes first, else the one that is told first."""
    if not scores or len(reading.sentences) > LISTED or not _LIST.search(reading.plain):
        return scores  # a long letter has one matter and many arguments
    told = [part for part in parts if part and part.confidence >= FURTHER]
    told = [score for score in told if score.category.code[:2] not in NEVER_FURTHER]
    if len({score.category.code for score in told}) < 2:
        return scores
    order = [Urgency.EMERGENCY, Urgency.URGENT, Urgency.NORMAL]
    first = min(told, key=lambda score: order.index(Urgency(score.category.urgency)))  # of equals the first
    among = next((s for s in scores if s.category.code == first.category.code), None)
    if among is None or among is scores[0]:
        return scores
    top = replace(scores[0], confidence=among.confidence)  # they change places
    others = [top if s is scores[0] else s for s in scores if s is not among]
    return [replace(among, confidence=scores[0].confidence), *sorted(others, key=lambda s: -s.confidence)]


def _alarmed(reading: Reading, parts: list[Score | None], seen: dangers.Reader, at: datetime) -> dangers.Reader:
    """Dangers that no rule names, but that a sentence of a longer text can hardly mean otherwise."""
    kinds = dangers.by_code()
    more: list[dangers.Seen] = []
    for number, (sentence, best) in enumerate(zip(reading.sentences, parts, strict=False)):
        danger = kinds.get((best.category.code, best.category.name)) if best else None
        if best is None or danger is None or best.confidence < ALARM or not best.cues:
            continue
        there = dangers.is_there(reading.plain, sentence, best.cues, danger, at)
        if there and not dangers.DOUBT.search(sentence):
            more.append(dangers.Seen(danger, "…".join(best.cues[:2]), number))
    known = {one.danger.kind for one in (*seen.present, *seen.passed)}
    return dangers.Reader((*seen.present, *(one for one in more if one.danger.kind not in known)), seen.passed)


def _places(text: str, where: int | None) -> list["PlaceHit"]:
    """Places in the text; the place it came with goes first unless the text names one within it."""
    from chenyue.places.gazetteer import PlaceHit
    from chenyue.places.queries import gazetteer

    held = gazetteer()
    hits = list(held.find(text[:READ_PLACES]))
    if where is None or any(hit.place_id == where for hit in hits[:1]):
        return hits
    inside = [hit for hit in hits if where in held.ancestors(hit.place_id).values()]
    info = held.get(where)
    if inside or info is None:
        return inside + [hit for hit in hits if hit not in inside]
    return [PlaceHit(where, info.full_name, "", 1.0, "", 0, 0), *(hit for hit in hits if hit.place_id != where)]


def _roads(reading: Reading, first: Score | None) -> list[str]:
    shown = roads.paths(reading.plain)
    usual = roads.split(first.category.route_away) if first else []
    return [*usual, *(name for name in shown if name not in usual)]


def _emergency(how: urgency.Read, seen: dangers.Reader, away: list[str], first: Score | None) -> EmergencyCall | None:
    if how.urgency != Urgency.EMERGENCY:
        return None
    of_category = [s.danger for s in seen.present if first and s.danger.code == first.category.code]
    danger = next(iter(of_category or [s.danger for s in seen.present]), None)
    number = danger.number if danger and danger.number else next((n for n in away if n.isdigit()), "")
    sentence = str(roads.told([number])[0].sentence) if number else _("Danger now: the unit is called at once.")
    return EmergencyCall(danger.kind if danger else "", how.cue, number, sentence)


def _reasons(
    guesses: list[CategoryGuess], places: list["PlaceHit"], how: urgency.Read, further: list[Score], goes: Route
) -> list[str]:
    reasons: list[str] = []
    if guesses and guesses[0].cues:
        reasons.append(
            _("%(category)s: the words “%(cues)s”.") % {"category": guesses[0].name, "cues": "”“".join(guesses[0].cues)}
        )
    if how.reason:
        reasons.append(how.reason)
    if places:
        told = places[0].matched_text
        sentence = _("Place: %(place)s, from “%(words)s”.") if told else _("Place: %(place)s, where it came from.")
        reasons.append(sentence % {"place": f"{places[0].full_name}{places[0].room}", "words": told})
    reasons += [_("It also tells of %(category)s.") % {"category": score.category.name} for score in further]
    return reasons + goes.reasons
