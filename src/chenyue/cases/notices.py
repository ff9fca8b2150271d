"""Who is told what: letters to the reporters, lines on members' desks. Connected in `chenyue.wiring`.

Everything is put into the outbox in the act's own transaction; sending is somebody else's work.
"""

from collections.abc import Callable, Collection
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from chenyue.cases import audience, events, texts
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Case, Channel
from chenyue.cases.moves.base import unit_name
from chenyue.cases.verbs import CLOCKS, STEPS, moment
from chenyue.catalogue.models import Urgency
from chenyue.notify.actions import notice, send_many

WORK, SUPERVISE = "case.work", "case.supervise"


def case_url(case: Case) -> str:
    """The case's page on the desk."""
    return reverse("desk:case", args=[case.number])


def _tell(
    case: Case, members: Collection[int], text: str, kind: str, at: datetime, but: str = "", urgent: bool = False
) -> None:
    """A line on desks; never on the desk of who did it. Once for each state of the case."""
    hearing = [pk for pk in sorted(members) if str(pk) != but]
    if hearing:
        key = f"{kind}:{case.number}:{case.version}"
        notice(hearing, f"{text}（{case.number} {case.title}）", case_url(case), key, at, urgent=urgent)


def _acting(event: events.Happened) -> str:
    return event.by.key if event.by.kind == "member" else ""


def on_filed(event: events.AppealFiled) -> None:
    """A receipt to who gave an address; an emergency to those who dispatch and who lead, at once."""
    case, appeal = event.case, event.appeal
    if appeal.channel != Channel.HOTLINE:  # who called there was given the hotline's number
        readers = texts.readers_of([appeal])
        send_many(texts.letters("case-receipt", case, readers), about=case.subject, at=event.at)
    if case.urgency == Urgency.EMERGENCY:
        heard = audience.of(case).over_all("case.dispatch", SUPERVISE)
        _tell(case, heard, _("An emergency"), f"emergency:{appeal.number}", event.at, _acting(event), urgent=True)


def on_dispatched(event: events.CaseDispatched) -> None:
    """New work for the units; to the officer alone where one is named."""
    case = event.case
    heard = audience.of(case, [event.lead_id, *event.assist_ids])
    lead = {case.officer_id} if case.officer_id else heard.within([event.lead_id], WORK)
    urgent = case.urgency != Urgency.NORMAL
    _tell(case, lead, _("New for your unit: please accept"), "dispatched", event.at, _acting(event), urgent)
    assists = heard.within(event.assist_ids, WORK) - lead
    _tell(case, assists, _("Your unit assists: please accept"), "assisting", event.at, _acting(event), urgent)


def on_officer(event: events.OfficerSet) -> None:
    """A line for who was named; not for oneself."""
    if event.officer_id:
        kind = f"officer:{event.officer_id}:{event.at.isoformat()}"
        _tell(event.case, {event.officer_id}, _("You see to this"), kind, event.at, _acting(event))


def on_moved(event: events.CaseMoved) -> None:
    """What a move means for the reporters and for members."""
    if letter := LETTERS.get(event.move):
        letter(event)
    if line := LINES.get(event.move):
        line(event)


def _write(event: events.CaseMoved, code: str, **more: object) -> None:
    readers = texts.readers(event.case)
    if readers:
        send_many(texts.letters(code, event.case, readers, **more), about=event.case.subject, at=event.at)


def _handed_over(event: events.CaseMoved) -> None:
    case = event.case
    _write(event, "case-handed-over", unit=unit_name(case.lead_id), until=case.resolve_due_at)


def _on_hold(event: events.CaseMoved) -> None:
    _write(event, "case-on-hold", reason=event.data["reason"], until=event.data["until"])


def _extended(event: events.CaseMoved) -> None:
    if event.data.get("granted"):
        _write(event, "case-extended", reason=event.data["reason"], until=event.data["until"])


def on_answered(event: events.CaseAnswered) -> None:
    """The answer, with each reporter's own link to rate it."""
    unit, told = unit_name(event.case.lead_id), event.answer.told
    letters = [
        letter
        for appeal in event.appeals
        for letter in texts.letters(
            "case-answered",
            event.case,
            texts.readers_of([appeal]),
            unit=unit,
            told=told,
            rate=texts.rate(event.links.get(appeal.pk, "")),
        )
    ]
    if letters:
        send_many(letters, about=event.case.subject, at=event.at)


def _reopened(event: events.CaseMoved) -> None:
    case = event.case
    _write(event, "case-reopened", unit=unit_name(case.lead_id), until=case.resolve_due_at)


LETTERS: dict[Move, Callable[[events.CaseMoved], None]] = {
    Move.DISPATCH: _handed_over,
    Move.UPHOLD_RETURN: _handed_over,
    Move.REASSIGN: _handed_over,
    Move.SUSPEND: _on_hold,
    Move.EXTEND: _extended,
    Move.EXPLAIN: lambda e: _write(e, "case-explained", told=e.data["told"]),
    Move.DECLINE: lambda e: _write(e, "case-declined", told=e.data["told"], road=e.data["road"]),
    Move.REWORK: lambda e: _write(e, "case-reworked", unit=unit_name(e.case.lead_id)),
    Move.REOPEN: _reopened,
    Move.CLOSE: lambda e: _write(e, "case-closed"),
}


def on_joined(event: events.CaseJoined) -> None:
    """Each reporter is told that the matter is handled together with another."""
    letters = texts.letters("case-joined", event.case, texts.readers_of(event.appeals))
    if letters:
        send_many(letters, about=event.into.subject, at=event.at)


def on_split(event: events.CaseSplit) -> None:
    """Each reporter is told that the matter is handled by itself."""
    letters = texts.letters("case-parted", event.split_off, texts.readers_of(event.appeals))
    if letters:
        send_many(letters, about=event.split_off.subject, at=event.at)


def on_parted(event: events.MessageParted) -> None:
    """The reporter reads once which numbers the matters of the message have; an emergency among them rings at once."""
    told = "\n".join(f"{one.number}（{one.receipt}）：{one.case.title}" for one in event.parts)
    letters = texts.letters("case-matters", event.case, texts.readers_of([event.appeal]), told=told)
    if letters:
        send_many(letters, about=event.case.subject, at=event.at)
    for one in event.parts:
        if one.case.urgency == Urgency.EMERGENCY:
            heard = audience.of(one.case).over_all("case.dispatch", SUPERVISE)
            _tell(one.case, heard, _("An emergency"), f"emergency:{one.number}", event.at, _acting(event), urgent=True)


def _returned(event: events.CaseMoved) -> None:
    text = _("%(unit)s returns it: please review") % {"unit": event.data["unit"]}
    if event.data["proposes_whistle"]:
        text = _("Returned again: please review; a meeting of the units is proposed")
    heard = audience.of(event.case).over_all("case.review_return")
    _tell(event.case, heard, text, "returned", event.at, _acting(event))


def _to_unit(event: events.CaseMoved, text: str, *words: str, urgent: bool = False) -> None:
    case = event.case
    heard = audience.of(case, [case.lead_id]).within([case.lead_id], *(words or (WORK,)))
    _tell(case, heard, text, str(event.move), event.at, _acting(event), urgent)


def _extension(event: events.CaseMoved) -> None:
    case, at = event.case, event.at
    if event.data.get("asked"):
        found = audience.of(case, [case.lead_id])
        heard = found.over_all("case.extend.grant") | found.within([case.lead_id], "case.extend.grant")
        _tell(case, heard, _("More time is asked for: please decide"), "extension", at, _acting(event))
    elif event.data.get("asked_by"):
        text = _("The extension was granted") if event.data["granted"] else _("The extension was refused")
        _tell(case, {event.data["asked_by"]}, text, "extension", at, _acting(event))


def _whistled(event: events.CaseMoved) -> None:
    units = event.data["unit_ids"]
    heard = audience.of(event.case, units).within(units, WORK, SUPERVISE)
    text = _("Units called together: %(when)s, %(place)s") % {
        "when": moment(event.data["meeting_at"].isoformat()),
        "place": event.data["place"],
    }
    _tell(event.case, heard, text, "whistled", event.at, _acting(event), urgent=True)


def _resumed(event: events.CaseMoved) -> None:
    if event.by.kind == "system":
        _to_unit(event, _("The hold has ended: please go on"))


def _withdrawn(event: events.CaseMoved) -> None:
    case = event.case
    if case.lead_id is None:
        if not event.data["ended"]:
            heard = audience.of(case).over_all("case.dispatch")
            _tell(case, heard, _("A reporter takes the appeal back"), "withdrawn", event.at)
    else:
        _to_unit(event, _("A reporter takes the appeal back"))


LINES: dict[Move, Callable[[events.CaseMoved], None]] = {
    Move.RETURN: _returned,
    Move.REFUSE_RETURN: lambda e: _to_unit(e, _("The return was refused: please go on")),
    Move.EXTEND: _extension,
    Move.REMIND: lambda e: _to_unit(e, _("Reminder")),
    Move.SUPERVISE: lambda e: _to_unit(e, _("Under supervision"), WORK, SUPERVISE, urgent=True),
    Move.WHISTLE: _whistled,
    Move.REWORK: lambda e: _to_unit(e, _("Sent back: please do it better")),
    Move.RESUME: _resumed,
    Move.WITHDRAW: _withdrawn,
}


def on_part_ended(event: events.PartEnded) -> None:
    """The leading unit hears that an assisting unit is done, or excused."""
    case = event.case
    heard = {case.officer_id} if case.officer_id else audience.of(case, [case.lead_id]).within([case.lead_id], WORK)
    text = _("%(unit)s has finished its part") % {"unit": unit_name(event.unit_id)}
    _tell(case, heard, text, f"part:{event.unit_id}", event.at, _acting(event))


def on_words_added(event: events.WordsAdded) -> None:
    """The unit hears that a reporter added words."""
    case = event.case
    heard = {case.officer_id} if case.officer_id else audience.of(case, [case.lead_id]).within([case.lead_id], WORK)
    _tell(case, heard, _("The reporter added words"), f"words:{event.addition_id}", event.at, _acting(event))


def on_due(event: events.CaseDue) -> None:
    """Up the chain: officer, then the unit's head, then who watches over the office. Steps say nothing twice."""
    case = event.case
    found = audience.of(case, [case.lead_id])
    above = found.over_all(SUPERVISE)
    if event.step == "late":
        heard = above
    elif event.clock in ("triage", "review"):
        heard = found.over_all("case.dispatch" if event.clock == "triage" else "case.review_return")
    elif event.step == "warn":
        heard = {case.officer_id} if case.officer_id else found.within([case.lead_id], WORK)
    else:
        heard = found.within([case.lead_id], SUPERVISE) or found.within([case.lead_id], WORK) or above
    text = _("%(clock)s %(step)s") % {"clock": CLOCKS[event.clock], "step": STEPS[event.step]}
    kind = f"due:{event.clock}:{event.step}:{case.round}"
    _tell(case, heard, text, kind, event.at, urgent=event.step != "warn")
