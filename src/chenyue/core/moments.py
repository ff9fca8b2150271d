"""Moments and spans in words: "今天 08:40", "还剩 1 天 6 小时（11 月 24 日 17:00 前）"."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

SOON = timedelta(hours=4)  # a clock turns amber when less than this is left


@dataclass(frozen=True)
class ClockWords:
    """A clock as it is shown: the words, how urgent they are, and until when."""

    words: str
    tone: str
    until: str


def here(moment: datetime) -> datetime:
    """A moment by the office's clock, which is every reader's: no page activates another zone."""
    return moment.astimezone(timezone.get_default_timezone())


def in_words(moment: datetime | date, now: datetime) -> str:
    """A moment as people say it, seen from `now`; a date has no hour."""
    today = here(now).date()
    if isinstance(moment, datetime):
        local = here(moment)
        return f"{_day_in_words(local.date(), today)} {local.hour:02}:{local.minute:02}"
    return _day_in_words(moment, today)


def _day_in_words(day: date, today: date) -> str:
    away = (day - today).days
    if -1 <= away <= 1:
        return (_("Yesterday"), _("Today"), _("Tomorrow"))[away + 1]
    return calendar_day(day, with_year=day.year != today.year)


def calendar_day(day: date, *, with_year: bool = False) -> str:
    """`11 月 24 日`, or with its year `2025 年 11 月 24 日`."""
    return _calendar_day(get_language(), day, with_year)


@lru_cache(maxsize=4096)  # a page says few days, many times
def _calendar_day(language: str | None, day: date, with_year: bool) -> str:
    words = {"year": day.year, "day": day.day, "month": _month(day.month)}
    return (_("%(day)d %(month)s %(year)d") if with_year else _("%(day)d %(month)s")) % words


def _month(month: int) -> str:
    return (
        pgettext("month", "Jan"), pgettext("month", "Feb"), pgettext("month", "Mar"), pgettext("month", "Apr"),
        pgettext("month", "May"), pgettext("month", "Jun"), pgettext("month", "Jul"), pgettext("month", "Aug"),
        pgettext("month", "Sep"), pgettext("month", "Oct"), pgettext("month", "Nov"), pgettext("month", "Dec"),
    )[month - 1]  # fmt: skip


def span_in_words(span: timedelta) -> str:
    """The two largest parts of a span, rounded down: `1 天 6 小时`, `3 小时 20 分`, `25 分`."""
    minutes = max(0, int(span.total_seconds() // 60))
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return _join(_("%d d") % days, hours and _("%d h") % hours)
    if hours:
        return _join(_("%d h") % hours, rest and _("%d min") % rest)
    return _("%d min") % rest if rest else _("less than a minute")


def _join(first: str, second: str | int) -> str:
    return f"{first} {second}" if second else first


def clock(due: datetime, now: datetime, done: datetime | None = None, *, soon: timedelta = SOON) -> ClockWords:
    """A promise in words: what is left, by how much it is late, or how it was kept."""
    local = here(due)
    until = _("by %(day)s %(time)s") % {
        "day": calendar_day(local.date(), with_year=local.year != here(now).year),
        "time": f"{local:%H:%M}",
    }
    if done is not None:
        if done <= due:
            return ClockWords(_("Kept"), "done", until)
        return ClockWords(_("%s late") % span_in_words(done - due), "late", until)
    if now > due:
        return ClockWords(_("%s overdue") % span_in_words(now - due), "late", until)
    return ClockWords(_("%s left") % span_in_words(due - now), "due" if due - now <= soon else "wait", until)
