"""Swaps: one asks another, the other agrees, a planner approves. The rules are asked each time."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.people.rules import may
from chenyue.reception import lifecycle
from chenyue.reception.lifecycle import SittingState, SwapState
from chenyue.reception.models import RosterPerson, Shift, Sitting, Swap
from chenyue.reception.rostering import notices
from chenyue.reception.rostering.building import build
from chenyue.reception.rostering.drafts import Judge, Trouble
from chenyue.reception.rostering.planning import WORD, allowed, hold
from chenyue.timeline.actions import Draft, record_many

AROUND = timedelta(days=15)  # days before and after a turn for which the rules are asked


@transaction.atomic
def ask(
    *, shift: Shift, other: RosterPerson, by: Actor, at: datetime, other_shift: Shift | None = None, words: str = ""
) -> Swap:
    """Ask somebody to take one's turn, or to change it for one of theirs. Refused if it would break a rule."""
    row = _turn(shift.pk, at)
    _own(row.person, by)
    theirs = _turn(other_shift.pk, at) if other_shift else None
    if theirs is not None and theirs.person_id != other.pk:
        raise Refusal(_("That turn isn't theirs."), field="other_shift")
    if other.pk == row.person_id:
        raise Refusal(_("Choose somebody else."), field="other")
    _legal(row, other, theirs, at)
    try:
        with transaction.atomic():
            swap = Swap.objects.create(
                shift=row, other=other, other_shift=theirs, words=words[:120], asked_by=by.user, asked_at=at
            )
    except IntegrityError as error:
        raise Conflict(_("Somebody has been asked for this turn already. Take that back first.")) from error
    notices.tell_asked(swap, at)
    return swap


@transaction.atomic
def agree(*, swap: Swap, by: Actor, at: datetime) -> Swap:
    """The one who was asked agrees; those who plan are told."""
    row = _locked(swap)
    _own(row.other, by, planner=False)
    _check(row, at)
    _move(row, SwapState.AGREED)
    row.agreed_at = at
    row.save()
    notices.tell_agreed(row, at)
    return row


@transaction.atomic
def approve(*, swap: Swap, by: Actor, at: datetime) -> Swap:
    """A planner approves: the turns change hands. The rules are asked once more, since the roster may have changed."""
    allowed(by)
    row = _locked(swap)
    _check(row, at)
    _move(row, SwapState.APPROVED)
    row.decided_by, row.decided_at = by.user, at
    row.save()
    _exchange(row, by, at)
    notices.tell_decided(row, at)
    return row


@transaction.atomic
def refuse(*, swap: Swap, by: Actor, at: datetime) -> Swap:
    """The one who was asked, or a planner, says no."""
    row = _locked(swap)
    _own(row.other, by)
    _move(row, SwapState.REFUSED)
    row.decided_by, row.decided_at = by.user, at
    row.save()
    notices.tell_decided(row, at)
    return row


@transaction.atomic
def withdraw(*, swap: Swap, by: Actor, at: datetime) -> Swap:
    """Who asked takes it back."""
    row = _locked(swap)
    _own(row.shift.person, by, planner=False)
    _move(row, SwapState.WITHDRAWN)
    row.decided_by, row.decided_at = by.user, at
    row.save()
    return row


def legality(shift: Shift, other: RosterPerson, theirs: Shift | None, at: datetime) -> list[Trouble]:
    """What giving a turn to somebody (for one of theirs) would newly break."""
    remove = [(shift.person_id, shift.sitting_id)]
    add = [(other.pk, shift.sitting_id)]
    if theirs is not None:
        remove.append((other.pk, theirs.sitting_id))
        add.append((shift.person_id, theirs.sitting_id))
    return judge(shift, theirs, at).change(remove, add)


def judge(shift: Shift, theirs: Shift | None, at: datetime) -> Judge:
    """Judges what is on duty in the days around one or two turns, as it stands."""
    days = [s.sitting.day for s in (shift, theirs) if s is not None]
    return Judge.standing(build(min(days) - AROUND, max(days) + AROUND, at=at, checks=True))


def _legal(shift: Shift, other: RosterPerson, theirs: Shift | None, at: datetime) -> None:
    troubles = legality(shift, other, theirs, at)
    if troubles:
        words = "；".join(trouble.words for trouble in troubles[:4])
        raise Refusal(_("This swap would break a rule: %(words)s") % {"words": words}, field="other", code="rule")


def _check(row: Swap, at: datetime) -> None:
    if row.state not in (SwapState.ASKED, SwapState.AGREED):
        raise Conflict
    shift = _turn(row.shift_id, at)
    theirs = _turn(row.other_shift_id, at) if row.other_shift_id else None
    if theirs is not None and theirs.person_id != row.other_id:
        raise Conflict
    _legal(shift, row.other, theirs, at)


def _turn(pk: int, at: datetime) -> Shift:
    """A turn that is still to come and published, locked."""
    rows = Shift.objects.select_for_update(of=("self",)).select_related("sitting__venue", "person__member")
    row = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound
    sitting: Sitting = row.sitting
    if sitting.state != SittingState.PLANNED or sitting.starts_at <= at or row.absent_at is not None:
        raise Refusal(_("This turn has begun, or is no longer held."), code="over")
    if sitting.published_at is None:
        raise NotFound
    return row


def _locked(swap: Swap) -> Swap:
    turns = Shift.objects.filter(pk__in=[swap.shift_id, swap.other_shift_id or 0])
    hold(Sitting.objects.filter(pk__in=turns.values("sitting_id")))
    rows = Swap.objects.select_for_update(of=("self",)).select_related(
        "shift__sitting__venue", "shift__person__member", "other__member", "other_shift__sitting__venue", "asked_by"
    )
    row = rows.filter(pk=swap.pk).first()
    if row is None:
        raise NotFound
    return row


def _own(person: RosterPerson, by: Actor, *, planner: bool = True) -> None:
    if by.key == str(person.member_id) or (planner and may(by.user, WORD)):
        return
    raise NotAllowed


def _move(row: Swap, after: SwapState) -> None:
    lifecycle.must_follow(lifecycle.SWAPS, row.state, after)
    row.state = after


def _exchange(row: Swap, by: Actor, at: datetime) -> None:
    """Each turn gets the other's person; who leads is written anew with whom it now is."""
    pairs = [(row.shift, row.other)]
    if row.other_shift is not None:
        pairs.append((row.other_shift, row.shift.person))
    drafts = []
    for shift, person in pairs:
        gone = shift.person.member.name
        lead = shift.lead and person.lead
        # Absent there before, and on duty there after all.
        Shift.objects.filter(sitting=shift.sitting, person=person).exclude(absent_at=None).delete()
        Shift.objects.filter(pk=shift.pk).update(person=person, lead=lead, source="swap", pinned=False, reminded=[])
        data = {"added": [person.member.name], "gone": [gone]}
        drafts.append(Draft(shift.sitting.subject, "sitting.swapped", data))
    void([shift.pk for shift, _person in pairs], at, but=row.pk)
    record_many(drafts, by=by, at=at)


def void(shifts: Iterable[int], at: datetime, *, but: int = 0) -> None:
    """End the open swaps about turns that change hands or go: what was agreed was agreed with somebody else."""
    about = list(shifts)
    rows = Swap.objects.filter(Q(shift__in=about) | Q(other_shift__in=about)).exclude(pk=but)
    rows = rows.filter(state__in=[SwapState.ASKED, SwapState.AGREED])
    ended = list(rows.select_related("shift__sitting__venue", "other"))
    Swap.objects.filter(pk__in=[swap.pk for swap in ended]).update(state=SwapState.WITHDRAWN.value, decided_at=at)
    for swap in ended:
        notices.tell_void(swap, at)
