"""Root-cause projects: a small pain solved at its source, with owner, measure, target and a proof by the same count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.core import ids
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.insight import counting
from chenyue.insight.counting import Rule
from chenyue.insight.deciding import RUNNING, manager, subject_of
from chenyue.insight.lifecycle import ROOT_MOVES, PainState, RootState
from chenyue.insight.models import Pain, RootProject
from chenyue.people.models import Member, Unit
from chenyue.people.rules import may
from chenyue.timeline.actions import Draft, record_many

SHORTEST, LONGEST = 14, 730  # days of a stretch before
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Plan:
    """What a project is to be; the words as typed."""

    title: str
    unit: Unit
    owner: Member | None
    cause: str
    measure: str
    before_from: date
    before_until: date
    target: int
    due_on: date
    rule: Rule
    cost: int | None = None  # fen
    works: str = ""


def may_run(member: Member | None, project: RootProject) -> bool:
    """Whoever decides about pains, and the project's own owner."""
    return member is not None and (project.owner_id == member.pk or may(member, "insight.manage"))


@transaction.atomic
def make(*, plan: Plan, by: Actor, at: datetime, pain: Pain | None = None) -> RootProject:
    """Begin a project, of a finding or by hand. Raises Refusal at its field, Conflict where one is under way."""
    member = manager(by)
    held = Pain.objects.select_for_update(of=("self",)).get(pk=pain.pk) if pain else None
    if held and RootProject.objects.filter(pain=held, state__in=RUNNING).exists():
        raise Conflict(_("Somebody has begun a project about it already."))
    row = RootProject(number=_number(at), pain=held, made_at=at, made_by=member)
    _fill(row, plan, at)
    row.save()
    drafts = [Draft(row.subject, "root.made", {"count": row.before_count, "target": row.target})]
    if held:
        held.state, held.version = PainState.PROJECT, held.version + 1
        held.decided_by, held.decided_at, held.decided_count = member, at, held.count
        held.save()
        drafts.append(Draft(subject_of(held), "pain.project", {"number": row.number}))
    record_many(drafts, by=by, at=at)
    return row


def change(*, project: RootProject, plan: Plan, by: Actor, at: datetime, version: int | None = None) -> RootProject:
    """Change it while it is worked on: afterwards the rule of counting stands."""
    with transaction.atomic():
        row = locked(project, by, version)
        if row.state != RootState.OPEN:
            raise Conflict(_("It is being counted: what it is held to can't be changed any more."))
        held_to = (row.target, row.before_from, row.before_until, row.counted)
        _fill(row, plan, at)
        same = held_to == (row.target, row.before_from, row.before_until, row.counted)
        verb = "root.changed" if same else "root.held_to"
        return saved(row, verb, by, at, count=row.before_count, target=row.target)


def _fill(row: RootProject, plan: Plan, at: datetime) -> None:
    _possible(plan, timezone.localtime(at).date())
    row.title, row.unit, row.owner = plan.title[:120], plan.unit, plan.owner
    row.cause, row.measure, row.target, row.due_on = plan.cause, plan.measure, plan.target, plan.due_on
    row.before_from, row.before_until, row.counted = plan.before_from, plan.before_until, plan.rule.kept()
    row.place_id, row.category_id = plan.rule.place, plan.rule.category
    row.cost, row.works = plan.cost, plan.works
    row.before_count = counting.count(plan.rule, plan.before_from, plan.before_until)
    if plan.target >= row.before_count:
        said = _("There were %(n)d in these days. The target must lie below that.") % {"n": row.before_count}
        raise Refusal(said, field="target", code="target")


def _possible(plan: Plan, today: date) -> None:
    length = (plan.before_until - plan.before_from).days + 1
    if length < 1:
        raise Refusal(_("The last day lies before the first."), field="before_until")
    if plan.before_until > today:
        raise Refusal(_("These days aren't over yet."), field="before_until")
    if not SHORTEST <= length <= LONGEST:
        said = _("Choose between %(least)d and %(most)d days.") % {"least": SHORTEST, "most": LONGEST}
        raise Refusal(said, field="before_from")
    if plan.rule.empty():
        raise Refusal(_("Say what counts as “again”: a place, a category or words."), field="category")


def _number(at: datetime) -> str:
    year = timezone.localtime(at).year
    return f"R{year}-{ids.next_value(f'root:{year}'):04d}"


def locked(project: RootProject, by: Actor, version: int | None = None) -> RootProject:
    """The row, locked. Raises NotFound, NotAllowed, Conflict for a stale form."""
    row = RootProject.objects.select_for_update(of=("self",)).filter(pk=project.pk).first()
    if row is None:
        raise NotFound
    if not may_run(by.user if isinstance(by.user, Member) else None, row):
        raise NotAllowed
    if version is not None and version != row.version:
        raise Conflict
    return row


def saved(row: RootProject, verb: str, by: Actor, at: datetime, **data: Any) -> RootProject:
    """Count its version and write the act down; within the caller's transaction."""
    row.version += 1
    row.save()
    record_many([Draft(row.subject, verb, data)], by=by, at=at)
    return row


def moved(row: RootProject, to: str) -> None:
    """Raises Conflict where the state doesn't lead there (any more)."""
    if to not in ROOT_MOVES[row.state]:
        raise Conflict
    row.state = RootState(to)


def length_of(row: RootProject) -> int:
    """Days of the stretch before: the one after is as long."""
    return (row.before_until - row.before_from).days + 1


@transaction.atomic
def done(*, project: RootProject, on: date, by: Actor, at: datetime) -> RootProject:
    """What was to be done is done: from the next day it is counted, for as long as before."""
    row = locked(project, by)
    if on > timezone.localtime(at).date():
        raise Refusal(_("That day hasn't come yet."), field="done_on")
    if on < row.before_until:
        raise Refusal(_("It can't have been done before the stretch that it is held against ended."), field="done_on")
    if not row.measure.strip():
        raise Refusal(_("Write down first what was done about it."), field="done_on", code="measure")
    moved(row, RootState.PROVING)
    row.done_on, row.after_count, row.proof = on, None, {}
    row.count_on = on + DAY * (length_of(row) + 1)
    return saved(row, "root.done", by, at, on=on.isoformat(), count_on=row.count_on.isoformat())


@transaction.atomic
def stop(*, project: RootProject, reason: str, by: Actor, at: datetime) -> RootProject:
    """Give it up, with the reason."""
    row = locked(project, by)
    if not reason.strip():
        raise Refusal(_("Say why it is given up."), field="reason", code="required")
    if row.state == RootState.PROVING:
        moved(row, RootState.OPEN)
    moved(row, RootState.STOPPED)
    row.count_on, row.reason = None, reason.strip()[:300]
    return saved(row, "root.stopped", by, at, words=row.reason)


@transaction.atomic
def reopen(*, project: RootProject, reason: str, by: Actor, at: datetime) -> RootProject:
    """Work on it again: what was done didn't help, or wasn't all."""
    row = locked(project, by)
    if not reason.strip():
        raise Refusal(_("Say why it is worked on again."), field="reason", code="required")
    moved(row, RootState.OPEN)
    row.done_on, row.after_count, row.count_on, row.proved_at, row.proof = None, None, None, None, {}
    row.reason = reason.strip()[:300]
    return saved(row, "root.reopened", by, at, words=row.reason)


def uploads_of(row: RootProject, stage: str | None = None) -> Sequence[dict[str, Any]]:
    """Its photographs, in the order in which they came."""
    return [file for file in row.files if stage in (None, file["stage"])]
