"""Pictures from WeCom between their message and their appeal: in a private folder, for two days at most."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from chenyue.cases.models import Appeal
from chenyue.core import ids, sounds
from chenyue.core.actors import SYSTEM
from chenyue.core.ticks import every
from chenyue.timeline.actions import record
from chenyue.timeline.models import VisibleTo

KEPT_FOR = timedelta(days=2)
_TOKEN = re.compile(r"[\w-]{20,60}")


def _folder() -> Path:
    folder = Path(settings.HOME) / "wecom"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def keep(content: bytes) -> str:
    """Keep what was fetched; gives the token that names it."""
    token = ids.token()
    (_folder() / token).write_bytes(content)
    return token


def take(token: str) -> bytes:
    """What was kept; b"" if it is gone."""
    path = _folder() / token
    return path.read_bytes() if _TOKEN.fullmatch(token) and path.is_file() else b""


def drop(token: str) -> None:
    """No longer needed."""
    if _TOKEN.fullmatch(token):
        (_folder() / token).unlink(missing_ok=True)


def upload(content: bytes, number: int) -> SimpleUploadedFile:
    """As if it had been sent with a form; what it really is, its bytes say."""
    kind = sounds.sniff(content[:64])
    return SimpleUploadedFile(f"wecom-{number}.{kind or 'jpg'}", content)


def lost(appeal: Appeal, count: int, at: datetime) -> None:
    """Say on the case that so many pictures or voice notes couldn't be had."""
    record(
        subject=appeal.case.subject, verb="gateway.wecom_media_lost", by=SYSTEM, at=at, data={"count": count},
        visible_to=VisibleTo.UNIT,
    )  # fmt: skip


@every(24 * 3600, "gateway.wecom.files")
def sweep(at: datetime) -> int:
    """What nobody came for."""
    gone = 0
    for path in _folder().iterdir():
        if datetime.fromtimestamp(path.stat().st_mtime, UTC) < at - KEPT_FOR:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
