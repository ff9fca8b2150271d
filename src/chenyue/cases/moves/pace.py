"""Moves that change the pace: suspend, resume, extend, remind, supervise, whistle."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from chenyue.cases import clock
from chenyue.cases.models import Extension, Pause
from chenyue.cases.moves.base import Act, later, optional, unit_names, usable_unit
from chenyue.cases.moves.base import words as said
from chenyue.core.errors import Conflict, Refusal

LONGEST_PAUSE = timedelta(days=366)


def suspend(act: Act, *, reason: str, until: datetime) -> None:
    """挂起: the clock stands still for a stated reason until a date; both sides see it."""
    case = act.case
    reason = said(reason, "reason", 200)
    if later(until, act.at, "until") > act.at + LONGEST_PAUSE:
        raise Refusal(_("A case can be put on hold for one year at most."), field="until", code="too_long")
    Pause.objects.create(
        case=case, round=case.round, reason=reason, starts_at=act.at, until=until, approved_by=act.member
    )
    case.waiting_reason, case.waiting_until = reason, until
    act.enter()
    clock.recompute(case, act.pauses(), act.granted)
    act.tell("case.on_hold", words=reason, until=until, due=case.resolve_due_at)
    act.data |= {"reason": reason, "until": until}


def resume(act: Act) -> None:
    """The clock goes on. By the system: from the promised date, even if the machine was off then."""
    wake(act)
    act.enter()


def wake(act: Act) -> None:
    """End the pause; the move itself says to which state the case goes."""
    case = act.case
    pauses = act.pauses()
    for pause in pauses:
        if pause.ended_at is None:
            pause.ended_at = min(act.at, pause.until) if act.by.kind == "system" else act.at
            pause.save(update_fields=["ended_at"])
    case.waiting_reason, case.waiting_until = "", None
    clock.recompute(case, pauses, act.granted)
    act.tell("case.resumed", due=case.resolve_due_at)


def extend(
    act: Act, *, reason: str = "", new_due_at: datetime | None = None, decision: str = "", words: str = ""
) -> None:
    """延期: asked for with a reason; granted or refused by another person; the reporters are told."""
    if decision:
        _decide(act, decision, words)
    elif act.open_extension is not None and act.open_extension.round == act.case.round:
        raise Conflict(_("More time has been asked for already. Wait for the decision."))
    else:
        _ask(act, reason, new_due_at)


def _ask(act: Act, reason: str, new_due_at: datetime | None) -> None:
    case = act.case
    reason = said(reason, "reason", 300)
    if new_due_at is None:
        raise Refusal(_("Say until when."), field="new_due_at", code="empty")
    if case.resolve_due_at and new_due_at <= case.resolve_due_at:
        raise Refusal(_("The new date must be later than the promised one."), field="new_due_at", code="past")
    later(new_due_at, act.at, "new_due_at")
    if act.open_extension is not None:  # left over from a round that has ended
        act.open_extension.state = Extension.State.LAPSED
        act.open_extension.decided_at = act.at
        act.open_extension.save(update_fields=["state", "decided_at"])
    act.open_extension = Extension.objects.create(
        case=case,
        round=case.round,
        reason=reason,
        was_due_at=case.resolve_due_at,
        new_due_at=new_due_at,
        asked_by=act.member,
        asked_at=act.at,
    )
    act.say("case.extension_asked", words=reason, until=new_due_at)
    act.data |= {"asked": True, "reason": reason, "until": new_due_at}


def _decide(act: Act, decision: str, words: str) -> None:
    case, found = act.case, act.open_extension
    if found is None or found.round != case.round:
        raise Conflict(_("There is no request for more time. Someone else may have decided it."))
    if decision not in ("grant", "refuse"):
        raise Refusal(_("Choose a decision."), field="decision", code="decision")
    grant = decision == "grant"
    found.state = Extension.State.GRANTED if grant else Extension.State.REFUSED
    found.decided_by, found.decided_at = act.member, act.at
    found.decision_words = optional(words, "words", 300)
    if grant:
        later(found.new_due_at, act.at, "decision")
        case.resolve_due_at = found.new_due_at
        act.tell("case.extended", words=found.reason, until=found.new_due_at)
    else:
        found.decision_words = said(words, "words", 300)
    act.say("case.extension_granted" if grant else "case.extension_refused", words=found.decision_words)
    found.save(update_fields=["state", "decided_by", "decided_at", "decision_words"])
    act.data |= {"granted": grant, "reason": found.reason, "until": found.new_due_at, "asked_by": found.asked_by_id}


def remind(act: Act, *, words: str) -> None:
    """催办: a first push."""
    _push(act, "case.reminded", words)


def supervise(act: Act, *, words: str) -> None:
    """督办: a push that the unit's head answers for."""
    _push(act, "case.supervised", words)


def _push(act: Act, verb: str, words: str) -> None:
    act.data["words"] = said(words, "words", 500)
    act.say(verb, words=act.data["words"])


def whistle(act: Act, *, words: str, meeting_at: datetime, place: str, unit_ids: Iterable[int] | None = None) -> None:
    """吹哨: calls the units together, at a time and a place; further units may be called besides."""
    reason, place = said(words, "words", 500), said(place, "place", 120)
    later(meeting_at, act.at, "meeting_at")
    called = dict.fromkeys(a.unit_id for a in act.assignments)
    called |= dict.fromkeys(usable_unit(pk, "unit_ids", act.case) for pk in unit_ids or ())
    if not called:
        raise Refusal(_("Choose the units to call."), field="unit_ids", code="units")
    act.data |= {"words": reason, "meeting_at": meeting_at, "place": place, "unit_ids": list(called)}
    act.say("case.whistled", words=reason, meeting=meeting_at, place=place, units=unit_names(called))
