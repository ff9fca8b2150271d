"""Calendars as other programs read them (iCalendar, RFC 5545): one way of writing them for the whole product."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chenyue.core.text import clean

MOST = 1500  # entries of one calendar
TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class Entry:
    """Something with a time. Days without hours: `starts` and `ends` are dates, the end not included.

    `uid` stays the same for ever; `sequence` counts its changes. A cancelled one stays, so that programs take it out.
    """

    uid: str
    starts: datetime | date
    ends: datetime | date
    summary: str
    words: str = ""
    place: str = ""
    url: str = ""
    sequence: int = 0
    cancelled: bool = False


def write(name: str, part: str, entries: Iterable[Entry], at: datetime) -> bytes:
    """A calendar of this name; `part` of the product stands in its PRODID. At most `MOST` entries."""
    from icalendar import Calendar  # half a second that the start of the server needn't take

    calendar = Calendar()
    calendar.add("prodid", f"-//Chenyue//{part}//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", " ".join(clean(name).split()))  # one line, whatever was typed
    calendar.add("x-wr-timezone", "Asia/Shanghai")
    calendar.add("x-published-ttl", "PT1H")
    for count, entry in enumerate(entries):
        if count >= MOST:
            break
        calendar.add_component(_event(entry, at))
    return bytes(calendar.to_ical())


def _event(entry: Entry, at: datetime) -> Any:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{entry.uid}@chenyue")
    event.add("dtstamp", at)
    event.add("dtstart", entry.starts)
    event.add("dtend", entry.ends)
    event.add("summary", entry.summary)
    event.add("sequence", entry.sequence)
    for name, value in (("location", entry.place), ("description", entry.words), ("url", entry.url)):
        if value:
            event.add(name, value)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    return event
