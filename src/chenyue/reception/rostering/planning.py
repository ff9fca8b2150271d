"""Asking for a roster, following how it comes, stopping it, and changing its draft by hand.

A plan is asked for on a page and computed by the job worker. Stopping keeps the best so far; a worker that dies loses
what it found in its last stretch at most.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.core import jobs
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.people.rules import may
from chenyue.reception import lifecycle, venues
from chenyue.reception.lifecycle import PlanState, SittingState
from chenyue.reception.models import Plan, RosterPerson, Shift, Sitting
from chenyue.reception.rostering import drafts, ledger
from chenyue.reception.rostering.building import build
from chenyue.timeline.actions import record

WORD = "reception.roster"
JOB = "reception.plan"
OPEN = (PlanState.ASKED, PlanState.RUNNING, PlanState.READY, PlanState.IMPOSSIBLE, PlanState.FAILED)
LONGEST = timedelta(days=100)  # a quarter, and some days
FARTHEST = timedelta(days=731)  # from today: beyond it, a year was mistyped
SECONDS = (5, 600)


def allowed(by: Actor) -> None:
    """Refuse who may not plan. The system itself may."""
    if by.kind == "member" and not may(by.user, WORD):
        raise NotAllowed


def check_days(first: date, last: date, at: datetime) -> None:
    """Refuse days that are over, stand the wrong way round, or are more than a quarter."""
    today = timezone.localtime(at).date()
    if last < first:
        raise Refusal(_("The last day lies before the first."), field="last")
    if last - first > LONGEST:
        raise Refusal(_("A roster is planned for a quarter at most."), field="last")
    if last < today:
        raise Refusal(_("These days are over."), field="first")
    if first - today > FARTHEST:
        raise Refusal(_("Check the year."), field="first")


@transaction.atomic
def ask(*, first: date, last: date, by: Actor, at: datetime, replans: bool = False, seconds: int = 60) -> Plan:
    """Ask for a roster of these days. With `replans` as little as possible of what stands is changed.

    Refused while another roster for some of these days is being made or waits to be published.
    """
    allowed(by)
    check_days(first, last, at)
    if not SECONDS[0] <= seconds <= SECONDS[1]:
        raise Refusal(_("Give it from 5 to 600 seconds."), field="seconds")
    venues.ensure_sittings(max(first, timezone.localtime(at).date()), last, at)
    _room(first, last)
    if not RosterPerson.objects.filter(active=True, member__is_active=True).exists():
        raise Refusal(_("Nobody is on the roster yet. Add the people who take turns first."), code="nobody")
    if not Sitting.objects.filter(day__range=(first, last), state=SittingState.PLANNED, starts_at__gt=at).exists():
        raise Refusal(_("There is no sitting on these days. Look at the venues and their hours."), code="no_sittings")
    rules, _read = ledger.current()
    plan = Plan.objects.create(
        first=first, last=last, replans=replans, seconds=seconds, rules=rules, asked_by=by.user, asked_at=at,
        pins=_pinned(first, last),
    )  # fmt: skip
    data = {"first": first.isoformat(), "last": last.isoformat()}
    record(subject=plan.subject, verb="roster.replan_asked" if replans else "roster.asked", by=by, at=at, data=data)
    jobs.enqueue(JOB, plan_id=plan.pk)
    return plan


def _room(first: date, last: date) -> None:
    """Refuse while another plan is open for some of these days; the lock on it keeps two from being asked at once."""
    other = Plan.objects.select_for_update(of=("self",)).filter(first__lte=last, last__gte=first, state__in=OPEN)
    if found := other.order_by("pk").first():
        words = _("A roster from %(first)s to %(last)s is being made already. Publish or drop it first.")
        raise Conflict(words % {"first": found.first, "last": found.last})


def _pinned(first: date, last: date) -> list[list[int]]:
    rows = Shift.objects.filter(sitting__day__range=(first, last), pinned=True, absent_at=None)
    return [list(pair) for pair in rows.order_by("pk").values_list("sitting_id", "person_id")]


@transaction.atomic
def by_hand(*, first: date, last: date, by: Actor, at: datetime) -> Plan:
    """A plan that begins as a copy of what stands, to be changed by hand and published; nothing is computed."""
    allowed(by)
    check_days(first, last, at)
    venues.ensure_sittings(max(first, timezone.localtime(at).date()), last, at)
    _room(first, last)
    rules, _read = ledger.current()
    built = build(first, last, at=at, checks=True)
    plan = Plan.objects.create(
        first=first, last=last, replans=True, seconds=0, rules=rules, asked_by=by.user, asked_at=at, ended_at=at,
        state=PlanState.READY, draft=drafts.stored(built.standing().turns, built), pins=_pinned(first, last),
        progress={"method": "hand"},
    )  # fmt: skip
    data = {"first": first.isoformat(), "last": last.isoformat()}
    record(subject=plan.subject, verb="roster.by_hand", by=by, at=at, data=data)
    return plan


def locked(plan: Plan, version: int | None = None) -> Plan:
    """The plan's row, locked and read anew. Raises Conflict if somebody changed the draft since `version`."""
    row = Plan.objects.select_for_update(of=("self",)).filter(pk=plan.pk).first()
    if row is None:
        raise NotFound
    if version is not None and row.version != version:
        raise Conflict
    return row


def hold(sittings: QuerySet[Sitting]) -> None:
    """Lock sittings, in one order for everybody: who is on duty at them is changed by one at a time."""
    list(sittings.order_by("pk").select_for_update().values_list("pk", flat=True))


def move(row: Plan, after: PlanState) -> None:
    """Set the state of a locked plan, if it may follow."""
    lifecycle.must_follow(lifecycle.PLANS, row.state, after)
    row.state = after


@transaction.atomic
def stop(*, plan: Plan, by: Actor, at: datetime) -> None:
    """Ask the solver to stop; the best so far is kept. One that hasn't begun is dropped."""
    allowed(by)
    row = locked(plan)
    if row.state == PlanState.ASKED:
        drop(plan=row, by=by, at=at)
    elif row.state == PlanState.RUNNING:
        Plan.objects.filter(pk=row.pk).update(stop_asked=True)
    else:
        raise Conflict


@transaction.atomic
def drop(*, plan: Plan, by: Actor, at: datetime) -> None:
    """Throw the plan away; what is published stays as it is."""
    allowed(by)
    row = locked(plan)
    move(row, PlanState.DROPPED)
    row.ended_at, row.stop_asked = row.ended_at or at, True
    row.save(update_fields=["state", "ended_at", "stop_asked"])
    record(subject=row.subject, verb="roster.dropped", by=by, at=at)


@transaction.atomic
def again(*, plan: Plan, by: Actor, at: datetime, seconds: int | None = None) -> None:
    """Compute the plan once more, with what has changed since (leave, rules, pins)."""
    allowed(by)
    row = locked(plan)
    move(row, PlanState.ASKED)
    row.stop_asked, row.findings, row.progress, row.started_at, row.ended_at = False, [], {}, None, None
    row.seconds = seconds or row.seconds or SECONDS[1] // 10
    row.rules, _read = ledger.current()
    row.save()
    record(subject=row.subject, verb="roster.asked_again", by=by, at=at)
    jobs.enqueue(JOB, plan_id=row.pk)


@transaction.atomic
def accept(*, plan: Plan, by: Actor, at: datetime, repair: int | None = None) -> Plan:
    """Go on with an impossible plan: with one of the repairs that were found, or the best that could be done."""
    allowed(by)
    row = locked(plan)
    data: dict[str, object] = {}
    if repair is not None:
        repairs = [f for f in row.findings if f.get("kind") == "repair"]
        if not 0 <= repair < len(repairs):
            raise NotFound
        row.draft, data = repairs[repair]["draft"], {"gives": repairs[repair]["words"]}
    move(row, PlanState.READY)
    row.version += 1
    row.save(update_fields=["state", "draft", "version"])
    record(subject=row.subject, verb="roster.repaired", by=by, at=at, data=data)
    return row


@transaction.atomic
def change(
    *,
    plan: Plan,
    by: Actor,
    at: datetime,
    add: tuple[int, int] | None = None,
    remove: tuple[int, int] | None = None,
    version: int | None = None,
) -> Plan:
    """Change the draft by hand: pairs (person id, sitting id). Both together move or replace somebody.

    Rules may be broken: the page warned. What can't be is refused: a person twice at one sitting, or a sitting that
    has begun or isn't of this plan. A pinned turn can be taken away only when it is unpinned.
    """
    allowed(by)
    row = locked(plan, version)
    if row.state != PlanState.READY:
        raise Conflict(_("This roster can't be changed by hand just now."))
    draft: drafts.Draft = row.draft
    for pair in (remove, add):
        if pair is not None:
            _open_sitting(row, pair[1], at)
    if remove is not None:
        person, sitting = remove
        if [sitting, person] in row.pins:
            raise Refusal(_("This turn is pinned. Unpin it first."), code="pinned")
        left = [pair for pair in draft.get(str(sitting), []) if pair[0] != person]
        if len(left) == len(draft.get(str(sitting), [])):
            raise Conflict
        draft[str(sitting)] = _led(left)
    if add is not None:
        _put(draft, *add)
    row.version += 1
    row.save(update_fields=["draft", "version"])
    return row


def _open_sitting(plan: Plan, sitting_id: int, at: datetime) -> None:
    rows = Sitting.objects.filter(pk=sitting_id, day__range=(plan.first, plan.last), state=SittingState.PLANNED)
    if not rows.filter(starts_at__gt=at).exists():
        raise Refusal(_("This sitting has begun, is not held, or isn't part of this roster."), code="sitting")


def _put(draft: drafts.Draft, person_id: int, sitting_id: int) -> None:
    person = RosterPerson.objects.filter(pk=person_id, active=True).first()
    if person is None:
        raise Refusal(_("Choose somebody of the roster."), field="person")
    here = draft.get(str(sitting_id), [])
    if any(pair[0] == person_id for pair in here):
        raise Refusal(_("This person is at this sitting already."), field="person")
    draft[str(sitting_id)] = _led([*here, [person.pk, False]])


def _led(people: list[list[int | bool]]) -> list[list[int | bool]]:
    """The people of a sitting, the one who leads it first: a leading cadre, and never two."""
    able = set(RosterPerson.objects.filter(pk__in=[pk for pk, _lead in people], lead=True).values_list("pk", flat=True))
    lead = next((pk for pk, _lead in people if pk in able), None)
    return sorted(([pk, pk == lead] for pk, _lead in people), key=lambda pair: (not pair[1], pair[0]))


@transaction.atomic
def pin(*, plan: Plan, person_id: int, sitting_id: int, pinned: bool, by: Actor, at: datetime) -> Plan:
    """Pin a turn of the draft, so that it stays when the rest is computed anew; or unpin it."""
    allowed(by)
    row = locked(plan)
    pair = [sitting_id, person_id]
    there = any(p == person_id for p, _lead in row.draft.get(str(sitting_id), []))
    if pinned and not there:
        raise Conflict
    row.pins = [p for p in row.pins if p != pair] + ([pair] if pinned else [])
    row.version += 1
    row.save(update_fields=["pins", "version"])
    return row
