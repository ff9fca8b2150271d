"""Dangers (art. 25): what may escalate is met, what may be an offence is reported. No party reads of it."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.mediation import acts, moments, notices, seeing
from chenyue.mediation.lifecycle import Risk
from chenyue.mediation.models import Mediation, RiskReport

POLICE = (Risk.VIOLENCE, Risk.OFFENCE, Risk.SELF_HARM)  # told to the police first: 110
WITHIN = timedelta(minutes=30)  # by then somebody outside is told, or it is asked for again


def report(
    *, mediation: Mediation, kind: str, words: str, by: Actor, at: datetime, measures: str = "", told: str = "",
    told_at: datetime | None = None, receipt: str = "",
) -> RiskReport:  # fmt: skip
    """Write a danger down, with what is done about it and who was told. Raises Refusal at the field that is wrong."""
    acts.one_of(Risk.values, kind, "kind")
    with acts.locked(mediation) as row:
        seeing.check(by, row, "conduct", "manage")
        made = RiskReport(mediation=row, kind=kind, at=at, by=by.user if by.kind == "member" else None)
        made.words = acts.words(words, "words", needed=True, most=2000)
        made.measures = acts.words(measures, "measures", most=2000)
        _tell(made, told, told_at, receipt, at)
        made.save()
        acts.record(row, "risk_seen", by=by, at=at, data={"kind": kind, "told": made.told_at is not None})
        if made.told_at is None:
            notices.risk(row, made.pk, at)
        moments.refresh(row)
    return made


def _tell(row: RiskReport, told: str, told_at: datetime | None, receipt: str, at: datetime) -> None:
    row.told = acts.words(told, "told", most=80)
    row.receipt = acts.words(receipt, "receipt", most=60)
    if told_at is not None and told_at > at + timedelta(minutes=5):
        raise Refusal(_("This moment lies in the future."), field="told_at", code="future")
    row.told_at = (told_at or at) if row.told else None


def tell_outside(
    *, risk: RiskReport, told: str, by: Actor, at: datetime, told_at: datetime | None = None, receipt: str = "",
    measures: str = "",
) -> RiskReport:  # fmt: skip
    """To whom and when it was reported: the police by 110, the community, the family."""
    with acts.locked(risk.mediation_id) as row:
        seeing.check(by, row, "conduct", "manage")
        held = RiskReport.objects.select_for_update(of=("self",)).get(pk=risk.pk)
        acts.words(told, "told", needed=True, most=80)
        _tell(held, told, told_at, receipt, at)
        held.measures = acts.words(measures, "measures", most=2000) or held.measures
        held.save(update_fields=["told", "told_at", "receipt", "measures"])
        acts.record(row, "risk_told", by=by, at=at, data={"kind": held.kind})
        moments.refresh(row)
    return held


def end(*, risk: RiskReport, by: Actor, at: datetime) -> None:
    """The danger is over."""
    with acts.locked(risk.mediation_id) as row:
        seeing.check(by, row, "conduct", "manage")
        held = RiskReport.objects.select_for_update(of=("self",)).get(pk=risk.pk)
        if held.told_at is None and held.kind in POLICE:
            raise Refusal(_("Write down first to whom this was reported: the police by 110."), code="untold")
        if held.ended_at is None:
            held.ended_at = at
            held.save(update_fields=["ended_at"])
            acts.record(row, "risk_over", by=by, at=at, data={"kind": held.kind})
            moments.refresh(row)


@moments.source
def untold(mediation: Mediation) -> list[moments.Moment]:
    """A danger that nobody outside was told of yet."""
    found = RiskReport.objects.filter(mediation=mediation.pk, told_at=None, ended_at=None)
    return [(at + WITHIN, "risk") for at in found.values_list("at", flat=True)]
