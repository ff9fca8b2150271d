"""Stewards, renewal works and reception in plain values: no name of a resident, no telephone."""

from datetime import date, datetime
from typing import Any

from chenyue.gateway.api.shapes.reception import brief
from chenyue.people.models import Member
from chenyue.reception import reading_queue
from chenyue.reception.models import Sitting, Venue
from chenyue.reception.queue import queries as queue
from chenyue.stewards import queries as stewards
from chenyue.stewards.models import HandOver, Steward, Term
from chenyue.works import areas
from chenyue.works import queries as works
from chenyue.works.models import Phase, PlanVersion, Project
from chenyue.works.site import queries as site

Shape = dict[str, Any]


def _steward(row: Steward | None) -> Shape | None:
    """As on the door: the name only of who wants it there."""
    return {"id": row.pk, "name": row.name if row.shows_name else ""} if row else None


def cover(row: stewards.BuildingCover) -> Shape:
    """A building and who answers for it."""
    return {
        "building_id": row.building.pk, "building": row.building.full_name, "vacant": row.vacant,
        "main": _steward(row.main), "deputy": _steward(row.deputy), "substitute": _steward(row.substitute),
        "load": round(row.load, 2), "flags": list(row.flags),
    }  # fmt: skip


def coverage(day: date, within: int | None = None) -> list[Shape]:
    """Who answers for each building on a day."""
    return [cover(row) for row in stewards.coverage(day, within)]


def term(row: Term) -> Shape:
    """From when to when a steward answers for a building."""
    return {
        "id": row.pk, "building_id": row.building_id, "steward": _steward(row.steward), "role": row.role,
        "since": row.since, "until": row.until, "ended_at": row.ended_at, "end_reason": row.end_reason,
    }  # fmt: skip


def steward(row: Steward) -> Shape:
    """Somebody who looks after buildings; never a number."""
    return {
        "id": row.pk, "name": row.name if row.shows_name else "", "kind": row.kind, "state": row.state,
        "since": row.since, "ended_on": row.ended_on, "member_id": row.member_id, "share": row.share,
        "version": row.version,
    }  # fmt: skip


def hand_over(row: HandOver) -> Shape:
    """What goes from one steward to the next, without its words."""
    return {
        "id": row.pk, "building_id": row.building_id, "made_at": row.made_at, "received_at": row.acknowledged_at,
    }  # fmt: skip


def terms(building_id: int) -> list[Shape]:
    """All terms of a building, ended ones too."""
    return [term(row) for row in stewards.history(building_id)]


def project(row: Project) -> Shape:
    """A renewal project."""
    return {
        "number": row.number, "title": row.title, "state": row.state,
        "estates": [{"id": e.pk, "name": e.full_name} for e in row.estates.all()],
        "contractor": row.contractor.name if row.contractor else None, "starts_on": row.starts_on,
        "ends_on": row.ends_on, "published_at": row.published_at, "closed_at": row.closed_at,
    }  # fmt: skip


def projects(member: Member) -> list[Shape]:
    """The projects that this member works on."""
    return [project(row) for row in site.project_list(works.visible(member))]


def phase(row: Phase) -> Shape:
    """An entry of a works' calendar."""
    return {
        "id": row.pk, "kind": row.kind, "title": row.title, "buildings": list(row.buildings),
        "starts_on": row.starts_on, "ends_on": row.ends_on, "from_time": row.from_time, "to_time": row.to_time,
        "state": row.state,
    }  # fmt: skip


def plan(row: PlanVersion) -> Shape:
    """A version of the plan."""
    return {"number": row.number, "title": row.title, "state": row.state, "published_at": row.published_at}


def project_page(member: Member, number: str) -> Shape:
    """A project with its calendar and the versions of its plan. NotFound for who doesn't work on it."""
    found = works.project_for(member, number)
    return project(found) | {
        "what": found.what, "why": found.why, "phases": [phase(row) for row in site.phases(found)],
        "plans": [plan(row) for row in works.versions(found)],
    }  # fmt: skip


def _current(found: Project) -> PlanVersion | None:
    return works.current_plan(found)


def tally(member: Member, number: str, at: datetime) -> Shape:
    """How the homes stand to the plan: opinion counted, and the decision by ballots, tests and all."""
    found = works.project_for(member, number)
    current = _current(found)
    if current is None:
        return {"plan": None, "homes": 0, "area": "0", "stands": [], "objections": 0, "decision": None}
    counted = works.tally(current, at)
    decision = counted.decision
    return {
        "plan": current.number, "homes": counted.homes, "area": areas.words(counted.area),
        "stands": [
            {"stand": name, "homes": one.homes, "area": areas.words(one.area)} for name, one in counted.stands.items()
        ],
        "objections": counted.objections,
        "decision": {
            "rule": decision.rule.code if decision.rule else None, "homes_voting": decision.homes_voting,
            "quorum": decision.quorum, "passed": decision.passed,
        },
    }  # fmt: skip


def homes(member: Member, number: str, at: datetime) -> list[Shape]:
    """How each home stands, without its owners. For who takes stances down there; NotAllowed for others."""
    found = works.project_for(member, number, "record")
    current = _current(found)
    if current is None:
        return []
    return [
        {
            "id": h.id, "building_id": h.building_id, "entrance": h.entrance, "room": h.room,
            "area": areas.words(h.area), "stand": h.stand, "said_at": h.said_at, "stale": h.stale,
            "disputed": h.disputed, "objection": h.objection or None,
        }
        for h in works.standing(current, at).homes
    ]  # fmt: skip


def venue(row: Venue) -> Shape:
    """Where people are received."""
    return {
        "id": row.pk, "name": row.name, "kind": row.kind, "address": row.address, "how_to_reach": row.how_to_reach,
        "windows": row.windows, "active": row.active,
    }  # fmt: skip


def sitting(row: Sitting) -> Shape:
    """One opening of a venue, and who is on duty."""
    return {
        "id": row.pk, "venue_id": row.venue_id, "venue": row.venue.name, "day": row.day, "starts_at": row.starts_at,
        "ends_at": row.ends_at, "state": row.state, "capacity": row.capacity, "issued": row.issued,
        "on_duty": [
            {"id": s.person.member_id, "name": s.person.member.name, "lead": s.lead} for s in row.shifts.all()
        ],
    }  # fmt: skip


def queue_of(member: Member, pk: int, at: datetime) -> Shape:
    """The line of a sitting: tickets and intervals, never the matter. For who receives there."""
    found = reading_queue.sitting_for(member, pk)
    line = queue.line(found, at)
    return {
        "sitting_id": found.pk, "state": found.state, "stopped": line.stopped,
        "waiting": [
            {
                "id": r.ticket.pk, "ticket": r.ticket.label, "ahead": r.ahead, "low": r.low, "high": r.high,
                "reason": r.reason,
            }
            for r in line.rows
        ],
        "called": [brief(row) for row in line.called], "in_visit": [brief(row) for row in line.in_visit],
        "set_aside": [brief(row) for row in line.held],
        "bookings": [{"id": t.pk, "ticket": t.label, "booked_for": t.booked_for} for t in line.booked],
        "booked": len(line.booked), "ended": len(line.ended),
    }  # fmt: skip
