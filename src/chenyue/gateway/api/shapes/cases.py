"""Cases and appeals in plain values."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from chenyue.cases import explaining, rules
from chenyue.cases import queries as cases
from chenyue.cases.filters import Filters
from chenyue.cases.models import Addition, Answer, Appeal, Assignment, Attachment, Case, Note, SavedView
from chenyue.cases.page import CasePage, case_page, entries_for
from chenyue.core.errors import NotFound, Refusal
from chenyue.core.paging import Page, keyset
from chenyue.people import masking
from chenyue.people.models import Member
from chenyue.timeline import queries as timeline

Shape = dict[str, Any]


def line(row: Any) -> Shape:
    """A case of a list: what `cases.queries.bare_lines` gives."""
    return {
        "number": row.number, "title": row.title, "state": row.state, "urgency": row.urgency,
        "category": row.category__name, "place": row.place__full_name, "room": row.room, "lead": row.lead__name,
        "officer": row.officer__name, "appeals": row.appeals_count, "received_at": row.received_at,
        "resolve_due_at": row.resolve_due_at, "answered_at": row.answered_at,
    }  # fmt: skip


def case_list(member: Member, query: Any, *, at: datetime, cursor: str = "", size: int = cases.PAGE) -> Page[Any]:
    """One page of the cases that a member may see. Refusal for a filter that means nothing."""
    filters = Filters.read(query)
    if filters.refused:
        raise Refusal(" ".join(filters.refused), code="filter")
    return cases.case_list(member, filters, at=at, cursor=cursor, size=size).page


def _unit(unit: Any) -> Shape | None:
    return {"code": unit.code, "name": unit.name} if unit else None


def _member(member: Any) -> Shape | None:
    return {"id": member.pk, "name": member.name} if member else None


def place_of(place: Any) -> Shape | None:
    """A place in few words."""
    return {"id": place.pk, "kind": place.kind, "name": place.full_name} if place else None


def attachment(row: Attachment) -> Shape:
    """A file, without where a photograph was taken."""
    return {
        "token": row.token, "name": row.name, "stage": row.stage, "type": row.content_type, "size": row.size,
        "sha256": row.sha256, "at": row.at,
    }  # fmt: skip


def answer(row: Answer) -> Shape:
    """What was done and what the reporters read."""
    return {
        "round": row.round, "unit": _unit(row.unit), "result": row.result, "done": row.done, "told": row.told,
        "at": row.at,
    }  # fmt: skip


def _addition(row: Addition) -> Shape:
    return {"words": row.words, "by_resident": row.by_resident, "at": row.at}


def _note(row: Note) -> Shape:
    return {"words": row.words, "by": _member(row.member), "at": row.at}


def appeal(row: Appeal, *, additions: list[Addition], files: list[Attachment], case: Case | None = None) -> Shape:
    """One person's words. Their name and telephone masked, always: `contact` of the API gives them for a reason."""
    who = row.reporter
    return {
        "number": row.number, "case": (case or row.case).number, "channel": row.channel, "words": row.words,
        "title": row.title, "external_number": row.external_number, "place_told": row.place_told,
        "reporter": masking.mask_name(who.name) if who else row.nickname,
        "phone": masking.mask_phone(who.phone) if who else "", "confidential": row.confidential,
        "withdrawn": row.withdrawn_at is not None, "received_at": row.received_at, "filed_at": row.filed_at,
        "additions": [_addition(a) for a in additions], "attachments": [attachment(f) for f in files],
    }  # fmt: skip


def _assignment(row: Assignment) -> Shape:
    return {
        "id": row.pk, "unit": _unit(row.unit), "role": row.role, "state": row.state, "officer": _member(row.officer),
        "task": row.task, "report": row.report, "reason": row.reason, "active": row.active, "sent_at": row.sent_at,
        "accepted_at": row.accepted_at, "ended_at": row.ended_at,
    }  # fmt: skip


def detail(member: Member, found: CasePage) -> Shape:
    """Everything of one case that this member may read, and what they may do with it now."""
    case = found.case
    assignments = found.assignments
    moves = rules.moves_for(
        member, case, assignments, open_return=found.open_return, open_extension=found.open_extension
    )
    promises = explaining.explain(case, assignments=assignments, pauses=found.pauses, granted=found.granted or False)
    return {
        "number": case.number, "version": case.version, "title": case.title, "state": case.state, "round": case.round,
        "result": case.result, "urgency": case.urgency, "handling": case.handling, "channel": case.channel,
        "sensitivity": case.sensitivity,
        "category": {"code": case.category.code, "name": case.category.name} if case.category else None,
        "place": place_of(case.place), "room": case.room, "lead": _unit(case.lead), "officer": _member(case.officer),
        "received_at": case.received_at, "triaged_at": case.triaged_at, "answered_at": case.answered_at,
        "closed_at": case.closed_at, "waiting_reason": case.waiting_reason, "waiting_until": case.waiting_until,
        "joined_into": found.joined_into.number if found.joined_into else None,
        "joined": [other.number for other in found.joined],
        "promises": [
            {"kind": p.code, "due_at": p.due_at, "done_at": p.done_at, "why": [str(s) for s in p.sentences]}
            for p in promises
        ],
        "assignments": [_assignment(a) for a in assignments], "answers": [answer(a) for a in found.answers],
        "appeals": [appeal(v.appeal, additions=v.additions, files=v.attachments, case=case) for v in found.voices],
        "attachments": [attachment(f) for f in found.attachments], "notes": [_note(n) for n in found.notes],
        "moves": [move.value for move in moves], "parts": rules.parts_for(member, case, assignments),
    }  # fmt: skip


def case(member: Member, number: str, *, at: datetime) -> Shape:
    """One case. NotFound if there is none that this member may see."""
    return detail(member, case_page(member, number, at=at, entries=1))


def entry(row: timeline.EntryLine) -> Shape:
    """One line of the history as this member reads it."""
    return {
        "id": row.id, "verb": row.verb, "at": row.at, "sentence": str(row.sentence), "words": str(row.words or ""),
        "by": row.actor_label, "by_kind": row.actor_kind, "visible_to": row.visible_to,
    }  # fmt: skip


def history(member: Member, number: str, *, before: int | None = None, size: int = 50) -> list[Shape]:
    """The history of a case, the newest first, as far as this member reads it."""
    found = cases.case_for(member, number)
    rows = timeline.entries(found.subject, visible=entries_for(member, found), limit=size, before=before)
    return [entry(row) for row in rows]


def _appeals(member: Member) -> Any:
    rows = Appeal.objects.filter(case__in=cases.visible(member)).select_related("case", "reporter")
    return rows.prefetch_related("additions", "attachments")


def appeal_list(member: Member, *, cursor: str = "", size: int = 50, since: datetime | None = None) -> Page[Any]:
    """One page of the appeals on cases that a member may see, in the order of entry, the newest first."""
    rows = _appeals(member)
    return keyset(rows.filter(filed_at__gte=since) if since else rows, cases.NEWEST, cursor, size)


def appeal_row(row: Appeal) -> Shape:
    """An appeal with what belongs to it, as `appeal_list` reads it."""
    return appeal(row, additions=list(row.additions.all()), files=list(row.attachments.all()))


def appeal_for(member: Member, number: str) -> Appeal:
    """One appeal on a case that this member may see. NotFound otherwise."""
    found: Appeal | None = _appeals(member).filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def view(row: SavedView) -> Shape:
    """A list's filters under a name."""
    return {"id": row.pk, "name": row.name, "query": row.query, "shared": row.shared}


def view_list(member: Member) -> list[SavedView]:
    """One's own saved views, and those that others share."""
    rows = SavedView.objects.filter(Q(member=member) | Q(shared=True))
    return list(rows.order_by("position", "name", "pk")[:200])
