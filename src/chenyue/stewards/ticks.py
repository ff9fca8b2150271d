"""What happens by itself: terms begin and end, who is away comes back, and what runs out is said in time."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from chenyue.core import office
from chenyue.core.actors import SYSTEM
from chenyue.core.ticks import every
from chenyue.stewards import notices, rules
from chenyue.stewards.absences import settle_states
from chenyue.stewards.lifecycle import EndReason, StewardState, TermRole
from chenyue.stewards.models import HandOver, Term
from chenyue.stewards.queries import day_of, heard_of, open_terms
from chenyue.stewards.terms import close, give

BATCH = 200  # terms in one turn; the rest waits for the next minute
RECEIVE_WITHIN = timedelta(days=3)  # a hand-over that nobody received by then is reminded of
log = logging.getLogger(__name__)


@every(60, "stewards.terms")
def turn(at: datetime) -> int:
    """Terms whose first day has come open what they let see; those whose last day is over end. How many."""
    today = day_of(at)
    open_ = Term.objects.filter(ended_at=None)
    over = list(open_.filter(until__lt=today).order_by("until", "pk").values_list("pk", flat=True)[:BATCH])
    rows = open_.filter(since__lte=today, grant=None, steward__member__is_active=True).exclude(pk__in=over)
    due = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
    done = sum(_one(pk, at, over=True) for pk in over) + sum(_one(pk, at, over=False) for pk in due)
    return done + settle_states(at)


def _one(pk: int, at: datetime, over: bool) -> bool:
    """One term, locked and asked again. One that fails is logged and doesn't hold up the others."""
    try:
        with transaction.atomic():
            rows = Term.objects.select_for_update(of=("self",)).filter(pk=pk, ended_at=None)
            term = rows.select_related("steward__member", "building", "grant").first()
            if term is None:
                return False
            if over and term.until is not None and term.until < day_of(at):
                _expire(term, at)
            elif not over and term.grant_id is None:
                give(term, SYSTEM, at)
            return True
    except Exception:
        log.exception("term %s failed", pk)
        return False


def _expire(term: Term, at: datetime) -> None:
    assert term.until is not None
    usual = EndReason.BACK if term.role == TermRole.SUBSTITUTE else EndReason.EXPIRED
    close(term, term.end_reason or usual, term.until, SYSTEM, at)
    notices.ended(term, at)
    if term.role == TermRole.MAIN:
        HandOver.objects.get_or_create(ended=term, defaults={"building": term.building, "made_at": at})
        notices.vacant(term, at)


@every(3600, "stewards.reminders")
def remind(at: datetime) -> int:
    """Say what runs out: terms that end soon, stewards of whom nothing is heard, hand-overs nobody received."""
    said = _ending(at) + _quiet(at)
    rows = HandOver.objects.filter(begun__isnull=False, acknowledged_at=None, made_at__lt=at - RECEIVE_WITHIN)
    for row in rows.filter(begun__ended_at=None).select_related("building", "begun__steward").order_by("pk")[:BATCH]:
        notices.not_received(row, at)
        said += 1
    return said


def _ending(at: datetime) -> int:
    """Each term once for each last day that it is given: the notice's key says so."""
    today = day_of(at)
    soon = today + timedelta(days=office.get("steward_remind_days"))
    rows = Term.objects.filter(ended_at=None, role=TermRole.MAIN, until__range=(today, soon))
    found = list(rows.select_related("steward", "building").order_by("until", "pk")[:BATCH])
    for term in found:
        if term.until is not None:
            notices.ending(term, term.until, at)
    return len(found)


def _quiet(at: datetime) -> int:
    """Active stewards with a building, silent for longer than the office allows."""
    day, days, silent = day_of(at), office.get("steward_inactive_days"), {}
    rows = open_terms(day).filter(role=TermRole.MAIN, steward__state=StewardState.ACTIVE)
    for term in rows:
        seen, since = heard_of(term)
        if rules.is_inactive(seen, since, day, days):
            silent[term.steward_id] = (term.steward, max(seen or since, since))
    for steward, since in silent.values():
        notices.quiet(steward, since, at)
    return len(silent)
