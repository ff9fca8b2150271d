"""Encryption of personal data at rest, and blind indexes for exact search.

A stored value is `1:` + base64(nonce ‖ AES-256-GCM ciphertext); the column's name is bound in as
associated data, so that a value moved to another column does not decrypt.
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

PREFIX = "1:"


@lru_cache(maxsize=256)
def _cipher(field_key: str) -> AESGCM:
    return AESGCM(bytes.fromhex(field_key))


def encrypt(plain: str, context: str) -> str:
    """Encrypt for the column named by `context`; the empty string stays empty."""
    if not plain:
        return ""
    nonce, cipher = os.urandom(12), _cipher(settings.SECRETS["field_key"])
    return PREFIX + base64.b64encode(nonce + cipher.encrypt(nonce, plain.encode(), context.encode())).decode()


def decrypt(stored: str, context: str) -> str:
    """The plain text of a stored value. Raises ValueError if the key or the column is another."""
    if not stored:
        return ""
    if not stored.startswith(PREFIX):
        raise ValueError("not an encrypted value")
    raw = base64.b64decode(stored[len(PREFIX) :])
    try:
        return _cipher(settings.SECRETS["field_key"]).decrypt(raw[:12], raw[12:], context.encode()).decode()
    except InvalidTag as error:
        raise ValueError("the field key does not fit this value") from error


def seal(plain: bytes, context: str) -> bytes:
    """Encrypt bytes for a file of our own: nonce ‖ AES-256-GCM ciphertext; `context` is bound in."""
    nonce = os.urandom(12)
    return nonce + _cipher(settings.SECRETS["field_key"]).encrypt(nonce, plain, context.encode())


def unseal(sealed: bytes, context: str) -> bytes:
    """What `seal` was given. Raises ValueError if it was changed, cut off, or made with another key or context."""
    try:
        return _cipher(settings.SECRETS["field_key"]).decrypt(sealed[:12], sealed[12:], context.encode())
    except (InvalidTag, ValueError) as error:
        raise ValueError("the field key does not fit these bytes") from error


def blind_index(value: str, kind: str) -> str:
    """A keyed fingerprint (32 hex digits) of a normalised value: equal values match, nothing else shows."""
    if not value:
        return ""
    key = bytes.fromhex(settings.SECRETS["index_key"])
    return hmac.new(key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()[:32]
