"""Asking afterwards: opening callbacks, recording calls and ratings, and what follows from a refusal."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.cases import actions as cases
from chenyue.cases.events import CaseAnswered, CaseMoved
from chenyue.cases.lifecycle import Move, State
from chenyue.cases.models import Case
from chenyue.core import events, ids, office, rows, text
from chenyue.core.actors import SYSTEM, Actor
from chenyue.core.errors import Conflict, Refusal
from chenyue.followup import models, queries, rates, rules
from chenyue.followup.events import AnswerRated, AnswerRefused
from chenyue.followup.models import Attempt, Callback, Grade, LeftOut, Rating
from chenyue.timeline.actions import record
from chenyue.timeline.models import VisibleTo

MAX_WORDS = 2000
REASONS = ("slow", "not_done", "attitude", "not_clear", "came_back", "nobody_came", "other")


def open_callbacks(event: CaseAnswered) -> None:
    """Ask every reporter of an answered case, each by a link of their own. Listens to `CaseAnswered`."""
    case, at = event.case, event.at
    in_time = case.contact_due_at is None or (case.contacted_at or at) <= case.contact_due_at
    asked = [
        Callback(
            case=case,
            appeal=appeal,
            round=case.round,
            token=ids.token(),
            expires_at=at + timedelta(days=rules.LINK_DAYS),
            next_try_at=at + rules.FIRST_CALL_AFTER if queries.can_be_called(appeal) else None,
            contacted_in_time=in_time,
            created_at=at,
        )
        for appeal in event.appeals
    ]
    rows.insert_many(asked, ignore=True)
    event.links.update({callback.appeal_id: queries.link(callback) for callback in asked})


def follow_move(event: CaseMoved) -> None:
    """Let links die and refusals end when the case moves. Listens to `CaseMoved`."""
    case, at, move = event.case, event.at, Move(event.move)
    if move == Move.EXPLAIN:
        _end_refusals(case, models.Refusal.State.EXPLAINED, event.by, str(event.data.get("words", "")), at)
    elif move in (Move.REWORK, Move.REOPEN):
        Callback.objects.filter(case=case, state=Callback.State.OPEN).update(
            state=Callback.State.DEAD, ended_at=None, next_try_at=None
        )
        _end_refusals(case, models.Refusal.State.REOPENED, event.by, str(event.data.get("words", "")), at)


def _end_refusals(case: Case, state: str, by: Actor, words: str, at: datetime) -> None:
    models.Refusal.objects.filter(case=case, state=models.Refusal.State.OPEN).update(
        state=state, decided_by=by.user, words=words, decided_at=at
    )


@transaction.atomic
def rate(
    *,
    callback: Callback | None = None,
    token: str = "",
    grade: str,
    solved: bool | None,
    contacted: bool | None = None,
    reasons: Sequence[str] = (),
    words: str = "",
    by: Actor,
    at: datetime,
) -> Rating:
    """Write down what a reporter thinks of an answer: by their own link, or told to a member by telephone.

    A dissatisfied or unsolved rating opens a refusal that a person decides. Raises Refusal with the
    next step if the link is used, expired or overtaken, or if something is missing.
    """
    found = _lock(callback, token)
    if by.kind == "member":
        queries.require(by, "callback.make", found.case)
    _must_be_open(found, by, at)
    if grade not in Grade.values:
        raise Refusal(_("Choose one of the three grades."), field="grade")
    if solved is None:
        raise Refusal(_("Please say whether it is solved."), field="solved")
    words = text.clean(words)
    if len(words) > MAX_WORDS:
        raise Refusal(_("Please keep it under 2,000 characters."), field="words")
    rating = Rating.objects.create(
        callback=found,
        case=found.case,
        grade=grade,
        solved=solved,
        contacted=contacted,
        reasons=[reason for reason in REASONS if reason in reasons],
        words=words,
        member=by.user,
        at=at,
    )
    _end(found, Callback.State.RATED, at)
    data = {"grade": grade, "solved": solved, "appeal": found.appeal.number, "round": found.round}
    record(subject=found.subject, verb="followup.rated", by=by, at=at, data=data, visible_to=VisibleTo.UNIT)
    events.emit(AnswerRated(rating, by, at))
    if rules.refused(grade, solved):
        refusal = models.Refusal.objects.create(rating=rating, case=found.case, at=at)
        events.emit(AnswerRefused(refusal, at))
    return rating


def _lock(callback: Callback | None, token: str) -> Callback:
    by = Q(pk=callback.pk) if callback is not None else Q(token=token)
    found = Callback.objects.select_for_update(of=("self",)).select_related("case", "appeal").filter(by).first()
    if found is None:
        raise Refusal(_("This link isn't known here. Your receipt code shows the progress as well."), code="unknown")
    return found


def _must_be_open(callback: Callback, by: Actor, at: datetime) -> None:
    state = rules.link_state(callback, at)
    if state == "used":
        raise Conflict(_("This answer has been rated already. Thank you."))
    if state == "overtaken" or callback.case.state != State.ANSWERED:
        raise Conflict(_("The matter has moved on meanwhile. Look at its progress."))
    if state == "expired" and by.kind != "member":
        raise Refusal(_("This link has run out. Telephone us, or use your receipt code."), code="expired")


def _end(callback: Callback, state: str, at: datetime) -> None:
    callback.state, callback.ended_at, callback.next_try_at = state, at, None
    callback.save(
        update_fields=["state", "ended_at", "next_try_at", "excluded_reason", "excluded_words", "excluded_by"]
    )


@transaction.atomic
def record_attempt(*, callback: Callback, reached: bool, words: str, by: Actor, at: datetime) -> Callback:
    """Write down a call: whether the reporter was reached, and what was said.

    After the calls that the office's rule asks for, the callback counts as tried. If the reporter
    gave a grade, use `rate` instead; if they didn't want to, `exclude` with the reason.
    """
    queries.require(by, "callback.make", callback.case)
    found = _lock(callback, "")
    _must_be_open(found, by, at)
    words = text.clean(words)[:300]
    Attempt.objects.create(callback=found, member=by.user, reached=reached, words=words, at=at)
    found.tries += 1
    found.next_try_at = at + rules.TRY_AGAIN_AFTER
    found.save(update_fields=["tries", "next_try_at"])
    data = {"appeal": found.appeal.number, "reached": reached, "try": found.tries}
    record(subject=found.subject, verb="followup.called", by=by, at=at, data=data, visible_to=VisibleTo.UNIT)
    if not reached and rules.tried_enough(found.tries, try_rule()):
        _give_up(found, at)
    return found


def try_rule() -> rules.TryRule:
    """The office's rule: so many calls, or so many days for those who can't be called."""
    return rules.TryRule(tries=int(office.get("callback_tries")), days=int(office.get("callback_days")))


def _give_up(callback: Callback, at: datetime) -> None:
    callback.excluded_reason = LeftOut.UNREACHABLE
    _end(callback, Callback.State.TRIED, at)


@transaction.atomic
def exclude(*, callback: Callback, reason: str, words: str, by: Actor, at: datetime) -> Callback:
    """Leave a reporter out of the rates. The reason and who approved it are printed beside the figures."""
    queries.require(by, "callback.exclude", callback.case)
    found = _lock(callback, "")
    _must_be_open(found, by, at)
    words = text.clean(words)[:200]
    if reason not in LeftOut.values or reason == LeftOut.HISTORY:
        raise Refusal(_("Choose why this person is left out."), field="reason")
    if len(words) < rules.MIN_REASON:
        raise Refusal(_("Write in a few words why; it is shown beside the figures."), field="words")
    found.excluded_reason, found.excluded_words, found.excluded_by = reason, words, by.user
    _end(found, Callback.State.EXCLUDED, at)
    data = {"appeal": found.appeal.number, "reason": reason, "words": words}
    record(subject=found.subject, verb="followup.excluded", by=by, at=at, data=data, visible_to=VisibleTo.OFFICE)
    return found


def leave_out_history(*, case: Case, at: datetime) -> None:
    """Ask nobody about an answer of another time and office: no link was ever sent, so none may count as missed.

    The rates list these people with the reason; for an import only, in its own transaction.
    """
    Callback.objects.filter(case=case, state=Callback.State.OPEN).update(
        state=Callback.State.EXCLUDED, excluded_reason=LeftOut.HISTORY, ended_at=at, next_try_at=None
    )


def decide_refusal(*, refusal: models.Refusal, reopen: bool, words: str, by: Actor, at: datetime) -> Case:
    """Decide about an answer that was not taken: reopen the case, or explain why it stays.

    Goes through the case's own door, which asks for `case.reopen` or `case.review_answer`, and tells
    the reporter; `follow_move` then ends the refusal.
    """
    words = text.clean(words)
    if not words:
        raise Refusal(_("Say in a few words what follows; the resident reads it."), field="words")
    if refusal.state != models.Refusal.State.OPEN:
        raise Conflict()
    return cases.move(case=refusal.case, move=Move.REOPEN if reopen else Move.EXPLAIN, by=by, at=at, words=words)


def weigh(*, weight: int, at: datetime) -> None:
    """Say what 基本满意 counts as: w in (satisfied + w·basically). A change is a new version of the rate, from today.

    Older periods keep the version that was in force on their last day.
    """
    now = rates.definition("satisfaction", timezone.localdate(at))
    if now.parameters.get("basically_weight", 1) == weight:
        return
    newest = models.RateDefinition.objects.filter(code=now.code).order_by("-version")[:1].get()
    models.RateDefinition.objects.create(
        code=now.code,
        version=newest.version + 1,
        numerator=now.numerator,
        denominator=now.denominator,
        parameters=now.parameters | {"basically_weight": weight},
        rule_zh=re.sub(r"w = \d", f"w = {weight}", now.rule_zh),
        rule_en=re.sub(r"w = \d", f"w = {weight}", now.rule_en),
        source=now.source,
        since=timezone.localdate(at),
    )


def give_up_waiting(at: datetime) -> int:
    """Count as tried whoever can't be called and didn't use the link in time; returns how many."""
    before = at - timedelta(days=try_rule().days)
    return Callback.objects.filter(
        state=Callback.State.OPEN, next_try_at=None, created_at__lte=before, case__state=State.ANSWERED
    ).update(state=Callback.State.TRIED, excluded_reason=LeftOut.UNREACHABLE, ended_at=at, tries=F("tries"))


def close_finished(at: datetime, limit: int = 200) -> int:
    """Close answered cases whose reporters all answered or were tried; returns how many.

    A case that somebody moves at the same moment is left for the next round of the clock.
    """
    closed = 0
    for case in queries.ready_to_close()[:limit]:
        try:
            cases.move(case=case, move=Move.CLOSE, by=SYSTEM, at=at)
            closed += 1
        except Refusal:
            continue
    return closed
