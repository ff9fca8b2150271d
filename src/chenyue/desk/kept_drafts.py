"""Forms that a telephone kept without a network: sealed on the telephone, opened only here, for their writer alone.

The telephone holds only a public key, one for each member: what it has sealed it can't read again, nor can
whoever finds it. Sealed: ephemeral ECDH on P-256 → HKDF-SHA-256 → AES-256-GCM, the sender's point bound in.
Inside is a line of JSON (address, content type, moment of writing) and the form's body as the browser made it,
with its idempotency key: a draft that is sent again finds what it did the first time.
"""

import base64
import hashlib
import hmac
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Refusal
from chenyue.core.http import see_other
from chenyue.people.models import Member

MOST = 30 * 1024 * 1024  # bytes of a sealed draft: nine photographs as telephones shrink them, and a voice note
POINT, NONCE = 65, 12  # bytes
CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256 (SP 800-186, 3.2.1.3)
INFO = b"chenyue draft 1"
SOON = timedelta(minutes=10)  # what was kept no longer needs no word about it
HEADER = "X-Kept"  # the worker asks for the address instead of being sent there


def _key(member_id: int) -> ec.EllipticCurvePrivateKey:
    """The member's private key, made from the field key: nothing more to store or to lose."""
    secret = bytes.fromhex(settings.SECRETS["field_key"])
    made = hmac.new(secret, f"kept drafts:{member_id}".encode(), hashlib.sha512).digest()
    return ec.derive_private_key(int.from_bytes(made, "big") % (ORDER - 1) + 1, CURVE)


def public_key(member: Member) -> str:
    """What the member's telephone seals with: an uncompressed point, base64."""
    point = _key(member.pk).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.b64encode(point).decode()


@dataclass(frozen=True)
class Draft:
    """An opened draft: where its form was sent, when it was written, and what it held."""

    path: str
    content_type: str
    at: datetime | None
    body: bytes


def open_sealed(sealed: bytes, member: Member) -> Draft:
    """The draft of this member. Raises Refusal for another's, or what is no draft."""
    refusal = Refusal(_("This draft was written by somebody else, or is damaged."), code="sealed")
    if not POINT + NONCE < len(sealed) <= MOST:
        raise refusal
    point, nonce, cipher = sealed[:POINT], sealed[POINT : POINT + NONCE], sealed[POINT + NONCE :]
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
        shared = _key(member.pk).exchange(ec.ECDH(), theirs)
        key = HKDF(SHA256(), 32, b"", INFO).derive(shared)
        plain = AESGCM(key).decrypt(nonce, cipher, point)
        head, _line, body = plain.partition(b"\n")
        told = json.loads(head)
        return Draft(str(told["path"]), str(told["type"]), _moment(told.get("at")), body)
    except (ValueError, InvalidTag, KeyError, TypeError) as error:
        raise refusal from error


def _moment(told: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(told) / 1000, tz=UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def put_on(request: HttpRequest, draft: Draft) -> None:
    """Make the request carry what the draft held. Raises Refusal if its body can't be read."""
    meta: Mapping[str, Any] = {"CONTENT_TYPE": draft.content_type, "CONTENT_LENGTH": len(draft.body)}
    handlers = [MemoryFileUploadHandler(request), TemporaryFileUploadHandler(request)]
    try:
        posted, files = MultiPartParser(meta, io.BytesIO(draft.body), handlers, "utf-8").parse()
    except (MultiPartParserError, ValueError) as error:
        raise Refusal(_("This draft was written by somebody else, or is damaged."), code="sealed") from error
    held: Any = request
    held._post, held._files, held.written_at = posted, files, draft.at


def written_at(request: HttpRequest) -> datetime | None:
    """When a kept form was written; None for one that is sent at once."""
    moment: datetime | None = getattr(request, "written_at", None)
    return moment


def waited(request: HttpRequest, at: datetime) -> datetime | None:
    """When it was written, if that is long enough ago to be told."""
    moment = written_at(request)
    return moment if moment is not None and at - moment > SOON else None


def gone(request: HttpRequest, url: str) -> HttpResponse:
    """Sent and done: on to the page, or the page's address for the worker that sent it."""
    return JsonResponse({"to": url}) if request.headers.get(HEADER) else see_other(url)
