"""What a dossier still lacks, in sentences, each with the page where it is mended."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Sentence
from chenyue.mediation.dossier import rules
from chenyue.mediation.dossier.contents import Item
from chenyue.mediation.dossier.gathering.matter import Matter
from chenyue.mediation.dossier.gathering.proofs import BY_POWER
from chenyue.mediation.lifecycle import AgreementState, EvidenceKind, Form, PartyKind, Question, Stage

ART_29 = "人民调解法第二十九条"


@dataclass(frozen=True)
class Lack:
    """Something missing: where it is mended (a page of `mediation.tabs`), whether the dossier can't close without."""

    sentence: Sentence
    where: str
    grave: bool
    source: str = ""


def of(matter: Matter, found: list[Item]) -> list[Lack]:
    """Everything missing, what is grave first."""
    there = {item.code for item in found} | {"back"}
    lacks = [*_documents(matter, there), *_people(matter), *_talks(matter), *_results(matter)]
    return sorted(lacks, key=lambda lack: not lack.grave)


NAMES = {
    "application": _("Neither an application nor a register form of acceptance is there."),
    "rights": _("No party has been told of its rights and duties."),
    "identity": _("No party is entered."),
    "minutes": _("No mediation meeting has been held."),
    "agreement": _("There is neither an agreement in effect nor a notice of termination."),
    "not_accepted": _("The notice of not being accepted is missing."),
}
WHERE = {"rights": "people", "identity": "people", "minutes": "meetings", "agreement": "agreement"}


def _documents(matter: Matter, there: set[str]) -> Iterator[Lack]:
    row = matter.mediation
    if not matter.ended:
        yield Lack(_("The mediation hasn't ended yet; a dossier is closed at its end."), "overview", True)
    for must in rules.mandatory(row.stage):
        missing = not there & set(must.any)
        if must.any == ("minutes",) and row.stage == Stage.TERMINATED and not matter.meetings:
            continue  # ended before a meeting came about: the notice of termination says so
        if missing:
            yield Lack(NAMES[must.any[0]], WHERE.get(must.any[0], "overview"), True, must.source)
    if not row.facts.strip():
        yield Lack(_("The dispute in short isn't written down."), "overview", True)


def _people(matter: Matter) -> Iterator[Lack]:
    strict = matter.mediation.stage not in (Stage.NOT_ACCEPTED, Stage.REFUSED)
    told = {one.party_id for one in matter.consents if one.question == Question.RIGHTS and one.given}
    copies = {one.party_id for one in matter.evidence if one.kind == EvidenceKind.IDENTITY}
    for party in matter.current:
        who = {"n": party.order}
        if strict and party.pk not in told:
            yield Lack(_("Party %(n)d hasn't been told of its rights and duties.") % who, "people", True)
        if strict and not party.id_number:
            number = (
                _("The registration number of party %(n)d is missing.")
                if party.kind == PartyKind.UNIT
                else _("The identity number of party %(n)d is missing.")
            )
            yield Lack(number % who, "people", False)
        if strict and party.pk not in copies:
            yield Lack(_("No copy proves the identity of party %(n)d.") % who, "evidence", True)
    for one in matter.representatives:
        if one.acts in BY_POWER and one.proof_id is None:
            for party in one.parties.all():
                sentence = _("The signed power of attorney of party %(n)d isn't added.") % {"n": party.order}
                yield Lack(sentence, "people", False)


def _talks(matter: Matter) -> Iterator[Lack]:
    for meeting in matter.meetings:
        if meeting.minutes != "final":
            yield Lack(_("The minutes of meeting %(n)d aren't final.") % {"n": meeting.number}, "meetings", True)


def _results(matter: Matter) -> Iterator[Lack]:
    for one in matter.agreements:
        which = {"n": one.number}
        if one.form == Form.WRITTEN and one.scan_id is None:
            yield Lack(_("The signed original of agreement %(n)d isn't scanned.") % which, "agreement", False)
        if one.form == Form.WRITTEN and one.state == AgreementState.IN_EFFECT:
            got = {copy.party_id for copy in one.handed.all() if copy.removed_at is None}
            for party in matter.current:
                if party.pk not in got:
                    sentence = _("That party %(party)d got its copy of agreement %(n)d isn't on record.")
                    yield Lack(sentence % (which | {"party": party.order}), "agreement", False, ART_29)
        held = getattr(one, "confirmation", None)
        if held and held.ruled_on and held.ruling_id is None:
            yield Lack(_("The court's ruling on agreement %(n)d isn't added.") % which, "agreement", False)
    if any(visit.made_at is None for visit in matter.visits) and matter.ended:
        yield Lack(_("A visit afterwards is still to be made."), "performance", False)
