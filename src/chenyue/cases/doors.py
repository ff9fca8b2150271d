"""The four beats of every act on a case: lock, rule, write, record; in one transaction."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chenyue.cases import events, rules, search
from chenyue.cases.lifecycle import MOVE_WORDS, STATE_WORDS, WORKING, Move, State, allowed
from chenyue.cases.models import Case, Extension
from chenyue.cases.moves.base import Act, finish
from chenyue.core import rows
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, NotFound
from chenyue.core.events import emit
from chenyue.core.prepared import prepared
from chenyue.timeline.actions import record_many


def transaction_of_its_own() -> transaction.Atomic:
    """A transaction, or a part of the caller's: then a refusal fails the caller's as a whole.

    A savepoint inside a caller's transaction would cost two statements and save nothing. Only the
    transaction that a test runs in gets one, so that it outlives a refusal.
    """
    blocks = connection.atomic_blocks
    return transaction.atomic(savepoint=not blocks or getattr(blocks[-1], "_from_testcase", False))


def lock(case: Case | int, *others: int) -> dict[int, Case]:
    """The rows as they are now, locked, in one order for everyone."""
    pk = case.pk if isinstance(case, Case) else case
    wanted = {pk, *others}
    if others:
        found = list(Case.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk"))
    else:
        found = _locked(pk=pk)
    held = {row.pk: row for row in found}
    if wanted - held.keys():
        raise NotFound
    return held


@prepared
def _locked(*, pk: Any) -> QuerySet[Case]:
    return Case.objects.select_for_update(of=("self",)).filter(pk=pk)


def may_see(act: Act) -> None:
    """Whoever may not even see the case hears that there is none."""
    if act.by.kind != "system" and (act.member is None or not rules.may_see(act.member, act.case, act.assignments)):
        raise NotFound


def may_act(act: Act, holds: Callable[[], bool]) -> None:
    """Who may see but not do hears that; by the system, permissions aren't asked."""
    if act.by.kind != "system" and not holds():
        raise NotAllowed


def fits(act: Act, version: int | None) -> None:
    """The state allows the move, and the form wasn't drawn from an older one."""
    if version is not None and int(version) != act.case.version:
        raise Conflict
    if not allowed(act.case.state, act.move):
        raise Conflict(
            _("“%(move)s” isn't possible now: the case is “%(state)s”. Someone else may have been faster.")
            % {"move": MOVE_WORDS[act.move], "state": STATE_WORDS[State(act.case.state)]}
        )


def ask(act: Act, version: int | None) -> None:
    """The rules of a move."""
    extension = act.open_extension if act.move == Move.EXTEND else None

    def holds() -> bool:
        return act.member is not None and rules.may_move(
            act.member, act.move, act.case, act.assignments, open_return=act.open_return, open_extension=extension
        )

    if act.move == Move.WITHDRAW and act.by.kind == "resident":
        fits(act, version)  # the caller has found the appeal by its receipt
        return
    may_see(act)
    fits(act, version)
    may_act(act, holds)


def write(act: Act) -> None:
    """Write the case and record what was done."""
    if act.was in WORKING and State(act.case.state) not in WORKING:
        # More time was asked for and isn't needed any more: nobody is left to decide it.
        lapsed = {"state": Extension.State.LAPSED, "decided_at": act.at}
        Extension.objects.filter(case=act.case, state=Extension.State.ASKED).update(**lapsed)
    finish(act)
    rows.update(act.case, act.changed())
    if act.also is not None:
        act.also.save()
        search.index(act.also)
    if act.reindex or act.also is not None:
        search.index(act.case)
    record_many(act.drafts, by=act.by, at=act.at)
    data = act.data | {"lead_id": act.data.get("lead_id", act.case.lead_id)}
    emit(events.CaseMoved(case=act.case, by=act.by, at=act.at, move=act.move, data=data))
    for event in act.events:
        emit(event)


def through(
    *,
    case: Case | int,
    by: Actor,
    at: datetime,
    holds: Callable[[Act], bool],
    work: Callable[[Act], Any],
    resident: bool = False,
) -> Any:
    """A smaller act on a case (a part, a note, a file): the same four beats, without a move.

    `resident`: the caller has found the case by a receipt, so its reporter may act too.
    """
    with transaction_of_its_own():
        (held,) = lock(case).values()
        act = Act(held, Move.TRIAGE, by, at)
        if not (resident and by.kind == "resident"):
            may_see(act)
            may_act(act, lambda: holds(act))
        result = work(act)
        held.touched_at = at
        rows.update(held, ["touched_at"])
        record_many(act.drafts, by=by, at=at)
        for event in act.events:
            emit(event)
    return result
