"""Chats as JSON: an exporter's records, a merged forward, or messages with their group. Pure."""

import json
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Refusal
from chenyue.gateway.chat import stamps
from chenyue.gateway.chat.messages import PLACEHOLDERS, SYSTEM_SENDER, Broken, Message, Transcript
from chenyue.gateway.chat.tables import KINDS

_NAMED = {"image": "picture", "voice": "voice", "video": "video", "file": "file", "link": "link", "location": "place"}
_NAMED |= {"miniprogram": "link", "other": "sticker", "merged_msg": "records", "chatrecord": "records", "weapp": "link"}
_SENDERS = ("senderName", "sender_name", "SenderName", "NickName", "from_nickname", "nickname", "sender")
_TIMES = ("time", "send_time", "Time", "CreateTime", "StrTime", "createTime")
_TEXTS = ("text", "content", "Content", "StrContent", "msg_content", "message")


def read(text: str, at: datetime) -> Transcript:
    """A chat out of JSON; says at which line a broken file breaks off."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise Refusal(
            _("This file breaks off or is damaged at line %(line)d. Export it again.") % {"line": error.lineno},
            code="json",
        ) from error
    except (RecursionError, ValueError) as error:  # nested for ever; a number of thousands of digits
        raise Refusal(_("This file isn't a chat."), code="json") from error
    return _chat(data, at)


def _chat(data: Any, at: datetime) -> Transcript:
    found = Transcript(formats=["records"])
    rows: Any = data
    if isinstance(data, dict):
        merged = data.get("merged_msg")
        inner: dict[str, Any] = merged if isinstance(merged, dict) else data
        rows = next(
            (inner[key] for key in ("item", "items", "messages", "data") if isinstance(inner.get(key), list)), None
        )
        title = str(inner.get("title") or data.get("group") or data.get("talkerName") or "")
        found.group = re.sub(r"的聊天记录$", "", title).strip()[:80]
        found.home = str(data.get("building_hint") or "")[:120]
    if not isinstance(rows, list) or not any(isinstance(row, dict) for row in rows):
        raise Refusal(_("This file is JSON, but no chat: it has no list of messages."), code="json")
    _fill(found, rows, at)
    return found


def _fill(found: Transcript, rows: Iterable[Any], at: datetime) -> None:
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict) or not (text := _text(row)):
            found.broken.append(Broken(number, _("This message has no words.")))
            continue
        found.group = found.group or str(row.get("talkerName") or row.get("TalkerName") or "")[:80]
        system = row.get("type") in (10000, 10002, "10000", "10002")
        sender = SYSTEM_SENDER if system else str(_first(row, _SENDERS) or SYSTEM_SENDER).strip()
        mark = str(row.get("id") or "")
        name = mark if re.fullmatch(r"m\d{3,5}", mark) else f"m{len(found.messages) + 1:03d}"
        found.messages.append(Message(name, sender, stamps.written(_first(row, _TIMES), at), text, number))


def _first(row: dict[str, Any], names: tuple[str, ...]) -> Any:
    return next((row[name] for name in names if row.get(name) not in (None, "")), None)


def _text(row: dict[str, Any]) -> str:
    kind = str(row.get("msgtype") or row.get("type") or "text")
    value = _first(row, _TEXTS)
    if "msg_content" in row:
        value = _inner(row["msg_content"], kind)
    if isinstance(value, str) and value.strip():
        return value.strip()
    named = _NAMED.get(kind) or KINDS.get(kind)
    return PLACEHOLDERS[named] if named else ""


def _inner(content: Any, kind: str) -> str:
    """A forwarded message's own JSON; what isn't JSON is taken as it stands. Links aren't followed."""
    try:
        inner = json.loads(content) if isinstance(content, str) else content
    except (ValueError, RecursionError):
        return str(content)
    if not isinstance(inner, dict):
        return str(content)
    own = inner.get(kind)
    part: dict[str, Any] = own if isinstance(own, dict) else inner
    words = part.get("content") or part.get("title") or ""
    return f"[链接] {words}" if kind == "link" and words else str(words)
