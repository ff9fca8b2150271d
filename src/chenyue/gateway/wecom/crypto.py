"""How WeCom signs and encrypts what it sends to an office (developer manual 90968). Pure.

AES-256-CBC with the key's first half as initial value; 16 random bytes, the length of the message in four bytes,
the message, and for whom it is; filled up to a multiple of 32 by PKCS#7. Signed by SHA-1 over the sorted parts.
"""

import base64
import binascii
import hashlib
import hmac
import os
import re

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
HEAD = 20  # bytes before the message: chance and length
_KEY = re.compile(r"[A-Za-z0-9]{43}")


class Forged(ValueError):
    """What came can't be from whom it says, or wasn't for us; the reason is for the log, never for the sender."""


def key_of(encoding_key: str) -> bytes:
    """The 32 bytes of a 43-character EncodingAESKey. Its last two bits mean nothing. ValueError if it is none."""
    if not _KEY.fullmatch(encoding_key):
        raise ValueError("an EncodingAESKey has 43 letters and digits")
    return base64.b64decode(encoding_key + "=")


def signature(token: str, timestamp: str, nonce: str, encrypted: str) -> str:
    """What WeCom must have sent as `msg_signature`, in small hexadecimal digits."""
    parts = "".join(sorted((token, timestamp, nonce, encrypted)))
    return hashlib.sha1(parts.encode(), usedforsecurity=False).hexdigest()


def plain_signature(token: str, timestamp: str, nonce: str) -> str:
    """The signature of an unencrypted 公众号 message."""
    return hashlib.sha1("".join(sorted((token, timestamp, nonce))).encode(), usedforsecurity=False).hexdigest()


def signed(token: str, timestamp: str, nonce: str, encrypted: str, given: str) -> bool:
    """Whether a signature is right, compared in constant time."""
    return hmac.compare_digest(signature(token, timestamp, nonce, encrypted).encode(), given.encode())


def decrypt(encoding_key: str, encrypted: str, receiver: str) -> bytes:
    """The message inside. Raises Forged where anything doesn't fit; `receiver` is the CorpID, "" for robots."""
    key = key_of(encoding_key)
    try:
        raw = base64.b64decode(encrypted, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Forged("no base64") from error
    if not raw or len(raw) % 16:
        raise Forged("no whole blocks")
    box = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    padded = box.update(raw) + box.finalize()
    fill = padded[-1]
    if not 1 <= fill <= BLOCK or fill > len(padded) or padded[-fill:] != bytes([fill]) * fill:
        raise Forged("wrong padding")
    plain = padded[:-fill]
    if len(plain) < HEAD:
        raise Forged("too short")
    end = HEAD + int.from_bytes(plain[16:HEAD], "big")
    if end > len(plain):
        raise Forged("longer than it is")
    if not hmac.compare_digest(plain[end:], receiver.encode()):
        raise Forged("for somebody else")
    return plain[HEAD:end]


def encrypt(encoding_key: str, message: bytes, receiver: str, chance: bytes | None = None) -> str:
    """The message as WeCom reads it; `chance` is given by tests only."""
    key = key_of(encoding_key)
    plain = (chance or os.urandom(16)) + len(message).to_bytes(4, "big") + message + receiver.encode()
    fill = BLOCK - len(plain) % BLOCK
    box = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(box.update(plain + bytes([fill]) * fill) + box.finalize()).decode()


def opened_file(content: bytes, key: str) -> bytes:
    """A file that a robot's message points to: its own key in base64, the same padding. Raises Forged."""
    try:
        raw = base64.b64decode(key + "=" * (-len(key) % 4))
    except (binascii.Error, ValueError) as error:
        raise Forged("no key") from error
    if len(raw) != 32 or not content or len(content) % 16:
        raise Forged("no whole blocks")
    box = Cipher(algorithms.AES(raw), modes.CBC(raw[:16])).decryptor()
    padded = box.update(content) + box.finalize()
    fill = padded[-1]
    if not 1 <= fill <= BLOCK or padded[-fill:] != bytes([fill]) * fill:
        raise Forged("wrong padding")
    return padded[:-fill]
