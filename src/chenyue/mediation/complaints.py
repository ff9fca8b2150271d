"""Complaints against a mediator (art. 15): told by a party, or taken down for it, and answered in writing.

Read by who runs mediation and by the party that complained. Never by the mediator whom it is about, also where they
run mediation themselves; by no other party, and in no paper of the dossier: the rules on it (司发通〔2010〕239号) don't
name it. What is complained of stands under a subject of its own, so that no history of the mediation shows it.
"""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.mediation import acts, seeing
from chenyue.mediation.lifecycle import Found, How, Wrong
from chenyue.mediation.models import Appointment, Complaint, Mediation, Mediator, Party
from chenyue.mediation.notices import managing
from chenyue.notify.actions import notice
from chenyue.people.models import Member
from chenyue.timeline import actions as timeline
from chenyue.timeline.models import VisibleTo

MOST_OPEN = 5  # of one party that wait for an answer: more is no complaint but a flood
WORDS = 4000


def visible(member: Member) -> QuerySet[Complaint]:
    """Complaints that this member reads: of mediations they run, and not about themselves."""
    rows = Complaint.objects.filter(mediation__in=seeing.managed(member))
    return rows.exclude(mediator__member=member.pk)


def complaint_for(member: Member, pk: int) -> Complaint:
    """One of them. Raises NotFound."""
    rows = visible(member).select_related("mediation__case", "mediator__committee", "party", "answered_by", "taken_by")
    row = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def mediators_of(mediation: Mediation) -> list[Mediator]:
    """Who mediates or recorded here, or once did: of whom may be complained."""
    held = Appointment.objects.filter(mediation=mediation.pk)
    return list(Mediator.objects.filter(pk__in=held.values("mediator_id")).order_by("pk"))


def complain(
    *, party: Party, mediator: Mediator, wrong: str, words: str, how: str, by: Actor, at: datetime
) -> Complaint:
    """A party complains of a mediator of its mediation, also after the end. Raises Refusal at the field."""
    acts.one_of(Wrong.values, wrong, "wrong")
    acts.one_of(How.values, how, "how")
    said = acts.words(words, "words", needed=True, most=WORDS)
    with acts.locked(party.mediation_id) as row:
        _may_complain(row, party, mediator, by)
        if mediator.pk not in {one.pk for one in mediators_of(row)}:
            raise Refusal(gettext_lazy("Choose a mediator of this mediation."), field="mediator", code="mediator")
        if Complaint.objects.filter(party=party.pk, answered_at=None).count() >= MOST_OPEN:
            sentence = gettext_lazy(
                "Several complaints of this party wait for an answer already: add to them by telephone."
            )
            raise Refusal(sentence, field="words", code="many")
        made = Complaint.objects.create(
            mediation=row, mediator=mediator, party=party, wrong=wrong, words=said, how=how, at=at,
            taken_by=by.user if by.kind == "member" else None,
        )  # fmt: skip
        _record(made, "complained", {"wrong": wrong}, by, at)
        _tell(made, at)
    return made


def _may_complain(row: Mediation, party: Party, mediator: Mediator, by: Actor) -> None:
    if party.mediation_id != row.pk or party.left_at is not None:
        raise Refusal(gettext_lazy("Choose one of the parties."), field="party", code="party")
    if by.kind == "resident":
        if by.key != acts.subject_of(party):
            raise NotAllowed
        return
    seeing.check(by, row, "see", "conduct", "manage")
    if by.user is not None and by.user.pk == mediator.member_id:
        sentence = gettext_lazy("Whom a complaint is about doesn't take it down: a colleague does.")
        raise Refusal(sentence, field="mediator", code="self")


def answer(*, complaint: Complaint, found: str, words: str, by: Actor, at: datetime) -> Complaint:
    """The committee answers in writing, once. Raises Conflict where somebody has, NotFound for whom it is about."""
    acts.one_of(Found.values, found, "found")
    said = acts.words(words, "words", needed=True, most=WORDS)
    with acts.locked(complaint.mediation_id) as row:
        seeing.check(by, row, "manage")
        held = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk, mediation=row)
        if by.user is not None:
            complaint_for(by.user, held.pk)
        if held.answered_at is not None:
            raise Conflict
        held.found, held.answer, held.answered_at, held.answered_by = found, said, at, by.user
        held.save(update_fields=["found", "answer", "answered_at", "answered_by"])
        _record(held, "complaint_answered", {"found": found}, by, at)
    return held


def of(party: Party) -> list[Complaint]:
    """What this party complained of, the latest first."""
    return list(Complaint.objects.filter(party=party.pk).select_related("mediator").order_by("-pk"))


def subject_of(complaint: Complaint) -> str:
    """Its name on the timeline; no page of the mediation asks for it."""
    return f"complaint:{complaint.pk}"


def _record(row: Complaint, verb: str, data: dict[str, str], by: Actor, at: datetime) -> None:
    timeline.record(
        subject=subject_of(row), verb=f"mediation.{verb}", by=by, at=at, data=data, visible_to=VisibleTo.OFFICE
    )


def _tell(row: Complaint, at: datetime) -> None:
    """Who runs mediation hears of it; whom it is about doesn't."""
    who = [pk for pk in managing() if pk != row.mediator.member_id]
    said = _("A complaint against a mediator waits for an answer: %(number)s.") % {"number": row.mediation.number}
    notice(who, said, reverse("mediation:complaint", args=[row.pk]), f"mediation:complaint:{row.pk}", at, urgent=True)
