"""One door for every form in which a chat may come: what it is, is told by what stands in it."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from chenyue.core import csv_text
from chenyue.core import text as texts
from chenyue.core.errors import Refusal
from chenyue.gateway.chat import pastes, pictures, records, tables
from chenyue.gateway.chat.messages import MOST, SYSTEM_SENDER, Message, Transcript

MAX_BYTES = 5 * 1024 * 1024
LONGEST_NAME, LONGEST_TEXT = 80, 8_000  # characters; longer ones are cut


def read_text(text: str, at: datetime) -> Transcript:
    """A chat that was pasted. Refuses, with a sentence, what is none."""
    plain = texts.clean(text.replace("\xa0", " ").replace("\u2005", " "))
    if not plain:
        raise Refusal(_("There is nothing here yet. Paste the chat, or choose a file."), field="pasted", code="empty")
    if plain[0] in "[{" and re.match(r"[\[{]\s*[\[{\"]", plain):
        return _checked(records.read(plain, at))
    head = plain.split("\n", 1)[0]
    if tables.looks_like(head):
        return _checked(tables.read(plain.encode(), "", at))
    return _checked(pastes.read(plain, at))


def read_file(data: bytes, filename: str, at: datetime) -> Transcript:
    """A chat that was exported: text, table, JSON or a screenshot."""
    if len(data) > MAX_BYTES:
        raise Refusal(_("This file is larger than 5 MB. Export a shorter time."), field="file", code="too_large")
    if not data.strip():
        raise Refusal(_("This file is empty."), field="file", code="empty")
    if pictures.is_picture(data):
        return _checked(pictures.read([data], at))
    if data[:2] == b"PK" or data[:4] == b"\xd0\xcf\x11\xe0":
        return _checked(tables.read(data, filename, at))
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")  # UTF-16 is half zeros
    if data[:4] == b"%PDF" or data[:2] == b"MZ" or (data.count(b"\x00") > len(data) // 4 and not wide):
        raise Refusal(
            _("This file isn't a chat. Copy the messages and paste them, or export them as text or CSV."),
            field="file",
            code="not_a_chat",
        )
    lines, _undecodable = csv_text.decode(data)
    text = "\n".join(lines).removeprefix("\ufeff")
    if re.match(r"\s*<(?:!doctype|html)", text, re.IGNORECASE):
        raise Refusal(
            _("This is a web page. Export the chat as text or CSV, or copy the messages and paste them."),
            field="file",
            code="web_page",
        )
    if tables.looks_like(next((line for line in lines if line.strip()), "")):
        return _checked(tables.read(data, filename, at))
    return read_text(text, at)


def _fit(message: Message) -> Message:
    """Without marks that turn or hide words: JSON and tables bring them where a paste can't."""
    sender = texts.clean(message.sender)[:LONGEST_NAME] or SYSTEM_SENDER
    text = texts.clean(message.text)[:LONGEST_TEXT] or "…"
    if (sender, text) == (message.sender, message.text):
        return message
    return replace(message, sender=sender, text=text)


def joined(parts: Iterable[Transcript]) -> Transcript:
    """Several pastes or files as one chat, in the order in which they came; what overlaps is kept once."""
    whole, seen = Transcript(), set()
    for part in parts:
        whole.group = whole.group or part.group
        whole.home = whole.home or part.home
        whole.formats += [name for name in part.formats if name not in whole.formats]
        whole.broken += part.broken
        mine = set()
        for message in part.messages:
            key = (message.sender, message.at, message.text)
            if message.at is None or key not in seen:
                number = len(whole.messages) + 1
                whole.messages.append(Message(f"m{number:03d}", message.sender, message.at, message.text, message.line))
            mine.add(key)
        seen |= mine
    return _checked(whole)


def _checked(found: Transcript) -> Transcript:
    """The chat fit for showing and storing, whatever it was read from; a Refusal where it is none."""
    if len(found.messages) > MOST:
        raise Refusal(
            _("These are %(count)d messages. At most 5,000 are read at once: take a shorter time.")
            % {"count": len(found.messages)},
            code="too_many",
        )
    found.messages = [_fit(message) for message in found.messages]
    found.group = texts.clean(found.group)[:LONGEST_NAME]
    found.home = texts.clean(found.home)[:LONGEST_NAME]
    if found.messages:
        return found
    if found.broken:
        first = found.broken[0]
        raise Refusal(
            _("No message could be read. Line %(line)d: %(why)s") % {"line": first.line, "why": first.sentence},
            code="unreadable",
        )
    raise Refusal(
        _("No message could be read. Each message needs a name, best with its time, and below it the words."),
        code="unreadable",
    )
