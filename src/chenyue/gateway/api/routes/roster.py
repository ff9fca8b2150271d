"""The roster: turns, swaps, who doesn't come, leave and wishes; days on which venues differ."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _now
from ninja import Query, Router, Schema, Status
from pydantic import Field

from chenyue.core.errors import NotAllowed, NotFound, Refusal
from chenyue.gateway.api.frame import Call, Clock, Day, Done, Id, Line, call
from chenyue.gateway.api.routes.office import whole
from chenyue.gateway.api.routes.reception import WORDS
from chenyue.gateway.api.routes.shared import Person, _, page_of
from chenyue.gateway.api.shapes import reception as shapes
from chenyue.reception import queries, venue_actions
from chenyue.reception.lifecycle import SwapState
from chenyue.reception.models import DayChange, Leave, RosterPerson, Shift, Swap, Venue, Wish
from chenyue.reception.rostering import people, seeing, standing_in, swaps

router = Router(tags=[_("Roster")])
PLANS, VENUES = "reception.roster", "reception.venues"
OPEN = (SwapState.ASKED, SwapState.AGREED)
MOST_DAYS, MOST = 92, 500
SWAPS: dict[str, Callable[..., Swap]] = {
    "agree": swaps.agree, "approve": swaps.approve, "refuse": swaps.refuse, "withdraw": swaps.withdraw,
}  # fmt: skip


class TurnOut(Schema):
    """Somebody's published turn."""

    id: int
    sitting_id: int
    starts_at: datetime
    ends_at: datetime
    venue: str
    member: Person
    lead: bool
    absent: bool
    held: bool


class SwapOut(Schema):
    """Who asked whom for which turn."""

    id: int
    turn_id: int
    in_return: int | None
    state: str
    asks: str
    asked: str
    words: str
    asked_at: datetime
    agreed_at: datetime | None
    decided_at: datetime | None


class LeaveOut(Schema):
    """Days on which somebody can't be planned."""

    id: int
    member_id: int
    kind: str
    first: date
    last: date
    words: str


class WishOut(Schema):
    """Rather, or rather not."""

    id: int
    wanted: bool
    day: date | None
    weekday: int | None
    part: str
    weight: int


class DayOut(Schema):
    """A day that differs; no venue: all of them."""

    id: int
    venue_id: int | None
    day: date
    closed: bool
    starts: time | None
    ends: time | None
    reason: str


class SwapIn(Schema):
    """Whom to ask (a member of the roster), and for which turn of theirs, if for one."""

    member_id: Id
    in_return: Id | None = None
    words: Line = Field("", max_length=120)


class AbsenceIn(Schema):
    """A word to those who plan."""

    words: Line = Field("", max_length=120)


class StandInIn(Schema):
    """Who stands in; the token's owner unless said. Another only by who plans."""

    member_id: Id | None = None


class LeaveIn(Schema):
    """Whose leave; the token's owner's unless said. Another's only by who plans."""

    kind: Leave.Kind
    first: Day
    last: Day
    words: Line = Field("", max_length=120)
    member_id: Id | None = None


class LeaveTaken(LeaveOut):
    """The leave, and how many published turns fall into it."""

    turns: int


class WishIn(Schema):
    """A day, or a weekday (0 is Monday); in the morning, in the evening, or both."""

    wanted: bool
    day: Day | None = None
    weekday: int | None = Field(None, ge=0, le=6)
    part: Literal["", "early", "evening"] = ""
    weight: int = Field(1, ge=1, le=3)


class DayIn(Schema):
    """A day that differs, or days up to `until`; no venue: all of them."""

    day: Day
    until: Day | None = None
    closed: bool
    venue_id: Id | None = None
    starts: Clock | None = None
    ends: Clock | None = None
    reason: Line = Field("", max_length=120)


TurnPage = page_of("TurnPage", TurnOut)
SwapPage = page_of("SwapPage", SwapOut)
LeavePage = page_of("LeavePage", LeaveOut)
WishPage = page_of("WishPage", WishOut)
DayPage = page_of("DayPage", DayOut)


def entered(request: HttpRequest) -> Call:
    """The call of somebody who may see the roster; NotAllowed for others."""
    made = call(request)
    made.need(*WORDS)
    if not seeing.sees(made.member):
        raise NotAllowed
    return made


def person(made: Call, member_id: int | None, field: str = "member_id") -> RosterPerson:
    """A person of the roster: the token's owner, or the member that was said."""
    rows = RosterPerson.objects.select_related("member").filter(active=True)
    row = rows.filter(member_id=member_id or made.member.pk).first()
    if row is None:
        raise Refusal(_now("This person doesn't take turns."), field=field, code="not_on_roster")
    return row


def turn_of(made: Call, pk: int) -> Shift:
    """A turn, once it is published; before, for who plans."""
    rows = Shift.objects.select_related("sitting__venue", "person__member")
    if not made.may(PLANS):
        rows = rows.exclude(sitting__published_at=None)
    row = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def swaps_of(made: Call) -> QuerySet[Swap]:
    """The swaps that somebody may know of: all by who plans, else those that they asked for or are asked."""
    rows = Swap.objects.select_related("shift__person__member", "other__member")
    if made.may(PLANS):
        return rows
    own = made.member.pk
    return rows.filter(Q(shift__person__member_id=own) | Q(other__member_id=own) | Q(asked_by_id=own))


def swap_of(made: Call, pk: int) -> Swap:
    """One of those."""
    row = swaps_of(made).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


@router.get("/reception/turns", response=TurnPage, summary=_("Turns, as published"))
def list_turns(request: HttpRequest, since: Query[Day | None] = None, until: Query[Day | None] = None) -> Any:
    """For who may see the roster. Both days counted, this week unless asked otherwise; at most 92 days."""
    made = entered(request)
    first = since or timezone.localdate(made.at)
    last = until or first + timedelta(days=6)
    if not timedelta(0) <= last - first <= timedelta(days=MOST_DAYS):
        raise Refusal(_now("The end lies before the beginning, or too far after it."), field="until", code="period")
    rows = Shift.objects.filter(sitting__day__range=(first, last)).exclude(sitting__published_at=None)
    rows = rows.select_related("sitting__venue", "person__member").order_by("sitting__starts_at", "pk")
    return whole([shapes.turn(row) for row in rows])


@router.post("/reception/turns/{id}/swaps", response={201: SwapOut}, summary=_("Ask for a swap"))
def ask_swap(request: HttpRequest, id: Id, body: SwapIn) -> Any:
    """By whose turn it is, or who plans. Refused if it would break a rule."""
    made = entered(request)
    row = turn_of(made, id)
    other = person(made, body.member_id)
    theirs = turn_of(made, body.in_return) if body.in_return else None

    def act() -> dict[str, Any]:
        found = swaps.ask(shift=row, other=other, other_shift=theirs, words=body.words, by=made.by, at=made.at)
        return {"swap": found.pk}

    return Status(201, shapes.swap(swap_of(made, made.once(act, body.model_dump())["swap"])))


@router.get("/reception/swaps", response=SwapPage, summary=_("Swaps, the newest first"))
def list_swaps(request: HttpRequest, open: Query[bool] = True) -> Any:
    """All by who plans, else one's own. `open=false`: the last 500, with those that are decided."""
    made = entered(request)
    rows = swaps_of(made).filter(state__in=OPEN) if open else swaps_of(made)
    return whole([shapes.swap(row) for row in rows.order_by("-pk")[:MOST]])


@router.post("/reception/swaps/{id}/{act}", response=SwapOut, summary=_("Answer a swap"))
def act_on_swap(request: HttpRequest, id: Id, act: Literal["agree", "approve", "refuse", "withdraw"]) -> Any:
    """Agreed by who is asked, approved by who plans, refused by either, withdrawn by who asked."""
    made = entered(request)
    row = swap_of(made, id)
    made.do(lambda: SWAPS[act](swap=row, by=made.by, at=made.at), {})
    return shapes.swap(Swap.objects.select_related("shift__person__member", "other__member").get(pk=row.pk))


@router.post("/reception/turns/{id}/absence", response=TurnOut, summary=_("Say that somebody doesn't come"))
def say_absent(request: HttpRequest, id: Id, body: AbsenceIn) -> Any:
    """By whose turn it is, who plans, or who keeps the queue. Those who fit best are asked to stand in."""
    made = entered(request)
    row = turn_of(made, id)
    made.do(lambda: standing_in.absent(shift=row, words=body.words, by=made.by, at=made.at), body.model_dump())
    return shapes.turn(turn_of(made, id))


@router.post("/reception/turns/{id}/return", response=TurnOut, summary=_("Somebody comes after all"))
def say_back(request: HttpRequest, id: Id) -> Any:
    """As long as nobody stands in."""
    made = entered(request)
    row = turn_of(made, id)
    made.do(lambda: standing_in.back(shift=row, by=made.by, at=made.at), {})
    return shapes.turn(turn_of(made, id))


@router.post("/reception/turns/{id}/stand-in", response={201: TurnOut}, summary=_("Stand in for who doesn't come"))
def stand_in(request: HttpRequest, id: Id, body: StandInIn) -> Any:
    """The first wins. Only who plans may break a rule, or name somebody else."""
    made = entered(request)
    row, who = turn_of(made, id), person(made, body.member_id)

    def act() -> dict[str, Any]:
        return {"turn": standing_in.take(shift=row, person=who, by=made.by, at=made.at).pk}

    return Status(201, shapes.turn(turn_of(made, made.once(act, body.model_dump())["turn"])))


@router.get("/reception/leave", response=LeavePage, summary=_("Leave that isn't over"))
def list_leave(request: HttpRequest) -> Any:
    """One's own; everybody's by who plans."""
    made = entered(request)
    rows = Leave.objects.filter(cancelled_at=None, last__gte=timezone.localdate(made.at)).select_related("person")
    if not made.may(PLANS):
        rows = rows.filter(person__member=made.member)
    return whole([shapes.leave(row) for row in rows.order_by("first", "pk")[:MOST]])


@router.post("/reception/leave", response={201: LeaveTaken}, summary=_("Write leave down"))
def take_leave(request: HttpRequest, body: LeaveIn) -> Any:
    """Who plans is told when published turns fall into it."""
    made = entered(request)
    given = body.model_dump()
    who = person(made, given.pop("member_id"))

    def act() -> dict[str, Any]:
        row, lost = people.take_leave(person=who, by=made.by, at=made.at, **given)
        return {"leave": row.pk, "turns": len(lost)}

    found = made.once(act, body.model_dump(mode="json"))
    row = Leave.objects.select_related("person").get(pk=found["leave"])
    return Status(201, shapes.leave(row) | {"turns": found["turns"]})


@router.post("/reception/leave/{id}/cancel", response=Done, summary=_("Take leave back"))
def cancel_leave(request: HttpRequest, id: Id) -> Any:
    """One's own, or anybody's by who plans."""
    made = entered(request)
    row = Leave.objects.select_related("person__member").filter(pk=id).first()
    if row is None or not (made.may(PLANS) or row.person.member_id == made.member.pk):
        raise NotFound
    return made.do(lambda: people.cancel_leave(leave=row, by=made.by, at=made.at), {})


@router.get("/reception/wishes", response=WishPage, summary=_("One's own wishes"))
def list_wishes(request: HttpRequest) -> Any:
    """They count in the next plan."""
    made = entered(request)
    return whole([shapes.wish(row) for row in Wish.objects.filter(person__member=made.member).order_by("pk")])


@router.post("/reception/wishes", response={201: WishOut}, summary=_("Write a wish down"))
def make_wish(request: HttpRequest, body: WishIn) -> Any:
    """For the token's owner. One for the same time is replaced."""
    made = entered(request)
    who = person(made, None)
    found = made.once(
        lambda: {"wish": people.wish(person=who, by=made.by, at=made.at, **body.model_dump()).pk},
        body.model_dump(mode="json"),
    )
    return Status(201, shapes.wish(_wish(made, found["wish"])))


@router.post("/reception/wishes/{id}/drop", response=Done, summary=_("Take a wish back"))
def drop_wish(request: HttpRequest, id: Id) -> Any:
    """One's own."""
    made = entered(request)
    return made.do(lambda: people.drop_wish(wish=_wish(made, id), by=made.by, at=made.at), {})


def _wish(made: Call, pk: int) -> Wish:
    row = Wish.objects.select_related("person").filter(pk=pk, person__member=made.member).first()
    if row is None:
        raise NotFound
    return row


@router.get("/reception/days", response=DayPage, summary=_("Days that differ, from today"))
def list_days(request: HttpRequest) -> Any:
    """Needs a permission of the reception."""
    made = call(request)
    made.need(*WORDS)
    return whole([shapes.day_change(row) for row in queries.changes_from(timezone.localdate(made.at))])


@router.post("/reception/days", response=Done, summary=_("Close a venue on a day, or open it at other hours"))
def change_day(request: HttpRequest, body: DayIn) -> Any:
    """Needs `reception.venues`. Sittings follow."""
    made = call(request)
    made.need(VENUES)
    given = body.model_dump()
    pk = given.pop("venue_id")
    place = Venue.objects.filter(pk=pk).first() if pk else None
    if pk and place is None:
        raise Refusal(_now("There is no such venue."), field="venue_id", code="venue")
    act: dict[str, Any] = given | {"venue": place, "by": made.by, "at": made.at}
    return made.do(lambda: venue_actions.change_day(**act), body.model_dump(mode="json"))


@router.post("/reception/days/{id}/usual", response=Done, summary=_("Let a day be as usual again"))
def usual_day(request: HttpRequest, id: Id) -> Any:
    """Needs `reception.venues`."""
    made = call(request)
    made.need(VENUES)

    def act() -> None:
        row = DayChange.objects.select_related("venue").filter(pk=id).first()
        if row is None:
            raise NotFound
        venue_actions.remove_change(change=row, by=made.by, at=made.at)

    return made.do(act, {})
