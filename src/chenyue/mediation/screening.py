"""Screening: what the law asks before a dispute is accepted, and what follows from the answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from chenyue.core import office
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, Refusal
from chenyue.mediation import acts, law, opening, seeing, stages
from chenyue.mediation.lifecycle import Side, Stage
from chenyue.mediation.models import Mediation, Party
from chenyue.mediation.parties import KEPT, PartyData, current_parties, deciding, save_party
from chenyue.workdays import queries as workdays

MERGED = "merged"


def answer(
    *,
    mediation: Mediation,
    answers: Mapping[str, bool],
    words: Mapping[str, str] | None = None,
    version: int | None = None,
    by: Actor,
    at: datetime,
) -> Mediation:
    """Keep the answers to the questions of screening, with a remark on each. Those not named stay.

    `version`: what the form was drawn from. Raises Conflict for a form that is stale.
    """
    with acts.locked(mediation, version) as row:
        seeing.check(by, row, "manage")
        _still(row, Stage.SCREENING)
        held = dict(row.screening)
        for code, yes in answers.items():
            acts.one_of(law.questions(), code, "questions")
            remark = acts.words((words or {}).get(code, ""), f"words_{code}", most=200)
            held[code] = {"answer": bool(yes), "words": remark}
        if held != row.screening:
            row.screening = held
            acts.touch(row, "screening")
            found = sorted(code for code in held if held[code]["answer"])
            acts.record(row, "screened", by=by, at=at, data={"obstacles": found})
    return row


def _still(row: Mediation, stage: str) -> None:
    if row.stage != stage:
        raise Conflict


def obstacles(mediation: Mediation) -> list[law.Sentence]:
    """What stands against accepting it, by the answers; what the court itself entrusts isn't hindered by that."""
    return [
        question
        for code, question in law.questions().items()
        if mediation.screening.get(code, {}).get("answer") and mediation.source not in question.unless
    ]


def unanswered(mediation: Mediation) -> list[law.Sentence]:
    """Questions that nobody has answered yet."""
    return [question for code, question in law.questions().items() if code not in mediation.screening]


def accept(*, mediation: Mediation, by: Actor, at: datetime) -> Mediation:
    """受理: registered, with the day by which mediating is to end; the parties are asked from now on.

    Raises Refusal while a question is open, an obstacle stands, or one side isn't known.
    """
    with acts.locked(mediation) as row:
        seeing.check(by, row, "manage")
        if unanswered(row):
            raise Refusal(_("Answer every question of the screening first."), code="unanswered")
        if found := obstacles(row):
            raise Refusal(_("This stands against it: %(what)s.") % {"what": found[0]}, code="obstacle")
        if len({party.side for party in deciding(current_parties(row))}) < 2:
            raise Refusal(_("Enter both sides first: who applies, and with whom they quarrel."), code="sides")
        row.registered_on = acts.local_day(at)
        row.due_on = due_day(row.registered_on)
        row.due_told, row.refused_ground = 0, ""
        acts.touch(row, "registered_on", "due_on", "due_told", "refused_ground")
        return stages.move(mediation=row, to=Stage.CONSENT, by=by, at=at)


def due_day(registered_on: Any) -> Any:
    """The last day of the office's term (`mediation_days`); on a day of rest, the next working day (民法典 203)."""
    days = int(office.get("mediation_days"))
    return workdays.calendar().legal_deadline(registered_on, days)


def not_accept(*, mediation: Mediation, ground: str, words: str = "", by: Actor, at: datetime) -> Mediation:
    """不予受理: with its ground in law; the other roads are told. May be screened again when the obstacle is gone."""
    with acts.locked(mediation) as row:
        seeing.check(by, row, "manage")
        acts.one_of(law.questions(), ground, "ground")
        row.refused_ground = ground
        row.result_words = acts.words(words, "words", most=1000)
        acts.touch(row, "refused_ground", "result_words")
        data = {"ground": ground, "roads": list(law.grounds()[ground].roads)}
        acts.record(row, "not_accepted", by=by, at=at, data=data, said=row.result_words, visible_to="resident")
        return stages.move(mediation=row, to=Stage.NOT_ACCEPTED, by=by, at=at)


def screen_again(*, mediation: Mediation, words: str, by: Actor, at: datetime) -> Mediation:
    """The obstacle is gone: back to screening, with the reason. The questions are asked anew."""
    said = acts.words(words, "words", needed=True, most=500)
    with acts.locked(mediation) as row:
        seeing.check(by, row, "manage")
        if row.merged_into_id is not None:
            raise Refusal(_("It was joined to another mediation. Go on there."), code="merged")
        row.screening, row.refused_ground = {}, ""
        acts.touch(row, "screening", "refused_ground")
        return stages.move(mediation=row, to=Stage.SCREENING, by=by, at=at, words=said)


def merge(*, mediation: Mediation, into: Mediation, by: Actor, at: datetime) -> Mediation:
    """Two mediations of one matter become one: parties that the other doesn't have go over, this one ends.

    Only before it has begun: what was said at meetings belongs to its own file. Raises Refusal.
    """
    with acts.locked(mediation) as row, acts.locked(into) as other:
        for one in (row, other):
            seeing.check(by, one, "manage")
        if not opening.same_matter(row).filter(pk=other.pk).exists():
            raise Refusal(_("These two have neither the case nor the parties in common."), field="into", code="other")
        if row.stage not in (Stage.SCREENING, Stage.CONSENT) or row.meetings.exists() or row.evidence.exists():
            raise Refusal(
                _("This one has begun already. Join the other one to it instead."), field="into", code="begun"
            )
        for party in current_parties(row):
            _carry(party, other, by, at)
        row.merged_into, row.refused_ground = other, MERGED
        acts.touch(row, "merged_into", "refused_ground")
        acts.record(row, "merged", by=by, at=at, data={"into": other.number}, visible_to="resident")
        acts.record(other, "merged_here", by=by, at=at, data={"number": row.number})
        return stages.move(mediation=row, to=Stage.NOT_ACCEPTED, by=by, at=at)


def _carry(party: Party, other: Mediation, by: Actor, at: datetime) -> None:
    here = Party.objects.filter(mediation=other, left_at=None)
    known = here.filter(name_index=party.name_index)
    if party.id_index:
        known = known | here.filter(id_index=party.id_index)
    if not known.exists():
        data = PartyData(**{name: getattr(party, name) for name in KEPT})
        save_party(mediation=other, data=data, by=by, at=at)


def sides(mediation: Mediation) -> dict[str, int]:
    """How many parties each side has."""
    found = [party.side for party in current_parties(mediation)]
    return {side: found.count(side) for side in Side.values}
