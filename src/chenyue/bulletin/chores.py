"""What happens to the bulletin by itself: pieces appear at their moment, files that no row knows go."""

from datetime import datetime

from chenyue.bulletin.models import PiecePicture
from chenyue.bulletin.pictures import ROOT
from chenyue.bulletin.pieces import publish_due
from chenyue.core import kept_files
from chenyue.core.ticks import every


@every(60, "bulletin.publish")
def publish(at: datetime) -> int:
    """Let appear what is due; how many."""
    return publish_due(at)


@every(86_400, "bulletin.files")
def sweep(at: datetime) -> int:
    """Delete files that no row knows, such as those of a process that was killed; how many."""

    def known(paths: set[str]) -> set[str]:
        rows = PiecePicture.objects.filter(removed_at=None)
        found = set(rows.filter(path__in=paths).values_list("path", flat=True))
        return found | set(rows.filter(preview__in=paths).values_list("preview", flat=True))

    return kept_files.sweep(ROOT, known, at)
