"""Moves: one operation for each, all through the one door of `cases.actions.move`."""

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _now
from ninja import Router, Schema
from pydantic import Field

from chenyue.cases import actions
from chenyue.cases.lifecycle import MOVE_WORDS, TABLE, Move
from chenyue.cases.models import Appeal, Case, Result, ReturnReason
from chenyue.catalogue.models import Handling, Urgency
from chenyue.catalogue.queries import catalogue
from chenyue.core.errors import NotFound, Refusal
from chenyue.gateway.api.frame import Call, Code, Id, Line, MaybeWords, Moment, Words, call
from chenyue.gateway.api.routes.cases import CaseOut, case_of
from chenyue.gateway.api.routes.shared import _
from chenyue.gateway.api.shapes import cases as shapes

router = Router(tags=[_("Moves")])
Span = Line  # such as 4wh: see the catalogue


class MoveIn(Schema):
    """A move. `version`: that of the case as it was read; if it has changed since, the move is refused (409)."""

    version: Id | None = None


class Moved(Schema):
    """The case after the move; null if who made it doesn't see it any more."""

    number: str
    case: CaseOut | None


class Triage(MoveIn):
    """What is left out stays as it is."""

    category: Code | None = None
    place_id: Id | None = None
    room: Line = ""
    urgency: Urgency | None = None
    handling: Handling | None = None
    title: Line = ""


class Dispatch(MoveIn):
    """What is left out is as the catalogue says. Units by their codes."""

    lead: Code | None = None
    assists: list[Code] | None = Field(None, max_length=20)
    officer_id: Id | None = None
    accept_by: Span = ""
    contact_by: Span = ""
    resolve_by: Span = ""
    words: MaybeWords = ""


class Accept(MoveIn):
    """By the leading unit."""

    officer_id: Id | None = None


class GiveBack(MoveIn):
    """An objection of the leading unit."""

    reason: ReturnReason
    words: Words
    proposed: Code | None = None


class Uphold(MoveIn):
    """The objection is right."""

    lead: Code | None = None
    assists: list[Code] | None = Field(None, max_length=20)
    words: MaybeWords = ""


class Reassign(MoveIn):
    """To another unit."""

    lead: Code
    reason: Words
    assists: list[Code] | None = Field(None, max_length=20)
    officer_id: Id | None = None


class Said(MoveIn):
    """With words."""

    words: Words


class Reply(MoveIn):
    """`told` is what every reporter reads, word for word; `done` is for the office."""

    told: Words
    done: MaybeWords = ""
    result: Result = Result.RESOLVED


class Suspend(MoveIn):
    """The reporters read the reason."""

    reason: Words
    until: Moment


class Extend(MoveIn):
    """Ask (`reason`, `new_due_at`), or decide what somebody else asked (`decision`: grant or refuse, `words`)."""

    reason: MaybeWords = ""
    new_due_at: Moment | None = None
    decision: Line = ""
    words: MaybeWords = ""


class Whistle(MoveIn):
    """Call the units together."""

    words: Words
    meeting_at: Moment
    place: Line
    units: list[Code] | None = Field(None, max_length=20)


class Decline(MoveIn):
    """Never without telling the right road."""

    reason: Words
    told: Words
    route_away: Line = ""


class Join(MoveIn):
    """All its appeals go to another open case."""

    into: Code


class Split(MoveIn):
    """Undo a join, or make some appeals (by number) a case of their own."""

    undo: bool = False
    appeals: list[Code] = Field([], max_length=200)


BODIES: dict[Move, type[MoveIn]] = {
    Move.TRIAGE: Triage, Move.DISPATCH: Dispatch, Move.ACCEPT: Accept, Move.RETURN: GiveBack,
    Move.UPHOLD_RETURN: Uphold, Move.REFUSE_RETURN: Said, Move.REASSIGN: Reassign, Move.CONTACT: Said,
    Move.SETTLE: Reply, Move.SUSPEND: Suspend, Move.RESUME: MoveIn, Move.EXTEND: Extend, Move.REMIND: Said,
    Move.SUPERVISE: Said, Move.WHISTLE: Whistle, Move.ANSWER: Reply, Move.REWORK: Said, Move.EXPLAIN: Said,
    Move.CLOSE: MoveIn, Move.REOPEN: Said, Move.DECLINE: Decline, Move.JOIN: Join, Move.SPLIT: Split,
}  # fmt: skip


def _unit(code: str, field: str) -> int:
    found = catalogue().unit_by_code.get(code)
    if found is None:
        raise Refusal(_now("There is no unit with this code."), field=field, code="unit")
    return found.id


def _units(given: dict[str, Any]) -> None:
    """Codes of units, as the moves take them."""
    for name, wanted in (("lead", "lead_id"), ("proposed", "proposed_id")):
        if name in given:
            code = given.pop(name)
            given |= {wanted: _unit(code, name)} if code else {}
    for name, wanted in (("assists", "assist_ids"), ("units", "unit_ids")):
        if name in given:
            codes = given.pop(name)
            given |= {wanted: [_unit(code, name) for code in codes]} if codes is not None else {}


def details(body: MoveIn, case: Case) -> dict[str, Any]:
    """The keyword arguments of the move's handler. What was left out isn't said."""
    given = {name: value for name, value in body.model_dump(exclude_unset=True).items() if value is not None}
    _units(given)
    if "category" in given:
        given["category_code"] = given.pop("category")
    if "appeals" in given:
        given["appeal_ids"] = [_appeal(case, number) for number in given.pop("appeals")]
    return given


def _appeal(case: Case, number: str) -> int:
    found = Appeal.objects.filter(case=case, number=number).values_list("pk", flat=True).first()
    if found is None:
        raise Refusal(_now("This appeal isn't of this case."), field="appeals", code="appeal")
    return found


def _operation(move: Move, shape: type[MoveIn]) -> Callable[..., Any]:
    def operation(request: HttpRequest, number: Code, body: MoveIn) -> Any:
        made = call(request)
        case = case_of(made, number)
        made.once(lambda: _moved(made, case, move, body), body.model_dump(mode="json", exclude_unset=True))
        return seen(made, number)

    operation.__name__ = f"move_{move.value}"
    operation.__annotations__["body"] = shape
    word = TABLE[move].permission
    operation.__doc__ = f"Needs `{word}` on this case.\n\n{shape.__doc__}"
    return operation


def _moved(made: Call, case: Case, move: Move, body: MoveIn) -> dict[str, Any]:
    actions.move(case=case, move=move, by=made.by, at=made.at, **details(body, case))
    return {"number": case.number}


def seen(made: Call, number: str) -> dict[str, Any]:
    """The case afterwards. A move may take it out of the sight of who made it: then there is no `case`."""
    try:
        found = shapes.case(made.member, number, at=made.at)
    except NotFound:
        return {"number": number, "case": None}
    return {"number": number, "case": found}


for _move, _shape in BODIES.items():
    router.post(f"/cases/{{number}}/moves/{_move.value}", response=Moved, summary=cast(str, MOVE_WORDS[_move]))(
        _operation(_move, _shape)
    )
