"""The demo office's morning room: venues with their hours, and a roster that has been kept for a season."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from chenyue.core.actors import Actor
from chenyue.demo.office import Office, table
from chenyue.people.models import Member, Unit
from chenyue.reception import venue_actions, venues
from chenyue.reception.models import Plan, RosterPerson, Shift, Venue
from chenyue.reception.rostering import drafts, grid, people, publishing, standing_in, swaps
from chenyue.reception.rostering.building import build
from chenyue.reception.solving.solver import solve

SECONDS = 0.6  # of a month's roster, without a solver: a demonstration, not a search


def found(here: Office, began: datetime, now: datetime) -> None:
    """Venues, people and rules since `began`; rosters until the end of the month after `now`, published in time."""
    data, by = table("reception"), here.members["zhao"].actor()
    places = [_venue(here, row, by, began) for row in data["venue"]]
    people.save_rules(changes=data["rules"], by=by, at=began)
    _people(here, data["people"], places, by, began)
    _asked(here, data, began, now)
    first = timezone.localtime(began).date()
    last = grid.month(grid.month(timezone.localtime(now).date())[1] + timedelta(days=1))[1]
    venues.ensure_sittings(first, last, began)
    for month, end in _months(first, last):
        at = max(began, min(now - timedelta(hours=20), _moment(month - timedelta(days=6))))
        _publish(here.members["zhao"], month, end, at)


def _venue(here: Office, row: dict[str, Any], by: Actor, at: datetime) -> Venue:
    hours, place, contractor = row.pop("hours"), row.pop("place", None), row.pop("contractor", None)
    details = row | {
        "place_id": here.place(place).pk if place else None,
        "contractor_id": Unit.objects.get(code=contractor).pk if contractor else None,
    }
    venue, _made = venue_actions.save_venue(details=details, by=by, at=at)
    since = timezone.localtime(at).date()
    for hour in hours:
        times: dict[str, Any] = {name: time.fromisoformat(hour.pop(name)) for name in ("starts", "ends")}
        venue_actions.save_opening(venue=venue, since=since, by=by, at=at, **times, **hour)
    return venue


def _people(here: Office, data: dict[str, list[str]], places: list[Venue], by: Actor, at: datetime) -> None:
    for name in [*data["leads"], *data["others"]]:
        details = {
            "lead": name in data["leads"],
            "skills": ["法律"] if name in data["law"] else [],
            "dialects": ["本地话"] if name in data["local"] else [],
            "max_turns": 12,
        }
        known = [p for p in places if p.kind == Venue.Kind.ON_SITE] if name in data["knows_site"] else []
        people.save_person(member=here.members[name], details=details, venues=known, by=by, at=at)


def _asked(here: Office, data: dict[str, Any], began: datetime, now: datetime) -> None:
    """Leave that lies ahead, and wishes."""
    today = timezone.localtime(now).date()
    rows = {p.member.username: p for p in RosterPerson.objects.select_related("member")}
    for leave in data["leave"]:
        first = today + timedelta(days=leave["after"])
        days = {"first": first, "last": first + timedelta(days=leave["days"] - 1)}
        person, by = rows[leave["member"]], here.members[leave["member"]].actor()
        people.take_leave(person=person, kind=leave["kind"], words=leave["words"], by=by, at=began, **days)
    for wish in data["wish"]:
        name = wish.pop("member")
        people.wish(person=rows[name], by=here.members[name].actor(), at=began, **wish)


def _months(first: date, last: date) -> list[tuple[date, date]]:
    found = []
    while first <= last:
        end = min(grid.month(first)[1], last)
        found.append((first, end))
        first = end + timedelta(days=1)
    return found


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(15, 20)))


def _publish(planner: Member, first: date, last: date, at: datetime) -> None:
    """A month as somebody planned it then. Days that were past at that moment can't be planned any more."""
    begins = (
        max(first, timezone.localtime(at).date() + timedelta(days=1))
        if first > timezone.localtime(at).date()
        else first
    )
    built = build(begins, last, at=at - timedelta(days=1))
    solution = solve(built.problem, SECONDS, solver=False)
    plan = Plan.objects.create(
        first=begins, last=last, state="ready", asked_by=planner, asked_at=at, started_at=at, ended_at=at,
        draft=drafts.stored(solution.assignment.turns, built),
        progress={"method": "greedy", "objective": solution.objective, "elapsed": solution.seconds},
    )  # fmt: skip
    publishing.publish(plan=plan, by=planner.actor(), at=at - timedelta(days=1), although=True)


def today(here: Office, now: datetime) -> None:
    """What is going on now: a swap that waits for an answer, one that waits for approval, and an absence."""
    _swap(here, now, "li", agreed=False)
    _swap(here, now, "sun", agreed=True)
    ahead = Shift.objects.filter(sitting__starts_at__gt=now + timedelta(hours=30), absent_at=None, lead=False)
    ahead = ahead.exclude(swaps__isnull=False).exclude(person__member__username__in=["li", "sun"])
    shift = ahead.select_related("person__member").order_by("sitting__starts_at").first()
    if shift is not None:
        standing_in.absent(shift=shift, words="发烧", by=shift.person.member.actor(), at=now - timedelta(minutes=40))


def _swap(here: Office, now: datetime, name: str, *, agreed: bool) -> None:
    """Ask the first colleague who may take the turn without breaking a rule."""
    mine = Shift.objects.filter(person__member__username=name, absent_at=None, sitting__state="planned")
    mine = mine.filter(sitting__starts_at__gt=now + timedelta(days=2), sitting__published_at__isnull=False)
    shift = mine.select_related("sitting__venue", "person__member").order_by("sitting__starts_at").first()
    if shift is None:
        return
    at = now - timedelta(hours=3)
    judge = swaps.judge(shift, None, at)
    rows = RosterPerson.objects.exclude(pk=shift.person_id).filter(lead=False).select_related("member").order_by("pk")
    remove = [(shift.person_id, shift.sitting_id)]
    other = next((p for p in rows if not judge.change(remove, [(p.pk, shift.sitting_id)])), None)
    if other is not None:
        words = "那天要带孩子看医生，能替我一班吗？"
        swap = swaps.ask(shift=shift, other=other, words=words, by=here.members[name].actor(), at=at)
        if agreed:
            swaps.agree(swap=swap, by=other.member.actor(), at=at + timedelta(minutes=25))
