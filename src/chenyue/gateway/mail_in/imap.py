"""The mailbox: IMAP by the standard library, with a deadline for each answer and a limit on what a server may send.

A letter is known by its number in the folder (UID). Reading marks it as read and changes nothing else.
"""

import imaplib
import re
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from chenyue.core import calling
from chenyue.core.errors import Refusal
from chenyue.notify.channels import Setup, Trouble

SECONDS = 20.0  # for one answer
MOST = 26 * 1024 * 1024  # bytes of one answer, whatever the server says
_UID = re.compile(rb"\d{1,18}")
_SIZE = re.compile(rb"RFC822\.SIZE (\d{1,18})")


class _Bounded:
    """Reads no more at once than a letter has (a server may claim any length), at the very address looked at."""

    def __init__(self, there: str, host: str, port: int, **more: Any) -> None:
        self._there = there
        super().__init__(host, port, **more)  # type: ignore[call-arg]

    def _create_socket(self, timeout: float | None) -> Any:
        return socket.create_connection((self._there, self.port), timeout)  # type: ignore[attr-defined]

    def read(self, size: int) -> bytes:
        if size > MOST:
            raise imaplib.IMAP4.abort("too long an answer")
        return bytes(super().read(size))  # type: ignore[misc]


class _Plain(_Bounded, imaplib.IMAP4):
    """Without encryption, or with STARTTLS."""


class _Secure(_Bounded, imaplib.IMAP4_SSL):
    """TLS from the start; the certificate must be one of the server's name."""

    def _create_socket(self, timeout: float | None) -> Any:
        plain = super()._create_socket(timeout)
        return self.ssl_context.wrap_socket(plain, server_hostname=self.host)


@dataclass
class Folder:
    """An open folder."""

    connection: Any
    validity: str
    next_uid: int

    def after(self, uid: int, since: datetime | None) -> list[int]:
        """Numbers behind `uid`, or of all that came since a day, the oldest first."""
        asked = f"SINCE {since:%d-%b-%Y}" if since else f"UID {uid + 1}:*"
        kind, rows = self.connection.uid("SEARCH", None, asked)
        _expect(kind, "search")
        found = {int(one) for one in _UID.findall(b" ".join(row for row in rows if isinstance(row, bytes)))}
        return sorted(one for one in found if since or one > uid)

    def facts(self, uid: int) -> tuple[int, datetime | None]:
        """The size of a letter in bytes and when it arrived; (0, None) for one that is gone."""
        kind, rows = self.connection.uid("FETCH", str(uid), "(RFC822.SIZE INTERNALDATE)")
        _expect(kind, "fetch")
        line = b" ".join(_flat(rows))
        size = _SIZE.search(line)
        moment = imaplib.Internaldate2tuple(line)
        at = datetime.fromtimestamp(time.mktime(moment), UTC) if moment else None
        return (int(size[1]), at) if size else (0, at)

    def letter(self, uid: int) -> bytes:
        """The whole letter; empty for one that is gone."""
        kind, rows = self.connection.uid("FETCH", str(uid), "(BODY.PEEK[])")
        _expect(kind, "fetch")
        return next((row[1] for row in rows if isinstance(row, tuple) and isinstance(row[1], bytes)), b"")

    def read(self, uid: int) -> None:
        """Mark as read."""
        self.connection.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")


def _flat(rows: Any) -> Iterator[bytes]:
    for row in rows or []:
        yield from (one for one in (row if isinstance(row, tuple) else (row,)) if isinstance(one, bytes))


def _expect(kind: str, what: str) -> None:
    if kind != "OK":
        raise Trouble(f"imap: {what} refused")


@contextmanager
def opened(setup: Setup) -> Iterator[Folder]:
    """The folder of these settings. Raises Trouble with a short code."""
    connection = None
    try:
        connection = _connect(setup)
        connection.login(str(setup["user"]), str(setup["password"]))
        kind, rows = connection.select(f'"{setup["folder"]}"')
        if kind != "OK":
            raise Trouble("imap: no such folder", words=_said(rows))
        yield Folder(connection, _number(connection, "UIDVALIDITY"), int(_number(connection, "UIDNEXT") or 0))
    except Refusal as refusal:
        raise Trouble(refusal.code, words=str(refusal.sentence)) from refusal
    except imaplib.IMAP4.abort as error:
        raise Trouble("imap: broken off", words=str(error)) from error
    except imaplib.IMAP4.error as error:
        raise Trouble("imap: refused", words=str(error)) from error
    except TimeoutError as error:
        raise Trouble("imap: no answer in time") from error
    except (OSError, ssl.SSLError, UnicodeError, ValueError, MemoryError) as error:
        raise Trouble(f"imap: {type(error).__name__}", words=str(error)) from error
    finally:
        if connection is not None:
            _close(connection)


def _close(connection: Any) -> None:
    try:
        connection.logout()
    except (imaplib.IMAP4.error, OSError, ValueError):
        connection.shutdown()


def _connect(setup: Setup) -> Any:
    host, port, security = str(setup["host"]), int(setup["port"]), setup["security"]
    where = calling.checked(f"https://{host}:{port}")
    there = calling.resolve(where)  # the connection goes there, whatever the name means a moment later
    if security == "none" and not calling.trusted(where):
        raise Refusal(_("Without encryption only a server that the operator named may be asked."), code="plain")
    context = ssl.create_default_context()
    if security == "tls":
        return _Secure(there, host, port, ssl_context=context, timeout=SECONDS)
    connection = _Plain(there, host, port, timeout=SECONDS)
    if security == "starttls":
        connection.starttls(ssl_context=context)
    return connection


def _number(connection: Any, name: str) -> str:
    _code, rows = connection.response(name)
    found = _UID.search(rows[0]) if rows and isinstance(rows[0], bytes) else None
    return found[0].decode() if found else ""


def _said(rows: Any) -> str:
    return b" ".join(_flat(rows)).decode("utf-8", "replace")


def received(found: datetime | None, at: datetime) -> datetime:
    """When a letter arrived by its server's word, if that is near enough to be believed."""
    return found if found is not None and at - timedelta(days=30) < found <= at else at
