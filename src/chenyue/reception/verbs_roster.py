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
