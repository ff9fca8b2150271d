"""From a draft to who is really on duty: turns, notices, and the timeline."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.reception.lifecycle import PlanState, SittingState
from chenyue.reception.models import Plan, RosterPerson, Shift, Sitting
from chenyue.reception.rostering import drafts, notices, swaps
from chenyue.reception.rostering.planning import allowed, hold, locked, move
from chenyue.timeline.actions import Draft, record_many


@dataclass
class Difference:
    """What publishing would change: turns by sitting, of those who are planned and those who were."""

    added: list[tuple[Sitting, int, bool]] = field(default_factory=list)  # sitting, person id, lead
    gone: list[Shift] = field(default_factory=list)
    kept: int = 0
    fresh: list[Sitting] = field(default_factory=list)  # not published before


def difference(plan: Plan, at: datetime) -> Difference:
    """Compare a draft with what stands at sittings that are planned and haven't begun. Two statements."""
    rows = Sitting.objects.filter(day__range=(plan.first, plan.last), state=SittingState.PLANNED, starts_at__gt=at)
    found = Difference()
    standing: dict[int, list[Shift]] = defaultdict(list)
    shifts = Shift.objects.filter(sitting__in=rows).select_related("sitting__venue", "person__member").order_by("pk")
    for shift in shifts:
        standing[shift.sitting_id].append(shift)
    for sitting in rows.select_related("venue").order_by("starts_at", "pk"):
        _compare(sitting, plan.draft.get(str(sitting.pk), []), standing[sitting.pk], found)
        if sitting.published_at is None:
            found.fresh.append(sitting)
    return found


def _compare(sitting: Sitting, wanted: list[list[int]], standing: list[Shift], found: Difference) -> None:
    """Somebody who was absent and is planned here anew gets the turn back; other absences stay as they are known."""
    planned = {int(person): bool(lead) for person, lead in wanted}
    here = {shift.person_id: shift for shift in standing}
    for shift in standing:
        returns = shift.absent_at is not None and shift.person_id in planned
        if returns or (shift.absent_at is None and planned.get(shift.person_id) != shift.lead):
            found.gone.append(shift)
        elif shift.absent_at is None:
            found.kept += 1
    for person, lead in planned.items():
        old = here.get(person)
        if old is None or old.absent_at is not None or old.lead != lead:
            found.added.append((sitting, person, lead))


@transaction.atomic
def publish(*, plan: Plan, by: Actor, at: datetime, although: bool = False, version: int | None = None) -> Difference:
    """Make the draft hold: turns are written, those concerned are told, and residents' pages show who receives.

    A draft that breaks rules is published only with `although`; how many it broke is written down. Sittings that have
    begun stay as they were. Raises Conflict when somebody changed the draft since `version`.
    """
    allowed(by)
    row = locked(plan, version)
    move(row, PlanState.PUBLISHED)
    hold(Sitting.objects.filter(day__range=(row.first, row.last)))
    troubles = drafts.Judge.of(row, at).troubles()
    if troubles and not although:
        raise Refusal(
            _("This roster breaks rules. Read them, and tick that it is to be published although."), field="although"
        )
    found = difference(row, at)
    _write(found, row, at)
    row.published_at = at
    row.version += 1
    row.save(update_fields=["state", "published_at", "version"])
    data = {
        "first": row.first.isoformat(), "last": row.last.isoformat(), "turns": found.kept + len(found.added),
        "added": len(found.added), "gone": len(found.gone), "broken": len(troubles),
    }  # fmt: skip
    record_many([Draft(row.subject, "roster.published", data), *_of_sittings(found)], by=by, at=at)
    _tell(found, row, at)
    return found


def _write(found: Difference, plan: Plan, at: datetime) -> None:
    pins = {(sitting, person) for sitting, person in plan.pins}
    swaps.void([shift.pk for shift in found.gone], at)
    Shift.objects.filter(pk__in=[shift.pk for shift in found.gone]).delete()
    source = "hand" if plan.progress.get("method") == "hand" else "plan"
    Shift.objects.bulk_create(
        Shift(sitting=sitting, person_id=person, lead=lead, source=source, pinned=(sitting.pk, person) in pins)
        for sitting, person, lead in found.added
    )
    inside = Shift.objects.filter(sitting__day__range=(plan.first, plan.last), absent_at=None)
    if pins:
        keep = [pk for pk, *pair in inside.values_list("pk", "sitting_id", "person_id") if tuple(pair) in pins]
        Shift.objects.filter(pk__in=keep, pinned=False).update(pinned=True)
        inside.exclude(pk__in=keep).filter(pinned=True).update(pinned=False)
    else:
        inside.filter(pinned=True).update(pinned=False)
    rows = Sitting.objects.filter(pk__in=[sitting.pk for sitting in found.fresh])
    rows.update(published_at=at)


def _of_sittings(found: Difference) -> Iterable[Draft]:
    """An entry for each sitting whose published names changed."""
    fresh = {sitting.pk for sitting in found.fresh}
    names = dict(RosterPerson.objects.filter(pk__in={p for _s, p, _l in found.added}).values_list("pk", "member__name"))
    changed: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for sitting, person, _lead in found.added:
        if sitting.pk not in fresh:
            changed[sitting.subject][0].append(names[person])
    for shift in found.gone:
        if shift.sitting_id not in fresh:
            changed[shift.sitting.subject][1].append(shift.person.member.name)
    for subject, (added, gone) in changed.items():
        yield Draft(subject, "sitting.staff_changed", {"added": added, "gone": gone})


def _tell(found: Difference, plan: Plan, at: datetime) -> None:
    """One line for each person: how many turns are new, and which were taken away."""
    more: dict[int, list[Sitting]] = defaultdict(list)
    less: dict[int, list[Sitting]] = defaultdict(list)
    for sitting, person, _lead in found.added:
        more[person].append(sitting)
    for shift in found.gone:
        less[shift.person_id].append(shift.sitting)
    for person in [*more, *less]:  # moved between leading and assisting at one sitting is no news of a turn
        both = {s.pk for s in more[person]} & {s.pk for s in less[person]}
        more[person] = [s for s in more[person] if s.pk not in both]
        less[person] = [s for s in less[person] if s.pk not in both]
    people = {p.pk: p for p in RosterPerson.objects.filter(pk__in=[*more, *less]).select_related("member")}
    for pk, told in sorted(people.items()):
        if more[pk] or less[pk]:
            notices.tell_published(told, more[pk], less[pk], plan, at)
