"""What a calling screen and the holder of a ticket may know of a venue at a moment: as JSON, read once for all.

A screen shows numbers, windows and at most a family name; never a matter. The line, for holders of tickets, shows
numbers only.
"""

import threading
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import FilteredRelation, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from chenyue.core import moments
from chenyue.people.masking import mask_name
from chenyue.reception import live, queries
from chenyue.reception.lifecycle import SittingState
from chenyue.reception.models import CallLog, Sitting, Ticket, Venue
from chenyue.reception.queue import queries as queue

REFRESH = 20  # seconds; waits change though nothing happens
CALLS = 12  # kept in a frame: no call is missed by who reads less often than so many calls take
AHEAD = timedelta(days=14)  # how far a screen looks for the next sitting
NEXT = 6  # numbers that the wall shows as coming next

Frames = Mapping[str, dict[str, Any]]


def today(at: datetime) -> date:
    """The day in the office's time zone."""
    return timezone.localtime(at).date()


def news(venue_ids: Iterable[int], at: datetime) -> dict[int, live.News]:
    """How each of these venues stands, for `live`: one statement."""
    day = today(at)
    rows = (
        Venue.objects.filter(pk__in=list(venue_ids), active=True)
        .annotate(now=FilteredRelation("sittings", condition=Q(sittings__day=day)))
        .values_list("pk", "screen_token", "now__pk", "now__state", "now__epoch", "now__starts_at", "now__ends_at")
    )
    found: dict[int, live.News] = {}
    best: dict[int, tuple[int, float]] = {}
    for venue_id, token, sitting_id, state, epoch, starts_at, ends_at in rows:
        rank = _rank(state, starts_at, ends_at, at)
        if venue_id in best and best[venue_id] <= rank:
            continue
        best[venue_id] = rank
        turn = int(at.timestamp()) // REFRESH
        stamp = (sitting_id, state, epoch, turn if state == SittingState.OPEN else turn // 15, day)
        found[venue_id] = live.News(stamp, live.mark_of(token), day)
    return found


def _rank(state: str | None, starts_at: Any, ends_at: Any, at: datetime) -> tuple[int, float]:
    """Which of a day's sittings a venue shows: the open one, the next that is planned, the last that is over."""
    if state is None:
        return 9, 0
    if state == SittingState.OPEN:
        return 0, -starts_at.timestamp()
    if state == SittingState.PLANNED and ends_at > at:
        return 1, starts_at.timestamp()
    return 2, -starts_at.timestamp()


def shown_sitting(venue: Venue, at: datetime) -> Sitting | None:
    """The sitting that a venue's screen and kiosk are about: today's open, next or last one; else the next day's."""
    day = today(at)
    rows = list(queries.sittings_between(day, day).filter(venue=venue))
    if rows:
        return min(rows, key=lambda s: _rank(s.state, s.starts_at, s.ends_at, at))
    later = queries.sittings_between(day, day + AHEAD).filter(venue=venue)
    return later.exclude(state=SittingState.CANCELLED).first()


def build(venue_id: int, at: datetime) -> dict[str, dict[str, Any]]:
    """The frames of a venue: `screen` and `line`, in the language of the office."""
    with translation.override(settings.LANGUAGE_CODE):
        return _build(Venue.objects.get(pk=venue_id), at)


def _build(venue: Venue, at: datetime) -> dict[str, dict[str, Any]]:
    sitting = shown_sitting(venue, at)
    head: dict[str, Any] = {"venue": venue.name, "at": at.isoformat(), "state": "none", "sitting": None}
    screen = {"windows": [], "calls": [], "next": [], "waiting": 0, "stopped": False, "hours": "", "names": []}
    screen |= {"told": _told(venue, sitting, at), "reason": ""}
    line: dict[str, Any] = {"line": {}, "called": {}, "held": [], "stopped": False}
    if sitting is None:
        return {live.SCREEN: head | screen, live.LINE: head | line}
    head |= {"state": sitting.state, "sitting": sitting.pk}
    screen |= _about(sitting)
    if sitting.state in (SittingState.OPEN, SittingState.PLANNED) and sitting.day == today(at):
        now = queue.line(sitting, at)
        screen |= _shown(now) | {"calls": calls(sitting)}
        line |= _places(now)
    return {live.SCREEN: head | screen, live.LINE: head | line}


def _shown(now: queue.Line) -> dict[str, Any]:
    there = sorted([*now.called, *now.in_visit], key=lambda t: t.window or 0)
    windows = [{"window": t.window, "label": t.label, "name": family_name(t.called_as)} for t in there]
    following = [row.ticket.label for row in now.rows[:NEXT]]
    return {"windows": windows, "next": following, "waiting": len(now.rows), "stopped": now.stopped}


def _places(now: queue.Line) -> dict[str, Any]:
    return {
        "line": {row.ticket.label: [row.ahead, row.low, row.high] for row in now.rows},
        "called": {t.label: [t.window, t.state, t.calls] for t in [*now.called, *now.in_visit]},
        "held": [t.label for t in now.held],
        "stopped": now.stopped,
    }


def _about(sitting: Sitting) -> dict[str, Any]:
    """Who receives, when, and why it was cancelled."""
    cancelled = sitting.state == SittingState.CANCELLED
    return {"hours": hours(sitting), "names": receivers(sitting), "reason": sitting.reason if cancelled else ""}


def receivers(sitting: Sitting) -> list[str]:
    """Who receives, the lead first; nobody while the roster isn't published."""
    return queries.as_published(sitting).names if sitting.published_at else []


def hours(sitting: Sitting) -> str:
    """`07:00–08:30`."""
    return f"{timezone.localtime(sitting.starts_at):%H:%M}–{timezone.localtime(sitting.ends_at):%H:%M}"


def _told(venue: Venue, sitting: Sitting | None, at: datetime) -> str:
    """What the screen says while nobody is being received."""
    if sitting is None:
        return _("No sitting is planned in the next days.")
    if sitting.state == SittingState.OPEN:
        return ""
    if sitting.state == SittingState.PLANNED:
        if sitting.day == today(at):
            return _("People are received from %(time)s") % {"time": hours(sitting).partition("–")[0]}
        return _next_words(sitting, at)
    after = queries.next_sittings(at, [venue.pk], 1)
    over = sitting.state == SittingState.CLOSED
    said = _("This sitting is over.") if over else _("This sitting is called off.")
    return f"{said} {_next_words(after[0], at)}" if after else said


def _next_words(sitting: Sitting, at: datetime) -> str:
    day = moments.in_words(sitting.day, at)
    return _("Next: %(day)s %(hours)s") % {"day": day, "hours": hours(sitting)}


def calls(sitting: Sitting, most: int = CALLS) -> list[dict[str, Any]]:
    """The newest calls, newest first, without those that were undone. One statement."""
    rows = CallLog.objects.filter(sitting=sitting).select_related("ticket").order_by("-pk")[: most * 2]
    found: list[dict[str, Any]] = []
    undone: dict[int, int] = {}
    for row in rows:
        if row.kind == "undo":
            undone[row.ticket_id] = undone.get(row.ticket_id, 0) + 1
        elif undone.get(row.ticket_id):
            undone[row.ticket_id] -= 1
        else:
            found.append(_call(row, row.ticket))
    return found[:most]


def _call(row: CallLog, ticket: Ticket) -> dict[str, Any]:
    return {
        "id": row.pk,
        "label": ticket.label,
        "window": row.window,
        "name": family_name(ticket.called_as),
        "again": row.kind == "recall",
        "at": f"{timezone.localtime(row.at):%H:%M}",
    }


def family_name(called_as: str) -> str:
    """What a screen may show of a name as told: `陈大明` → `陈*`, `欧阳明` → `欧阳*`; "" for what is no name."""
    kept = mask_name(called_as).rstrip("*")[:2]
    return f"{kept}*" if kept.isalpha() else ""


class Kept:
    """The newest frames of each venue in this process, for those who ask from time to time."""

    def __init__(self) -> None:
        self._held: dict[int, tuple[Any, Frames]] = {}
        self._lock = threading.Lock()

    def get(self, key: live.Key, at: datetime) -> tuple[str, dict[str, Any]] | None:
        """The frame that a key opens, with a word that changes when it does; None if the key has ended.

        One statement, and the reading of a venue if it has changed.
        """
        found = news([key.venue_id], at).get(key.venue_id)
        if found is None or not live.opens(key, found):
            return None
        with self._lock:
            held = self._held.get(key.venue_id)
            if held is None or held[0] != found.stamp:
                held = (found.stamp, build(key.venue_id, at))
                self._held[key.venue_id] = held
        return live.mark_of(repr(found.stamp)), held[1][key.kind]

    def forget(self) -> None:
        """Drop everything (between tests)."""
        self._held.clear()


kept = Kept()
