"""Carrying out a proposal: terms end and begin in one transaction, if nothing changed meanwhile; and the way back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, Refusal
from chenyue.places.models import Place
from chenyue.stewards.lifecycle import EndReason, PlanState, StewardState, TermRole
from chenyue.stewards.models import Plan, Steward, Term
from chenyue.stewards.planning.asking import follow, locked
from chenyue.stewards.queries import day_of
from chenyue.stewards.terms import allowed, begin_term, end_term
from chenyue.timeline.actions import record


@dataclass(frozen=True)
class Step:
    """One change that is carried out."""

    place: Place
    term: Term | None  # that ends
    after: Steward


@transaction.atomic
def apply(*, plan: Plan, chosen: Collection[int], by: Actor, at: datetime) -> int:
    """Carry out the chosen changes (their numbers in the result, from 0). Gives how many.

    Everything or nothing: Conflict, naming the building, if somebody else answers for one of them by now; Refusal if
    a rule forbids one (a limit of buildings, say, when only a part is chosen).
    """
    allowed(by)
    row = locked(plan)
    follow(row, PlanState.APPLIED)
    changes = row.result["changes"]
    wanted = sorted(n for n in set(chosen) if 0 <= n < len(changes))
    if not wanted:
        raise Refusal(_("Choose at least one change."), field="changes")
    steps = _steps([changes[n] for n in wanted], at)
    gone = set(row.asks.get("leaving", ()))
    for step in steps:  # all end before any begins, so that an exchange doesn't run into a limit halfway
        if step.term is not None:
            reason = EndReason.RESIGNED if step.term.steward_id in gone else EndReason.BALANCED
            end_term(term=step.term, reason=reason, by=by, at=at)
    for step in steps:
        begin_term(steward=step.after, building=step.place, role=TermRole.MAIN, since=day_of(at), by=by, at=at)
    row.result["applied"] = wanted
    row.applied_at, row.applied_by = at, by.user if by.kind == "member" else None
    row.save(update_fields=["state", "result", "applied_at", "applied_by"])
    data = {"n": len(wanted), "of": len(changes)}
    record(subject=row.subject, verb="stewards.plan_applied", by=by, at=at, data=data)
    return len(wanted)


def _steps(changes: list[dict[str, int]], at: datetime) -> list[Step]:
    """The rows behind the changes, the buildings locked in one order; Conflict if one isn't as it was."""
    ids = sorted(change["building"] for change in changes)
    places = {p.pk: p for p in Place.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    rows = Term.objects.filter(building_id__in=ids, role=TermRole.MAIN, ended_at=None).select_related("steward")
    terms = {term.building_id: term for term in rows}
    people = {s.pk: s for s in Steward.objects.filter(pk__in=[change["after"] for change in changes])}
    steps = []
    for change in changes:
        place, term, after = places[change["building"]], terms.get(change["building"]), people.get(change["after"])
        if (term.steward_id if term else None) != change["before"] or (term and term.since > day_of(at)):
            now = term.steward.name if term else _("nobody")
            told = {"building": place.full_name, "name": now}
            words = _("%(building)s has changed hands meanwhile (now: %(name)s). Work the proposal out once more.")
            raise Conflict(words % told)
        if after is None or after.state == StewardState.ENDED:
            words = _("Whoever should take over %(building)s is no longer a steward. Work the proposal out once more.")
            raise Conflict(words % {"building": place.full_name})
        steps.append(Step(place, term, after))
    return steps


@transaction.atomic
def back(*, plan: Plan, by: Actor, at: datetime) -> Plan:
    """The way back as a proposal of its own: each building that was handed on to whom it came from, if they serve.

    Nothing changes until it is carried out like any other.
    """
    allowed(by)
    row = locked(plan)
    if row.state != PlanState.APPLIED:
        raise Conflict(_("This proposal has changed meanwhile. Look at how it stands now."))
    done = [row.result["changes"][n] for n in row.result["applied"]]
    serving = set(Steward.objects.exclude(state=StewardState.ENDED).values_list("pk", flat=True))
    changes = [
        {"building": c["building"], "before": c["after"], "after": c["before"], "why": [["back", {"plan": row.pk}]]}
        for c in done
        if c["before"] in serving
    ]
    if not changes:
        raise Refusal(_("Nobody from whom a building came serves any more: there is no way back."))
    new = Plan.objects.create(
        reason=row.reason, asks={"leaving": [], "within": None, "seconds": row.asks["seconds"], "back": row.pk},
        state=PlanState.READY, progress=100, result={"changes": changes, "vacant": [], "loads": [], "figures": {}},
        made_by=by.user if by.kind == "member" else None, made_at=at, finished_at=at,
    )  # fmt: skip
    record(subject=new.subject, verb="stewards.plan_back", by=by, at=at, data={"plan": row.pk})
    return new
