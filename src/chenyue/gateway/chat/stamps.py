"""Moments as chats write them. Pure: what is left out (year, day) is told by the reader."""

import re
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

DATE = r"(?:(?P<year>\d{4})\s?[年/.\-]\s?)?(?P<month>\d{1,2})\s?[月/.\-]\s?(?P<day>\d{1,2})\s?日?"
CLOCK = (
    r"(?P<part>凌晨|早上|上午|中午|下午|傍晚|晚上|AM|PM)?\s?(?P<hour>\d{1,2})[:：](?P<minute>\d{2})"
    r"(?:[:：](?P<second>\d{2}))?\s?(?P<half>[AaPp][Mm])?"
)
RELATIVE = r"(?P<relative>今天|昨天|前天|(?:星期|周)[一二三四五六日天])"
FULL = rf"(?:{DATE}|{RELATIVE})\s*{CLOCK}"
_FULL = re.compile(rf"\s*{FULL}\s*")
_CLOCK = re.compile(rf"\s*{CLOCK}\s*")
_DAY = re.compile(rf"\s*{DATE}(?:\s*(?:星期|周)[一二三四五六日天])?\s*")
_YEARS = range(2000, 2100)  # a chat of another year is a fault of its file, and no calendar reaches beyond 9999
_LATE = {"下午", "傍晚", "晚上", "pm"}


def moment(written: str, at: datetime, day: date | None = None) -> datetime | None:
    """`6月23日 06:28`, `2026/7/22 19:35:10`, `昨天 18:40`, or a clock on `day`; None if it isn't one.

    Without a year it is the last such day before `at`.
    """
    if found := _FULL.fullmatch(written):
        on = _relative(found["relative"], at) if found["relative"] else _date(found, at)
        return _at(on, found) if on else None
    if found := _CLOCK.fullmatch(written):
        return _at(day or timezone.localdate(at), found)
    return None


def day_of(written: str, at: datetime) -> date | None:
    """A day alone, such as on a line between two days."""
    found = _DAY.fullmatch(written)
    return _date(found, at) if found else None


def seconds(number: float) -> datetime | None:
    """Seconds (or milliseconds) since 1970; None for a number that is no such moment."""
    try:
        return _likely(datetime.fromtimestamp(number / 1000 if number > 1e11 else number, UTC))
    except (OverflowError, OSError, ValueError):
        return None


def _likely(found: datetime) -> datetime | None:
    return found if found.year in _YEARS else None


def written(value: object, at: datetime) -> datetime | None:
    """A moment out of a file's cell: seconds since 1970, ISO 8601 or as a chat writes it."""
    if isinstance(value, int | float):
        return None if isinstance(value, bool) else seconds(value)
    text = str(value or "").strip()
    if re.fullmatch(r"\d{10}(?:\d{3})?(?:\.\d+)?", text):
        return seconds(float(text))
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return moment(text, at)
    if not _likely(found):
        return None
    return timezone.make_aware(found) if timezone.is_naive(found) else found


def _date(found: re.Match[str], at: datetime) -> date | None:
    today = timezone.localdate(at)
    try:
        if found["year"]:
            if int(found["year"]) not in _YEARS:
                return None
            return date(int(found["year"]), int(found["month"]), int(found["day"]))
        this = date(today.year, int(found["month"]), int(found["day"]))
        return this if this <= today + timedelta(days=1) else this.replace(year=today.year - 1)
    except ValueError:
        return None


def _relative(word: str, at: datetime) -> date:
    today = timezone.localdate(at)
    if word in ("今天", "昨天", "前天"):
        return today - timedelta(days=("今天", "昨天", "前天").index(word))
    weekday = "一二三四五六日".index(word[-1].replace("天", "日"))
    return today - timedelta(days=(today.weekday() - weekday) % 7)


def _at(day: date, found: re.Match[str]) -> datetime | None:
    hour, part = int(found["hour"]), (found["part"] or found["half"] or "").lower()
    if (part in _LATE and hour < 12) or (part == "中午" and hour < 3):
        hour += 12
    elif part in ("am", "上午", "凌晨") and hour == 12:
        hour = 0
    try:
        clock = time(hour, int(found["minute"]), int(found["second"] or 0))
    except ValueError:
        return None
    return timezone.make_aware(datetime.combine(day, clock))
