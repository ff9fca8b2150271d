"""What assisting units do with their part, and how a part is excused."""

from django.utils.translation import gettext_lazy as _

from chenyue.cases import events, rules
from chenyue.cases.lifecycle import WORKING, State
from chenyue.cases.models import Assignment, AssignmentRole
from chenyue.cases.moves.base import Act, unit_name, words
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.people.models import Member


def own_part(act: Act, unit_id: int | None) -> Assignment:
    """The assisting part that this member may work on; with several, `unit_id` says which."""
    if State(act.case.state) not in WORKING:
        raise Conflict(_("The case is no longer being worked on."))
    mine = [
        a
        for a in act.assists
        if (unit_id is None or a.unit_id == int(unit_id))
        and (act.member is None or rules.holds(act.member, "case.work", act.case, {a.unit_id}))
    ]
    if not mine:
        raise NotAllowed
    own = [a for a in mine if act.member is not None and a.unit_id == act.member.unit_id]
    if len(mine) > 1 and not own:
        raise Refusal(_("Choose the unit."), field="unit_id", code="unit")
    return (own or mine)[0]


def accept_part(act: Act, unit_id: int | None) -> Assignment:
    """An assisting unit takes its part on."""
    part = own_part(act, unit_id)
    if part.state != Assignment.State.SENT:
        raise Conflict(_("This part has been accepted already."))
    part.state, part.accepted_at = Assignment.State.ACCEPTED, act.at
    part.officer = part.officer or act.member
    part.save(update_fields=["state", "accepted_at", "officer"])
    act.say("case.part_accepted", unit=unit_name(part.unit_id))
    return part


def report_part(act: Act, done: str, unit_id: int | None) -> Assignment:
    """An assisting unit says what it did; its part is done."""
    part = own_part(act, unit_id)
    if not rules.unfinished(part):
        raise Conflict(_("This part has ended already."))
    part.report = words(done, "done")
    part.state, part.ended_at = Assignment.State.DONE, act.at
    part.accepted_at = part.accepted_at or act.at
    part.save(update_fields=["report", "state", "ended_at", "accepted_at"])
    act.say("case.part_done", unit=unit_name(part.unit_id), words=part.report)
    act.events.append(events.PartEnded(case=act.case, by=act.by, at=act.at, unit_id=part.unit_id))
    return part


def set_officer(act: Act, officer_id: int | None, unit_id: int | None) -> Assignment:
    """Who of the unit sees to it: a member of the unit, or nobody by name. The lead's officer is the case's too."""
    if State(act.case.state) not in WORKING:
        raise Conflict(_("The case is no longer being worked on."))
    part = rules.part_to_staff(act.member, act.case, act.assignments, unit_id)
    if part is None:
        raise NotAllowed
    officer = Member.objects.filter(pk=officer_id, unit_id=part.unit_id, is_active=True).first() if officer_id else None
    if officer_id and officer is None:
        raise Refusal(_("Choose somebody of this unit."), field="officer_id", code="officer")
    if part.officer_id == officer_id:
        return part
    act.data["officer_was"] = part.officer_id
    part.officer = officer
    part.save(update_fields=["officer"])
    if part.role == AssignmentRole.LEAD:
        act.case.officer = officer
        act.case.save(update_fields=["officer"])
    act.say("case.officer_set", unit=unit_name(part.unit_id), officer=officer.name if officer else "")
    act.events.append(events.OfficerSet(case=act.case, by=act.by, at=act.at, officer_id=officer_id))
    return part


def excuse_part(act: Act, part_id: int, reason: str) -> Assignment:
    """An assisting unit is let off, with a reason; the answer no longer waits for it."""
    part = next((a for a in act.assists if a.pk == part_id), None)
    if part is None or not rules.unfinished(part) or State(act.case.state) not in WORKING:
        raise Conflict(_("This part has ended already."))
    part.reason = words(reason, "reason", 200)
    part.state, part.ended_at = Assignment.State.EXCUSED, act.at
    part.save(update_fields=["reason", "state", "ended_at"])
    act.say("case.part_excused", unit=unit_name(part.unit_id), words=part.reason)
    act.events.append(events.PartEnded(case=act.case, by=act.by, at=act.at, unit_id=part.unit_id))
    return part
