"""Several matters in one message: each further one becomes a case of its own, with an appeal that quotes its part.

The words of the message are never edited. The further appeals are of the same reporter, and point to the message.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from chenyue import triage
from chenyue.cases import clock, doors, events, opening, rules, search
from chenyue.cases.lifecycle import OPEN, TABLE, Move, State
from chenyue.cases.models import Appeal, Case
from chenyue.cases.moves import gathering
from chenyue.cases.moves.base import Act
from chenyue.cases.moves.desk import category_of
from chenyue.cases.where import put_at
from chenyue.core import ids
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, Refusal
from chenyue.people.models import Sensitivity
from chenyue.timeline.actions import Draft
from chenyue.timeline.models import VisibleTo
from chenyue.triage.matters import sentences
from chenyue.triage.suggestion import Suggestion

MOST = 4  # further matters of one message
FROM = (*OPEN, State.ANSWERED)
_CLOSENESS = list(gathering.CLOSENESS)


@dataclass(frozen=True)
class Part:
    """The sentences of a further matter, by their places, and its kind ("": as triage suggests)."""

    lines: tuple[int, ...]
    category_code: str = ""


def part(*, case: Case | int, appeal: Appeal, parts: Sequence[Part], by: Actor, at: datetime) -> list[Appeal]:
    """File the further matters of a message. Returns their appeals, each with its case.

    Raises NotFound and NotAllowed as a move does (the permission is that of splitting), Conflict if the case has
    ended, Refusal at `lines` or `category_code`. Nothing is filed then.
    """

    def holds(act: Act) -> bool:
        return act.member is not None and rules.may_move(act.member, Move.SPLIT, act.case, act.assignments)

    return doors.through(  # type: ignore[no-any-return]
        case=case, by=by, at=at, holds=holds, work=lambda act: _part(act, appeal, parts)
    )


def parts_of(appeal: Appeal) -> list[Appeal]:
    """The further matters that this message has been parted into already, with their cases."""
    return list(Appeal.objects.filter(part_of=appeal).select_related("case", "case__category").order_by("pk"))


def taken(parts: Sequence[Appeal], case_id: int) -> set[int]:
    """The sentences that are matters of their own; those of parts that came back to this case are free again."""
    return {line for one in parts if one.case_id != case_id for line in one.part_lines}


def _part(act: Act, appeal: Appeal, parts: Sequence[Part]) -> list[Appeal]:
    if State(act.case.state) not in FROM:
        raise Conflict(_("This case has ended. Reopen it before you part its message."))
    message = Appeal.objects.select_related("reporter").filter(pk=appeal.pk, case=act.case).first()
    if message is None or message.part_of_id is not None:
        raise Refusal(_("Choose a message of this case."), field="lines", code="appeal")
    pieces = sentences(message.words)
    _check(pieces, parts, taken(parts_of(message), act.case.pk))
    fresh = [_file(act, message, pieces, one) for one in parts]
    act.say("case.parted", appeal=message.number, numbers=[one.case.number for one in fresh])
    act.events.append(events.MessageParted(case=act.case, by=act.by, at=act.at, appeal=message, parts=fresh))
    return fresh


def _check(pieces: Sequence[str], parts: Sequence[Part], gone: set[int]) -> None:
    lines = [line for one in parts for line in one.lines]
    if not parts or not all(one.lines for one in parts):
        raise Refusal(_("Say of at least one sentence that it is a matter of its own."), field="lines", code="none")
    if len(parts) > MOST:
        raise Refusal(_("At most %(most)s further matters at once.") % {"most": MOST}, field="lines", code="many")
    if len(set(lines)) != len(lines) or not all(0 <= line < len(pieces) for line in lines):
        raise Refusal(_("Each sentence belongs to one matter."), field="lines", code="lines")
    if gone & set(lines):
        raise Refusal(_("Some of these sentences are a case of their own already."), field="lines", code="taken")
    if not any(pieces[line].strip() for line in range(len(pieces)) if line not in gone | set(lines)):
        raise Refusal(_("Something must stay with this case."), field="lines", code="all")
    if not all("".join(pieces[line] for line in one.lines).strip() for one in parts):
        raise Refusal(_("A matter needs words."), field="lines", code="empty")


def _file(act: Act, message: Appeal, pieces: Sequence[str], one: Part) -> Appeal:
    """One further matter: its appeal quotes the message, its case begins as every case does."""
    at = act.at
    lines = sorted(one.lines)
    words = "".join(pieces[line] for line in lines).strip()
    suggestion = triage.suggest(words, None, message.received_at)
    if not clock.is_news(message, at):
        suggestion = opening.as_history(suggestion)
    quoted = _quoting(message, words, lines, suggestion, at)
    case = opening.open_case(
        quoted, suggestion, category=category_of(one.category_code) if one.category_code else None, urgency="", room=""
    )
    _as_near(case, act.case)
    if clock.is_news(case, at):
        clock.begin_triage(case, at)
    clock.schedule(case, at)
    case.save(force_insert=True)
    quoted.case = quoted.first_case = case
    quoted.save(force_insert=True)
    search.index(case)
    _record(act, quoted, suggestion)
    return quoted


def _quoting(message: Appeal, words: str, lines: list[int], suggestion: Suggestion, at: datetime) -> Appeal:
    return Appeal(
        number=ids.dated_number("appeal", at, prefix="A"),
        receipt=ids.receipt_code(),
        part_of=message,
        part_lines=lines,
        words=words,
        suggestion=suggestion.to_json(),
        filed_at=at,
        **{name: getattr(message, name) for name in SAME},
    )


# What a part has from its message: who told it, how, when, and what they agreed to.
SAME = (
    "channel", "reporter", "nickname", "email", "taken_by", "consent_contact", "confidential", "received_at", "place",
)  # fmt: skip


def _as_near(case: Case, whence: Case) -> None:
    """Where the part names no place it is at the message's; and it is kept no less closely."""
    if case.place_id is None:
        put_at(case, whence.place_id)
        case.room = whence.room
    case.sensitivity = max(case.sensitivity, whence.sensitivity, key=_CLOSENESS.index)
    if case.sensitivity != Sensitivity.NORMAL:
        case.accused_unit_id = case.accused_unit_id or whence.accused_unit_id


def _record(act: Act, quoted: Appeal, suggestion: Suggestion) -> None:
    subject, guess = quoted.case.subject, suggestion.category
    told = {
        "category": guess.name if guess else "",
        "confidence": round(guess.confidence, 2) if guess else 0,
        "urgency": quoted.case.urgency,
        "cue": suggestion.urgency_cue,
    }
    act.drafts += [
        Draft(subject, "case.received", {"channel": quoted.channel}, VisibleTo.RESIDENT),
        Draft(subject, "case.part_of", {"number": act.case.number}, VisibleTo.RESIDENT),
        Draft(subject, "case.suggested", told, VisibleTo.OFFICE),
    ]


def unpart(*, case: Case | int, appeal: Appeal, by: Actor, at: datetime) -> list[str]:
    """Undo: the further matters of a message that nobody has begun join its case again. Returns their numbers.

    Raises Refusal if none can come back.
    """
    from chenyue.cases.actions import move

    pk = case.pk if isinstance(case, Case) else case
    back = [
        one.case
        for one in parts_of(appeal)
        if one.case_id != pk and one.case.state == State.RECEIVED and one.case.appeals_count == 1
    ]
    if not back:
        raise Refusal(_("The further matters are being worked on. They can't come back."), code="state")
    with doors.transaction_of_its_own():
        for one in back:
            move(case=one, move=Move.JOIN, by=by, at=at, into=Case.objects.get(pk=pk))
    return [one.number for one in back]


PERMISSION = TABLE[Move.SPLIT].permission
