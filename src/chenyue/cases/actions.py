"""Writing: the one door for moves, and the smaller acts on a case. Intake is in `intake.py`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chenyue.cases import attachments, doors, events, rules, search
from chenyue.cases.intake import Filed, ReporterData, file_appeal
from chenyue.cases.lifecycle import OPEN, Move, State
from chenyue.cases.models import Addition, Appeal, Assignment, Attachment, Case, Note
from chenyue.cases.moves import base, desk, ending, gathering, pace, parts, units
from chenyue.cases.moves.base import Act
from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.timeline.models import VisibleTo

__all__ = [
    "Filed", "Outcome", "ReporterData", "accept_part", "add_note", "add_words", "attach", "bulk_move",
    "bulk_officer", "confirm_triage", "excuse_part", "file_appeal", "move", "report_part", "set_officer",
]  # fmt: skip

HANDLERS: dict[Move, Callable[..., None]] = {
    Move.TRIAGE: desk.triage,
    Move.DISPATCH: desk.dispatch,
    Move.ACCEPT: units.accept,
    Move.RETURN: units.give_back,
    Move.UPHOLD_RETURN: units.uphold_return,
    Move.REFUSE_RETURN: units.refuse_return,
    Move.REASSIGN: units.reassign,
    Move.CONTACT: units.contact,
    Move.SETTLE: desk.settle,
    Move.SUSPEND: pace.suspend,
    Move.RESUME: pace.resume,
    Move.EXTEND: pace.extend,
    Move.REMIND: pace.remind,
    Move.SUPERVISE: pace.supervise,
    Move.WHISTLE: pace.whistle,
    Move.ANSWER: units.answer,
    Move.REWORK: ending.rework,
    Move.EXPLAIN: ending.explain,
    Move.CLOSE: ending.close,
    Move.REOPEN: ending.reopen,
    Move.DECLINE: desk.decline,
    Move.JOIN: gathering.join,
    Move.SPLIT: gathering.split,
    Move.WITHDRAW: gathering.withdraw,
}


def move(*, case: Case | int, move: Move, by: Actor, at: datetime, version: int | None = None, **details: Any) -> Case:
    """Make a move: lock, rule, write, record, in one transaction; returns the case as it is then.

    The details of each move are the keyword arguments of its handler (`HANDLERS`). Raises NotFound if
    this member may not even see the case, NotAllowed without the permission, Conflict if the state
    moved on or the form is stale (`version`), Refusal if a detail is missing or wrong. By the system:
    permissions aren't asked, the table is.
    """
    with doors.transaction_of_its_own():
        act = _begin(case, Move(move), by, at, details)
        doors.ask(act, version)
        if act.move == Move.JOIN:
            _may_join(act, details["into"])
        HANDLERS[act.move](act, **details)
        doors.write(act)
    act.case.split_off = act.split_off  # type: ignore[attr-defined]
    return act.case


def _begin(case: Case | int, move: Move, by: Actor, at: datetime, details: dict[str, Any]) -> Act:
    """Lock the case, and the other one of a join or of its undoing."""
    if move == Move.JOIN:
        target = _target(details.get("into"))
        held = doors.lock(case, target)
        act = Act(held[case.pk if isinstance(case, Case) else case], move, by, at, other=held[target])
        details["into"] = held[target]
        return act
    found = doors.lock(case)
    act = Act(next(iter(found.values())), move, by, at)
    if move == Move.SPLIT and act.case.joined_into_id:
        act.other = doors.lock(act.case.joined_into_id)[act.case.joined_into_id]
    return act


def _target(into: Case | str | None) -> int:
    if isinstance(into, Case):
        return into.pk
    found = Case.objects.filter(number=(into or "").strip()).values_list("pk", flat=True).first()
    if found is None:
        raise Refusal(_("There is no case with this number."), field="into", code="number")
    return found


def _may_join(act: Act, into: Case) -> None:
    """Whoever joins must hold the permission on the other case as well; if they can't see it, it doesn't exist."""
    if act.member is None:
        return
    active = list(Assignment.objects.filter(case=into, active=True))
    if not rules.may_see(act.member, into, active) or not rules.may_move(act.member, Move.JOIN, into, active):
        raise Refusal(_("There is no case with this number."), field="into", code="number")


@dataclass(frozen=True)
class Outcome:
    """What came of one case of many."""

    number: str
    ok: bool
    sentence: str = ""


def bulk_move(*, cases: Iterable[Case | int], move: Move, by: Actor, at: datetime, **details: Any) -> list[Outcome]:
    """Make the same move on many cases; each for itself, so that one refusal doesn't stop the others."""
    act = _the_door
    return [_one(case, lambda one: act(case=one, move=move, by=by, at=at, **details)) for case in cases]


def confirm_triage(*, cases: Iterable[Case | int], by: Actor, at: datetime) -> list[Outcome]:
    """Confirm what was suggested for these cases, as it stands; nothing is dispatched."""
    return [_one(case, lambda one: _confirm(one, by, at)) for case in cases]


def _confirm(case: Case | int, by: Actor, at: datetime) -> Case:
    row = case if isinstance(case, Case) else Case.objects.get(pk=case)
    if row.category_id is None:
        raise Refusal(_("No category was suggested. Choose one."), field="category_code", code="category")
    return _the_door(case=row, move=Move.TRIAGE, by=by, at=at)


_the_door = move


def _one(case: Case | int, act: Callable[[Case | int], Case]) -> Outcome:
    number = case.number if isinstance(case, Case) else str(case)
    try:
        with transaction.atomic():
            return Outcome(act(case).number, True)
    except Refusal as refusal:
        return Outcome(number, False, str(refusal.sentence))
    except Case.DoesNotExist:
        return Outcome(number, False, str(_("There is no case with this number.")))


def accept_part(*, case: Case | int, by: Actor, at: datetime, unit_id: int | None = None) -> Assignment:
    """An assisting unit takes its part on. Raises NotAllowed for any other unit."""
    return _part(case, by, at, lambda act: parts.accept_part(act, unit_id))


def report_part(*, case: Case | int, done: str, by: Actor, at: datetime, unit_id: int | None = None) -> Assignment:
    """An assisting unit says what it did."""
    return _part(case, by, at, lambda act: parts.report_part(act, done, unit_id))


def excuse_part(*, assignment: Assignment, reason: str, by: Actor, at: datetime) -> Assignment:
    """Let an assisting unit off with a reason: by those who dispatch, or who watch over the leading unit."""
    return _part(
        assignment.case_id,
        by,
        at,
        lambda act: parts.excuse_part(act, assignment.pk, reason),
        lambda act: act.member is not None and rules.may_excuse(act.member, act.case),
    )


def set_officer(
    *, case: Case | int, officer_id: int | None, by: Actor, at: datetime, unit_id: int | None = None
) -> Assignment:
    """Name who of one's own unit sees to a case, or nobody (None). Raises NotAllowed for another unit's case."""
    return _part(case, by, at, lambda act: parts.set_officer(act, officer_id, unit_id))


def bulk_officer(*, cases: Iterable[Case | int], officer_id: int | None, by: Actor, at: datetime) -> list[Outcome]:
    """The same officer for many cases; each for itself, so that one refusal doesn't stop the others."""

    def act(case: Case | int) -> Case:
        return set_officer(case=case, officer_id=officer_id, by=by, at=at).case

    return [_one(case, act) for case in cases]


def _part(
    case: Case | int,
    by: Actor,
    at: datetime,
    work: Callable[[Act], Assignment],
    holds: Callable[[Act], bool] = lambda act: True,
) -> Assignment:
    found: Assignment = doors.through(case=case, by=by, at=at, holds=holds, work=work)
    return found


def add_words(*, appeal: Appeal, words: str, by: Actor, at: datetime) -> Addition:
    """Words added to an appeal later, by its reporter (through the receipt) or by staff; its own words stay."""
    said = base.words(words, "words")

    def work(act: Act) -> Addition:
        if State(act.case.state) not in (*OPEN, State.ANSWERED):
            raise Refusal(_("This case has ended. Send your words as a new one."), field="words", code="state")
        found = Addition.objects.create(
            appeal=appeal, words=said, by_resident=by.kind == "resident", member=act.member, at=at
        )
        act.say("case.words_added", appeal=appeal.number, by_resident=found.by_resident)
        search.index(act.case)
        if found.by_resident:
            act.events.append(events.WordsAdded(case=act.case, by=by, at=at, addition_id=found.pk))
        return found

    return _said_on(appeal.case_id, by, at, work)  # type: ignore[no-any-return]


def forget_external_number(*, appeal: Appeal) -> None:
    """Free the number that an appeal came under elsewhere, so that the right one can be filed. Only of one taken back.

    Raises Refusal for an appeal that stands.
    """
    if not Appeal.objects.filter(pk=appeal.pk, withdrawn_at__isnull=False).update(external_number=""):
        raise Refusal(_("This appeal stands; its number can't be given away."), code="state")


def add_note(*, case: Case | int, words: str, by: Actor, at: datetime) -> Note:
    """An internal note. Its words are encrypted and stay out of the timeline."""
    said = base.words(words, "words")
    if by.kind != "member":
        raise NotAllowed

    def work(act: Act) -> Note:
        act.say("case.noted", VisibleTo.UNIT)
        return Note.objects.create(case=act.case, member=by.user, words=said, at=at)

    return _said_on(case, by, at, work)  # type: ignore[no-any-return]


def attach(
    *, case: Case | int, files: Iterable[Any], stage: str, by: Actor, at: datetime, appeal: Appeal | None = None,
    audio: bool = False,
) -> list[Attachment]:  # fmt: skip
    """Add files: photographs re-encoded, everything sniffed; voice notes with `audio`.

    Raises Refusal at `attachments`; nothing is kept then.
    """
    with attachments.kept(files, audio=audio) as prepared:

        def work(act: Act) -> list[Attachment]:
            rows = attachments.save_rows(prepared, act.case, stage, at, appeal=appeal)
            visible = VisibleTo.UNIT if stage == Attachment.Stage.NOTE else VisibleTo.RESIDENT
            act.say("case.files_added", visible, count=len(rows), stage=stage)
            return rows

        return _said_on(case, by, at, work)  # type: ignore[no-any-return]


def _said_on(case: Case | int, by: Actor, at: datetime, work: Callable[[Act], Any]) -> Any:
    """Anyone who works on the case, and the reporter by the receipt that they hold."""

    def holds(act: Act) -> bool:
        return act.member is not None and bool(rules.parts_for(act.member, act.case, act.assignments))

    return doors.through(case=case, by=by, at=at, holds=holds, work=work, resident=True)
