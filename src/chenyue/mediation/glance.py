"""Everything that the overview and the people page of one mediation show."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chenyue.mediation import acts, contacts, law, moments, opening, running, screening, seeing
from chenyue.mediation.lifecycle import ENDED, MOVES, Question, Stage
from chenyue.mediation.models import (
    Appointment,
    Conflict,
    Consent,
    Extension,
    Invitation,
    Mediation,
    Party,
    Representative,
    RiskReport,
)
from chenyue.mediation.parties import age, current_parties
from chenyue.mediation.speakers import WHY_RESTING, current_representatives, first_of, needs_somebody
from chenyue.people import masking
from chenyue.people.models import Member
from chenyue.timeline import queries as timeline
from chenyue.timeline.models import VisibleTo

ENTRIES = 60
STEPS = (Stage.SCREENING, Stage.CONSENT, Stage.MEDIATING, Stage.AGREED, Stage.PERFORMING, Stage.PERFORMED)


@dataclass(frozen=True)
class Person:
    """A party or a representative as this member may read them."""

    row: Party | Representative
    name: str
    contact: Any
    age: int | None = None
    rests: str = ""
    speakers: list["Person"] = field(default_factory=list)
    answers: dict[str, Consent] = field(default_factory=dict)


def overview(row: Mediation, member: Member, at: datetime) -> dict[str, Any]:
    """Where it stands, what is missing, what comes next, and its history."""
    handles = seeing.handles(member, row)
    today = acts.local_day(at)
    subjects = [row.subject]
    people = persons(row, member, at)
    if handles:
        subjects += [acts.subject_of(person.row) for person in people]  # type: ignore[arg-type]
    steps = [(stage, STEPS.index(stage) < _at(row), stage == row.stage) for stage in STEPS]
    asked = running.open_extension(row) if row.stage in (Stage.CONSENT, Stage.MEDIATING) else None
    return {
        "handles": handles, "manages": seeing.may(member, row, "manage"), "at": at, "people": people, "steps": steps,
        "conducts": seeing.may(member, row, "conduct"), "moves": MOVES[row.stage], "ended": row.stage in ENDED,
        "missing": running.missing_to_begin(row, today) if row.stage == Stage.CONSENT else [],
        "questions": screening.unanswered(row) if row.stage == Stage.SCREENING else [],
        "obstacles": screening.obstacles(row) if row.stage == Stage.SCREENING else [],
        "same": list(opening.same_matter(row)[:5]) if row.stage in (Stage.SCREENING, Stage.CONSENT) else [],
        "ground": law.grounds().get(row.refused_ground), "roads": law.roads(row.refused_ground),
        "requests": [line for line in row.requests.splitlines() if line.strip()],
        "asked": asked, "asked_said": _asked(row, people, asked.pk) if asked else [],
        "due_at": moments.closing_of(row.due_on) if row.due_on else None,
        "late": bool(row.due_on and row.due_on < today),
        "mediators": list(_mediators(row)), "risks": RiskReport.objects.filter(mediation=row, ended_at=None).count(),
        "entries": timeline.entries(subjects, timeline.visible_for(VisibleTo.OFFICE), limit=ENTRIES),
    }  # fmt: skip


def _asked(row: Mediation, people: list["Person"], pk: int) -> list[tuple["Person", bool | None]]:
    return _said(all_said(row), people, Question.EXTENSION, f"extension:{pk}")


def _at(row: Mediation) -> int:
    return STEPS.index(Stage(row.stage)) if row.stage in STEPS else 0


def _mediators(row: Mediation) -> Any:
    return Appointment.objects.filter(mediation=row, until=None).select_related("mediator").order_by("pk")


Said = dict[tuple[str, str], dict[int, bool]]


def all_said(row: Mediation) -> Said:
    """What each party says to each question, by question and matter. One statement."""
    held: Said = {}
    rows = Consent.objects.filter(mediation=row, superseded_at=None).exclude(matter="")
    for question, matter, party, given, gone in rows.values_list(
        "question", "matter", "party_id", "given", "withdrawn_at"
    ):
        held.setdefault((question, matter), {})[party] = given and gone is None
    return held


def _said(said: Said, people: list[Person], question: str, matter: str) -> list[tuple[Person, bool | None]]:
    """Each party with what it said to this question."""
    answers = said.get((question, matter), {})
    return [(person, answers.get(person.row.pk)) for person in people]


def persons(row: Mediation, member: Member, at: datetime) -> list[Person]:
    """The parties with who speaks for them and what they answered; names in full for who handles it."""
    handles, today = seeing.handles(member, row), acts.local_day(at)
    seen = contacts.looked_at(member, row, at) if handles else set()
    speakers = current_representatives(row, today)
    answers: dict[int, dict[str, Consent]] = {}
    for one in Consent.objects.filter(mediation=row, superseded_at=None, matter="").order_by("pk"):
        answers.setdefault(one.party_id, {})[one.question] = one
    found = []
    for party in current_parties(row):
        mine = [one for one in speakers if party in one.parties.all()]
        why = needs_somebody(party, first_of(mine))
        found.append(
            Person(
                party,
                _name(party, handles),
                contacts.shown(party, seen),
                age(party.born_on, today),
                str(WHY_RESTING[why] % {"n": party.order}) if why else "",
                [Person(one, _name(one, handles), contacts.shown(one, seen)) for one in mine],
                answers.get(party.pk, {}),
            )
        )
    return found


def _name(row: Party | Representative, handles: bool) -> str:
    open_name = handles or (isinstance(row, Party) and row.kind == "unit")
    return row.name if open_name else masking.mask_name(row.name)


def appointments(row: Mediation, people: list[Person]) -> list[dict[str, Any]]:
    """Mediators with their ties and what each party says to them; those who are no more, last."""
    rows = Appointment.objects.filter(mediation=row).select_related("mediator").order_by("pk")
    ties: dict[int, list[Conflict]] = {}
    for tie in Conflict.objects.filter(appointment__in=rows).select_related("party").order_by("pk"):
        ties.setdefault(tie.appointment_id, []).append(tie)
    found, answers = [], all_said(row)
    for one in rows:
        held = ties.get(one.pk, [])
        said = _said(answers, people, Question.MEDIATOR, f"mediator:{one.mediator_id}") if one.until is None else []
        found.append({"row": one, "ties": held, "undisclosed": any(t.disclosed_at is None for t in held), "said": said})
    return sorted(found, key=lambda line: line["row"].until is not None)


def invitations(row: Mediation, people: list[Person]) -> list[dict[str, Any]]:
    """Who is to be invited, with what each party says to it."""
    rows = Invitation.objects.filter(mediation=row).select_related("unit").order_by("pk")
    said = all_said(row)
    return [{"row": one, "said": _said(said, people, Question.INVITATION, f"invitation:{one.pk}")} for one in rows]


def left(row: Mediation) -> list[Party]:
    """Parties that are no part of it any more."""
    return list(Party.objects.filter(mediation=row, left_at__isnull=False).order_by("order"))


def extensions(row: Mediation) -> list[Extension]:
    """Every time that more time was asked for."""
    return list(Extension.objects.filter(mediation=row).order_by("pk"))
