"""Moves of the unit that leads: accept, return, contact, answer; and the review of a return."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from chenyue.cases import clock, rules
from chenyue.cases.lifecycle import State
from chenyue.cases.models import Assignment, Result, Return, ReturnReason
from chenyue.cases.moves import base
from chenyue.cases.moves.base import Act, optional, unit_name, unit_names, usable_unit
from chenyue.cases.moves.desk import answered_result, reply, settle_return
from chenyue.cases.moves.giving import Gift, chosen, give
from chenyue.cases.moves.pace import wake
from chenyue.catalogue import routing
from chenyue.core import rows
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.timeline.models import VisibleTo


def accept(act: Act, *, unit_id: int | None = None, officer_id: int | None = None) -> None:
    """The leading unit takes the case on (签收)."""
    case, lead = act.case, _lead(act)
    if unit_id and int(unit_id) != lead.unit_id:
        raise NotAllowed
    if act.open_return:
        raise Refusal(_("The return is under review. Wait for the decision."), code="return_open")
    lead.state, lead.accepted_at = Assignment.State.ACCEPTED, act.at
    lead.officer_id = officer_id or lead.officer_id or (act.member.pk if act.member else None)
    rows.update(lead, ["state", "accepted_at", "officer"])
    case.officer_id = lead.officer_id
    case.accepted_at = act.at
    act.enter()
    act.tell("case.accepted", unit=unit_name(lead.unit_id), until=case.resolve_due_at)


def _lead(act: Act) -> Assignment:
    if act.lead is None:
        raise Refusal(_("No unit leads this case. Dispatch it first."), code="no_lead")
    return act.lead


def give_back(act: Act, *, reason: str, words: str, proposed_id: int | None = None) -> None:
    """退单: an objection with its reason; a dispatcher reviews it, the clock keeps running."""
    case, lead = act.case, _lead(act)
    if reason not in ReturnReason.values:
        raise Refusal(_("Choose a reason."), field="reason", code="reason")
    said = base.words(words, "words")
    if act.open_return:
        raise Conflict(_("A return of this case is under review already."))
    if Return.objects.filter(
        case=case, assignment__unit_id=lead.unit_id, assignment__round=case.round, state=Return.State.REFUSED
    ).exists():
        raise Refusal(
            _("The return of this unit was refused in this round. That decision is final."), code="return_final"
        )
    proposed = usable_unit(proposed_id, "proposed_id", case) if proposed_id else None
    if proposed == lead.unit_id:
        raise Refusal(_("Propose another unit than your own."), field="proposed_id", code="unit")
    due = clock.begin_review(case, act.at)
    act.open_return = Return.objects.create(
        assignment=lead,
        case=case,
        reason=reason,
        words=said,
        proposed_id=proposed,
        member=act.member,
        review_due_at=due,
        at=act.at,
    )
    case.returns_count += 1
    unit = unit_name(lead.unit_id)
    act.say("case.returned", unit=unit, reason=reason, words=said, proposed=unit_name(proposed))
    if rules.proposes_whistle(case):
        act.say("case.whistle_proposed", VisibleTo.OFFICE, times=case.returns_count)
    act.data |= {"unit": unit, "reason": reason, "proposes_whistle": rules.proposes_whistle(case)}


def _review(act: Act) -> Return:
    if act.open_return is None:
        raise Conflict(_("There is no return to review. Someone else may have decided it."))
    return act.open_return


def uphold_return(
    act: Act, *, lead_id: int | None = None, assist_ids: Iterable[int] | None = None, words: str = ""
) -> None:
    """The objection is right: the unit is let go, another gets the case. The promise to the resident stays."""
    found = _review(act)
    target = lead_id or found.proposed_id
    if target is None:
        raise Refusal(_("Choose the unit that gets the case now."), field="lead_id", code="no_lead")
    if int(target) == act.case.lead_id:
        raise Refusal(_("Choose another unit than the one that returned it."), field="lead_id", code="unit")
    said = optional(words, "words", 500)
    settle_return(act, Return.State.UPHELD, said)
    act.data["returned_by"] = act.case.lead_id
    _hand_on(act, int(target), assist_ids, None, Assignment.State.RETURNED, said)
    act.say("case.return_upheld", unit=unit_name(act.case.lead_id), words=said)


def refuse_return(act: Act, *, words: str) -> None:
    """The objection is wrong: final for that unit in this round (潍坊 22)."""
    _review(act)
    said = base.words(words, "words")
    settle_return(act, Return.State.REFUSED, said)
    act.say("case.return_refused", unit=unit_name(act.case.lead_id), words=said)
    act.data["words"] = said


def reassign(
    act: Act,
    *,
    lead_id: int,
    reason: str,
    assist_ids: Iterable[int] | None = None,
    officer_id: int | None = None,
) -> None:
    """改派: an explicit act with a reason; an open return is thereby upheld, and a hold ends."""
    said = base.words(reason, "reason", 200)
    if int(lead_id) == act.case.lead_id and assist_ids is None:
        raise Refusal(_("This unit leads already."), field="lead_id", code="unit")
    upheld = settle_return(act, Return.State.UPHELD, said)
    ended = Assignment.State.RETURNED if upheld else Assignment.State.REPLACED
    _hand_on(act, int(lead_id), assist_ids, officer_id, ended, said)
    act.say("case.reassigned", unit=unit_name(act.case.lead_id), words=said)


def _hand_on(
    act: Act, lead_id: int, assist_ids: Iterable[int] | None, officer_id: int | None, ended: str, reason: str
) -> None:
    case = act.case
    if case.state == State.WAITING:  # the hold was the former unit's; the next one says for itself what it waits for
        wake(act)
    route = routing.route(case.category_id, case.place_id, case.urgency)
    keep = [a.unit_id for a in act.assists] if assist_ids is None else assist_ids
    lead, assists = chosen(case, route, lead_id, keep)
    give(act, Gift(lead, assists, officer_id), ended=ended, reason=reason)
    clock.begin_accept(case, act.at)
    act.enter()
    act.tell("case.handed_over", unit=unit_name(lead), until=case.resolve_due_at)
    act.data |= {"lead_id": lead, "assist_ids": assists}


def contact(act: Act, *, words: str) -> None:
    """The reporters were contacted: the promise of first contact is kept; what was said stays inside."""
    said = base.words(words, "words")
    act.case.contacted_at = act.case.contacted_at or act.at
    act.tell("case.contacted")
    act.say("case.contact_words", words=said)


def answer(act: Act, *, told: str, done: str = "", result: str = Result.RESOLVED) -> None:
    """What was done, and what every reporter is told; a joint case only when each assist is done or excused."""
    lead = _lead(act)
    told, done = base.words(told, "told"), optional(done, "done")
    if act.open_return:
        raise Refusal(_("The return is under review. Wait for the decision."), code="return_open")
    waiting = [a.unit_id for a in act.assists if rules.unfinished(a)]
    if waiting:
        raise Refusal(
            _("Not finished yet: %(units)s. Wait for their report, or have them excused.")
            % {"units": "、".join(unit_names(waiting))},
            code="assists_open",
        )
    lead.state, lead.ended_at = Assignment.State.DONE, act.at
    rows.update(lead, ["state", "ended_at"])
    reply(act, lead.unit_id, told=told, done=done, result=answered_result(result))
