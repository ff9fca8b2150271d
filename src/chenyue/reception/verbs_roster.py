"""What entries about venues, sittings' times, the roster and its turns say."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.core.moments import calendar_day
from chenyue.reception.timetable import weekday_words
from chenyue.timeline.verbs import register

Data = dict[str, Any]


def _because(said: str, data: Data) -> str:
    return f"{said}（{data['reason']}）" if data.get("reason") else said


register("sitting.withdrawn", lambda data: _because(_("Not held, by a change of hours"), data), "due", "x")
register("sitting.restored", gettext_lazy("Held after all"), icon="calendar")


def _hours(data: Data) -> str:
    return " ".join(part for part in (weekday_words(data.get("weekdays", [])), data.get("hours", "")) if part)


def _day(data: Data) -> str:
    first, last = date.fromisoformat(data["day"]), date.fromisoformat(data.get("until") or data["day"])
    return calendar_day(first) if first == last else f"{calendar_day(first)}–{calendar_day(last)}"


def _day_changed(data: Data) -> str:
    said = _("Closed on %(day)s") if data.get("closed") else _("Open at other hours on %(day)s")
    words = said % {"day": _day(data)}
    return _because(f"{words} {data['hours']}" if data.get("hours") else words, data)


register("venue.added", lambda data: _("The venue “%(name)s” was added") % data, icon="plus")
register("venue.changed", lambda data: _("The venue “%(name)s” was changed") % data, icon="edit")
register("venue.hours", lambda data: _("Weekly hours: %(hours)s") % {"hours": _hours(data)}, icon="clock")
register("venue.hours_removed", lambda data: _("Hours taken away: %(hours)s") % {"hours": _hours(data)}, "due", "clock")
register("venue.day_changed", _day_changed, "due", "calendar")
register("venue.day_usual", lambda data: _("As usual again on %(day)s") % {"day": _day(data)}, icon="calendar")
register("venue.feed_renewed", gettext_lazy("The address of the calendar was renewed"), icon="refresh")
register("venue.screen_renewed", gettext_lazy("The address of screen and kiosk was renewed"), icon="refresh")


def _range(data: Data) -> dict[str, str]:
    return {name: calendar_day(date.fromisoformat(data[name])) for name in ("first", "last")}


def _names(names: list[str]) -> str:
    return "、".join(names)


def _staff(data: Data) -> str:
    parts = []
    if data.get("added"):
        parts.append(_("%(names)s receives") % {"names": _names(data["added"])})
    if data.get("gone"):
        parts.append(_("%(names)s no longer does") % {"names": _names(data["gone"])})
    return "；".join(parts)


def _published(data: Data) -> str:
    said = _("Published: %(first)s to %(last)s, %(turns)d turns") % (_range(data) | {"turns": data["turns"]})
    if data.get("broken"):
        said += _("; %(n)d rules broken on purpose") % {"n": data["broken"]}
    return said


register("roster.asked", lambda d: _("A roster from %(first)s to %(last)s was asked for") % _range(d), icon="calendar")
register("roster.replan_asked", lambda d: _("Planned anew from %(first)s to %(last)s") % _range(d), icon="refresh")
register("roster.by_hand", lambda d: _("Changed by hand: %(first)s to %(last)s") % _range(d), icon="edit")
register("roster.asked_again", gettext_lazy("Computed once more"), icon="refresh")
register("roster.dropped", gettext_lazy("The draft was thrown away"), "due", "trash")
register("roster.repaired", lambda d: d.get("gives") or _("Went on with the best that could be done"), "due", "edit")
register("roster.published", _published, "done", "check")
register("roster.person_added", lambda d: _("%(name)s takes turns") % d, icon="plus")
register("roster.person_changed", lambda d: _("What is known of %(name)s for the roster was changed") % d, icon="edit")
register(
    "roster.leave",
    lambda d: _("%(name)s is away from %(first)s to %(last)s") % (_range(d) | {"name": d["name"]}),
    icon="calendar-event",
)
register(
    "roster.leave_cancelled",
    lambda d: _("%(name)s is there after all, %(first)s to %(last)s") % (_range(d) | {"name": d["name"]}),
    icon="calendar-event",
)
register(
    "roster.corrected",
    lambda d: _("Ledger of %(name)s for %(year)s: %(turns)s turns") % d,
    "due",
    "edit",
    lambda d: d.get("words", ""),
)
register("roster.rules", lambda d: _("Version %(version)d of the roster's rules") % d, icon="settings")
register("sitting.staff_changed", _staff, icon="users")
register("sitting.swapped", lambda d: _("Swap: %(words)s") % {"words": _staff(d)}, icon="refresh")
register("sitting.stood_in", lambda d: _("Stand-in: %(words)s") % {"words": _staff(d)}, "done", "users")
register("sitting.absent", lambda d: _("%(name)s doesn't come") % d, "late", "user")
register("sitting.back", lambda d: _("%(name)s comes after all") % d, "done", "user")
