"""What somebody said in WeCom, whichever door it came by: app, customer service or robot. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from chenyue.core.text import clean

LONGEST = 8_000  # characters of a message
MOST_MEDIA = 9


class Unreadable(ValueError):
    """Not what WeCom sends."""


@dataclass(frozen=True)
class Heard:
    """One message. `media`: what can be fetched, as `{"id": …}` or `{"url": …, "key": …}`."""

    kind: str  # text, image, voice, place, forward, event, other
    sender: str
    said_at: datetime
    words: str = ""
    media: list[dict[str, str]] = field(default_factory=list)
    told: str = ""  # where, in words
    point: tuple[float, float] | None = None
    scene: str = ""  # what the code that was scanned carries
    data: Mapping[str, Any] = field(default_factory=dict)  # of events and forwards


def fields(xml: bytes) -> dict[str, str]:
    """The fields of a message's XML, those inside others as `Outer.Inner`. Raises Unreadable; no entities, no DTD."""
    try:
        root = fromstring(xml, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Unreadable("no XML") from error
    found: dict[str, str] = {}
    for outer in root:
        found[outer.tag] = (outer.text or "").strip()
        for inner in outer:
            name = f"{outer.tag}.{inner.tag}"
            found[name] = (inner.text or "").strip()
            for deep in inner:
                found[f"{name}.{deep.tag}"] = (deep.text or "").strip()
                for option in deep:
                    found[f"{name}.{deep.tag}.{option.tag}"] = (option.text or "").strip()
    return found


def moment(seconds: Any, at: datetime) -> datetime:
    """When it was said; `at` where that makes no sense."""
    try:
        said = datetime.fromtimestamp(int(str(seconds)[:12]), UTC)
    except (ValueError, OverflowError, OSError):
        return at
    return said if said <= at else at


def of_app(row: Mapping[str, str], at: datetime) -> Heard:
    """A message or event to an app of one's own, as `fields` read it."""
    kind, sender = row.get("MsgType", ""), row.get("FromUserName", "")[:64]
    said_at = moment(row.get("CreateTime", ""), at)
    if kind == "event":
        return Heard("event", sender, said_at, data=dict(row))
    if kind == "text":
        return Heard("text", sender, said_at, _words(row.get("Content", "")))
    if kind == "image":
        return Heard("image", sender, said_at, media=[{"id": row.get("MediaId", "")}])
    if kind == "location":
        point = _point(row.get("Location_X"), row.get("Location_Y"))
        return Heard("place", sender, said_at, told=_words(row.get("Label", ""))[:200], point=point)
    if kind == "link":
        title = _words(row.get("Title", ""))
        return Heard("text", sender, said_at, f"[链接] {title}" if title else "")
    if kind == "voice":
        return Heard("voice", sender, said_at, media=[{"id": row.get("MediaId", ""), "kind": "voice"}])
    return Heard("other", sender, said_at)


def of_service(row: Mapping[str, Any], at: datetime) -> Heard:
    """A row of 微信客服's `sync_msg`."""
    kind, sender = str(row.get("msgtype", "")), str(row.get("external_userid") or "")[:64]
    said_at = moment(row.get("send_time"), at)
    part = _part(row, kind)
    if kind == "event":
        sender = sender or str(part.get("external_userid") or "")[:64]
        return Heard("event", sender, said_at, scene=str(part.get("scene_param") or "")[:128], data=part)
    if kind == "text":
        return Heard("text", sender, said_at, _words(part.get("content")))
    if kind == "image":
        return Heard("image", sender, said_at, media=[{"id": str(part.get("media_id") or "")}])
    if kind == "location":
        told = " ".join(filter(None, (_words(part.get("name")), _words(part.get("address")))))[:200]
        return Heard("place", sender, said_at, told=told, point=_point(part.get("latitude"), part.get("longitude")))
    if kind == "merged_msg":
        return Heard("forward", sender, said_at, data={"merged_msg": part})
    if kind in ("link", "miniprogram"):
        title = _words(part.get("title"))
        return Heard("text", sender, said_at, f"[链接] {title}" if title else "")
    if kind == "voice":
        return Heard("voice", sender, said_at, media=[{"id": str(part.get("media_id") or ""), "kind": "voice"}])
    return Heard("other", sender, said_at)


def of_bot(frame: Mapping[str, Any], at: datetime) -> Heard:
    """A frame of a smart robot's long connection."""
    body = _part(frame, "body")
    kind, sender = str(body.get("msgtype", "")), str(_part(body, "from").get("userid") or "")[:64]
    said_at = moment(body.get("create_time"), at)
    if kind == "event" or "event" in body:
        return Heard("event", sender, said_at, data=_part(body, "event"))
    if kind == "mixed":
        items = _part(body, "mixed").get("msg_item")
        rows = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
        words = "\n".join(filter(None, (_words(_part(item, "text").get("content")) for item in rows)))
        media = [_sealed(_part(item, "image")) for item in rows if item.get("msgtype") == "image"]
        return Heard("text" if words else "image", sender, said_at, words[:LONGEST], media[:MOST_MEDIA])
    part = _part(body, kind)
    if kind in ("text", "voice"):  # a voice comes as what WeCom understood
        return Heard("text", sender, said_at, _words(part.get("content")))
    if kind == "image":
        return Heard("image", sender, said_at, media=[_sealed(part)])
    return Heard("other", sender, said_at)


def _sealed(part: Mapping[str, Any]) -> dict[str, str]:
    return {"url": str(part.get("url") or "")[:1000], "key": str(part.get("aeskey") or "")[:100]}


def _part(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = row.get(name)
    return found if isinstance(found, dict) else {}


def _words(value: Any) -> str:
    return clean(value)[:LONGEST] if isinstance(value, str) else ""


def _point(latitude: Any, longitude: Any) -> tuple[float, float] | None:
    try:
        found = float(latitude), float(longitude)
    except (TypeError, ValueError):
        return None
    return found if abs(found[0]) <= 90 and abs(found[1]) <= 180 else None


def packed(heard: Heard) -> str:
    """To be kept until it is worked on."""
    value = vars(heard) | {"said_at": heard.said_at.timestamp(), "data": dict(heard.data)}
    return json.dumps(value, ensure_ascii=False)


def unpacked(text: str) -> Heard:
    """What `packed` wrote."""
    value = json.loads(text)
    value["said_at"] = datetime.fromtimestamp(value["said_at"], UTC)
    value["point"] = tuple(value["point"]) if value["point"] else None
    return Heard(**value)
