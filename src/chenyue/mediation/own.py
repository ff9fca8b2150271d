"""What one party sees on its own page: what is joint, and what is its own. Reads; the acts are those of the house.

Nothing here knows of what was said behind closed doors.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import NotFound, Sentence
from chenyue.mediation import (
    acts,
    calculating,
    complaints,
    confirming,
    evidence,
    openness,
    performing,
    running,
    speakers,
    wording,
)
from chenyue.mediation.lifecycle import (
    ENDED,
    AgreementState,
    ConfirmationState,
    MeetingKind,
    MeetingState,
    Minutes,
    Question,
    Stage,
)
from chenyue.mediation.models import (
    Agreement,
    Appointment,
    Conflict,
    Consent,
    Copy,
    Evidence,
    FollowUpVisit,
    Invitation,
    Mediation,
    Meeting,
    MinutesText,
    MinutesWord,
    Party,
    Signature,
)
from chenyue.timeline.models import VisibleTo
from chenyue.timeline.queries import EntryLine, entries

SHOWN_STATES = (AgreementState.SIGNING, AgreementState.IN_EFFECT, AgreementState.REPLACED, AgreementState.VOID)
MOST_ENTRIES = 100


@dataclass(frozen=True)
class Asked:
    """One question to the party and its standing answer: True, False, or None."""

    question: str
    matter: str
    sentence: Sentence
    about: Sequence[str] = ()  # ties that were disclosed
    consent: Consent | None = None
    optional: bool = False  # nobody waits for the answer

    @property
    def answer(self) -> bool | None:
        """What it said; taken back counts as no."""
        if self.consent is None:
            return None
        return self.consent.given and self.consent.withdrawn_at is None


@dataclass(frozen=True)
class Text:
    """An agreement with its obligations and their parts, as everybody who is bound by it reads it."""

    agreement: Agreement
    labels: dict[int, str]
    rows: Sequence[performing.Row]
    signed: bool  # by this party, or for it
    copies: Sequence[Copy]  # that this party got


def actor(party: Party) -> Actor:
    """The party itself, acting on its own page."""
    return Actor("resident", acts.subject_of(party), "")


def asked(party: Party, mediation: Mediation) -> list[Asked]:
    """Questions that this party may answer now, those that wait for an answer first."""
    said = {(row.question, row.matter): row for row in Consent.objects.filter(party=party.pk, superseded_at=None)}
    going_on = mediation.stage not in ENDED or mediation.stage == Stage.REFUSED
    questions = _questions(mediation) if going_on else []
    found = [Asked(*question, consent=said.get((question[0], question[1]))) for question in questions]
    for name in openness.askable(mediation):
        found.append(Asked(name, "", openness.SENTENCES[name], consent=said.get((name, "")), optional=True))
    return sorted(found, key=lambda one: one.answer is not None)


def _questions(mediation: Mediation) -> list[tuple[str, str, Sentence, Sequence[str]]]:
    found: list[tuple[str, str, Sentence, Sequence[str]]] = []
    if mediation.stage in (Stage.CONSENT, Stage.MEDIATING, Stage.AGREED):
        found.append((Question.RIGHTS, "", _("I have read my rights and duties."), ()))
        found.append((Question.MEDIATION, "", _("I want this dispute to be mediated."), ()))
        found += [_mediator(one) for one in _appointed(mediation)]
        for invited in mediation.invitations.filter(state=Invitation.State.ASKING).select_related("unit"):
            name = invited.name or (invited.unit.name if invited.unit else "")
            sentence = _("I agree that %(name)s helps with it.") % {"name": f"{name}（{invited.role}）"}
            found.append((Question.INVITATION, f"invitation:{invited.pk}", sentence, ()))
    if (more := running.open_extension(mediation)) is not None:
        sentence = _("I agree that mediation goes on until %(day)s.") % {"day": more.until.isoformat()}
        found.append((Question.EXTENSION, f"extension:{more.pk}", sentence, [more.reason]))
    if mediation.stage == Stage.AGREED:
        found.append((Question.SCREEN, "", _("I agree to sign on a screen."), ()))
    return found


def _appointed(mediation: Mediation) -> list[Appointment]:
    rows = mediation.appointments.filter(until=None).exclude(role=Appointment.Role.RECORDER)
    return list(rows.select_related("mediator").order_by("pk"))


def _mediator(appointment: Appointment) -> tuple[str, str, Sentence, Sequence[str]]:
    told = Conflict.objects.filter(appointment=appointment, settled_at=None).exclude(disclosed_at=None)
    ties = [str(tie.get_tie_display()) for tie in told]
    sentence = _("I accept %(name)s as mediator.") % {"name": appointment.mediator.name}
    return Question.MEDIATOR, f"mediator:{appointment.mediator_id}", sentence, ties


def question(party: Party, mediation: Mediation, name: str, matter: str) -> Asked:
    """The question of this name. Raises NotFound for one that isn't asked of this party now."""
    for one in asked(party, mediation):
        if (one.question, one.matter) == (name, matter):
            return one
    raise NotFound


def meetings(mediation: Mediation) -> list[Meeting]:
    """Meetings that both sides know of: planned and held ones, the latest first; inquiries among others aren't."""
    rows = mediation.meetings.exclude(kind=MeetingKind.INQUIRY).exclude(state=MeetingState.CANCELLED)
    return list(rows.order_by("-starts_at", "-pk"))


def minutes_of(meeting: Meeting) -> MinutesText | None:
    """The words that the parties are asked about or that are final; a draft is nobody's but the mediators'."""
    if meeting.minutes not in (Minutes.ASKED, Minutes.FINAL):
        return None
    return MinutesText.objects.filter(meeting=meeting.pk).order_by("-number").first()


def told(party: Party, meeting: Meeting) -> tuple[MinutesText | None, MinutesWord | None]:
    """The minutes that this party reads, and what it said to them."""
    text = minutes_of(meeting)
    return text, MinutesWord.objects.filter(text=text.pk, party=party.pk).first() if text else None


def minutes_for(party: Party, number: int) -> MinutesText:
    """The minutes that are asked about at this meeting. Raises NotFound."""
    meeting = next((one for one in meetings(party.mediation) if one.number == number), None)
    text = minutes_of(meeting) if meeting and meeting.minutes == Minutes.ASKED else None
    if text is None:
        raise NotFound
    return text


def texts(party: Party, mediation: Mediation) -> list[Text]:
    """Agreements from the moment they are to be signed; drafts are the mediators'."""
    mine = {"party": party.pk, "removed_at": None, "agreement__mediation": mediation.pk}
    signed = set(Signature.objects.filter(**mine).values_list("agreement_id", flat=True))
    copies = list(Copy.objects.filter(**mine).order_by("on", "pk"))
    rows = Agreement.objects.filter(mediation=mediation.pk, state__in=SHOWN_STATES)
    rows = rows.select_related("confirmation").prefetch_related("clauses").order_by("-number")
    found = []
    for agreement in rows:
        agreement.mediation = mediation
        parties = list(Party.objects.filter(mediation=mediation.pk).order_by("order"))
        theirs = [copy for copy in copies if copy.agreement_id == agreement.pk]
        labels, dues = wording.labels(parties), performing.rows(agreement)
        found.append(Text(agreement, labels, dues, agreement.pk in signed, theirs))
    return found


def last_day(agreement: Agreement, today: date) -> tuple[date, int] | None:
    """Until when the court may be asked together, and the days that are left; None where that is no question."""
    held = getattr(agreement, "confirmation", None)
    if agreement.state != AgreementState.IN_EFFECT or held is None or held.state != ConfirmationState.OPEN:
        return None
    return held.last_day, confirming.days_left(held, today)


def visits(party: Party, today: date) -> QuerySet[FollowUpVisit]:
    """What the party is asked afterwards, from the day it is due."""
    return FollowUpVisit.objects.filter(party=party.pk, made_at=None, due_on__lte=today).order_by("due_on", "pk")


def papers(party: Party) -> QuerySet[Evidence]:
    """Its own papers and those that are shown to all."""
    return evidence.shared_with(party)


def story(party: Party, mediation: Mediation) -> list[EntryLine]:
    """What happened: what all parties read, and what concerns this one alone."""
    subjects = [mediation.subject, acts.subject_of(party)]
    return entries(subjects, {str(VisibleTo.RESIDENT)}, MOST_ENTRIES)


def page(party: Party, at: datetime) -> dict[str, Any]:
    """Everything on the party's page."""
    mediation, today = party.mediation, acts.local_day(at)
    questions = asked(party, mediation)
    others = Party.objects.filter(Q(mediation=mediation.pk), left_at=None).exclude(pk=party.pk).order_by("order")
    return {
        "party": party,
        "mediation": mediation,
        "others": [(one.get_side_display(), one.name) for one in others],
        "mediators": _appointed(mediation),
        "speaker": speakers.speaks_for(party, today),
        "resting": speakers.resting(mediation, today).get(party.pk, ""),
        "waiting": [one for one in questions if one.answer is None and not one.optional],
        "wishes": [one for one in questions if one.answer is None and one.optional],
        "answered": [one for one in questions if one.answer is not None],
        "meetings": [(one, *told(party, one)) for one in meetings(mediation)],
        "texts": [(text, last_day(text.agreement, today)) for text in texts(party, mediation)],
        "visits": list(visits(party, today)),
        "papers": list(papers(party)),
        "calculations": list(calculating.shared(mediation)),
        "story": story(party, mediation),
        "complaints": complaints.of(party),
        "ended": mediation.stage in ENDED,
    }
