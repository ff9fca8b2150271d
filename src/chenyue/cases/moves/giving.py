"""Giving a case to units: one place where parts begin and end."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from chenyue.cases import events
from chenyue.cases.models import Assignment, AssignmentRole, Case
from chenyue.cases.moves.base import Act, optional, usable_unit
from chenyue.catalogue import routing
from chenyue.catalogue.models import Handling
from chenyue.core import rows
from chenyue.core.errors import Refusal


@dataclass
class Gift:
    """Who gets the case, and with what tasks."""

    lead_id: int
    assist_ids: Sequence[int]
    officer_id: int | None = None
    tasks: Mapping[int, str] = field(default_factory=dict)


def chosen(
    case: Case, route: routing.Route, lead_id: int | None, assist_ids: Iterable[int] | None
) -> tuple[int, list[int]]:
    """Lead and assists as chosen, else as the catalogue says; refuses units that can't be given work."""
    lead = lead_id or route.lead_id
    if lead is None:
        raise Refusal(_("Choose the unit that leads."), field="lead_id", code="no_lead")
    lead = usable_unit(lead, "lead_id", case)
    if assist_ids is None:
        wanted = [pk for pk in route.assist_ids if pk != case.accused_unit_id] if lead == route.lead_id else []
    else:
        wanted = [usable_unit(pk, "assist_ids", case) for pk in assist_ids]
    return lead, [pk for pk in dict.fromkeys(wanted) if pk != lead]


def give(act: Act, gift: Gift, *, ended: str = Assignment.State.REPLACED, reason: str = "") -> None:
    """Give the case to these units. Parts that go on stay as they are; others end, their rows are kept."""
    case, at = act.case, act.at
    wanted = {gift.lead_id: AssignmentRole.LEAD} | dict.fromkeys(gift.assist_ids, AssignmentRole.ASSIST)
    staying = {
        a.unit_id: a
        for a in act.assignments
        if a.round == case.round and wanted.get(a.unit_id) == a.role and a.role == AssignmentRole.ASSIST
    }
    leaving = [a for a in act.assignments if a.unit_id not in staying]
    if leaving:
        end_parts(act, leaving, ended, reason)
    fresh = [
        Assignment(
            case=case,
            round=case.round,
            unit_id=pk,
            role=role,
            officer_id=gift.officer_id if role == AssignmentRole.LEAD else None,
            task=optional(gift.tasks.get(pk, ""), "tasks", 200),
            sent_at=at,
        )
        for pk, role in wanted.items()
        if pk not in staying
    ]
    rows.insert_many(fresh)
    act.assignments = [*fresh, *staying.values()]
    case.lead_id, case.officer_id = gift.lead_id, gift.officer_id
    case.handling = Handling.JOINT if gift.assist_ids else Handling.DIRECT
    act.events.append(
        events.CaseDispatched(case=case, by=act.by, at=at, lead_id=gift.lead_id, assist_ids=tuple(gift.assist_ids))
    )


def end_parts(act: Act, parts: Sequence[Assignment], state: str, reason: str = "") -> None:
    """End parts: their units lose access, the rows stay. A finished part of an earlier round stays finished."""
    finished = {Assignment.State.DONE, Assignment.State.EXCUSED, Assignment.State.RETURNED}
    for part in parts:
        part.active = False
        part.ended_at = part.ended_at or act.at
        if part.state not in finished:
            part.state = (
                Assignment.State.RETURNED
                if part.role == AssignmentRole.LEAD and state == (Assignment.State.RETURNED)
                else Assignment.State.REPLACED
            )
            part.reason = reason[:200]
    Assignment.objects.bulk_update(parts, ["active", "ended_at", "state", "reason"])
    act.assignments = [a for a in act.assignments if a.active]
