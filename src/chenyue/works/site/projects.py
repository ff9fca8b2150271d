"""Changing a project itself: what it is, in which state, and when residents may read it."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chenyue.core import ids, office, snapshots
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, Refusal
from chenyue.places.models import Place
from chenyue.timeline.actions import record
from chenyue.timeline.models import VisibleTo
from chenyue.workdays.spans import Span
from chenyue.works import seeing
from chenyue.works.lifecycle import MOVES, DefectState, ProjectState
from chenyue.works.models import Defect, Phase, Project
from chenyue.works.site import calendar, permits

DETAILS = (
    "title", "contractor_id", "supervisor_id", "owner_unit_id", "manager_id", "phone", "what", "why", "rule_id",
    "matter", "noise_hours", "stop_notice_hours", "starts_on", "ends_on", "stale_days", "answer_within",
    "defect_within", "buildings",
)  # fmt: skip
ORDER = ("planned", "asking", "shown", "building", "acceptance", "closed")


@transaction.atomic
def save_project(
    *,
    details: Mapping[str, Any],
    estates: Collection[int],
    by: Actor,
    at: datetime,
    project: Project | None = None,
    version: int | None = None,
) -> Project:
    """Add a project, or change one; `details` are names of `DETAILS`. `version` is the one that was read.

    Raises Refusal at its field, Conflict when somebody changed it meanwhile.
    """  # fmt: skip
    permits.only(permits.manages(by))
    row = Project.objects.select_for_update(of=("self",)).get(pk=project.pk) if project else Project()
    if project and version is not None and row.version != version:
        raise Conflict
    known = list(Place.objects.filter(pk__in=estates, kind="estate", active=True).order_by("pk"))
    _possible(details, known)
    for name in DETAILS:
        if name in details:
            setattr(row, name, details[name])
    communities = {estate.community_id for estate in known}
    row.community_id = communities.pop() if len(communities) == 1 else None
    if project is None:
        year = timezone.localtime(at).year
        row.number = f"W{year}-{ids.next_value(f'project:{year}'):04d}"
        row.made_at, row.made_by = at, by.user
    else:
        row.version += 1
    row.save()
    row.estates.set(known)
    verb = "works.project_changed" if project else "works.project_added"
    record(subject=row.subject, verb=verb, by=by, at=at, data={"title": row.title})
    return row


def _possible(details: Mapping[str, Any], estates: list[Place]) -> None:
    if not estates:
        raise Refusal(_("Choose the estate that is renewed."), field="estates", code="required")
    starts, ends = details.get("starts_on"), details.get("ends_on")
    if starts and ends and ends < starts:
        raise Refusal(_("The last day lies before the first."), field="ends_on")
    within = {estate.pk for estate in estates}
    chosen = details.get("buildings") or []
    if chosen and Place.objects.filter(pk__in=chosen, kind="building", estate_id__in=within).count() != len(chosen):
        raise Refusal(_("One of these buildings doesn't lie in the estate."), field="buildings")
    for name in ("answer_within", "defect_within"):
        try:
            Span.parse(str(details.get(name) or "5wd"))
        except Refusal as wrong:
            raise Refusal(wrong.sentence, field=name, code="bad_span") from wrong
    if details.get("rule_id") and not details.get("matter"):
        raise Refusal(_("Say which matter of the rule it is."), field="matter", code="required")


@transaction.atomic
def move_project(*, project: Project, to: str, by: Actor, at: datetime, reason: str = "") -> Project:
    """Bring a project into another state. Going back, or stopping, needs a reason that people read.

    Raises Refusal when defects are still open at the end, and for a move that its state doesn't have.
    """
    permits.only(permits.manages(by))
    row = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    if to not in MOVES.get(row.state, ()):
        raise Refusal(_("The project has moved on meanwhile."), code="conflict")
    if _backwards(row.state, to) and not reason:
        raise Refusal(_("Say why; people on the page read it."), field="reason", code="required")
    if to == ProjectState.CLOSED:
        _nothing_open(row)
        row.closed_at = at
        row.keep_until = (timezone.localtime(at) + timedelta(days=int(office.get("works_keep_days")))).date()
    elif row.state == ProjectState.CLOSED:
        row.closed_at, row.keep_until = None, None
    row.state, row.version = ProjectState(to), row.version + 1
    row.save(update_fields=["state", "version", "closed_at", "keep_until"])
    seen = VisibleTo.RESIDENT if row.published_at else VisibleTo.OFFICE
    record(subject=row.subject, verb="works.moved", by=by, at=at, data={"to": to, "words": reason}, visible_to=seen)
    return row


def needs_reason(state: str, to: str) -> bool:
    """Whether this move must be explained."""
    return _backwards(state, to)


def _backwards(state: str, to: str) -> bool:
    if to == ProjectState.STOPPED or state == ProjectState.STOPPED:
        return True
    return ORDER.index(to) < ORDER.index(state)


def _nothing_open(row: Project) -> None:
    open_ones = Defect.objects.filter(project=row).exclude(state=DefectState.CHECKED).count()
    if open_ones:
        said = ngettext(
            "%(count)d defect isn't mended and checked yet.",
            "%(count)d defects aren't mended and checked yet.",
            open_ones,
        )
        raise Refusal(said % {"count": open_ones}, code="defects_open")


@transaction.atomic
def publish(*, project: Project, by: Actor, at: datetime) -> Project:
    """Let residents read the project's page; the stops of its calendar count as told from now.

    Raises Refusal without words about what and why, and for stops that would be told too late.
    """
    permits.only(permits.manages(by))
    row = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    if row.published_at:
        raise Refusal(_("It is published already."), code="conflict")
    if not row.what or not row.why or not row.phone:
        raise Refusal(_("Write what is done, why, and a telephone for questions; then publish it."), code="bare")
    if late := calendar.stops_told_too_late(row, at):
        names = "、".join(f"{phase.title}（{phase.starts_on:%Y-%m-%d}）" for phase in late)
        raise Refusal(_("People would read too late of: %(names)s. Move these first.") % {"names": names})
    row.published_at, row.version = at, row.version + 1
    row.save(update_fields=["published_at", "version"])
    Phase.objects.filter(project=row, told_at=None).update(told_at=at)
    snapshots.bump(seeing.PUBLIC)
    record(subject=row.subject, verb="works.published", by=by, at=at, visible_to=VisibleTo.RESIDENT)
    return row
