"""A mediation on its way: beginning, a refusal and asking again, more time, and ending without agreement."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, Refusal
from chenyue.core.ids import whole
from chenyue.mediation import acts, casework, law, moments, notices, seeing, stages
from chenyue.mediation.consents import all_agree, heard, standing
from chenyue.mediation.lifecycle import Question, Side, Stage
from chenyue.mediation.models import Appointment, Consent, Extension, Mediation
from chenyue.mediation.models import Conflict as Tie
from chenyue.mediation.parties import current_parties, deciding
from chenyue.mediation.screening import due_day
from chenyue.mediation.speakers import WHY_RESTING, resting
from chenyue.timeline.models import VisibleTo

LONGEST = 200


def missing_to_begin(mediation: Mediation, on: date) -> list[str]:
    """What is still missing before mediating may begin, in sentences; empty where nothing is."""
    parties = {party.pk: party for party in current_parties(mediation)}
    must = {party.pk for party in deciding(list(parties.values()))}
    found = [str(WHY_RESTING[why] % {"n": parties[pk].order}) for pk, why in resting(mediation, on).items()]
    for question, sentence in (
        (Question.RIGHTS, _("Party %(n)d hasn't been told its rights and duties yet.")),
        (Question.MEDIATION, _("Party %(n)d hasn't agreed to be mediated yet.")),
    ):
        said = standing(mediation, question)
        found += [str(sentence % {"n": parties[pk].order}) for pk in parties if pk in must and not said[pk]]
    current = Appointment.objects.filter(mediation=mediation.pk, until=None).select_related("mediator").order_by("pk")
    if not any(one.role == Appointment.Role.LEAD for one in current):
        found.append(str(_("Nobody is appointed to lead the mediation.")))
    for one in current:
        if not all_agree(mediation, Question.MEDIATOR, f"mediator:{one.mediator_id}"):
            found.append(str(_("Not every party has accepted %(name)s as mediator.") % {"name": one.mediator.name}))
    if Tie.objects.filter(appointment__in=current, settled_at=None).exists():
        found.append(str(_("A tie between a mediator and a party has been found and isn't settled yet.")))
    return found


def begin(*, mediation: Mediation, by: Actor, at: datetime) -> Mediation:
    """Mediating begins. Raises Refusal that says what is missing."""
    with acts.locked(mediation) as row:
        seeing.check(by, row, "conduct", "manage")
        if missing := missing_to_begin(row, acts.local_day(at)):
            raise Refusal(missing[0], code="missing")
        return stages.move(mediation=row, to=Stage.MEDIATING, by=by, at=at)


@heard(Question.MEDIATION)
def stop_on_refusal(row: Mediation, answer: Consent, by: Actor, at: datetime) -> None:
    """One of the two sides clearly refuses, or takes its consent back: no mediation (art. 17, 23).

    A third party that stays away stops nothing. What is agreed binds and isn't undone by this (art. 31).
    """
    if (answer.given and answer.withdrawn_at is None) or answer.party.side == Side.THIRD:
        return
    if row.stage == Stage.PERFORMING:
        raise Refusal(
            _("The agreement is in effect and binds both sides (art. 31). Who doubts it may go to court (art. 32)."),
            code="in_effect",
        )
    if row.stage == Stage.AGREED:
        stages.move(mediation=row, to=Stage.MEDIATING, by=by, at=at)
    if row.stage in (Stage.SCREENING, Stage.CONSENT, Stage.MEDIATING):
        stages.move(mediation=row, to=Stage.REFUSED, by=by, at=at)
        notices.refused(row, at)


def invite_again(*, mediation: Mediation, words: str, by: Actor, at: datetime) -> Mediation:
    """Ask again, later: the refusals are kept as they were, every party of them is asked anew."""
    said = acts.words(words, "words", needed=True, most=500)
    with acts.locked(mediation) as row:
        seeing.check(by, row, "manage", "conduct")
        standing_no = Consent.objects.filter(mediation=row, question=Question.MEDIATION, superseded_at=None)
        for one in standing_no:
            if not one.given or one.withdrawn_at is not None:
                one.superseded_at = at
                one.save(update_fields=["superseded_at"])
        row.registered_on = row.registered_on or acts.local_day(at)
        row.due_on, row.due_told = due_day(acts.local_day(at)), 0
        acts.touch(row, "registered_on", "due_on", "due_told")
        return stages.move(mediation=row, to=Stage.CONSENT, by=by, at=at, words=said)


def ask_more_time(*, mediation: Mediation, until: date, reason: str, by: Actor, at: datetime) -> Extension:
    """延期: granted only once every party of the two sides has said yes (宁波 27). Raises Refusal at its field."""
    why = acts.words(reason, "reason", needed=True, most=LONGEST)
    with acts.locked(mediation) as row:
        seeing.check(by, row, "conduct", "manage")
        if row.stage not in (Stage.CONSENT, Stage.MEDIATING) or row.due_on is None:
            raise Conflict
        if until <= max(row.due_on, acts.local_day(at)):
            raise Refusal(_("The new day must lie after the present one."), field="until", code="past")
        if open_extension(row) is not None:
            raise Conflict(_("More time has been asked for already. Take down what the parties say to it."))
        asked = Extension.objects.create(
            mediation=row, until=until, reason=why, asked_at=at, asked_by=by.user if by.kind == "member" else None
        )
        data = {"until": until.isoformat(), "was": row.due_on.isoformat()}
        acts.record(row, "more_time_asked", by=by, at=at, data=data, said=why, visible_to=VisibleTo.RESIDENT)
    return asked


def open_extension(mediation: Mediation) -> Extension | None:
    """More time that was asked for and that no party has refused yet."""
    last = Extension.objects.filter(mediation=mediation.pk).order_by("-pk").first()
    if last is None or last.granted_at is not None:
        return None
    said = standing(mediation, Question.EXTENSION, f"extension:{last.pk}")
    return None if any(answer is False for answer in said.values()) else last


@heard(Question.EXTENSION)
def grant_when_all_agree(row: Mediation, answer: Consent, by: Actor, at: datetime) -> None:
    """The last yes grants it; a no leaves the day where it is."""
    kind, _colon, pk = answer.matter.partition(":")
    asked = Extension.objects.filter(mediation=row, pk=whole(pk, 0)).first()
    if kind != "extension" or asked is None or asked.granted_at is not None:
        return
    if row.stage in (Stage.CONSENT, Stage.MEDIATING) and all_agree(row, Question.EXTENSION, answer.matter):
        asked.granted_at = at
        asked.save(update_fields=["granted_at"])
        row.due_on, row.due_told, row.extensions = asked.until, 0, row.extensions + 1
        acts.touch(row, "due_on", "due_told", "extensions")
        data = {"until": asked.until.isoformat()}
        acts.record(row, "more_time", by=by, at=at, data=data, visible_to=VisibleTo.RESIDENT)
        casework.hold(row, at)


def terminate(*, mediation: Mediation, why: str, words: str = "", by: Actor, at: datetime) -> Mediation:
    """终止调解: with its reason in law; every party is told which roads remain (art. 26). Raises Refusal, Conflict."""
    acts.one_of(law.endings(), why, "why")
    with acts.locked(mediation) as row:
        seeing.check(by, row, "conduct", "manage")
        row.result_words = acts.words(words, "words", needed=why in ("event", "other"), most=1000)
        acts.touch(row, "result_words")
        data = {"why": why, "roads": [road.code for road in law.roads()]}
        acts.record(row, "terminated", by=by, at=at, data=data, said=row.result_words, visible_to=VisibleTo.RESIDENT)
        ended = stages.move(mediation=row, to=Stage.TERMINATED, by=by, at=at)
        moments.refresh(ended)
        return ended
