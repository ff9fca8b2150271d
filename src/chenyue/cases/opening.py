"""Opening a case: the row that a first appeal begins, from what triage suggested and people chose."""

from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from chenyue.cases.models import Appeal, Case
from chenyue.cases.where import put_at, within
from chenyue.catalogue import routing
from chenyue.catalogue.models import Urgency
from chenyue.catalogue.queries import catalogue
from chenyue.catalogue.tree import CategoryInfo
from chenyue.core import ids
from chenyue.people.models import Sensitivity, UnitKind
from chenyue.triage.suggestion import Suggestion

SURE_ENOUGH = 0.5  # a place read from the words is taken for the case from this score on
TITLE = 120


def title_of(words: str, suggested: str = "") -> str:
    """A title: as suggested, else the first line of the words."""
    first = (suggested or words.strip().split("\n", 1)[0]).strip()
    return first[:TITLE] if len(first) <= 40 or suggested else first[:39] + "…"


def open_case(
    appeal: Appeal, suggestion: Suggestion, *, category: CategoryInfo | None, urgency: str, room: str
) -> Case:
    """A case that isn't saved yet: what was chosen counts, the rest is as suggested until a person confirms."""
    guess = suggestion.category
    chosen = category or (catalogue().by_code.get(guess.code) if guess else None)
    case = Case(
        number=ids.dated_number("case", appeal.filed_at),
        title=title_of(appeal.words, appeal.title or suggestion.title),
        category_id=chosen.id if chosen else None,
        urgency=urgency or suggestion.urgency,
        channel=appeal.channel,
        received_at=appeal.received_at,
        touched_at=appeal.filed_at,
    )
    _place(case, suggestion, appeal.place_id, room)
    route = routing.route(case.category_id, case.place_id, case.urgency)
    case.handling = route.handling
    if case.urgency == Urgency.EMERGENCY:
        case.accept_by, case.contact_by, case.resolve_by = route.accept_by, route.contact_by, route.resolve_by
    if chosen and chosen.private:
        case.sensitivity = Sensitivity.PRIVATE
        case.accused_unit_id = _named_unit(appeal.words)
    return case


def as_history(suggestion: Suggestion) -> Suggestion:
    """The suggestion for words of long ago: what was a danger then isn't one of this hour; a person may say so."""
    return replace(suggestion, urgency=Urgency.NORMAL.value, urgency_cue="", emergency=None)


def _place(case: Case, suggestion: Suggestion, place_id: int | None, room: str) -> None:
    """The place that was told, or a closer one within it that the words name."""
    hit = next((h for h in suggestion.places if h.score >= SURE_ENOUGH), None)
    closer = hit is not None and (place_id is None or within(hit.place_id, place_id))
    put_at(case, hit.place_id if hit and closer else place_id)
    case.room = (room or (hit.room if hit and closer else "") or "")[:20]


def _named_unit(words: str) -> int | None:
    """The unit that a private matter names, if it names just one: it must not see what is said about it."""
    units = [u for u in catalogue().units if not u.placeholder and u.kind != UnitKind.POLICE]
    named = [u.id for u in units if u.name and u.name in words]
    return named[0] if len(named) == 1 else None


def case_like(case: Case, appeal: Appeal, at: datetime) -> Case:
    """A new case for an appeal that leaves this one: same kind, its own place, not yet dispatched."""
    fresh = Case(
        number=ids.dated_number("case", at),
        title=title_of(appeal.words, appeal.title) or _("Split from %(number)s") % {"number": case.number},
        category_id=case.category_id,
        room=case.room,
        urgency=case.urgency,
        handling=case.handling,
        sensitivity=case.sensitivity,
        accused_unit_id=case.accused_unit_id,
        channel=appeal.channel,
        accept_by=case.accept_by,
        contact_by=case.contact_by,
        resolve_by=case.resolve_by,
        received_at=appeal.received_at,
        touched_at=at,
    )
    put_at(fresh, appeal.place_id or case.place_id)  # who sees it goes by its own place
    if fresh.place_id != case.place_id:
        fresh.room = ""
    return fresh
