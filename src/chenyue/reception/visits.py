"""The visit sheet: who came, with whom, what was said and settled at once. It files appeals by the one door."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from chenyue.cases import actions as cases
from chenyue.cases.intake import Filed, ReporterData
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Channel, Result
from chenyue.core import text
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, Refusal
from chenyue.people.residents import register_resident
from chenyue.reception.lifecycle import TicketState
from chenyue.reception.models import Party, Ticket, Visit, VisitAppeal
from chenyue.reception.queue import calls
from chenyue.reception.queue.doors import Held, changing
from chenyue.reception.queue.rules import REPRESENTATIVES
from chenyue.reception.queue.standing import AT_WINDOW

MOST_SAID = 8000


@dataclass(frozen=True)
class Companion:
    """Somebody who came along and speaks for the others."""

    name: str
    phone: str = ""


@dataclass(frozen=True)
class Matter:
    """One thing a visitor asks for: `facts` as `cases.intake.file_appeal` takes them; `told`: answered on the spot."""

    words: str
    facts: dict[str, Any] = field(default_factory=dict)
    told: str = ""
    done: str = ""
    result: str = Result.RESOLVED.value


@dataclass(frozen=True)
class Sheet:
    """What the member wrote on the sheet. `said` belongs to no appeal and stays in the room."""

    reporter: ReporterData | None = field(default=None, repr=False)
    matter: Matter | None = None
    companions: Sequence[Companion] = ()
    said: str = field(default="", repr=False)
    place_id: int | None = None


@dataclass(frozen=True)
class Written:
    """The visit with what was filed just now, if anything."""

    visit: Visit
    filed: Filed | None


def write_visit(*, ticket: Ticket, sheet: Sheet, by: Actor, at: datetime, finish: bool = True) -> Written:
    """Write the sheet of the visitor at the window; with `finish` the talk is over, else another matter may follow.

    A ticket that was only called begins with it. Raises Refusal at `words`, `companions`, `told` and wherever
    `file_appeal` does; then nothing is kept. Raises Conflict when the visitor is no longer at a window.
    """
    companions = _representatives(sheet.companions)
    with changing(ticket.sitting_id, by, at) as held:
        row = held.ticket(ticket)
        if row.state not in AT_WINDOW:
            raise Conflict
        if row.state == TicketState.CALLED:  # who was called sat down then, unless somebody said when
            held.to(row, TicketState.IN_VISIT, started_at=row.called_at, server=held.member)
        visit = _visit(held, row)
        filed = _file(sheet, held) if sheet.matter is not None else None
        if filed is not None:
            _link(visit, filed, sheet, held)
        _write(visit, sheet, filed, companions, held)
        if row.resident_id is None and visit.resident_id is not None:
            held.set(row, resident=visit.resident)
        numbers = [filed.case.number] if filed is not None else []
        held.say("visit.written", row, cases=numbers)
        if finish:
            visit.ended_at = at
            visit.save(update_fields=["ended_at"])
            calls.end(held, row)
    return Written(visit, filed)


def _representatives(companions: Sequence[Companion]) -> list[Companion]:
    kept = [Companion(text.clean(c.name)[:40], text.clean(c.phone)[:20]) for c in companions]
    kept = [c for c in kept if c.name or c.phone]
    if len(kept) > REPRESENTATIVES:
        raise Refusal(
            _("At most %(most)d representatives speak for a group (Regulations on Petitions, art. 20). Choose them.")
            % {"most": REPRESENTATIVES},
            field="companions",
            code="representatives",
        )
    return kept


def _visit(held: Held, ticket: Ticket) -> Visit:
    """The sheet of this ticket: the one begun, or a new one."""
    known = Visit.objects.filter(ticket=ticket).select_related("resident").first()
    if known is not None:
        return known
    return Visit.objects.create(
        ticket=ticket,
        sitting=held.sitting,
        resident=ticket.resident,
        place_id=ticket.place_id,
        window=ticket.window,
        heard_by=held.member,
        started_at=ticket.started_at or held.at,
    )


def _file(sheet: Sheet, held: Held) -> Filed:
    """File the matter; settle it in the same act when it was answered on the spot."""
    matter = sheet.matter
    assert matter is not None
    filed = cases.file_appeal(
        words=matter.words, channel=Channel.RECEPTION, by=held.by, at=held.at, reporter=sheet.reporter,
        taken_by=held.member, **matter.facts,
    )  # fmt: skip
    if matter.told and not filed.joined:
        details: dict[str, Any] = {"told": matter.told, "done": matter.done, "result": matter.result}
        cases.move(case=filed.case, move=Move.SETTLE, by=held.by, at=held.at, **details)
    return filed


def _link(visit: Visit, filed: Filed, sheet: Sheet, held: Held) -> None:
    settled = bool(sheet.matter and sheet.matter.told) and not filed.joined
    VisitAppeal.objects.create(visit=visit, appeal=filed.appeal, settled=settled)


def _write(visit: Visit, sheet: Sheet, filed: Filed | None, companions: list[Companion], held: Held) -> None:
    """The rest of the sheet; what was written before is kept, and more is added to it."""
    visit.said = "\n".join(part for part in (visit.said, text.clean(sheet.said)) if part)[:MOST_SAID]
    if sheet.matter is not None and sheet.matter.told and filed is not None and not filed.joined:
        visit.settled = "\n".join(part for part in (visit.settled, sheet.matter.told) if part)[:MOST_SAID]
    visit.place_id = sheet.place_id or visit.place_id
    if filed is not None and filed.appeal.reporter_id is not None:
        visit.resident_id = filed.appeal.reporter_id
    elif visit.resident_id is None and sheet.reporter is not None and sheet.reporter.phone.strip():
        who = sheet.reporter
        visit.resident = register_resident(name=who.name, phone=who.phone, email=who.email, by=held.by, at=held.at)
    visit.version += 1
    visit.save()
    if companions:
        visit.parties.all().delete()
        Party.objects.bulk_create([Party(visit=visit, name=c.name, phone=c.phone) for c in companions])
