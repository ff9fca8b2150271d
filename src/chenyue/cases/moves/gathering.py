"""Moves that gather and part voices: join, split, and an appeal that is taken back.

Every reporter stays known, is told, and is asked."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from chenyue.cases import clock, events, opening
from chenyue.cases.lifecycle import OPEN, State
from chenyue.cases.models import Appeal, Assignment, Attachment, Case, Result, Return
from chenyue.cases.moves.base import Act, optional
from chenyue.cases.moves.desk import settle_return
from chenyue.cases.moves.giving import end_parts
from chenyue.core.errors import Refusal
from chenyue.people.models import Sensitivity
from chenyue.timeline.actions import Draft
from chenyue.timeline.models import VisibleTo

CLOSENESS = [str(Sensitivity.NORMAL), str(Sensitivity.PRIVATE), str(Sensitivity.SEALED)]


def join(act: Act, *, into: Case) -> None:
    """All voices of this case move to another open one (the same matter); undone by `split(undo=True)`."""
    case = act.case
    _joinable(case, into)
    moved = list(Appeal.objects.filter(case=case).select_related("reporter").order_by("pk"))
    case.before_join = {
        "state": case.state,
        "appeals": [a.pk for a in moved],
        "parts": [a.pk for a in act.assignments],
        "part_states": {str(a.pk): a.state for a in act.assignments},
    }
    settle_return(act, Return.State.UPHELD, "")
    if act.assignments:
        end_parts(act, act.assignments, Assignment.State.REPLACED, into.number)
    _move(moved, into)
    into.appeals_count += len(moved)
    into.accused_unit_id = into.accused_unit_id or case.accused_unit_id  # they can't read here what was said of them
    case.appeals_count = 0
    case.joined_into, case.result, case.closed_at = into, Result.MERGED, act.at
    act.enter()
    touch(into, act)
    act.tell("case.joined", number=into.number)
    act.drafts.append(_draft(into, "case.voices_added", count=len(moved), number=case.number))
    act.also = into
    act.events.append(events.CaseJoined(case=case, by=act.by, at=act.at, into=into, appeals=moved))
    act.data["into"] = into.number


def _joinable(case: Case, into: Case) -> None:
    if into.pk == case.pk:
        raise Refusal(_("A case can't be joined to itself."), field="into", code="itself")
    if State(into.state) not in OPEN:
        raise Refusal(_("Case %(number)s is no longer open.") % {"number": into.number}, field="into", code="state")
    if CLOSENESS.index(into.sensitivity) < CLOSENESS.index(case.sensitivity):
        raise Refusal(
            _("This case is kept more closely than the other. Join the other one to this."),
            field="into",
            code="private",
        )
    if case.accused_unit_id and Assignment.objects.filter(case=into, active=True, unit=case.accused_unit_id).exists():
        raise Refusal(_("The unit that the matter is about works on that case."), field="into", code="accused")
    if case.accused_unit_id and into.accused_unit_id and case.accused_unit_id != into.accused_unit_id:
        raise Refusal(_("The two cases are about different units. Leave them apart."), field="into", code="accused")


def _move(appeals: Sequence[Appeal], to: Case) -> None:
    ids = [a.pk for a in appeals]
    Appeal.objects.filter(pk__in=ids).update(case=to)
    Attachment.objects.filter(appeal_id__in=ids).update(case=to)
    for appeal in appeals:
        appeal.case = to


def touch(case: Case, act: Act) -> None:
    """The other case of a move changes as well."""
    case.version += 1
    case.touched_at = act.at


def _draft(case: Case, verb: str, **data: object) -> Draft:
    return Draft(subject=case.subject, verb=verb, data=dict(data), visible_to=VisibleTo.UNIT)


def split(act: Act, *, undo: bool = False, appeal_ids: Iterable[int] = ()) -> None:
    """Undo a join, or make some of the appeals a case of their own (`act.split_off`)."""
    if act.case.state == State.JOINED:
        _undo(act)
    elif undo:
        raise Refusal(_("This case isn't joined to another."), code="state")
    else:
        _part(act, {int(pk) for pk in appeal_ids})


def _undo(act: Act) -> None:
    case = act.case
    into = act.other
    if into is None or State(into.state) not in (*OPEN, State.ANSWERED):
        raise Refusal(_("The case it was joined to has ended. The joining can't be undone."), code="state")
    kept = case.before_join
    back = list(Appeal.objects.filter(pk__in=kept["appeals"], case=into).select_related("reporter").order_by("pk"))
    if not back or len(back) == into.appeals_count:
        raise Refusal(_("The appeals have moved on. The joining can't be undone."), code="moved")
    _move(back, case)
    into.appeals_count -= len(back)
    case.appeals_count = len(back)
    case.joined_into, case.result, case.closed_at, case.before_join = None, "", None, {}
    parts = list(Assignment.objects.filter(pk__in=kept["parts"]))
    for part in parts:
        part.active, part.reason, part.ended_at = True, "", None
        part.state = kept["part_states"].get(str(part.pk), part.state)
    Assignment.objects.bulk_update(parts, ["active", "reason", "ended_at", "state"])
    act.assignments = parts
    act.to(State(kept["state"]))
    touch(into, act)
    act.also = into
    act.tell("case.unjoined")
    act.drafts.append(_draft(into, "case.voices_left", count=len(back), number=case.number))
    act.events.append(events.CaseSplit(case=into, by=act.by, at=act.at, split_off=case, appeals=back))


def _part(act: Act, wanted: set[int]) -> None:
    case = act.case
    leaving = list(Appeal.objects.filter(case=case, pk__in=wanted).select_related("reporter").order_by("pk"))
    if not leaving or len(leaving) != len(wanted):
        raise Refusal(_("Choose appeals of this case."), field="appeal_ids", code="appeals")
    if len(leaving) >= case.appeals_count:
        raise Refusal(_("At least one appeal must stay."), field="appeal_ids", code="appeals")
    first = leaving[0]
    fresh = opening.case_like(case, first, act.at)
    fresh.appeals_count = len(leaving)
    clock.begin_triage(fresh, act.at)
    clock.schedule(fresh, act.at)
    fresh.save(force_insert=True)
    _move(leaving, fresh)
    case.appeals_count -= len(leaving)
    act.split_off = act.also = fresh
    act.say("case.voices_left", count=len(leaving), number=fresh.number)
    act.drafts.append(
        Draft(fresh.subject, "case.split_from", {"number": case.number, "count": len(leaving)}, VisibleTo.RESIDENT)
    )
    act.events.append(events.CaseSplit(case=case, by=act.by, at=act.at, split_off=fresh, appeals=leaving))
    act.data["number"] = fresh.number


def withdraw(act: Act, *, appeal: Appeal, words: str = "") -> None:
    """A reporter takes the appeal back. The words stay; whoever handles the case reads the wish and answers.

    A case that nobody has begun, with this voice alone, is closed at once.
    """
    case = act.case
    changed = Appeal.objects.filter(pk=appeal.pk, case=case, withdrawn_at=None).update(withdrawn_at=act.at)
    if not changed:
        raise Refusal(_("You have taken this appeal back already."), code="withdrawn")
    said = optional(words, "words", 500)
    ended = case.state == State.RECEIVED and case.appeals_count == 1
    # Other reporters don't read who takes what back, nor why: one who joins later must not find the words here.
    alone = case.appeals_count == 1
    if alone:
        act.tell("case.withdrawn")
    if said or not alone:
        act.say("case.withdrawn", appeal=appeal.number, words=said)
    act.data |= {"appeal": appeal.number, "ended": ended}
    if ended:
        case.result, case.closed_at = Result.WITHDRAWN, act.at
        act.to(State.CLOSED)
        act.tell("case.closed", result=case.result)
