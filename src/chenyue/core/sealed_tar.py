"""A tar whose contents only a passphrase opens, written and read as a stream.

    README.txt   plain: what this file is
    head.json    plain: the format, and how the key is made of the passphrase
    …            members, encrypted

The key: scrypt over the passphrase (32 bytes for AES-256-GCM, 32 for the check in the head). A member is cut into
chunks of 1 MiB; each is encrypted for itself and followed by its tag of 16 bytes. The nonce is the member's number
(4 bytes) and the chunk's (8 bytes), both from 1; each archive has a salt and so a key of its own, hence no nonce is
used twice. Bound in as associated data: SHA-256 of the head ‖ the member's name ‖ 0x01 for its last chunk, 0x00 for
all before. So nothing can be changed, moved, left out or cut off unnoticed; that the members end where they should,
the reader of the contents proves by what it keeps in the last of them.
"""

import hashlib
import hmac
import io
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Refusal

CHUNK = 1024 * 1024  # bytes
TAG = 16
SHORTEST = 12  # characters of a passphrase
# OWASP's Password Storage Cheat Sheet: N=2^15, r=8, p=3; 32 MB and about a third of a second.
COST = {"name": "scrypt", "n": 2**15, "r": 8, "p": 3}
MOST_COST = 2**27  # bytes: what a head may ask of our memory, 128 · n · r
MOST_HEAD = 20_000  # bytes
HEAD, README = "head.json", "README.txt"


def too_weak(passphrase: str) -> bool:
    """Whether a passphrase is too short to carry an office."""
    return len(passphrase.strip()) < SHORTEST


class Changed(Refusal):
    """The archive isn't what was written: damaged, cut off or tampered with."""

    def __init__(self, where: str) -> None:
        sentence = _("The archive is damaged or was changed, at %(where)s. Copy it again from where it was made.")
        super().__init__(sentence % {"where": where}, code="changed")


def _keys(passphrase: str, cost: dict[str, Any], salt: bytes) -> tuple[bytes, bytes]:
    memory = 128 * cost["n"] * cost["r"]
    made = hashlib.scrypt(
        passphrase.encode(), salt=salt, n=cost["n"], r=cost["r"], p=cost["p"], maxmem=2 * memory + 2**20, dklen=64
    )
    return made[:32], made[32:]


def _check(key: bytes) -> str:
    return hmac.new(key, b"head", hashlib.sha256).hexdigest()


@dataclass
class _Cipher:
    """Chunks of one archive."""

    aead: AESGCM
    head: bytes  # SHA-256 of the head

    def _bound(self, name: str, last: bool) -> bytes:
        return self.head + name.encode() + (b"\x01" if last else b"\x00")

    def seal(self, name: str, at: tuple[int, int], chunk: bytes, last: bool) -> bytes:
        return self.aead.encrypt(_nonce(at), chunk, self._bound(name, last))

    def open(self, name: str, at: tuple[int, int], sealed: bytes, last: bool) -> bytes:
        try:
            return self.aead.decrypt(_nonce(at), sealed, self._bound(name, last))
        except (InvalidTag, ValueError) as error:
            raise Changed(name) from error


def _forget(tar: tarfile.TarFile) -> None:
    """Drop what tarfile remembers of each member, however many there are."""
    tar.__dict__["members"] = []


def _nonce(at: tuple[int, int]) -> bytes:
    return at[0].to_bytes(4, "big") + at[1].to_bytes(8, "big")


def sealed_size(plain: int) -> int:
    """Bytes of a member whose plain contents have `plain` bytes; an empty one has one empty chunk."""
    return plain + TAG * max(1, -(-plain // CHUNK))


class Readable(Protocol):
    """What can be read in pieces."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes."""
        ...


class Writer:
    """Writes an archive at `path`, which appears when all is written; what fails leaves nothing there.

    Raises Refusal where something is already, OSError where the disk refuses.
    """

    def __init__(self, path: Path, passphrase: str, kind: str, about: dict[str, Any], readme: str) -> None:
        if path.exists():
            raise Refusal(_("There is a file %(name)s already. Choose another name.") % {"name": path}, code="exists")
        self._path, self._number = path, 0
        self._part = path.with_name(f"{path.name}.{os.getpid()}.part")
        salt = os.urandom(32)
        key, check = _keys(passphrase, COST, salt)
        head = {"format": kind, **about, "key": COST | {"salt": salt.hex()}, "check": _check(check)}
        body = json.dumps(head, indent=2, ensure_ascii=False).encode()
        self._cipher = _Cipher(AESGCM(key), hashlib.sha256(body).digest())
        self._file = os.fdopen(os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._tar = tarfile.open(fileobj=self._file, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self._put(README, io.BytesIO(readme.encode()), len(readme.encode()))
        self._put(HEAD, io.BytesIO(body), len(body))

    def add(self, name: str, body: bytes) -> None:
        """A member from memory."""
        self.add_file(name, io.BytesIO(body), len(body))

    def add_file(self, name: str, source: Readable, size: int) -> None:
        """A member of exactly `size` bytes from a file. Raises Refusal if there are fewer."""
        self._number += 1
        self._put(name, _Sealing(source, size, name, self._number, self._cipher), sealed_size(size))

    def _put(self, name: str, source: Any, size: int) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        self._tar.addfile(info, source)
        _forget(self._tar)

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        try:
            if kind is None:
                self._tar.close()
                self._file.flush()
                os.fsync(self._file.fileno())
                self._part.rename(self._path)
            else:
                with suppress(Exception):  # what is wrong is on its way already
                    self._tar.close()
        finally:
            self._file.close()
            self._part.unlink(missing_ok=True)


class _Sealing:
    """A file to read from, whose bytes are those of `source`, encrypted."""

    def __init__(self, source: Readable, size: int, name: str, number: int, cipher: _Cipher) -> None:
        self._source, self._left, self._name, self._number, self._cipher = source, size, name, number, cipher
        self._chunk, self._ready, self._ended = 0, b"", False

    def read(self, wanted: int) -> bytes:
        while len(self._ready) < wanted and not self._ended:
            plain = self._source.read(min(CHUNK, self._left))
            if len(plain) < min(CHUNK, self._left):
                sentence = _("The file %(name)s became shorter while it was read. Try again.")
                raise Refusal(sentence % {"name": self._name}, code="shorter")
            self._left -= len(plain)
            self._chunk += 1
            self._ended = self._left == 0
            self._ready += self._cipher.seal(self._name, (self._number, self._chunk), plain, self._ended)
        given, self._ready = self._ready[:wanted], self._ready[wanted:]
        return given


@dataclass
class Member:
    """One member as it is read; its contents are there until the next one is asked for."""

    name: str
    number: int
    size: int  # bytes, encrypted
    _source: IO[bytes]
    _cipher: _Cipher

    def chunks(self) -> Iterator[bytes]:
        """The plain contents, at most 1 MiB at once. Raises Changed."""
        left, number = self.size, 0
        while left:
            try:
                sealed = self._source.read(min(CHUNK + TAG, left))
            except (tarfile.TarError, EOFError) as error:
                raise Changed(self.name) from error
            if not sealed:
                raise Changed(self.name)
            left -= len(sealed)
            number += 1
            yield self._cipher.open(self.name, (self.number, number), sealed, left == 0)

    def body(self, most: int) -> bytes:
        """All contents at once, of a member that has no more than `most` bytes. Raises Changed."""
        if self.size > sealed_size(most):
            raise Changed(self.name)
        return b"".join(self.chunks())


class Reader:
    """Reads an archive as a stream. Raises Refusal for what isn't one or a passphrase that doesn't fit."""

    def __init__(self, path: Path, passphrase: str, kind: str) -> None:
        self._number = 0
        try:
            self._tar = tarfile.open(path, mode="r|")  # noqa: SIM115
        except (tarfile.TarError, EOFError) as error:
            raise _not_ours() from error
        try:
            self.head, raw = self._head(kind)
            self._cipher = _Cipher(AESGCM(self._key(passphrase)), hashlib.sha256(raw).digest())
        except BaseException:
            self._tar.close()
            raise

    def _head(self, kind: str) -> tuple[dict[str, Any], bytes]:
        for info in self._infos():
            if info.name == README:
                continue
            source = self._tar.extractfile(info) if info.isfile() else None
            if info.name != HEAD or source is None or info.size > MOST_HEAD:
                break
            raw = source.read()
            try:
                head = json.loads(raw)
            except ValueError as error:
                raise _not_ours() from error
            if not isinstance(head, dict) or head.get("format") != kind:
                break
            return head, raw
        raise _not_ours()

    def _key(self, passphrase: str) -> bytes:
        """Made of the passphrase as the head says, within bounds: a head may lie."""
        try:
            cost, salt = self.head["key"], bytes.fromhex(self.head["key"]["salt"])
            n, r, p = (int(cost[name]) for name in ("n", "r", "p"))
            if cost["name"] != "scrypt" or min(n, r, p) < 1 or 128 * n * r > MOST_COST or p > 16:
                raise ValueError
            key, check = _keys(passphrase, {"n": n, "r": r, "p": p}, salt)
        except (ValueError, KeyError, TypeError, OverflowError) as error:
            raise Changed(HEAD) from error
        if not hmac.compare_digest(_check(check).encode(), str(self.head.get("check")).encode()):
            raise Refusal(_("The passphrase isn't the one this archive was made with."), code="passphrase")
        return key

    def _infos(self) -> Iterator[tarfile.TarInfo]:
        while True:
            try:
                info = self._tar.next()
            except (tarfile.TarError, EOFError, OSError, ValueError) as error:
                raise Changed(gettext("its end")) from error
            if info is None:
                return
            _forget(self._tar)
            yield info

    def members(self) -> Iterator[Member]:
        """All encrypted members, in order."""
        for info in self._infos():
            source = self._tar.extractfile(info) if info.isfile() else None
            if source is None:
                raise Changed(info.name)
            self._number += 1
            yield Member(info.name, self._number, info.size, source, self._cipher)

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_unused: object) -> None:
        self._tar.close()


def _not_ours() -> Refusal:
    return Refusal(_("This file is not an archive of an office."), code="not_ours")


def small(member: Member | None, name: str, most: int) -> dict[str, Any]:
    """The object of JSON that this member must be, of `most` bytes. Raises Changed where it is none, or another."""
    if member is None or member.name != name:
        raise Changed(name)
    try:
        found = json.loads(member.body(most))
    except ValueError as error:
        raise Changed(name) from error
    if not isinstance(found, dict):
        raise Changed(name)
    return found
