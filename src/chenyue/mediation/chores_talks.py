"""What happens by itself: files that no row knows are cleared, what was said alone isn't kept for ever."""

from datetime import datetime

from chenyue.core import kept_files
from chenyue.core.ticks import every
from chenyue.mediation import caucus, evidence
from chenyue.mediation.models import Evidence


@every(6 * 3600, "mediation.orphans")
def clear_orphans(at: datetime) -> int:
    """Delete files of evidence that no row knows: a process was killed between writing and committing."""
    return kept_files.sweep(evidence.ROOT, _known, at)


@every(24 * 3600, "mediation.sealed")
def destroy_sealed(at: datetime) -> int:
    """Destroy what parties said alone in mediations that ended long ago; how many rows."""
    return caucus.destroy_old(at)


def _known(names: set[str]) -> set[str]:
    found: set[str] = set()
    for field in ("path", "preview"):
        found |= set(Evidence.objects.filter(**{f"{field}__in": names}).values_list(field, flat=True))
    return found
