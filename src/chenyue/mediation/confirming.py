"""Judicial confirmation (司法确认): its last day, reminders, the pack for the court, the application, the ruling.

Period: 人民调解法 33, 民事诉讼法 205: together, within 30 days of effect. Reckoned by 民法典 201, 203.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import SYSTEM, Actor
from chenyue.core.errors import Refusal, Sentence
from chenyue.core.moments import calendar_day
from chenyue.mediation import acts, agree_telling, consents, drafting, moments, signing, speakers
from chenyue.mediation.lifecycle import AgreementState, ConfirmationState, EvidenceKind, Form, Question
from chenyue.mediation.models import Agreement, Evidence, JudicialConfirmation, Mediation
from chenyue.mediation.parties import current_parties
from chenyue.timeline.models import VisibleTo
from chenyue.workdays.calendar import Calendar
from chenyue.workdays.queries import calendar

DAYS = 30  # 人民调解法 33
WARNED = (30, 10, 3)  # days left at which people are told
ACCEPTED_IN, DECIDED_IN, LONGER = 3, 15, 10  # days of the court; 司法确认程序规定 4, 5
DONE = (ConfirmationState.CONFIRMED, ConfirmationState.REFUSED)


@dataclass(frozen=True)
class Window:
    """The thirtieth day, the last day to apply, and whether the year's calendar isn't announced yet."""

    thirtieth: date
    last: date
    provisional: bool


def window(effect: date, days: Calendar) -> Window:
    """Until when the parties may apply after an agreement that took effect on this day. Pure.

    The day of effect isn't counted (民法典 201); a thirtieth day of rest moves to the next working day (203).
    """
    last = days.legal_deadline(effect, DAYS)
    return Window(effect + timedelta(days=DAYS), last, days.is_provisional(effect, last))


@dataclass(frozen=True)
class Item:
    """One thing that the court wants to have, whether it is there, and what to do about it."""

    title: Sentence
    there: bool
    hint: Sentence = ""


@cache
def grounds() -> dict[str, dict[str, str]]:
    """Why a court doesn't confirm, by code: its words and article."""
    rows = json.loads((Path(__file__).parent / "data" / "confirming.json").read_text(encoding="utf-8"))
    return {row["code"]: row for row in rows}


@signing.follow
def open_for(row: Mediation, agreement: Agreement, by: Actor, at: datetime) -> None:
    """An agreement took effect: from now on the days count, and both sides are told until when."""
    if agreement.effect_on is None:
        return
    found = window(agreement.effect_on, calendar())
    JudicialConfirmation.objects.create(
        agreement=agreement, thirtieth_day=found.thirtieth, last_day=found.last, provisional=found.provisional,
        warned=WARNED[0],
    )  # fmt: skip
    data = {"number": agreement.number, "on": found.last.isoformat()}
    acts.record(row, "confirmation_open", by=by, at=at, data=data, visible_to=VisibleTo.RESIDENT)


def days_left(row: JudicialConfirmation, today: date) -> int:
    """Days until the last one, counted with it; negative when it is over."""
    return (row.last_day - today).days


def court_by(row: JudicialConfirmation) -> tuple[date, date, date] | None:
    """Until when the court says whether it takes it, whether it confirms, and at the latest so."""
    if row.applied_on is None:
        return None
    first = row.applied_on + timedelta(days=ACCEPTED_IN)
    second = first + timedelta(days=DECIDED_IN)
    return first, second, second + timedelta(days=LONGER)


def pack(agreement: Agreement, today: date) -> list[Item]:
    """What the court wants to have (司法确认程序规定 3), and what of it is there."""
    mediation = agreement.mediation
    parties = current_parties(mediation)
    evidence = Evidence.objects.filter(mediation=mediation.pk, removed_at=None)
    identity = set(evidence.filter(kind=EvidenceKind.IDENTITY).values_list("party", flat=True))
    found = [
        Item(
            _("Application signed by both sides"), consents.all_agree(mediation, Question.CONFIRMATION),
            _("Both sides must ask together: take down whether each wants it."),
        ),
        Item(
            _("The agreement, signed and sealed"), agreement.form == Form.WRITTEN and agreement.scan_id is not None,
            _("An oral agreement needs to be written down for the court.") if agreement.form == Form.ORAL
            else _("Scan the signed original and add it."),
        ),
    ]  # fmt: skip
    for party in parties:
        who = {"n": party.order}
        found.append(
            Item(
                _("Proof of identity or licence of party %(n)d") % who, party.pk in identity,
                _("Add it to the evidence as proof of identity, handed in by this party."),
            )
        )  # fmt: skip
        reached = bool(party.address and party.phone)
        hint = _("Complete it at the page of people.")
        found.append(Item(_("Delivery address and telephone of party %(n)d") % who, reached, hint))
    for one in speakers.current_representatives(mediation, today):
        title = _("Power of attorney or proof: %(name)s") % {"name": one.name}
        found.append(Item(title, one.proof_id is not None, _("Add the proof at the page of people.")))
    property_ = evidence.filter(kind__in=(EvidenceKind.DOCUMENT, EvidenceKind.ARCHIVE)).exists()
    found.append(
        Item(
            _("Papers on the property that it is about"), property_, _("Add them to the evidence, if it is about any.")
        )
    )
    return found


def _changed(
    agreement: Agreement, verb: str, by: Actor, at: datetime, *states: str, said: str = "", **fields: Any
) -> JudicialConfirmation:
    """One step of the confirmation of an agreement that is in effect; `data` for its entry under `data`."""
    data = fields.pop("data", {})
    with drafting.held(agreement, by, "conduct", "manage") as (row, now):
        drafting.only(now, AgreementState.IN_EFFECT)
        held = JudicialConfirmation.objects.select_for_update(of=("self",)).get(agreement=now)
        if held.state not in states:
            label = ConfirmationState(held.state).label
            raise Refusal(_("That isn't possible: it is “%(state)s”.") % {"state": label}, code="state")
        for name, value in fields.items():
            setattr(held, name, value)
        held.save()
        entry = {"number": now.number} | data
        acts.record(row, verb, by=by, at=at, data=entry, said=said or None, visible_to=VisibleTo.RESIDENT)
    return held


def waive(*, agreement: Agreement, by: Actor, at: datetime) -> JudicialConfirmation:
    """The parties don't want it; they may still change their minds until the last day."""
    return _changed(agreement, "confirmation_waived", by, at, ConfirmationState.OPEN, state=ConfirmationState.WAIVED)


def want(*, agreement: Agreement, by: Actor, at: datetime) -> JudicialConfirmation:
    """They want it after all."""
    states = (ConfirmationState.WAIVED, ConfirmationState.EXPIRED)
    if acts.local_day(at) > agreement.confirmation.last_day:
        raise Refusal(_("The last day is over."), code="late")
    return _changed(agreement, "confirmation_wanted", by, at, *states, state=ConfirmationState.OPEN)


def applied(
    *, agreement: Agreement, on: date, court: str, by: Actor, at: datetime, together: bool = True, late: bool = False
) -> JudicialConfirmation:  # fmt: skip
    """The parties applied on this day. `late`: although the last day was over; the court decides about that."""
    if on > acts.local_day(at):
        raise Refusal(_("This day hasn't come yet."), field="on", code="future")
    if agreement.effect_on is not None and on < agreement.effect_on:
        raise Refusal(_("It wasn't in effect yet on this day."), field="on", code="early")
    last = agreement.confirmation.last_day
    if on > last and not late:
        raise Refusal(
            _("The last day was %(day)s. If the court took it all the same, tick that.") % {"day": calendar_day(last)},
            field="on",
            code="late",
        )
    states = (ConfirmationState.OPEN, ConfirmationState.WAIVED, ConfirmationState.EXPIRED)
    return _changed(
        agreement, "confirmation_applied", by, at, *states, state=ConfirmationState.APPLIED, applied_on=on,
        together=together, court=acts.words(court, "court", needed=True, most=80), data={"on": on.isoformat()},
    )  # fmt: skip


def ruled(
    *, agreement: Agreement, confirmed: bool, on: date, by: Actor, at: datetime, number: str = "", ground: str = "",
    words: str = "", ruling: Evidence | None = None,
) -> JudicialConfirmation:  # fmt: skip
    """The court has ruled. Refused: why, by the article; the parties may change it, agree anew or sue (art. 33)."""
    held = agreement.confirmation
    if on > acts.local_day(at) or (held.applied_on and on < held.applied_on):
        raise Refusal(_("This day can't be right."), field="on", code="day")
    said = acts.words(words, "words", most=2000)
    if not confirmed:
        found = grounds().get(acts.one_of(grounds(), ground, "ground"))
        said = f"{found['title']}（{found['source']}）\n{said}".strip() if found else said
    state = ConfirmationState.CONFIRMED if confirmed else ConfirmationState.REFUSED
    return _changed(
        agreement, f"confirmation_{state.value}", by, at, ConfirmationState.APPLIED, state=state, ruled_on=on,
        number=acts.words(number, "number", most=60), words=said, ruling=ruling, said=said,
    )  # fmt: skip


@moments.source
def last_day(mediation: Mediation) -> list[moments.Moment]:
    """The end of the last day of each confirmation that is still open."""
    found = JudicialConfirmation.objects.filter(agreement__mediation=mediation.pk, state=ConfirmationState.OPEN)
    found = found.filter(agreement__state=AgreementState.IN_EFFECT)
    return [(moments.closing_of(day), "confirmation") for day in found.values_list("last_day", flat=True)]


def step(pk: int, at: datetime) -> bool:
    """Tell once of 10 and of 3 days left; close what is over; reckon anew once a year's calendar is announced."""
    of = JudicialConfirmation.objects.filter(pk=pk).values_list("agreement__mediation", flat=True).first()
    if of is None:
        return False
    with acts.locked(of) as row:
        rows = JudicialConfirmation.objects.select_for_update(of=("self",)).select_related("agreement")
        held = rows.filter(pk=pk, state=ConfirmationState.OPEN, agreement__state=AgreementState.IN_EFFECT).first()
        if held is None:
            return False
        _reckon(row, held, at)
        left = days_left(held, acts.local_day(at))
        if left < 0:
            held.state = ConfirmationState.EXPIRED
            _say(row, held, "confirmation_expired", at)
        elif warn := [days for days in WARNED if left <= days < held.warned]:
            held.warned = min(warn)
            _say(row, held, "confirmation_near", at, days=left)
        held.save()
        moments.refresh(row)
    return True


def _reckon(row: Mediation, held: JudicialConfirmation, at: datetime) -> None:
    if not held.provisional or held.agreement.effect_on is None:
        return
    found = window(held.agreement.effect_on, calendar())
    moved = found.last != held.last_day
    held.last_day, held.provisional = found.last, found.provisional
    if moved:
        _say(row, held, "confirmation_moved", at)


def _say(row: Mediation, held: JudicialConfirmation, verb: str, at: datetime, **data: Any) -> None:
    entry = {"number": held.agreement.number, "on": held.last_day.isoformat()} | data
    acts.record(row, verb, by=SYSTEM, at=at, data=entry, visible_to=VisibleTo.RESIDENT)
    blanks = {"title": row.title, "day": calendar_day(held.last_day)}
    said = (
        _("%(title)s: the days for judicial confirmation are over.")
        if held.state == ConfirmationState.EXPIRED
        else _("%(title)s: judicial confirmation until %(day)s. Ask both sides.")
    )
    agree_telling.mediators(row, said % blanks, f"{verb}:{held.pk}:{held.warned}", at, urgent=held.warned == WARNED[-1])
