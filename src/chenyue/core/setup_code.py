"""The one-time code that opens the set-up of a new office: only who started the server can read it.

It lies in the data folder with mode 0600, is printed by `serve` while it exists, and is gone once used.
"""

import hmac
import os
import secrets
from pathlib import Path

from django.conf import settings

from chenyue.core import ids

NAME = "set-up-code"


def _file() -> Path:
    return Path(settings.HOME) / NAME


def ensure() -> str:
    """The code, made at the first call."""
    path = _file()
    if not path.exists():
        code = "-".join("".join(secrets.choice(ids.READABLE) for _ in range(4)) for _ in range(3))
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(code)
    return path.read_text().strip()


def fits(typed: str) -> bool:
    """Whether somebody typed the code; False where there is none (any more)."""
    path = _file()
    if not path.exists():
        return False
    return hmac.compare_digest(ids.read_receipt(typed), path.read_text().strip())


def spend() -> None:
    """The office has its first administrator: the code is no more."""
    _file().unlink(missing_ok=True)
