"""What the pages of planners offer: loads beside the grid, candidates for a sitting, acts on a turn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chenyue.people.models import Member
from chenyue.people.rules import may
from chenyue.reception.lifecycle import SittingState, SwapState
from chenyue.reception.models import Plan, RosterPerson, Shift, Sitting, Swap
from chenyue.reception.rostering import ledger, planning, standing_in
from chenyue.reception.rostering.building import part
from chenyue.reception.rostering.drafts import Judge
from chenyue.reception.rostering.ledger import Account
from chenyue.reception.rostering.rules import turn_of
from chenyue.reception.solving.problem import Code
from chenyue.workdays.queries import calendar

CROWD = (Code.FULL,)  # whoever is put there may well take another's place


@dataclass(frozen=True)
class Load:
    """Somebody's load of the year: `planned` are the turns that a draft gives them."""

    account: Account
    planned: int


def loads(plan: Plan | None, year: int) -> list[Load]:
    """Everybody's load of a year; with a plan as if its draft were published."""
    rules = ledger.current()[1]
    rows = {account.person.pk: account for account in ledger.of_year(year)}
    counts: dict[int, int] = {}
    if plan is not None and plan.draft:
        standing = (
            Shift.objects.filter(absent_at=None, sitting__day__range=(plan.first, plan.last), sitting__day__year=year)
            .exclude(sitting__published_at=None)
            .exclude(sitting__state=SittingState.CANCELLED)
        )
        taken = [(s.person_id, s.sitting) for s in standing.select_related("sitting")]
        drafted = Sitting.objects.in_bulk([int(pk) for pk in plan.draft])
        given = [
            (int(p), drafted[int(pk)]) for pk, people in plan.draft.items() if int(pk) in drafted for p, _l in people
        ]
        for sign, turns in ((-1, taken), (1, given)):
            for person_id, sitting in turns:
                if person_id in rows and sitting.day.year == year:
                    _count(rows[person_id], sitting, sign, rules)
        for person_id, _sitting in given:
            counts[person_id] = counts.get(person_id, 0) + 1
    return [Load(account, counts.get(pk, 0)) for pk, account in rows.items()]


def _count(account: Account, sitting: Sitting, sign: int, rules: Any) -> None:
    turn = turn_of(sitting.day, part(sitting), rules, calendar())
    account.turns += sign
    account.points += sign * turn.points
    for mark in {turn.kind, *turn.marks}:
        account.marks[mark] += sign


@dataclass(frozen=True)
class Option:
    """Somebody who could be put at a sitting of a draft: what it would break, and their load."""

    person: RosterPerson
    troubles: tuple[str, ...]
    load: Load | None


@dataclass(frozen=True)
class Here:
    """Somebody who is at a sitting of a draft."""

    person: RosterPerson
    lead: bool
    pinned: bool


@dataclass(frozen=True)
class Choice:
    """A sitting of a draft: who is there, what is broken there, who else could come."""

    here: list[Here]
    troubles: list[str]
    options: list[Option]
    changeable: bool


def sitting(plan: Plan, row: Sitting, at: datetime) -> Choice:
    """Everything about one sitting of a draft."""
    judge = Judge.of(plan, at)
    people = {int(pk): person for pk, person in judge.built.people.items()}
    there = [(int(p), bool(lead)) for p, lead in plan.draft.get(str(row.pk), []) if int(p) in people]
    here = [Here(people[p], lead, [row.pk, p] in plan.pins) for p, lead in there]
    troubles = [t.words for t in judge.troubles() if row.pk in t.sittings]
    load = {one.account.person.pk: one for one in loads(plan, row.day.year)}
    taken = {p for p, _lead in there}
    options = [
        Option(person, tuple(t.words for t in judge.change(add=[(pk, row.pk)], passing_over=CROWD)), load.get(pk))
        for pk, person in people.items()
        if pk not in taken
    ]
    options.sort(key=lambda o: (len(o.troubles), o.load.account.fair if o.load else 0, o.person.pk))
    changeable = plan.state == "ready" and row.state == SittingState.PLANNED and row.starts_at > at
    return Choice(here, list(dict.fromkeys(troubles)), options, changeable)


def turn(shift: Shift, member: Member, at: datetime) -> dict[str, Any] | None:
    """What a member may do about a turn; None if it isn't published and they don't plan."""
    planner = may(member, planning.WORD)
    row: Sitting = shift.sitting
    if row.published_at is None and not planner:
        return None
    over = row.ends_at <= at or row.state in (SittingState.CLOSED, SittingState.CANCELLED)
    taken = Shift.objects.filter(replaces=shift, absent_at=None).select_related("person__member").first()
    wanted = shift.absent_at is not None and taken is None and not over
    mine = shift.person.member_id == member.pk
    found = standing_in.candidates(shift, at) if wanted else []
    if not planner and not standing_in.may_report(member, shift.person):  # others see only whether they fit
        found = [c for c in found if c.person.member_id == member.pk]
    swap = Swap.objects.filter(shift=shift, state__in=[SwapState.ASKED, SwapState.AGREED]).select_related(
        "other__member"
    )
    return {
        "mine": mine,
        "planner": planner,
        "over": over,
        "taken": taken,
        "candidates": found,
        "swap": swap.first(),
        "may_report": standing_in.may_report(member, shift.person) and shift.absent_at is None and not over,
        "may_return": standing_in.may_report(member, shift.person) and wanted,
        "may_swap": mine and shift.absent_at is None and row.state == SittingState.PLANNED and row.starts_at > at,
        "yes": next((c for c in found if c.person.member_id == member.pk and c.fits), None),
    }


def colleagues(shift: Shift) -> Iterable[RosterPerson]:
    """Whom one can ask to take a turn."""
    return ledger.people().exclude(pk=shift.person_id)
