"""Objections: somebody with a name answers by a day, the home accepts it or not, and what changed its mind is kept."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from chenyue.cases.intake import file_appeal
from chenyue.cases.models import Case, Channel
from chenyue.core import ids
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotFound, Refusal
from chenyue.people.models import Member, Unit
from chenyue.people.rules import may
from chenyue.timeline.models import VisibleTo
from chenyue.workdays.queries import calendar
from chenyue.workdays.spans import Span
from chenyue.works import acts, links, notices, stances
from chenyue.works.lifecycle import Decision, How, ObjectionState, Reason, Speaker, VersionState
from chenyue.works.models import (
    CaseLink,
    Objection,
    ObjectionAnswer,
    PlanVersion,
    Project,
    RegisteredHome,
    Stance,
)
from chenyue.works.site import permits

WAITING = (ObjectionState.OPEN, ObjectionState.KEPT)  # an answer is awaited
ENDED = (ObjectionState.ACCEPTED, ObjectionState.WITHDRAWN, ObjectionState.PASSED_ON)


def raise_objection(
    *, project: Project, words: str, by: Actor, at: datetime, reasons: Sequence[str] = (),
    home: RegisteredHome | None = None, plan: PlanVersion | None = None, stance: Stance | None = None,
    parts: Sequence[str] = (), speaker: str = Speaker.OWNER, unit: Unit | None = None, answerer: Member | None = None,
) -> Objection:  # fmt: skip
    """Take down an objection; who must answer is told, and has the project's `answer_within`.

    Without a plan it is about the one that is asked about now. Tenants may object. The unit is the one that answers
    for the project, unless said. Raises Refusal at `words`, `reasons`, `unit`, `answerer`, NotAllowed.
    """
    with acts.acting(project, by, at) as act:
        if home is not None:
            home = acts.homes_of(act.project, [home.pk])[home.pk]
            permits.only(acts.may_speak(by, home))
        else:
            permits.only(by.kind != "resident" and permits.records(by, permits.places_of(act.project)))
        if act.project.state in acts.ENDED:
            raise Refusal(_("This project has ended: nothing can be said to it any more."), code="ended")
        current = plan or PlanVersion.objects.filter(project=act.project, state=VersionState.PUBLISHED).first()
        chosen = acts.some_of(Reason.values, reasons, "reasons")
        row = Objection(
            number=ids.dated_number("objection", at, prefix="Y"),
            project=act.project,
            plan=current,
            home=home,
            stance=stance,
            speaker=acts.one_of(Speaker.values, speaker, "speaker"),
            parts=acts.part_keys(current, parts) if current else [],
            reasons=chosen or [Reason.OTHER.value],
            words=acts.words(words, needed=True),
            at=at,
            due_at=calendar().add(at, Span.parse(act.project.answer_within)).at,
            taken_by=by.user,
        )
        _give(row, act.project, unit, answerer)
        row.save()
        act.say("objection_raised", VisibleTo.UNIT, number=row.number, reasons=row.reasons)
        notices.tell_objection(row, at)
    return row


def give_objection(
    *, objection: Objection, by: Actor, at: datetime, unit: Unit | None = None, answerer: Member | None = None
) -> Objection:
    """Say who answers: another unit, or one of its members by name. The day it is due stays."""
    with acts.acting(objection.project_id, by, at) as act:
        row = _locked(objection, act)
        permits.only(permits.records(by, permits.places_of(act.project)) or permits.answers(by, {row.unit_id}))
        if row.state in ENDED:
            raise _ended(row)
        _give(row, act.project, unit, answerer)
        row.save(update_fields=["unit", "answerer"])
        name = row.answerer.name if row.answerer else row.unit.name if row.unit else ""
        act.say("objection_given", VisibleTo.UNIT, number=row.number, to=name)
        notices.tell_objection(row, at)
    return row


def _give(row: Objection, project: Project, unit: Unit | None, answerer: Member | None) -> None:
    wanted = unit or (answerer.unit if answerer else None) or row.unit or project.owner_unit or project.contractor
    if wanted is None:
        raise Refusal(_("Nobody answers for this project yet. Choose the unit."), field="unit", code="no_unit")
    if answerer is None and project.manager and project.manager.unit_id == wanted.pk:
        answerer = project.manager
    if answerer is not None and not (
        may(answerer, permits.MANAGE) or may(answerer, permits.ANSWER, unit_ids=[wanted.pk])
    ):
        raise Refusal(_("%(name)s doesn't answer for this unit.") % {"name": answerer.name}, field="answerer")
    row.unit, row.answerer = wanted, answerer


def answer_objection(
    *, objection: Objection, decision: str, words: str, by: Actor, at: datetime, changes: Sequence[str] = (),
    plan: PlanVersion | None = None,
) -> ObjectionAnswer:  # fmt: skip
    """Answer by name: the plan changes (say which parts), in part, or not, with the reason. The home reads it.

    `plan`: the version that makes the change, where there is one. Raises Refusal at `words`, `decision`, `changes`.
    """
    with acts.acting(objection.project_id, by, at) as act:
        row = _locked(objection, act)
        permits.only(permits.manages(by) or permits.answers(by, {row.unit_id}))
        if row.state in ENDED:
            raise _ended(row)
        if by.user is None:
            raise NotFound
        decided = acts.one_of(Decision.values, decision, "decision")
        about = plan or row.plan
        changed = acts.part_keys(about, changes, "changes") if about else []
        if decided == Decision.ACCEPT and not changed:
            raise Refusal(_("Say which parts of the plan change."), field="changes", code="no_changes")
        answer = ObjectionAnswer.objects.create(
            objection=row, decision=decided, words=acts.words(words, needed=True), changes=changed, plan=plan,
            by=by.user, at=at,
        )  # fmt: skip
        row.state = ObjectionState.ANSWERED
        row.answerer = row.answerer or by.user
        row.save(update_fields=["state", "answerer"])
        act.say("objection_answered", VisibleTo.UNIT, number=row.number, decision=decided)
        notices.tell_answered(row, at)
    return answer


def respond(
    *, objection: Objection, accepted: bool, by: Actor, at: datetime, words: str = "", step: str = "",
    how: str = How.DOOR,
) -> ObjectionAnswer:  # fmt: skip
    """The home says whether it accepts the newest answer; `step`: its stance afterwards, kept as changed by it.

    A kept objection waits for another answer, by a new day. Raises Conflict if there is no answer to respond to.
    """
    with acts.acting(objection.project_id, by, at) as act:
        row = _locked(objection, act)
        permits.only(_may_say(row, by))
        answer = row.answers.order_by("-at", "-pk").first()
        if row.state != ObjectionState.ANSWERED or answer is None:
            raise Conflict(_("There is no answer that waits for a reply."))
        answer.accepted, answer.accepted_at, answer.response = accepted, at, acts.words(words)
        answer.save(update_fields=["accepted", "accepted_at", "response"])
        row.state = ObjectionState.ACCEPTED if accepted else ObjectionState.KEPT
        row.ended_at = at if accepted else None
        if not accepted:
            row.due_at, row.warned_at = calendar().add(at, Span.parse(act.project.answer_within)).at, None
        row.save(update_fields=["state", "ended_at", "due_at", "warned_at"])
        act.say("objection_accepted" if accepted else "objection_kept", VisibleTo.UNIT, number=row.number)
        if not accepted:
            notices.tell_objection(row, at)
        if step and row.home is not None:
            plan = PlanVersion.objects.filter(project=row.project_id, state=VersionState.PUBLISHED).first()
            if plan is not None:
                how = How.WEB if by.kind == "resident" else how
                stances.take_stance(
                    home=row.home, plan=plan, step=step, how=how, by=by, at=at, speaker=row.speaker, changed_by=answer
                )
    return answer


def withdraw_objection(*, objection: Objection, by: Actor, at: datetime) -> Objection:
    """The home takes its objection back; the history stays."""
    with acts.acting(objection.project_id, by, at) as act:
        row = _locked(objection, act)
        permits.only(_may_say(row, by))
        if row.state in ENDED:
            raise _ended(row)
        row.state, row.ended_at = ObjectionState.WITHDRAWN, at
        row.save(update_fields=["state", "ended_at"])
        act.say("objection_withdrawn", VisibleTo.UNIT, number=row.number)
    return row


def pass_on(*, objection: Objection, words: str, by: Actor, at: datetime, channel: str = Channel.RECEPTION) -> Case:
    """Make a case of it: harm already done, danger, or a dispute of rights. `words` open the case.

    The case lies at the home's building and is linked with the project; the objection ends.
    """
    with acts.acting(objection.project_id, by, at) as act:
        row = _locked(objection, act)
        permits.only(permits.records(by, permits.places_of(act.project)) or permits.answers(by, {row.unit_id}))
        if row.state in ENDED:
            raise _ended(row)
        home = row.home
        place = home.building_id if home else next(iter(sorted(permits.places_of(act.project))), None)
        filed = file_appeal(
            words=acts.words(words, needed=True), channel=channel, by=by, at=at, place_id=place,
            room=home.room if home else "", taken_by=by.user,
        )  # fmt: skip
        row.state, row.ended_at, row.case = ObjectionState.PASSED_ON, at, filed.case
        row.save(update_fields=["state", "ended_at", "case"])
        act.say("objection_passed_on", VisibleTo.UNIT, number=row.number, case=filed.case.number)
        links.link(project=act.project, case=filed.case, how=CaseLink.Known.OBJECTION, by=by, at=at)
    return filed.case


def _locked(objection: Objection, act: acts.Act) -> Objection:
    row = (
        Objection.objects.select_for_update(of=("self",))
        .select_related("home", "unit", "answerer", "plan")
        .filter(pk=objection.pk)
        .first()
    )
    if row is None:
        raise NotFound
    row.project = act.project
    return row


def _may_say(row: Objection, by: Actor) -> bool:
    if row.home is not None:
        return acts.may_speak(by, row.home)
    return by.kind != "resident" and permits.records(by, permits.places_of(row.project))


def _ended(row: Objection) -> Conflict:
    state = ObjectionState(row.state).label
    return Conflict(_("This objection has ended: %(state)s.") % {"state": state})
