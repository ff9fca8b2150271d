"""Tables between their dry run and their writing: kept for an hour under a token, then gone."""

import re
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from chenyue.core import ids
from chenyue.core.errors import Refusal

LIMIT = 20 * 1024 * 1024  # bytes
KEPT_FOR = timedelta(hours=1)
_TOKEN = re.compile(r"^[\w-]{20,60}\.(xlsx|xls|ods|csv|tsv|txt)$")


def _folder() -> Path:
    folder = Path(settings.HOME) / "drafts"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def keep(content: bytes, name: str, at: datetime) -> str:
    """Keep a table; gives the token that names it. Old ones are swept out by the way."""
    if len(content) > LIMIT:
        raise Refusal(_("This file is larger than 20 MB. Split the table."), field="table")
    ending = name.rsplit(".", 1)[-1].lower()
    token = f"{ids.token()}.{ending}"
    if not _TOKEN.match(token):
        raise Refusal(_("Only tables can be read: xlsx, xls, ods, csv or tsv."), field="table")
    for old in _folder().iterdir():
        if datetime.fromtimestamp(old.stat().st_mtime, tz=at.tzinfo) < at - KEPT_FOR:
            old.unlink(missing_ok=True)
    (_folder() / token).write_bytes(content)
    return token


def take(token: str) -> bytes:
    """The table of a token. Raises Refusal for one that is gone."""
    path = _folder() / token
    if not _TOKEN.match(token) or not path.is_file():
        raise Refusal(_("This table is no longer kept. Choose the file again."), field="table")
    return path.read_bytes()


def drop(token: str) -> None:
    """It was written: no need to keep it."""
    if _TOKEN.match(token):
        (_folder() / token).unlink(missing_ok=True)
