"""Reception: the queue of a sitting, tickets and bookings, the visit sheet. By whoever receives there."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _now
from ninja import Router, Schema, Status
from pydantic import Field

from chenyue.cases.intake import ReporterData
from chenyue.cases.models import Appeal, Result
from chenyue.core.errors import Refusal
from chenyue.gateway.api.frame import Call, Code, Id, Line, MaybeWords, Moment, call
from chenyue.gateway.api.routes.lookups import unit_by
from chenyue.gateway.api.routes.office import whole
from chenyue.gateway.api.routes.shared import _, page_of
from chenyue.gateway.api.shapes import reception as shapes
from chenyue.people.residents import consent_text, give_consent
from chenyue.reception import booking, reading_queue, visits
from chenyue.reception.models import Sitting, Ticket
from chenyue.reception.queue import actions, queries

router = Router(tags=[_("Reception")])
WORDS = ("reception.serve", "reception.roster", "reception.venues", "case.see")  # who the roster puts at a queue, too
Window = Field(1, ge=1, le=99)
Part = Literal["", "elderly", "disabled", "pregnant", "urgent"]

SITTING: dict[str, Callable[..., Any]] = {
    "open": actions.open_sitting, "stop": actions.stop, "go-on": actions.go_on,
}  # fmt: skip
TICKET: dict[str, Callable[..., Ticket]] = {
    "recall": actions.recall, "not-there": actions.no_show, "back": actions.come_back, "undo": actions.undo,
    "start": actions.start, "finish": actions.finish, "leave": actions.leave, "cancel": actions.cancel,
    "check-in": actions.check_in,
}  # fmt: skip


class TicketOut(Schema):
    """A ticket. Nobody's name, and never the matter."""

    id: int
    ticket: str
    sitting_id: int
    state: str
    window: int | None
    priority: str
    party: int
    booked_for: datetime | None
    arrived_at: datetime | None


class MaybeTicket(Schema):
    """Whom it was; null where nobody waits."""

    ticket: TicketOut | None


class SittingNow(Schema):
    """A sitting after the act."""

    id: int
    state: str
    stopped: bool


class SlotOut(Schema):
    """A time that can be booked."""

    at: datetime
    free: int


class PlaceInList(Schema):
    """On the waiting list: so many are before."""

    ahead: int


class Visitor(Schema):
    """What a visitor says of themselves; all may be left out."""

    name: Line = Field("", max_length=40)
    phone: Line = Field("", max_length=40)
    email: Line = ""
    party: int = Field(1, ge=1, le=200)
    priority: Part = ""
    place_id: Id | None = None


class TicketIn(Visitor):
    """A ticket for somebody who is here. `or_next`: after the last ticket, a first place of the next sitting."""

    or_next: bool = False
    anyway: bool = False


class BookingIn(Visitor):
    """A place at a time of `slots`. With a number or an address their consent must have been asked for."""

    booked_for: Moment
    consent_contact: bool = False


class WaitIn(Visitor):
    """A place on the waiting list of a full sitting."""

    consent_contact: bool = False


class WindowIn(Schema):
    """To which window."""

    window: int = Window


class ReasonIn(Schema):
    """The reason, as those who came will read it."""

    reason: Line


class RemarksIn(Schema):
    """Remarks on the sitting."""

    words: MaybeWords = Field("", max_length=2000)


class UnitIn(Schema):
    """A unit by its code."""

    unit: Code


class CompanionIn(Schema):
    """Somebody who speaks for the others."""

    name: Line = Field("", max_length=40)
    phone: Line = Field("", max_length=20)


class SheetIn(Schema):
    """The visit sheet. `words` make an appeal; `told` settles it at once; `said` stays on the sheet, encrypted."""

    words: MaybeWords = ""
    told: MaybeWords = Field("", max_length=4000)
    said: MaybeWords = Field("", max_length=4000)
    result: Result = Result.RESOLVED
    name: Line = Field("", max_length=40)
    phone: Line = Field("", max_length=20)
    place_id: Id | None = None
    room: Line = ""
    place_told: Line = ""
    companions: list[CompanionIn] = Field([], max_length=20)
    confidential: bool = False
    join: Code | None = None
    finish: bool = True


class SheetOut(Schema):
    """What was filed, if anything. `receipt` is the visitor's own key: give it to nobody else."""

    ticket: str
    case: str | None
    appeal: str | None
    receipt: str | None


SlotPage = page_of("SlotPage", SlotOut)


def held(made: Call, pk: int) -> Sitting:
    """A sitting, for who receives there."""
    made.need(*WORDS)
    return reading_queue.sitting_for(made.member, pk)


def own(made: Call, pk: int) -> Ticket:
    """A ticket, for who receives at its sitting."""
    made.need(*WORDS)
    return reading_queue.ticket_for(made.member, pk)


def shown(made: Call, pk: int) -> dict[str, Any]:
    """The ticket as it stands now."""
    return shapes.ticket(own(made, pk))


@router.post("/reception/sittings/{id}/close", response=SittingNow, summary=_("End a sitting"))
def close_sitting(request: HttpRequest, id: Id, body: RemarksIn) -> Any:
    """For who receives there. Whoever still waits is given a first place of the next sitting."""
    made = call(request)
    held(made, id)
    made.do(lambda: actions.close_sitting(sitting=id, by=made.by, at=made.at, words=body.words), body.model_dump())
    return _sitting(made, id)


@router.post("/reception/sittings/{id}/cancel", response=SittingNow, summary=_("Call a sitting off"))
def cancel_sitting(request: HttpRequest, id: Id, body: ReasonIn) -> Any:
    """For who receives there. Those who came read the reason, and are given first places."""
    made = call(request)
    held(made, id)
    made.do(
        lambda: actions.cancel_sitting(sitting=id, reason=body.reason, by=made.by, at=made.at), body.model_dump()
    )  # fmt: skip
    return _sitting(made, id)


@router.post("/reception/sittings/{id}/next", response=MaybeTicket, summary=_("Call whoever is next"))
def call_next(request: HttpRequest, id: Id, body: WindowIn) -> Any:
    """For who receives there. Two who call at once get two visitors."""
    made = call(request)
    held(made, id)

    def act() -> dict[str, Any]:
        found = actions.call_next(sitting=id, window=body.window, by=made.by, at=made.at)
        return {"ticket": found.pk if found else None}

    pk = made.once(act, body.model_dump())["ticket"]
    return {"ticket": shown(made, pk) if pk else None}


@router.get("/reception/sittings/{id}/slots", response=SlotPage, summary=_("Times that can be booked"))
def list_slots(request: HttpRequest, id: Id) -> Any:
    """For who receives there."""
    made = call(request)
    found = held(made, id)
    return whole([{"at": slot.at, "free": slot.free} for slot in queries.free_slots(found, made.at)])


@router.post("/reception/sittings/{id}/tickets", response={201: TicketOut}, summary=_("Give a ticket"))
def take_ticket(request: HttpRequest, id: Id, body: TicketIn) -> Any:
    """For who receives there, to somebody who is here."""
    made = call(request)
    held(made, id)
    reporter = ReporterData(name=body.name, phone=body.phone, email=body.email) if body.phone.strip() else None

    def act() -> dict[str, Any]:
        row = actions.take_ticket(
            sitting=id, by=made.by, at=made.at, called_as=body.name, priority=body.priority, party=body.party,
            place_id=body.place_id, reporter=reporter, or_next=body.or_next, anyway=body.anyway,
        )  # fmt: skip
        return {"ticket": row.pk}

    return Status(201, shown(made, made.once(act, body.model_dump())["ticket"]))


@router.post("/reception/sittings/{id}/bookings", response={201: TicketOut}, summary=_("Book a time"))
def book_time(request: HttpRequest, id: Id, body: BookingIn) -> Any:
    """For who receives there. The letter with the ticket's link goes to the address, if there is one."""
    made = call(request)
    found = held(made, id)

    def act() -> dict[str, Any]:
        person = _person(body)
        row = booking.book(sitting=found, slot=body.booked_for, person=person, by=made.by, at=made.at)
        _consents(row.resident, made)
        return {"ticket": row.pk}

    return Status(201, shown(made, made.once(act, body.model_dump(mode="json"))["ticket"]))


@router.post("/reception/sittings/{id}/waiting", response={201: PlaceInList}, summary=_("Wait for a free place"))
def wait_for_place(request: HttpRequest, id: Id, body: WaitIn) -> Any:
    """For who receives there, at a sitting whose times are all taken."""
    made = call(request)
    found = held(made, id)

    def act() -> dict[str, Any]:
        row = booking.ask_for_place(sitting=found, person=_person(body), by=made.by, at=made.at)
        _consents(row.resident, made)
        return {"ahead": booking.place_in_list(row)}

    return Status(201, made.once(act, body.model_dump()))


def _person(body: BookingIn | WaitIn) -> booking.Person:
    """Who comes. Raises Refusal where contact data came without the consent that the office asks for."""
    if (body.phone or body.email) and not body.consent_contact and consent_text("contact") is not None:
        raise Refusal(
            _now("A number or an address is kept only with the visitor's consent."), field="consent_contact",
            code="consent",
        )  # fmt: skip
    return booking.Person(body.name, body.phone, body.email, body.party, body.priority, body.place_id)


def _consents(resident: Any, made: Call) -> None:
    if resident is not None and consent_text("contact") is not None:
        give_consent(resident=resident, purpose="contact", at=made.at)


@router.post("/reception/sittings/{id}/{act}", response=SittingNow, summary=_("Open a sitting, stop tickets, go on"))
def act_on_sitting(request: HttpRequest, id: Id, act: Literal["open", "stop", "go-on"]) -> Any:
    """For who receives there."""
    made = call(request)
    held(made, id)
    made.do(lambda: SITTING[act](sitting=id, by=made.by, at=made.at), {})
    return _sitting(made, id)


def _sitting(made: Call, pk: int) -> dict[str, Any]:
    row = held(made, pk)
    return {"id": row.pk, "state": row.state, "stopped": row.stopped_at is not None}


@router.get("/reception/tickets/{id}", response=TicketOut, summary=_("One ticket"))
def get_ticket(request: HttpRequest, id: Id) -> Any:
    """For who receives at its sitting."""
    return shown(call(request), id)


@router.post("/reception/tickets/{id}/call", response=TicketOut, summary=_("Call somebody out of turn"))
def call_ticket(request: HttpRequest, id: Id, body: WindowIn) -> Any:
    """For who receives there. It is written down."""
    made = call(request)
    row = own(made, id)
    made.do(lambda: actions.call(ticket=row, window=body.window, by=made.by, at=made.at), body.model_dump())
    return shown(made, id)


@router.post("/reception/tickets/{id}/transfer", response=TicketOut, summary=_("Bring a visitor to a unit"))
def transfer_ticket(request: HttpRequest, id: Id, body: UnitIn) -> Any:
    """For who receives there. The unit's members are told."""
    made = call(request)
    row = own(made, id)
    made.do(lambda: actions.transfer(ticket=row, unit=unit_by(body.unit), by=made.by, at=made.at), body.model_dump())
    return shown(made, id)


@router.post("/reception/tickets/{id}/sheet", response={201: SheetOut}, summary=_("Write the visit sheet"))
def write_sheet(request: HttpRequest, id: Id, body: SheetIn) -> Any:
    """For who receives there, while the visitor is at a window. `finish`: the talk is over."""
    made = call(request)
    row = own(made, id)

    def act() -> dict[str, Any]:
        sheet = _sheet(row, body)
        written = visits.write_visit(ticket=row, sheet=sheet, by=made.by, at=made.at, finish=body.finish).filed
        return {"case": written.case.number, "appeal": written.appeal.number} if written else {"case": None}

    found = made.once(act, body.model_dump(mode="json"))
    number = found.get("appeal")
    receipt = Appeal.objects.values_list("receipt", flat=True).get(number=number) if number else None
    return Status(201, {"ticket": row.label, "case": found["case"], "appeal": number, "receipt": receipt})


def _sheet(row: Ticket, body: SheetIn) -> visits.Sheet:
    """The sheet as `visits` takes it; who is on record with the ticket needn't be told again."""
    if not (body.words or body.told or body.said) or (body.told and not body.words):
        raise Refusal(_now("Write what it is about, or what was said."), field="words", code="empty")
    known, reporter = row.resident, None
    if body.phone or (body.name and known is None):
        reporter = ReporterData(name=body.name, phone=body.phone)
    elif known is not None:
        reporter = ReporterData(name=known.name, phone=known.phone, email=known.email)
    facts = {
        "place_id": body.place_id, "room": body.room, "place_told": "" if body.place_id else body.place_told,
        "consent_contact": reporter is not None, "confidential": body.confidential, "join_number": body.join,
    }  # fmt: skip
    matter = visits.Matter(body.words, facts, told=body.told, result=body.result) if body.words else None
    companions = [visits.Companion(one.name, one.phone) for one in body.companions]
    return visits.Sheet(reporter, matter, companions, body.said, body.place_id)


@router.post("/reception/tickets/{id}/{act}", response=TicketOut, summary=_("What is done with a ticket"))
def act_on_ticket(
    request: HttpRequest,
    id: Id,
    act: Literal["recall", "not-there", "back", "undo", "start", "finish", "leave", "cancel", "check-in"],
) -> Any:
    """For who receives there."""
    made = call(request)
    row = own(made, id)
    made.do(lambda: TICKET[act](ticket=row, by=made.by, at=made.at), {})
    return shown(made, id)
