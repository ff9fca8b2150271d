"""The case that a mediation was born of: on hold while it is mediated, answered when it ends, once.

Whoever moves the case by hand is followed: a case joined to another takes its mediation along; nobody closes one
whose mediation still goes on; other moves are written down, and told to who mediates.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.cases import actions as cases
from chenyue.cases.events import CaseClosing, CaseMoved
from chenyue.cases.lifecycle import Move, State
from chenyue.cases.models import Case, Result
from chenyue.core import snapshots
from chenyue.core.actors import SYSTEM, Actor
from chenyue.core.errors import Refusal
from chenyue.mediation import acts, law, notices, stages
from chenyue.mediation.lifecycle import OPEN, Stage
from chenyue.mediation.models import Mediation
from chenyue.mediation.moments import closing_of
from chenyue.timeline.models import VisibleTo

SNAPSHOT = "mediation.cases"
MOST_JOINS = 20  # a case joined to one that was joined …
ON_HOLD = (Stage.CONSENT, Stage.MEDIATING, Stage.AGREED, Stage.PERFORMING)
FOLLOWED = (Move.ACCEPT, Move.ANSWER, Move.DECLINE, Move.JOIN, Move.REOPEN, Move.WITHDRAW)


def _open_cases() -> frozenset[int]:
    return frozenset(Mediation.objects.filter(stage__in=OPEN).values_list("case_id", flat=True))


_open = snapshots.Snapshot(SNAPSHOT, _open_cases)


def current_case(mediation: Mediation) -> Case:
    """The case as it is now: the one it was joined into, if it was."""
    case = Case.objects.get(pk=mediation.case_id)
    for _turn in range(MOST_JOINS):
        if case.joined_into_id is None:
            break
        case = Case.objects.get(pk=case.joined_into_id)
    return case


def reason(mediation: Mediation) -> str:
    """Why the case waits, as residents read it. In the office's language, whoever caused it."""
    with translation.override(settings.LANGUAGE_CODE):
        return _("In mediation, %(number)s") % {"number": mediation.number}


def hold(mediation: Mediation, at: datetime) -> None:
    """Put the case on hold until the day by which mediating is to end. One that isn't being handled stays as it is."""
    case = current_case(mediation)
    if mediation.due_on is None or mediation.stage not in ON_HOLD:
        return
    until = closing_of(mediation.due_on)
    if case.state == State.RECEIVED and mediation.committee.unit_id:
        case = _moved(mediation, case, Move.DISPATCH, at, lead_id=mediation.committee.unit_id, assist_ids=[])
    if case.state == State.ASSIGNED and case.lead_id == mediation.committee.unit_id:
        case = _moved(mediation, case, Move.ACCEPT, at)
    if case.state == State.WAITING and case.waiting_reason == reason(mediation) and case.waiting_until != until:
        case = _moved(mediation, case, Move.RESUME, at)
    if case.state == State.HANDLING and until > at:
        _moved(mediation, case, Move.SUSPEND, at, reason=reason(mediation), until=until)


def _moved(mediation: Mediation, case: Case, move: Move, at: datetime, **details: Any) -> Case:
    """The move, by the product itself. What the case refuses is written down; the mediation goes on all the same."""
    try:
        with transaction.atomic():
            return cases.move(case=case.pk, move=move, by=SYSTEM, at=at, **details)
    except Refusal as refusal:
        data = {"case": case.number, "move": move.value}
        acts.record(mediation, "case_left", by=SYSTEM, at=at, data=data, said=str(refusal.sentence))
        notices.case_left(mediation, case.number, at)
        return Case.objects.get(pk=case.pk)


@stages.follow
def on_stage(mediation: Mediation, was: str, by: Actor, at: datetime) -> None:
    """What a new stage of the mediation does to its case."""
    if (was in OPEN) != (mediation.stage in OPEN):
        snapshots.bump(SNAPSHOT)
    if mediation.stage in (Stage.CONSENT, Stage.MEDIATING):
        hold(mediation, at)
    elif mediation.stage not in OPEN:
        _finish(mediation, at)


def _finish(mediation: Mediation, at: datetime) -> None:
    """The case goes on; where mediation brought an end, its reporters are told and asked."""
    case = current_case(mediation)
    if case.state == State.WAITING and case.waiting_reason == reason(mediation):
        case = _moved(mediation, case, Move.RESUME, at)
    others = Mediation.objects.filter(case=mediation.case_id, stage__in=OPEN).exclude(pk=mediation.pk)
    if case.state != State.HANDLING or others.exists():
        return
    if mediation.stage == Stage.PERFORMED:
        _moved(mediation, case, Move.ANSWER, at, told=_told(mediation), result=Result.RESOLVED)
    elif mediation.stage == Stage.TERMINATED:
        _moved(mediation, case, Move.ANSWER, at, told=_told(mediation), result=Result.EXPLAINED)


def _told(mediation: Mediation) -> str:
    """What the reporters read: nothing of what was said, only how it ended and which roads remain (art. 26)."""
    with translation.override(settings.LANGUAGE_CODE):
        if mediation.stage == Stage.PERFORMED:
            return _("Your dispute was mediated (%(number)s): what was agreed has been performed.") % {
                "number": mediation.number
            }
        roads = "；".join(str(road) for road in law.roads())
        return _("The mediation of your dispute (%(number)s) has ended without result. You may still: %(roads)s.") % {
            "number": mediation.number,
            "roads": roads,
        }


def _mediations_of(case_id: int) -> list[Mediation]:
    """Open mediations of a case and of cases joined to it; no statement for a case without any."""
    if not _open.get():
        return []
    rows = Mediation.objects.select_related("case", "committee").filter(stage__in=OPEN)
    here = (
        [case_id, *Case.objects.filter(joined_into=case_id).values_list("pk", flat=True)]
        if _joined(case_id)
        else [case_id]
    )
    return list(rows.filter(case__in=here).order_by("pk")) if _open.get() & set(here) else []


def _joined(case_id: int) -> bool:
    """Whether any case with an open mediation was joined into this one."""
    return Case.objects.filter(pk__in=_open.get(), joined_into=case_id).exists()


def on_closing(event: CaseClosing) -> None:
    """A case isn't closed while its mediation goes on. Listens to `CaseClosing`."""
    for mediation in _mediations_of(event.case.pk):
        raise Refusal(
            gettext_lazy("Mediation %(number)s of this case goes on. End it first.") % {"number": mediation.number},
            code="mediation",
        )


def on_moved(event: CaseMoved) -> None:
    """Somebody moved the case by hand. Listens to `CaseMoved`."""
    if event.move not in FOLLOWED or event.by.kind == "system" or not _open.get():
        return
    for mediation in _mediations_of(event.case.pk):
        if event.move == Move.ACCEPT:
            hold(mediation, event.at)
            continue
        data = {"case": event.case.number, "move": event.move.value}
        acts.record(mediation, "case_moved", by=event.by, at=event.at, data=data, visible_to=VisibleTo.OFFICE)
        notices.case_moved(mediation, event.case.number, event.move, event.at)
