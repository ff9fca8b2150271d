"""Reading one letter as it came over the wire: who, what about, its words, its files, and what kind it is. Pure.

Anybody may send anything: nothing here raises but `Refusal`.
Sources: RFC 5322 and 2045-2047 (messages), 3834 (automatic answers), 3464 (delivery status), 2919 (lists).
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr
from typing import Any, Literal

from django.utils.translation import gettext as _

from chenyue.core.errors import Refusal
from chenyue.core.text import clean
from chenyue.gateway.mail_in import plain

MOST = 25 * 1024 * 1024  # bytes of a letter
MOST_PARTS = 200
MOST_HEADER = 4000
MOST_WORDS = 200_000  # characters that are looked at; an appeal takes fewer
SMALL = 12 * 1024  # bytes: a picture inside the text that is smaller is a signature's
MARK = re.compile(r"<([0-9a-f]{32})@chenyue>")
ADDRESS = re.compile(r"[^\s@<>,;:\"\\()\[\]]{1,64}@[A-Za-z0-9.-]{1,180}")
_BRACKETS = re.compile(r"<([^<>]{0,320})>")
_AUTO_SUBJECT = re.compile(
    r"^\s*(?:自动(?:回复|答复)|automatic reply|auto(?:matic)?[ -]?(?:reply|response)|out of (?:the )?office|"
    r"undeliverable|delivery status notification|mail delivery|系统退信|退信通知)",
    re.IGNORECASE,
)
_MACHINES = re.compile(r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?[-+]?.*)@", re.IGNORECASE)
_AGAIN = re.compile(r"^\s*(?:(?:re|fw|fwd|aw|回复|答复|转发)\s*(?:\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE)
_STATUS = re.compile(r"^status:\s*(\d\.\d{1,3}\.\d{1,3})", re.IGNORECASE | re.MULTILINE)
_FAILED = re.compile(r"^action:\s*failed", re.IGNORECASE | re.MULTILINE)
Kind = Literal["letter", "auto", "bounce"]


@dataclass(frozen=True)
class File:
    """A file of a letter, as it was named by whoever sent it."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Letter:
    """A letter as it was understood."""

    key: str
    kind: Kind
    address: str  # of the sender; "" if there is none that could be answered
    name: str
    subject: str
    text: str = field(repr=False)  # all of it, with what it quotes
    files: tuple[File, ...] = ()
    marks: tuple[str, ...] = ()  # of letters of ours that it answers, or that came back
    status: str = ""  # of a letter that came back, such as 5.1.1

    @property
    def words(self) -> str:
        """What the writer wrote."""
        return plain.own_words(self.text)


def parse(raw: bytes) -> Letter:
    """Read a letter. Raises Refusal for one that can't be read at all."""
    if len(raw) > MOST:
        raise Refusal(_("The letter is larger than 25 MB."))
    try:
        message = message_from_bytes(raw, policy=policy.compat32)
        return _read(message)
    except Refusal:
        raise
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError) as error:
        raise Refusal(_("The letter isn't built as letters are.")) from error


def _read(message: Message) -> Letter:
    parts = list(_parts(message))
    name, address = _sender(message)
    texts, files = _contents(parts)
    marks = MARK.findall(" ".join(_raw(message, n) for n in ("In-Reply-To", "References")))
    status, returned = _bounced(message, parts)
    kind: Kind = "bounce" if returned is not None else "auto" if _automatic(message, address) else "letter"
    return Letter(
        key=_key(message, address),
        kind=kind,
        address=address,
        name=clean(name)[:60],
        subject=_AGAIN.sub("", " ".join(clean(_header(message, "Subject")).split()))[:200],
        text=plain.tidy(clean(texts))[:MOST_WORDS],
        files=tuple(files),
        marks=tuple(dict.fromkeys((returned or []) + marks))[:20],
        status=status,
    )


def _key(message: Message, address: str) -> str:
    """By which a letter that comes twice is known. Its sender counts, too: a Message-ID is anybody's to choose."""
    known = _raw(message, "Message-ID").strip()
    of = [known, address, _raw(message, "Date")] if known else [repr(message.items())[:20_000], address]
    return hashlib.sha256("\n".join(of).encode("utf-8", "replace")).hexdigest()


def _parts(message: Message) -> Iterator[Message]:
    """Every part that isn't itself a parcel, in order; no more than a letter ever has."""
    waiting, seen = [message], 0
    while waiting:
        part = waiting.pop()
        seen += 1
        if seen > MOST_PARTS:
            raise Refusal(_("The letter has more parts than letters have."))
        inside: Any = part.get_payload() if part.is_multipart() else None  # what else it holds may not be readable
        if isinstance(inside, list):
            if part.get_content_maintype() == "message":
                yield part
            waiting += reversed(inside)
        else:
            yield part


def _contents(parts: list[Message]) -> tuple[str, list[File]]:
    """The text (plain where there is one, else out of HTML) and the files."""
    said: list[str] = []
    pages: list[str] = []
    files: list[File] = []
    for part in parts:
        if part.is_multipart():
            continue
        kind, name = part.get_content_type(), _filename(part)
        attached = part.get_content_disposition() == "attachment"
        if kind in ("text/plain", "text/html") and not attached and not name:
            (said if kind == "text/plain" else pages).append(_text(part))
        elif part.get_content_maintype() not in ("text", "multipart", "message") or attached or name:
            content = _bytes(part)
            inline = part.get("Content-ID") and not attached and part.get_content_maintype() == "image"
            if content and not (inline and len(content) < SMALL):
                files.append(File(name or f"file.{part.get_content_subtype()[:8]}", content))
    text = "\n".join(said).strip()
    return text or "\n".join(plain.from_html(page) for page in pages), files


def _bytes(part: Message) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _text(part: Message) -> str:
    return _decoded(_bytes(part), part.get_content_charset() or "")


def _decoded(found: bytes, charset: str) -> str:
    """Bytes as text: as they say they are, else as they look."""
    for name in (_wide(charset), "utf-8", "gb18030"):
        try:
            return found.decode(name)
        except (LookupError, UnicodeError, ValueError):
            continue
    return found.decode("utf-8", "replace")


def _wide(charset: str) -> str:
    """GB2312 is said and GB18030 is meant. Codecs that aren't character sets (zip, base64) are none."""
    low = charset.lower().strip("\"' ")
    if low.startswith(("gb", "cp936", "hz", "x-gbk")):
        return "gb18030"
    return low if re.fullmatch(r"(?:utf|iso|windows|cp|big5|us-ascii|koi|shift|euc|latin)[\w-]{0,20}", low) else "-"


def _raw(message: Message, name: str) -> str:
    """A header as it stands there, a few lines of it at most."""
    wanted = name.lower()
    found = next((str(value) for key, value in message.raw_items() if key.lower() == wanted), "")
    found = found[:MOST_HEADER]
    try:
        return found.encode("ascii", "surrogateescape").decode("utf-8")
    except UnicodeError:
        return found.encode("utf-8", "surrogateescape").decode("gb18030", "replace")


def _header(message: Message, name: str) -> str:
    return _unfolded(_raw(message, name))


def _unfolded(value: str) -> str:
    """A header with its encoded words decoded."""
    try:
        pieces = decode_header(value)
    except (MessageError, ValueError, LookupError, TypeError):
        return value
    return "".join(
        piece if isinstance(piece, str) else _decoded(piece, charset or "utf-8") for piece, charset in pieces
    )


def _filename(part: Message) -> str:
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, TypeError, AttributeError):
        name = ""
    return clean(_unfolded(str(name))).replace("/", "_").replace("\\", "_")[:100]


def _sender(message: Message) -> tuple[str, str]:
    raw = _raw(message, "From").replace("\r", " ").replace("\n", " ")
    name = parseaddr(raw)[0]
    found = _BRACKETS.findall(raw) or [raw]
    address = found[0].strip()
    if not ADDRESS.fullmatch(address) or ".." in address:
        address = ""
    return _unfolded(name), address[:254].lower()


def _automatic(message: Message, address: str) -> bool:
    """Whether no person wrote it: answering such letters would make two machines write to each other for ever."""
    submitted = _raw(message, "Auto-Submitted").split(";")[0].strip().lower()
    if submitted not in ("", "no"):
        return True
    if any(_raw(message, name) for name in ("X-Autoreply", "X-Autorespond", "List-Id", "List-Unsubscribe")):
        return True
    if _raw(message, "Precedence").strip().lower() in ("bulk", "junk", "list", "auto_reply"):
        return True
    if _raw(message, "Return-Path").strip() == "<>" or not address or _MACHINES.match(address):
        return True
    if MARK.search(_raw(message, "Message-ID")):
        return True  # a letter of ours that was led back
    return bool(_AUTO_SUBJECT.match(_header(message, "Subject")))


def _bounced(message: Message, parts: list[Message]) -> tuple[str, list[str] | None]:
    """The status and the marks of letters of ours that came back for good; None if this is no such report."""
    if message.get_content_type() != "multipart/report":
        return "", None
    report = original = ""
    for part in parts:
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            inner: Any = part.get_payload() if part.is_multipart() else None
            report += "\n".join(str(one) for one in inner) if isinstance(inner, list) else _text(part)
        elif kind in ("text/rfc822-headers", "message/rfc822"):
            original += str(part)[:20_000]
    status = _STATUS.search(report[:20_000])
    if not status:
        return "", None
    failed = bool(_FAILED.search(report[:20_000])) and status[1].startswith("5")
    head = re.search(r"^message-id:\s*(\S+)", original, re.IGNORECASE | re.MULTILINE)
    return status[1], MARK.findall(head[1]) if failed and head else []
