"""What is forgotten with a resident whose data is deleted, and what a copy for them holds. Connected in wiring.

A mediation that goes on, or whose agreement isn't performed yet, needs its parties: nothing of it is deleted, they
are told so. Of one that has ended, the dossier is kept as the law asks (人民调解法 27, 档案法): the papers in it stay
as they were made. What the office keeps besides — numbers, addresses, accounts — goes, and the person's name in what
was said.
"""

from typing import Any

from chenyue.mediation import acts, caucus
from chenyue.mediation.lifecycle import OPEN
from chenyue.mediation.models import Complaint, Consent, Copy, Mediation, Party, Representative
from chenyue.people import masking
from chenyue.people.events import ResidentErased
from chenyue.people.models import Resident
from chenyue.timeline import actions as timeline


def on_erased(event: ResidentErased) -> None:
    """Of mediations that have ended, what the dossier doesn't need goes."""
    for party in Party.objects.filter(resident=event.resident).select_related("mediation").order_by("pk"):
        if party.mediation.stage in OPEN:
            Party.objects.filter(pk=party.pk).update(resident=None)
            continue
        _forget(party, event)


def _forget(party: Party, event: ResidentErased) -> None:
    party.phone = party.phone_index = party.address = party.account = party.id_number = party.id_index = ""
    party.resident, party.erased_at = None, event.at
    party.save()
    caucus.forget(party)  # no part of the dossier
    for one in Representative.objects.filter(parties=party.pk):
        one.phone = one.id_number = ""
        one.save(update_fields=["phone", "id_number"])
    for answer in Consent.objects.filter(party=party).exclude(words=""):
        answer.words = masking.forget_person(answer.words, event.name)
        answer.save(update_fields=["words"])
    _complaints(party, event)
    _words(party.mediation, event)
    for subject in (party.mediation.subject, acts.subject_of(party)):
        timeline.forget_words(
            subject, lambda words: masking.forget_person(words, event.name) != words, by=event.by, at=event.at
        )
    acts.record(party.mediation, "forgotten", by=event.by, at=event.at, data={"party": party.order})


def _complaints(party: Party, event: ResidentErased) -> None:
    """No paper of the dossier: of what was answered only the kind stays, of what waits for an answer not the name."""
    for one in Complaint.objects.filter(party=party):
        for name in ("words", "answer"):
            said = masking.forget_person(getattr(one, name), event.name)
            setattr(one, name, "" if one.answered_at else said)
        one.save(update_fields=["words", "answer"])
    for copy in Copy.objects.filter(party=party).exclude(to=""):
        copy.to = masking.forget_person(copy.to, event.name)
        copy.save(update_fields=["to"])


def _words(mediation: Mediation, event: ResidentErased) -> None:
    names = ("title", "facts", "requests", "result_words")
    before = {name: getattr(mediation, name) for name in names}
    after = {name: masking.forget_person(words, event.name) for name, words in before.items()}
    if after != before:
        Mediation.objects.filter(pk=mediation.pk).update(title=after["title"][:80])
        for name in names[1:]:
            setattr(mediation, name, after[name])
        mediation.save(update_fields=list(names[1:]))


def copy_of(resident: Resident) -> list[dict[str, Any]]:
    """A resident's mediations, for their copy (PIPL 45): what they told and answered, never what another party said."""
    rows = Party.objects.filter(resident=resident).select_related("mediation").order_by("pk")
    return [_one(party) for party in rows]


def _one(party: Party) -> dict[str, Any]:
    answers = Consent.objects.filter(party=party).order_by("pk")
    return {
        "mediation": party.mediation.number,
        "kind": party.mediation.dispute,
        "stage": party.mediation.stage,
        "side": party.side,
        "name": party.name,
        "telephone": party.phone,
        "id_number": masking.mask_id(party.id_number),
        "address": party.address,
        "account": masking.mask_id(party.account),
        "answers": [
            {"question": a.question, "given": a.given, "how": a.how, "at": a.at.isoformat(), "words": a.words}
            | ({"withdrawn_at": a.withdrawn_at.isoformat()} if a.withdrawn_at else {})
            for a in answers
        ],
        "complaints": [
            {"of": c.mediator.name, "wrong": c.wrong, "words": c.words, "at": c.at.isoformat(), "answer": c.answer}
            for c in Complaint.objects.filter(party=party).select_related("mediator").order_by("pk")
        ],
    }
