"""Own chats as scripts: one line a message, its letter before it where it belongs to an incident.

=== name | group | home | 2026-06-03 07:12
A 0607 normal estate/building/entrance [solved]
---
  老魏: 早
A 2-301: 楼上漏水了
+45                       (minutes that pass)
B 老魏: >2-301> 我家也是   (quotes the last words of 2-301)
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from chenyue.gateway.chat.messages import Message, Transcript

_QUOTES = re.compile(r">([^>]+)>\s?(.*)")
GAPS = (1, 0, 2, 1, 1, 3)  # minutes between messages, in turn


def chats(folder: Path, pattern: str) -> Iterator[dict[str, Any]]:
    """The chats of the scripts that match, in the shape of labelled chats."""
    for file in sorted(folder.glob(pattern)):
        for part in re.split(r"^=== ", file.read_text(encoding="utf-8"), flags=re.M)[1:]:
            yield _chat(part)


def transcript(data: dict[str, Any], named: bool = True) -> Transcript:
    """The chat as a reader of a file would hand it over; `named` with its group and home."""
    messages = [
        Message(m["id"], m["sender"], timezone.make_aware(datetime.fromisoformat(m["time"])), m["text"])
        for m in data["messages"]
    ]
    return Transcript(messages, data["group"], data["building_hint"]) if named else Transcript(messages)


def _chat(part: str) -> dict[str, Any]:
    head, rest = part.split("\n", 1)
    name, group, home, start = (piece.strip() for piece in head.split("|"))
    told, body = rest.split("---\n", 1)
    facts = {line.split()[0]: line.split()[1:] for line in told.splitlines() if line.strip()}
    messages, of = _messages(body, datetime.fromisoformat(start))
    return {
        "id": name,
        "group": group,
        "building_hint": home,
        "messages": messages,
        "gold": {"appeals": list(_appeals(messages, of, facts))},
    }


def _messages(body: str, at: datetime) -> tuple[list[dict[str, str]], dict[str, str]]:
    messages: list[dict[str, str]] = []
    of: dict[str, str] = {}
    last: dict[str, str] = {}
    for line in body.splitlines():
        if line.startswith("+"):
            at += timedelta(minutes=int(line[1:]))
            continue
        if not line.strip():
            continue
        letter, rest = line[:2].strip(), line[2:]
        sender, text = (piece.strip() for piece in rest.split(": ", 1))
        if quoted := _QUOTES.fullmatch(text):
            dashes = "- - - - - - - - - - - - - - -"
            text = f"「{quoted[1]}：{last[quoted[1]]}」\n{dashes}\n{quoted[2]}"
        else:
            last[sender] = text
        at += timedelta(minutes=GAPS[len(messages) % len(GAPS)])
        number = f"m{len(messages) + 1:03d}"
        messages.append({"id": number, "sender": sender, "time": f"{at:%Y-%m-%d %H:%M:%S}", "text": text})
        if letter:
            of[number] = letter
    return messages, of


def _appeals(
    messages: list[dict[str, str]], of: dict[str, str], facts: dict[str, list[str]]
) -> Iterator[dict[str, Any]]:
    voices: dict[tuple[str, str], list[str]] = {}
    for message in messages:
        if letter := of.get(message["id"]):
            voices.setdefault((letter, message["sender"]), []).append(message["id"])
    for (letter, sender), ids in voices.items():
        code, urgency, place = facts[letter][:3]
        yield {
            "message_ids": ids,
            "incident": letter,
            "category_code": code,
            "urgency": urgency,
            "place": "" if place == "-" else place,
            "reporters": [sender],
        }
