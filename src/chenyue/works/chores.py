"""What happens to works by itself: days that come near or are over, files that no row knows, what is kept no longer."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from chenyue.core import kept_files
from chenyue.core.actors import SYSTEM
from chenyue.core.ticks import every
from chenyue.timeline.actions import record
from chenyue.timeline.models import VisibleTo
from chenyue.works import anonymising, notices
from chenyue.works.lifecycle import DefectState, ObjectionState
from chenyue.works.models import Defect, Objection, Project, WorksFile

log = logging.getLogger(__name__)
SOON = timedelta(days=1)  # before the day is over, whoever must act is told once, and once more when it is
BATCH = 200
ROOT = "works"


def _due(at: datetime) -> Q:
    soon = Q(warned_at=None, due_at__lte=at + SOON)
    return soon | Q(due_at__lte=at, warned_at__lt=F("due_at"))


@every(600, "works.due")
def tell_due(at: datetime) -> int:
    """Tell of objections and defects whose day comes or is over; of how many. Each is told once soon, once late."""
    waiting = Objection.objects.filter(_due(at), state__in=(ObjectionState.OPEN, ObjectionState.KEPT))
    broken = Defect.objects.filter(_due(at), state__in=(DefectState.OPEN, DefectState.DISPUTED))
    told = sum(_one_objection(pk, at) for pk in waiting.order_by("due_at", "pk").values_list("pk", flat=True)[:BATCH])
    return told + sum(
        _one_defect(pk, at) for pk in broken.order_by("due_at", "pk").values_list("pk", flat=True)[:BATCH]
    )


@transaction.atomic
def _one_objection(pk: int, at: datetime) -> bool:
    row = Objection.objects.select_for_update(of=("self",)).select_related("project").filter(_due(at), pk=pk).first()
    if row is None or row.due_at is None or row.state not in (ObjectionState.OPEN, ObjectionState.KEPT):
        return False  # another worker was faster, or somebody answered
    late = row.due_at <= at
    row.warned_at = at
    row.save(update_fields=["warned_at"])
    verb = "works.objection_late" if late else "works.objection_due"
    _record(row.project, verb, row.number, at)
    notices.tell_due(row, late, at)
    return True


@transaction.atomic
def _one_defect(pk: int, at: datetime) -> bool:
    row = Defect.objects.select_for_update(of=("self",)).select_related("project").filter(_due(at), pk=pk).first()
    if row is None or row.due_at is None or row.state not in (DefectState.OPEN, DefectState.DISPUTED):
        return False
    late = row.due_at <= at
    row.warned_at = at
    row.save(update_fields=["warned_at"])
    _record(row.project, "works.defect_late" if late else "works.defect_due", row.number, at)
    notices.tell_defect_due(row, late, at)
    return True


def _record(project: Project, verb: str, number: str, at: datetime) -> None:
    record(subject=project.subject, verb=verb, by=SYSTEM, at=at, data={"number": number}, visible_to=VisibleTo.UNIT)


@every(24 * 3600, "works.anonymise")
def anonymise(at: datetime) -> int:
    """Anonymise what homes said to projects that needn't be kept any more; how many projects."""
    today = timezone.localtime(at).date()
    over = Project.objects.filter(keep_until__lt=today, anonymised_at=None).order_by("pk")
    return sum(anonymising.anonymise(pk, at) for pk in list(over.values_list("pk", flat=True)))


@every(6 * 3600, "works.orphans")
def clear_orphans(at: datetime) -> int:
    """Delete files of works that no row knows: a process was killed between writing and committing."""
    return kept_files.sweep(ROOT, _known, at)


def _known(names: set[str]) -> set[str]:
    found: set[str] = set()
    for field in ("path", "preview"):
        found |= set(WorksFile.objects.filter(**{f"{field}__in": names}).values_list(field, flat=True))
    return found
