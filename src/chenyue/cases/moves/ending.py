"""Moves after an answer: rework, explain, close, reopen."""

from django.utils.translation import gettext_lazy as _

from chenyue.cases import clock, events
from chenyue.cases.models import Answer, Assignment, AssignmentRole
from chenyue.cases.moves.base import Act, unit_name
from chenyue.cases.moves.base import words as said
from chenyue.cases.moves.giving import Gift, chosen, give
from chenyue.catalogue import routing
from chenyue.core.errors import Refusal
from chenyue.core.events import emit


def rework(act: Act, *, words: str) -> None:
    """Back to the unit: the answer isn't good enough. The promise stays as it was."""
    case = act.case
    words = said(words, "words")
    if act.lead is None:
        raise Refusal(_("No unit leads this case. Reopen it instead."), code="no_lead")
    act.lead.state, act.lead.ended_at = Assignment.State.ACCEPTED, None
    act.lead.save(update_fields=["state", "ended_at"])
    case.answered_at, case.result = None, ""
    act.enter()
    act.tell("case.reworked", unit=unit_name(case.lead_id))
    act.say("case.rework_words", words=words)
    act.data["words"] = words


def explain(act: Act, *, words: str) -> None:
    """A refused answer is explained; every reporter reads the words."""
    words = said(words, "words")
    act.tell("case.explained", words=words)
    act.data |= {"told": words, "words": words}


def close(act: Act) -> None:
    """办结: only when nobody who listens to `CaseClosing` objects (callbacks that aren't done)."""
    case = act.case
    emit(events.CaseClosing(case=case, by=act.by, at=act.at))
    if not case.result:
        last = Answer.objects.filter(case=case, round=case.round).order_by("-at", "-pk").first()
        case.result = last.result if last else ""
    case.closed_at = act.at
    act.enter()
    act.tell("case.closed", result=case.result)
    act.events.append(events.CaseClosed(case=case, by=act.by, at=act.at, result=case.result))


def reopen(act: Act, *, words: str) -> None:
    """重办: a new round with new clocks, at the same units; the history stays."""
    case, at = act.case, act.at
    words = said(words, "words")
    route = routing.route(case.category_id, case.place_id, case.urgency)
    before = {a.unit_id: a for a in act.assignments}
    lead, assists = chosen(
        case, route, case.lead_id, [pk for pk, a in before.items() if a.role == AssignmentRole.ASSIST] or None
    )
    officer = before[lead].officer_id if lead in before else None
    case.round += 1
    case.steps_done = []
    case.accept_by = case.accept_by or route.accept_by
    case.contact_by = case.contact_by or route.contact_by
    case.resolve_by = case.resolve_by or route.resolve_by
    case.triaged_at = case.triaged_at or at
    case.contacted_at = case.answered_at = case.closed_at = case.waiting_until = None
    case.result = case.waiting_reason = ""
    case.dispatched_at = at
    give(act, Gift(lead, assists, officer))
    clock.begin_round(case, at)
    clock.begin_accept(case, at)
    act.enter()
    act.tell("case.reopened", round=case.round, unit=unit_name(lead), until=case.resolve_due_at)
    act.say("case.reopen_words", words=words)
    act.events.append(events.CaseReopened(case=case, by=act.by, at=at, words=words))
    act.data["words"] = words
