"""Changing the works' calendar: phases, loud works, and when water, power or a road is closed."""

from collections.abc import Collection
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.core.moments import in_words
from chenyue.timeline.actions import record
from chenyue.timeline.models import VisibleTo
from chenyue.works.lifecycle import PhaseKind, PhaseState
from chenyue.works.models import Phase, Project
from chenyue.works.site import permits, rules
from chenyue.works.site.rules import Stretch

SETTLED = (PhaseState.DONE, PhaseState.CANCELLED)


@transaction.atomic
def save_phase(
    *,
    project: Project,
    kind: str,
    title: str,
    starts_on: date,
    ends_on: date,
    by: Actor,
    at: datetime,
    from_time: time | None = None,
    to_time: time | None = None,
    buildings: Collection[int] = (),
    words: str = "",
    phase: Phase | None = None,
) -> Phase:
    """Add a phase, or change one that isn't over.

    Raises Refusal at its field: an end before its beginning, loud works outside the project's loud hours, a stop
    that people would read of less than `stop_notice_hours` before it begins (one that only becomes shorter may).
    """  # fmt: skip
    permits.only(permits.manages(by))
    project = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    row = Phase.objects.select_for_update(of=("self",)).get(pk=phase.pk) if phase else Phase(project=project)
    if phase and row.state in SETTLED:
        raise Refusal(_("This phase is over. Add a new one."), field="title")
    new = Stretch(starts_on, ends_on, from_time, to_time)
    _possible(project, kind, new, set(buildings))
    before = Stretch(row.starts_on, row.ends_on, row.from_time, row.to_time) if phase else None
    shorter = before is not None and row.kind == kind and row.told_at is not None and new.within(before)
    if kind in rules.STOPS and not shorter:
        _told_in_time(project, new, at)
    row.kind, row.title, row.words = PhaseKind(kind), title, words
    row.starts_on, row.ends_on, row.from_time, row.to_time = starts_on, ends_on, from_time, to_time
    row.buildings = sorted(set(buildings))
    if not shorter:
        row.told_at = at if project.published_at else None
    row.save()
    _record(row, project, "works.phase_changed" if phase else "works.phase_added", by, at)
    return row


def _possible(project: Project, kind: str, new: Stretch, buildings: set[int]) -> None:
    if new.ends_on < new.starts_on:
        raise Refusal(_("The last day lies before the first."), field="ends_on")
    if new.ends_on - new.starts_on > rules.LONGEST:
        raise Refusal(_("That is more than three years. Check the year."), field="ends_on")
    if (new.from_time is None) != (new.to_time is None):
        raise Refusal(
            _("Give both hours, or none for the whole day."), field="to_time" if new.from_time else "from_time"
        )
    if new.from_time and new.to_time and new.to_time <= new.from_time:
        raise Refusal(_("These hours end before they begin."), field="to_time")
    if kind == PhaseKind.NOISE:
        _quiet_hours_kept(project, new)
    if buildings - set(permits.buildings_of(project)):
        raise Refusal(_("One of these buildings doesn't belong to the project."), field="buildings")


def _quiet_hours_kept(project: Project, new: Stretch) -> None:
    if new.from_time is None or new.to_time is None:
        raise Refusal(_("Say from when to when it is loud."), field="from_time")
    if not rules.noise_allowed(new.from_time, new.to_time, project.noise_hours):
        hours = rules.hours_in_words(project.noise_hours)
        raise Refusal(_("Loud works are allowed at %(hours)s only.") % {"hours": hours}, field="from_time")


def _told_in_time(project: Project, new: Stretch, at: datetime) -> None:
    earliest = rules.earliest_stop(at, project.stop_notice_hours)
    if new.begins < earliest:
        said = _("People must read of it %(hours)d hours before. Told now, it may begin at %(earliest)s.")
        words = {"hours": project.stop_notice_hours, "earliest": in_words(timezone.localtime(earliest), at)}
        raise Refusal(said % words, field="starts_on", code="short_notice")


@transaction.atomic
def move_phase(*, phase: Phase, to: str, by: Actor, at: datetime, reason: str = "") -> Phase:
    """Begin, end or cancel a phase, or take such a step back. Cancelling needs a reason that people read."""
    row = Phase.objects.select_for_update(of=("self",)).select_related("project").get(pk=phase.pk)
    contractor = {row.project.contractor_id}
    permits.only(permits.manages(by) or permits.answers(by, contractor))
    if to not in rules.PHASE_MOVES.get(row.state, ()):
        raise Refusal(_("This phase has moved on meanwhile."), code="conflict")
    if to == PhaseState.CANCELLED:
        if not reason:
            raise Refusal(_("Say why; people on the page read it."), field="reason")
        row.words = reason
    row.state = PhaseState(to)
    row.save(update_fields=["state", "words"])
    _record(row, row.project, f"works.phase_{to}", by, at)
    return row


def _record(row: Phase, project: Project, verb: str, by: Actor, at: datetime) -> None:
    data = {"title": row.title, "first": row.starts_on.isoformat(), "last": row.ends_on.isoformat()}
    visible = VisibleTo.RESIDENT if project.published_at else VisibleTo.OFFICE
    record(subject=project.subject, verb=verb, by=by, at=at, data=data, visible_to=visible)


def stops_told_too_late(project: Project, at: datetime) -> list[Phase]:
    """Stops ahead that people would first read of now, and too late: they hold a project's publication."""
    rows = Phase.objects.filter(project=project, state=PhaseState.PLANNED, kind__in=rules.STOPS, told_at=None)
    earliest = rules.earliest_stop(at, project.stop_notice_hours)
    return [row for row in rows if Stretch(row.starts_on, row.ends_on, row.from_time, row.to_time).begins < earliest]
