"""The recovery code and the key of the store: kept encrypted among the settings, the code also in the data folder.

The copy there (`backup-code`, mode 0600, beside `secrets.json`) opens backups on this machine when its database is
the thing that broke. It never goes onto the backup disk.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from chenyue.core import crypto, office
from chenyue.upkeep.backups import code as codes

FILE = "backup-code"


@dataclass(frozen=True)
class Keys:
    """What opens the backups: the code on paper, and what encrypts the files beside them."""

    code: str
    store: bytes


def ensure() -> Keys:
    """The keys of this office; made at the first use."""
    found = known()
    if found is None:
        with transaction.atomic():
            found = known() or fresh()
    write_copy(found.code)
    return found


def known() -> Keys | None:
    """The keys, if there are any."""
    code, store = office.get("backup_code"), office.get("backup_key")
    if not code or not store:
        return None
    return Keys(crypto.decrypt(code, "office.backup_code"), bytes.fromhex(crypto.decrypt(store, "office.backup_key")))


def fresh() -> Keys:
    """New keys from now on; what was written before is opened by the old code only."""
    keys = Keys(codes.make(), secrets.token_bytes(32))
    keep(keys, handed_out="")
    return keys


def keep(keys: Keys, **also: str) -> None:
    """Keep these keys in the settings; `handed_out` says since when the code is on paper."""
    office.put(
        backup_code=crypto.encrypt(keys.code, "office.backup_code"),
        backup_key=crypto.encrypt(keys.store.hex(), "office.backup_key"),
        **{f"backup_{name}": value for name, value in also.items()},
    )


def write_copy(code: str) -> None:
    """Write the code beside the secrets, its owner's alone."""
    path = Path(settings.HOME, FILE)
    wanted = codes.shown(code) + "\n"
    if path.exists() and path.read_text(encoding="utf-8") == wanted:
        return
    part = path.with_name(f"{FILE}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(wanted)
    part.rename(path)
