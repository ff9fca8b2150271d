"""A steward is away for some days, stops, or is back."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from chenyue.core import snapshots
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, Refusal
from chenyue.stewards import notices
from chenyue.stewards.lifecycle import EndReason, StewardState, TermRole
from chenyue.stewards.models import HandOver, Steward, Term
from chenyue.stewards.queries import RECORD, day_of, on_day
from chenyue.stewards.terms import AHEAD, LONGEST_WORDS, allowed, begin_term, end_term
from chenyue.timeline.actions import record

By = Steward | Mapping[int, Steward] | None


@transaction.atomic
def substitute(
    *, steward: Steward, by_whom: By, since: date, until: date, by: Actor, at: datetime, words: str = ""
) -> list[Term]:
    """Others stand in at all buildings of a steward from a day to a day, in one step; the terms that began.

    `by_whom` is one for all, one for each building (by its id), or None: each building's deputy. Nothing is written
    unless each building has somebody. On the last day's end everything is as before, by itself.
    """
    allowed(by)
    steward = _locked(steward)
    if steward.state == StewardState.ENDED:
        raise Refusal(_("%(name)s is no longer a steward.") % {"name": steward.name}, field="since")
    own = list(steward.terms.filter(role=TermRole.MAIN, ended_at=None).select_related("building").order_by("building"))
    if not own:
        raise Refusal(_("%(name)s has no building.") % {"name": steward.name}, field="by_whom")
    standing = {term.building_id: _who(by_whom, term) for term in own}
    _check_there(steward, standing.values(), since, until)
    begun = [
        begin_term(
            steward=standing[term.building_id], building=term.building, role=TermRole.SUBSTITUTE,
            since=since, until=until, by=by, at=at,
        )
        for term in own
    ]  # fmt: skip
    data: dict[str, object] = {"since": since.isoformat(), "until": until.isoformat(), "buildings": len(begun)}
    data |= {"words": words[:LONGEST_WORDS]} if words else {}
    record(subject=steward.subject, verb="steward.away", by=by, at=at, data=data)
    if since <= day_of(at):
        _set_state(steward, StewardState.AWAY)
    return begun


def _who(by_whom: By, term: Term) -> Steward:
    """Who stands in at a building."""
    if isinstance(by_whom, Steward):
        return by_whom
    if by_whom is not None:
        found = by_whom.get(term.building_id)
    else:
        rows = Term.objects.filter(building_id=term.building_id, role=TermRole.DEPUTY, ended_at=None)
        deputy = rows.select_related("steward").first()
        found = deputy.steward if deputy else None
    if found is None:
        sentence = _("%(building)s has no deputy. Choose who stands in.")
        raise Refusal(sentence % {"building": term.building.full_name}, field="by_whom")
    return found


def _check_there(steward: Steward, standing: object, since: date, until: date) -> None:
    """Nobody stands in for themselves, or while away themselves."""
    for other in set(standing):  # type: ignore[call-overload]
        if other.pk == steward.pk:
            raise Refusal(_("Nobody can stand in for themselves."), field="by_whom")
        rows = Term.objects.filter(role=TermRole.SUBSTITUTE, ended_at=None, since__lte=until, until__gte=since)
        if rows.filter(building__in=_own_buildings(other)).exists():
            raise Refusal(_("%(name)s is away in these days too.") % {"name": other.name}, field="by_whom")


def _own_buildings(steward: Steward) -> list[int]:
    rows = steward.terms.filter(role=TermRole.MAIN, ended_at=None)
    return list(rows.order_by("building_id").values_list("building_id", flat=True))


@transaction.atomic
def leave(
    *, steward: Steward, reason: str, by: Actor, at: datetime, on: date | None = None, words: str = ""
) -> list[HandOver]:
    """A steward stops after the day `on` (default: today): all terms end then; what each building hands over.

    Cases that are open stay open, with their history; only the steward's view of them ends.
    """
    allowed(by)
    steward = _locked(steward)
    if steward.state == StewardState.ENDED:
        raise Conflict(_("%(name)s has stopped already.") % {"name": steward.name})
    if reason not in EndReason.values:
        raise Refusal(_("Choose why."), field="reason")
    today = day_of(at)
    on = on or today
    if on > today + AHEAD:
        raise Refusal(_("That is more than a year ahead."), field="on")
    if on < today:
        raise Refusal(_("This day is over."), field="on")
    opened = []
    for term in steward.terms.filter(ended_at=None).order_by("building_id", "pk"):
        day = on if term.until is None else min(on, term.until)
        found = end_term(term=term, reason=reason, words=words, on=day, by=by, at=at)
        opened += [found] if found else []
    steward.ended_on, steward.end_reason = on, reason
    if reason == EndReason.MOVED and steward.moved_on is None:
        steward.moved_on = on
    if on <= today:
        steward.state = StewardState.ENDED
    steward.version += 1
    steward.save(update_fields=["ended_on", "end_reason", "moved_on", "state", "version"])
    data = {"day": on.isoformat(), "reason": reason} | ({"words": words[:LONGEST_WORDS]} if words else {})
    record(subject=steward.subject, verb="steward.left", by=by, at=at, data=data)
    return opened


@transaction.atomic
def come_back(*, steward: Steward, by: Actor, at: datetime) -> Steward:
    """Back from an absence: the substitutions end today. Who has stopped may go on, without a building at first;
    who only meant to stop keeps theirs.
    """
    allowed(by)
    steward = _locked(steward)
    if steward.state == StewardState.ACTIVE and steward.ended_on is None and not substitutes(steward).exists():
        raise Conflict(_("%(name)s is here already.") % {"name": steward.name})
    for term in substitutes(steward):
        end_term(term=term, reason=EndReason.BACK, by=by, at=at)
    meant = Term.objects.filter(steward=steward, ended_at=None, until=steward.ended_on).exclude(end_reason="")
    planned = list(meant.exclude(role=TermRole.SUBSTITUTE).values_list("pk", flat=True))
    HandOver.objects.filter(ended__in=planned).delete()
    Term.objects.filter(pk__in=planned).update(until=None, end_reason="")
    snapshots.bump(RECORD)
    gone = steward.ended_on is not None
    steward.state, steward.ended_on, steward.end_reason = StewardState.ACTIVE, None, ""
    steward.version += 1
    steward.save(update_fields=["state", "ended_on", "end_reason", "version"])
    record(subject=steward.subject, verb="steward.returned" if gone else "steward.back", by=by, at=at)
    return steward


def substitutes(steward: Steward) -> QuerySet[Term]:
    """Open terms of those who stand in, or are going to, at a steward's buildings."""
    rows = Term.objects.filter(role=TermRole.SUBSTITUTE, ended_at=None, building__in=_own_buildings(steward))
    return rows.select_related("steward", "building").order_by("building_id", "since", "pk")


def settle_states(at: datetime) -> int:
    """Who is away is shown as away, who is back as active, who meant to stop has stopped; how many changed."""
    today, changed = day_of(at), 0
    standing = Term.objects.filter(on_day(today), role=TermRole.SUBSTITUTE, ended_at=None).values("building_id")
    covered = Term.objects.filter(role=TermRole.MAIN, ended_at=None, building_id__in=standing).values("steward_id")
    Rows = Steward.objects
    changed += Rows.filter(state=StewardState.ACTIVE, pk__in=covered).update(state=StewardState.AWAY)
    for steward in Rows.filter(state=StewardState.AWAY).exclude(pk__in=covered).order_by("pk"):
        if Rows.filter(pk=steward.pk, state=StewardState.AWAY).update(state=StewardState.ACTIVE):
            notices.back(steward, at)
            changed += 1
    left = Exists(Term.objects.filter(steward=OuterRef("pk"), ended_at=None))
    done = Rows.exclude(state=StewardState.ENDED).filter(~left, ended_on__lt=today).values_list("pk", flat=True)
    changed += Rows.filter(pk__in=list(done)).update(state=StewardState.ENDED)
    return changed


def _locked(steward: Steward) -> Steward:
    return Steward.objects.select_for_update().get(pk=steward.pk)


def _set_state(steward: Steward, state: StewardState) -> None:
    Steward.objects.filter(pk=steward.pk).update(state=state)
