"""Keys that move with the office, where what they made can't be made anew.

Personal data is encrypted again when an office arrives under other keys, and a blind index is made again from the
value beside it. But the print of a recovery code or of a chat message has no value beside it, and a caucus is opened
by nobody who moves an office. Such keys are this installation's own until the office is taken out for the first time;
from then on they stand among its settings, encrypted, and go where it goes.
"""

import hashlib
import hmac
from collections.abc import Callable

from django.conf import settings

from chenyue.core import crypto, office

SETTING = "carried_keys"


def _index_key() -> bytes:
    return bytes.fromhex(settings.SECRETS["index_key"])


def _caucus() -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    field_key = bytes.fromhex(settings.SECRETS["field_key"])
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"chenyue.mediation.sealed").derive(field_key)


# What made them before there was a choice; older rows are known by these.
_OWN: dict[str, Callable[[], bytes]] = {
    "caucus": _caucus,  # the root of the parties' keys (mediation.sealing)
    "chat": lambda: hashlib.sha256(f"gateway.chat.line{settings.SECRET_KEY}".encode()).digest(),
    "ledger": _index_key,  # seals of the ledger of credits (volunteering.sealing)
    "recovery": _index_key,  # recovery codes (people.factors)
    "ties": _index_key,  # whom mediators are close to (mediation.conflicts)
    "wecom": _index_key,  # who writes in WeCom (gateway.wecom.known)
}


def context(kind: str) -> str:
    """What the stored key of a kind is bound to."""
    return f"{SETTING}.{kind}"


def kinds() -> list[str]:
    """All kinds of keys that are carried."""
    return list(_OWN)


def key(kind: str) -> bytes:
    """The key of a kind, 32 bytes; KeyError for a kind that nobody has named here."""
    own, held = _OWN[kind], office.get(SETTING).get(kind)
    return bytes.fromhex(crypto.decrypt(held, context(kind))) if held else own()


def fingerprint(kind: str, value: str) -> str:
    """The print (64 hex digits) of a value under the key of a kind."""
    return hmac.new(key(kind), value.encode(), hashlib.sha256).hexdigest()


def settle() -> None:
    """Write the keys in force into the settings, so that they go where the office goes."""
    held = office.get(SETTING)
    if missing := [kind for kind in _OWN if kind not in held]:
        new = {kind: crypto.encrypt(key(kind).hex(), context(kind)) for kind in missing}
        office.put(**{SETTING: held | new})
