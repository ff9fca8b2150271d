"""What each party said to each question. A new answer supersedes the one before; withdrawing marks it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.mediation import acts, moments, seeing
from chenyue.mediation.lifecycle import How, Question, Stage
from chenyue.mediation.models import (
    Appointment,
    Consent,
    Evidence,
    Extension,
    Invitation,
    Mediation,
    Party,
    Representative,
)
from chenyue.mediation.parties import check_going_on, current_parties, deciding
from chenyue.mediation.speakers import check_not_resting
from chenyue.timeline.models import VisibleTo

Heard = Callable[[Mediation, Consent, Actor, datetime], None]
_heard: dict[str, list[Heard]] = {}


def heard(question: str) -> Callable[[Heard], Heard]:
    """Register what follows an answer to this question, given or withdrawn, in its transaction."""

    def register(found: Heard) -> Heard:
        held = _heard.setdefault(str(question), [])
        if found not in held:
            held.append(found)
        return found

    return register


def say(
    *, party: Party, question: str, given: bool, how: str, at: datetime, by: Actor, matter: str = "", words: str = "",
    representative: Representative | None = None, scan: Evidence | None = None,
) -> Consent:  # fmt: skip
    """A party answers a question: yes or no, on paper, by word of mouth, by telephone, or on its own page.

    Taken down by who handles the mediation, or said by the party itself (`by` of kind `resident` with the party's
    subject as its key). For who has no full capacity the guardian answers, for who died the heir. Raises Refusal,
    and Conflict for a `matter` that isn't (any more) one of this mediation.
    """
    acts.one_of(Question.values, question, "question")
    acts.one_of(How.values, how, "how")
    with acts.locked(party.mediation_id) as row:
        _may_say(row, party, by)
        _check_open(row, question)
        held = Party.objects.select_for_update(of=("self",)).get(pk=party.pk, mediation=row)
        if held.left_at is not None:
            raise Refusal(_("This party isn't part of the mediation any more."), code="left")
        _check_matter(row, question, matter)
        speaker = check_not_resting(held, acts.local_day(at))
        before = Consent.objects.filter(party=held, question=question, matter=matter, superseded_at=None)
        before.update(superseded_at=at)
        answer = Consent.objects.create(
            mediation=row, party=held, question=question, matter=matter, given=given, how=how, at=at, scan=scan,
            words=acts.words(words, "words", most=2000), taken_by=by.user if by.kind == "member" else None,
            by_representative=representative or speaker,
        )  # fmt: skip
        _tell(row, answer, "agreed" if given else "disagreed", by, at)
    return answer


def withdraw(consent: Consent, *, by: Actor, at: datetime, words: str = "") -> Consent:
    """A party takes its consent back, at any time, also in the middle of a meeting (art. 23). Twice is once."""
    with acts.locked(consent.mediation_id) as row:
        held = Consent.objects.select_for_update(of=("self",)).select_related("party").get(pk=consent.pk)
        _may_say(row, held.party, by)
        _check_open(row, held.question)
        if held.withdrawn_at is None and held.superseded_at is None and held.given:
            held.withdrawn_at = at
            held.save(update_fields=["withdrawn_at"])
            _tell(row, held, "consent_withdrawn", by, at, words)
    return held


def _may_say(mediation: Mediation, party: Party, by: Actor) -> None:
    if by.kind == "resident":
        if by.key != acts.subject_of(party):
            raise NotAllowed
        return
    seeing.check(by, mediation, "conduct", "manage")


def _check_open(row: Mediation, question: str) -> None:
    """Refuse what belongs to a mediation that goes on; whether it may be told is asked at its end, and afterwards."""
    if question != Question.STORY or row.stage != Stage.PERFORMED:
        check_going_on(row)


def _check_matter(row: Mediation, question: str, matter: str) -> None:
    """A question about somebody or something names one of this mediation; any other names nothing."""
    about: dict[str, QuerySet[Any]] = {
        Question.MEDIATOR: Appointment.objects.filter(mediation=row, until=None).values_list("mediator", flat=True),
        Question.INVITATION: Invitation.objects.filter(mediation=row).values_list("pk", flat=True),
        Question.EXTENSION: Extension.objects.filter(mediation=row).values_list("pk", flat=True),
    }
    known = {f"{question}:{pk}" for pk in about[question]} if question in about else {""}
    if matter not in known:
        raise Conflict  # a mediator who was replaced meanwhile, or nothing of this mediation at all


def _tell(row: Mediation, answer: Consent, verb: str, by: Actor, at: datetime, words: str = "") -> None:
    """On the party's own timeline its answer; on everyone's only that all have agreed."""
    data = {"question": answer.question, "matter": answer.matter, "how": answer.how}
    acts.record_for(answer.party, verb, by=by, at=at, data=data, said=words or answer.words)
    if verb == "agreed" and all_agree(row, answer.question, answer.matter):
        everyone = {"question": answer.question, "matter": answer.matter}
        acts.record(row, "all_agreed", by=by, at=at, data=everyone, visible_to=VisibleTo.RESIDENT)
    for follower in _heard.get(answer.question, ()):
        follower(row, answer, by, at)
    moments.refresh(row)


def standing(mediation: Mediation | int, question: str, matter: str = "") -> dict[int, bool | None]:
    """By party: yes, no (or taken back), or None where nothing was said. Two statements."""
    found = dict.fromkeys((party.pk for party in current_parties(mediation)), None) | _answers(
        mediation, question, matter
    )
    return found


def _answers(mediation: Mediation | int, question: str, matter: str) -> dict[int, bool | None]:
    pk = mediation if isinstance(mediation, int) else mediation.pk
    rows = Consent.objects.filter(mediation=pk, question=question, matter=matter, superseded_at=None)
    rows = rows.filter(party__left_at=None)
    return {party: given and gone is None for party, given, gone in rows.values_list("party", "given", "withdrawn_at")}


def all_agree(mediation: Mediation | int, question: str, matter: str = "") -> bool:
    """Whether every party of the two sides said yes, and there are two sides. Two statements."""
    parties = deciding(current_parties(mediation))
    said = _answers(mediation, question, matter)
    return len({party.side for party in parties}) == 2 and all(said.get(party.pk) for party in parties)
