"""Signatures of Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, in Base64, `v1,` before it. Pure."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"
BYTES = 32  # of a secret; the specification asks for 24 to 64


def new_secret() -> str:
    """A secret as both sides keep it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(BYTES)).decode()


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """One signature. Raises ValueError for a secret that isn't Base64."""
    key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(using: Iterable[str], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers of a message; with several secrets (while one replaces another) several signatures."""
    signatures = " ".join(sign(secret, message_id, timestamp, body) for secret in using)
    return {"webhook-id": message_id, "webhook-timestamp": str(timestamp), "webhook-signature": signatures}
