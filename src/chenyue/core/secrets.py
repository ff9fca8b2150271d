"""Secrets of one installation: made once, kept in a file only its owner can read."""

import json
import os
import secrets
from pathlib import Path
from typing import TypedDict


class Secrets(TypedDict):
    """Hex strings of 32 random bytes each."""

    secret_key: str  # Django's signing key
    field_key: str  # AES-256-GCM key of encrypted columns
    index_key: str  # HMAC key of blind indexes


def load(folder: Path) -> Secrets:
    """Read `secrets.json` of `folder`, or make it (mode 0600) at the first start.

    What this process makes from then on, the database and residents' files above all, is its owner's alone too,
    even in a folder that others may enter.
    """
    os.umask(0o077)
    path = folder / "secrets.json"
    if path.exists():
        return json.loads(path.read_text())  # type: ignore[no-any-return]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = Secrets(secret_key=secrets.token_hex(32), field_key=secrets.token_hex(32), index_key=secrets.token_hex(32))
    temporary = folder / f"secrets.{os.getpid()}.tmp"
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(made, file)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(temporary, path)  # fails if another process was first: then its secrets hold
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
    return json.loads(path.read_text())  # type: ignore[no-any-return]
