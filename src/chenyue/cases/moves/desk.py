"""Moves of the desk that triages and dispatches: triage, dispatch, settle, decline."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_lazy as _

from chenyue.cases import clock, events
from chenyue.cases.lifecycle import WORKING, State
from chenyue.cases.models import Answer, Appeal, Assignment, AssignmentRole, Case, Result, Return
from chenyue.cases.moves.base import Act, optional, unit_name, unit_names, words
from chenyue.cases.moves.giving import Gift, chosen, end_parts, give
from chenyue.cases.where import put_at
from chenyue.catalogue import routing
from chenyue.catalogue.models import Handling, Urgency
from chenyue.catalogue.queries import catalogue
from chenyue.catalogue.tree import CategoryInfo
from chenyue.core import rows
from chenyue.core.errors import Refusal
from chenyue.people.models import Sensitivity, Unit
from chenyue.timeline.models import VisibleTo
from chenyue.workdays.spans import Span


def category_of(code: str) -> CategoryInfo:
    """A category that may be chosen, by its code."""
    found = catalogue().by_code.get(code)
    if found is None or not found.active or not found.leaf:
        raise Refusal(_("Choose a category of the catalogue."), field="category_code", code="category")
    return found


def seal(case: Case, category: CategoryInfo | None) -> None:
    """A private category keeps its case among those who may see private matters; nothing is ever unsealed here."""
    if case.sensitivity != Sensitivity.SEALED:
        case.sensitivity = Sensitivity.PRIVATE if category and category.private else Sensitivity.NORMAL


def triage(
    act: Act,
    *,
    category_code: str = "",
    place_id: int | None = None,
    room: str = "",
    urgency: str = "",
    handling: str = "",
    title: str = "",
    accused_unit_id: int | None = None,
) -> None:
    """Say what it is, where and how urgent; what is left empty stays. Never sends the case anywhere by itself."""
    case = act.case
    changed: dict[str, str] = {}
    if category_code:
        category = category_of(category_code)
        if category.id != case.category_id:
            changed["category"] = category.name
        case.category_id = category.id
        seal(case, category)
    if place_id and place_id != case.place_id:
        put_at(case, int(place_id))
        changed["place"] = case.room
    if room:
        case.room = optional(room, "room", 20)
    if handling and case.state == State.RECEIVED:
        case.handling = Handling(handling).value
    if title:
        case.title = words(title, "title", 120)
    if accused_unit_id:
        _accuse(act, int(accused_unit_id))
    if urgency and urgency != case.urgency:
        _hurry(act, urgency)
        changed["urgency"] = case.urgency
    act.reindex = bool(changed or title or room)
    first = case.triaged_at is None
    case.triaged_at = case.triaged_at or act.at
    now = catalogue().by_id.get(case.category_id or 0)
    act.say(
        "case.triaged" if first else "case.corrected",
        category=now.name if now else "",
        urgency=case.urgency,
        changed=sorted(changed),
    )
    act.data["changed"] = changed


def _accuse(act: Act, unit_id: int) -> None:
    if not Unit.objects.filter(pk=unit_id).exists():
        raise Refusal(_("Choose a unit that exists and is active."), field="accused_unit_id", code="unit")
    if any(a.unit_id == unit_id for a in act.assignments):
        raise Refusal(_("This unit works on the case. Reassign it first."), field="accused_unit_id", code="accused")
    act.case.accused_unit_id = unit_id


def _hurry(act: Act, urgency: str) -> None:
    """A new urgency. What becomes an emergency runs by the wall from now on, wherever it stands."""
    case = act.case
    if urgency not in Urgency.values:
        raise Refusal(_("Choose an urgency."), field="urgency", code="urgency")
    case.urgency = urgency
    route = routing.route(case.category_id, case.place_id, urgency)
    if State(case.state) == State.RECEIVED:
        clear = urgency != Urgency.EMERGENCY
        case.accept_by, case.contact_by, case.resolve_by = route.accept_by, route.contact_by, route.resolve_by
        if clear:
            case.clock_started_at = case.contact_due_at = case.resolve_due_at = None
        clock.begin_triage(case, clock.since(case, act.at))
    elif State(case.state) in WORKING and urgency == Urgency.EMERGENCY:
        case.contact_by, case.resolve_by = route.contact_by, route.resolve_by
        clock.hasten(case, act.at)


def dispatch(
    act: Act,
    *,
    lead_id: int | None = None,
    assist_ids: Iterable[int] | None = None,
    tasks: Mapping[int, str] | None = None,
    officer_id: int | None = None,
    accept_by: str = "",
    contact_by: str = "",
    resolve_by: str = "",
    words: str = "",
    promised: bool = True,
) -> None:
    """Give a new case to its units with its promises; what isn't said is as the catalogue says.

    `promised=False` is for history that is only written down: nobody here promised anything then.
    """
    case = act.case
    route = routing.route(case.category_id, case.place_id, case.urgency)
    lead, assists = chosen(case, route, lead_id, assist_ids)
    if promised:
        case.accept_by = _span(accept_by, "accept_by") or route.accept_by
        case.contact_by = _span(contact_by, "contact_by") or route.contact_by
        case.resolve_by = _span(resolve_by, "resolve_by") or route.resolve_by
    case.triaged_at = case.triaged_at or act.at
    case.dispatched_at = act.at
    give(act, Gift(lead, assists, officer_id, tasks or {}))
    clock.begin_round(case, act.at)
    clock.begin_accept(case, act.at)
    act.enter()
    act.tell("case.handed_over", unit=unit_name(lead), until=case.resolve_due_at)
    act.say(
        "case.dispatched",
        unit=unit_name(lead),
        assists=unit_names(assists),
        reasons=route.reasons if lead == route.lead_id else [],
        rule=route.rule_id if lead == route.lead_id else None,
        words=optional(words, "words", 500),
        until=case.accept_due_at,
    )


def _span(value: str, field: str) -> str:
    value = value.strip().lower()
    if value:
        try:
            Span.parse(value)
        except Refusal as refusal:
            raise Refusal(refusal.sentence, field=field, code=refusal.code) from refusal
    return value


def answered_result(value: str) -> str:
    """A result that an answer may have."""
    if value not in (Result.RESOLVED, Result.EXPLAINED, Result.WITHDRAWN, Result.NOT_OURS):
        raise Refusal(_("Choose how it ended."), field="result", code="result")
    return value


def settle(act: Act, *, told: str, done: str = "", result: str = Result.RESOLVED) -> None:
    """即办: received, handled and answered in one sitting, by the unit of who sits there."""
    case, at = act.case, act.at
    told, done = words(told, "told"), optional(done, "done")
    route = routing.route(case.category_id, case.place_id, case.urgency)
    own = act.member.unit_id if act.member else None
    lead, _none = chosen(case, route, own, [])
    part = Assignment(
        case=case,
        round=case.round,
        unit_id=lead,
        role=AssignmentRole.LEAD,
        officer=act.member,
        state=Assignment.State.DONE,
        sent_at=at,
        accepted_at=at,
        ended_at=at,
    )
    rows.insert(part)
    act.assignments = [part]
    case.lead_id, case.officer_id, case.handling = lead, part.officer_id, Handling.DIRECT
    case.accept_by, case.contact_by, case.resolve_by = route.accept_by, route.contact_by, route.resolve_by
    case.triaged_at = case.triaged_at or at
    case.dispatched_at = at
    clock.begin_round(case, at)
    clock.begin_accept(case, at)
    case.accepted_at = case.contacted_at = at
    reply(act, lead, told=told, done=done, result=answered_result(result))
    act.say("case.settled", unit=unit_name(lead))


def reply(act: Act, unit_id: int | None, *, told: str, done: str, result: str) -> None:
    """The answer itself: a row, the state, what residents read, and the event that has them asked."""
    case = act.case
    answer = Answer(
        case=case,
        round=case.round,
        unit_id=unit_id,
        member=act.member,
        done=done,
        told=told,
        result=result,
        at=act.at,
    )
    rows.insert(answer)
    case.answered_at = act.at
    case.contacted_at = case.contacted_at or act.at  # by this answer at the latest
    case.result = result
    act.enter()
    act.tell("case.answered", unit=unit_name(unit_id), words=told, result=result)
    if done:
        act.say("case.done", words=done)
    act.data["told"] = told
    act.events.append(events.CaseAnswered(case=case, by=act.by, at=act.at, answer=answer, appeals=_asked(act)))


def _asked(act: Act) -> list[Appeal]:
    """The voices that are asked: a part that came back to its message is asked with it."""
    here = {appeal.pk for appeal in act.voices}
    return [appeal for appeal in act.voices if appeal.part_of_id not in here]


def decline(act: Act, *, reason: str, told: str, route_away: str = "") -> None:
    """Not ours: never without telling the right road."""
    case = act.case
    reason, told = words(reason, "reason", 200), words(told, "told")
    route_away = optional(route_away, "route_away", 60)
    settle_return(act, Return.State.UPHELD, reason)
    if act.assignments:
        end_parts(act, act.assignments, Assignment.State.REPLACED, reason)
    case.triaged_at = case.triaged_at or act.at
    case.result, case.closed_at = Result.NOT_OURS, act.at
    act.enter()
    act.tell("case.declined", words=told, road=route_away)
    act.say("case.declined_because", VisibleTo.OFFICE, words=reason)
    act.data |= {"told": told, "road": route_away}


def settle_return(act: Act, state: str, review_words: str) -> Return | None:
    """Decide the open return, if there is one."""
    found = act.open_return
    if found is not None:
        found.state, found.review_words, found.reviewed_at = state, review_words, act.at
        found.save(update_fields=["state", "review_words", "reviewed_at"])
        act.case.review_due_at = None
        clock.forget(act.case, clock.REVIEW)
        act.open_return = None
    return found
