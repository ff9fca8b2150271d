"""What root-cause projects do by themselves: count when it is time, tell the owner, clear files that no row knows."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.core import kept_files
from chenyue.core.actors import SYSTEM
from chenyue.core.ticks import every
from chenyue.insight import counting, roots
from chenyue.insight.counting import Rule
from chenyue.insight.lifecycle import RootState
from chenyue.insight.models import RootProject
from chenyue.insight.proof import Proof
from chenyue.notify.actions import notice
from chenyue.people.queries import members_with

BATCH = 50
DAY = timedelta(days=1)
LONGEST = timedelta(days=365)  # after it was done; then nothing more is counted
ENDS = {"proved": RootState.PROVED, "missed": RootState.FAILED, "same": RootState.FAILED, "more": RootState.FAILED}


@every(6 * 3600, "insight.roots")
def count_what_is_due(at: datetime) -> int:
    """Count the stretch after of projects whose day has come, and tell of those over their day; how many counted."""
    today = timezone.localtime(at).date()
    waiting = RootProject.objects.filter(state=RootState.PROVING, count_on__lte=today).order_by("count_on", "pk")
    counted = sum(_count(pk, today, at) for pk in list(waiting.values_list("pk", flat=True)[:BATCH]))
    late = RootProject.objects.filter(state=RootState.OPEN, due_on__lt=today).select_related("owner").order_by("pk")
    for row in late[:BATCH]:
        said = _("Over its day: root-cause project %(number)s, %(title)s.")
        _tell(row, said, f"late:{row.due_on:%Y%m%d}", at)
    return counted


def _count(pk: int, today: date, at: datetime) -> bool:
    row = RootProject.objects.select_related("owner").get(pk=pk)
    if row.done_on is None or row.count_on is None:
        return False
    until = min(row.count_on - DAY, today - DAY)
    before, after = (row.before_from, row.before_until), (row.done_on + DAY, until)
    proof = counting.proved(Rule.read(row.counted), before, after, row.target)  # reads; nothing is locked meanwhile
    with transaction.atomic():
        held = RootProject.objects.select_for_update(of=("self",)).get(pk=pk)
        if held.version != row.version or held.state != RootState.PROVING:
            return False  # somebody changed it, or another worker was faster
        held.proof = proof.kept() | {"after_from": after[0].isoformat(), "after_until": until.isoformat()}
        held.before_count, held.after_count = proof.before, proof.after
        _end(held, proof, until, at)
    said = _("Counted: root-cause project %(number)s, %(title)s. See what came of it.")
    _tell(held, said, f"counted:{until:%Y%m%d}", at)
    return True


def _end(row: RootProject, proof: Proof, until: date, at: datetime) -> None:
    """Proved or failed; where too few can be said, it is counted on for as long again, a year in all."""
    data = {"before": proof.before, "after": proof.after, "verdict": proof.verdict, "until": until.isoformat()}
    if to := ENDS.get(proof.verdict):
        roots.moved(row, to)
        row.proved_at, row.count_on = at, None
        roots.saved(row, f"root.{to}", SYSTEM, at, **data)
        return
    longer = until + DAY * (roots.length_of(row) + 1)
    row.count_on = longer if row.done_on and longer <= row.done_on + LONGEST and proof.verdict == "few" else None
    roots.saved(row, "root.counted", SYSTEM, at, **data)


def _tell(row: RootProject, said: str, key: str, at: datetime) -> None:
    """The owner; where there is none any more, those who run such projects."""
    owner = row.owner
    who = [owner.pk] if owner and owner.is_active else [member.pk for member in members_with("insight.manage")]
    words = said % {"number": row.number, "title": row.title}
    notice(who, words, f"/desk/insight/projects/{row.number}/", f"root:{row.number}:{key}", at)


@every(6 * 3600, "insight.root_files")
def clear_orphans(at: datetime) -> int:
    """Delete photographs that no project knows: a process was killed between writing and committing."""
    return kept_files.sweep("roots", _known, at)


def _known(names: set[str]) -> set[str]:
    found = RootProject.objects.exclude(files=[]).values_list("files", flat=True)
    kept = {path for files in found for file in files for path in (file["path"], file["preview"])}
    return kept & names
