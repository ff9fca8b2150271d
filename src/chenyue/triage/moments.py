"""When it happened, and how long it has lasted, as a text tells it; against the moment of the appeal. Pure.

Spoken times are vague: `昨晚十一点多` is read as 23:00 of the day before, a part of a day without an hour
as its middle. What lies after the appeal isn't read (an appointment, an announcement).
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from chenyue.triage.numbers import value

_N = r"(\d{1,4}|[零〇一二两三四五六七八九十百半几]{1,4})"
_DAY = {
    "今天": 0, "今日": 0, "今早": 0, "今晨": 0, "今晚": 0, "今夜": 0, "今儿": 0, "今朝": 0,
    "昨天": 1, "昨日": 1, "昨晚": 1, "昨夜": 1, "昨儿": 1, "前天": 2, "前日": 2, "前晚": 2, "前夜": 2, "大前天": 3,
}  # fmt: skip
# part of the day → (its middle, hours that twelve is added below)
_PART = {
    "凌晨": (3, 0), "清晨": (6, 0), "早上": (7, 0), "早晨": (7, 0), "今早": (7, 0), "今晨": (6, 0), "上午": (10, 0),
    "中午": (12, 4), "下午": (15, 12), "傍晚": (18, 12), "晚上": (20, 12), "今晚": (20, 12), "昨晚": (21, 12),
    "前晚": (21, 12), "夜里": (23, 12), "昨夜": (23, 12), "前夜": (23, 12), "今夜": (23, 12), "半夜": (1, 0),
    "后半夜": (2, 0), "深夜": (23, 12), "晚": (20, 12), "早": (7, 0),
}  # fmt: skip
_WEEKDAY = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_HOUR = re.compile(r"^[的]?(?:约|大约|大概|差不多)?" + _N + r"(?:点钟|点|时|:)(?!都)(半|\d{1,2}分?)?")
_WHEN = re.compile(
    r"(?P<just>刚才|刚刚|方才|就在刚|几分钟前|这会儿|此刻)"
    r"|(?P<ago>" + _N + r"多?个?(?P<unit>分钟|小时|钟头|天|日|星期|礼拜|周|月|年)(?:以)?前)"
    r"|(?P<week>上上?(?:个)?(?:星期|礼拜|周)(?P<wd>[一二三四五六日天]))"
    r"|(?P<date>(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})月(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})[日号])"
    r"|(?P<named>大前天|前天|昨天|今天|昨日|今日|昨晚|今晚|昨夜|今夜|今早|今晨|前晚|前夜|昨儿|今儿|今朝)"
)
_PARTS = re.compile("|".join(sorted(_PART, key=len, reverse=True)))
_LASTS = re.compile(
    _N + r"(?:多?个?(?P<half>半)?|个多)(?P<unit>分钟|小时|钟头|天|晚上?|夜|星期|礼拜|周|月|年)多?"
    r"(?:了|没|都没|不|以来|来)"
)
_HOURS = {
    "分钟": 1 / 60, "小时": 1.0, "钟头": 1.0, "天": 24.0, "日": 24.0, "晚": 24.0, "晚上": 24.0, "夜": 24.0,
    "星期": 168.0, "礼拜": 168.0, "周": 168.0, "月": 730.0, "年": 8766.0,
}  # fmt: skip
LONGEST_AGO = 100 * 8766.0  # hours
_HALF = re.compile(r"半(?P<unit>个?月|年|天|个?(?:小时|钟头))(?:多)?(?:了|没|都没|不|以来)")


@dataclass(frozen=True, slots=True)
class Told:
    """A moment with the words that tell it."""

    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Lasting:
    """A duration in hours, about, with the words that tell it."""

    hours: float
    words: str


def _number(text: str) -> float:
    if text == "半":
        return 0.5
    if "几" in text:
        return 3.0 if text == "几" else value(text.replace("几", "")) * 1.0
    return float(value(text.replace("半", "") or "0")) + (0.5 if text.endswith("半") else 0.0)


def happened(plain: str, at: datetime) -> Told | None:
    """The first moment told that isn't after `at` (an aware datetime in the office's time zone)."""
    for match in _WHEN.finditer(plain):
        day = _day(match, at)
        if day is None:
            continue
        moment, words = day, match.group()
        if not match.group("just") and not (match.group("ago") and match.group("unit") in ("分钟", "小时", "钟头")):
            moment, words = _in_day(day, plain, match, at)
        if moment <= at:
            return Told(moment, words)
    return None


def _day(match: re.Match[str], at: datetime) -> datetime | None:
    if match.group("just"):
        return at
    if match.group("ago"):
        hours = _number(match.group(3)) * _HOURS[match.group("unit")]
        return at - timedelta(hours=hours) if hours <= LONGEST_AGO else None  # 2010年前 is a year, not a stretch
    if match.group("week"):
        weeks = 2 if match.group("week").startswith("上上") else 1
        return at - timedelta(days=at.weekday() + 7 * weeks - _WEEKDAY[match.group("wd")])
    if match.group("date"):
        try:
            day = at.replace(month=value(match.group("month")), day=value(match.group("day")))
        except ValueError:
            return None
        return day if day.date() <= at.date() else day.replace(year=at.year - 1)
    return at - timedelta(days=_DAY[match.group("named")])


def _in_day(day: datetime, plain: str, match: re.Match[str], at: datetime) -> tuple[datetime, str]:
    """The hour within the day: told, else the middle of the part of the day, else noon (or the appeal's own hour)."""
    end = match.end()
    part = next((m for m in [_PARTS.match(plain, end)] if m), None)
    name = part.group() if part else next((n for n in (match.group()[-2:], match.group()[-1:]) if n in _PART), "")
    end = part.end() if part else end
    hour = _HOUR.match(plain[end : end + 12])
    middle, shift = _PART.get(name, (12, 0))
    if hour:
        told = int(_number(hour.group(1)))
        minute = 30 if hour.group(2) == "半" else int(re.sub(r"\D", "", hour.group(2) or "") or 0)
        late_night = shift and told in (12, 0) and name not in ("中午", "下午")
        clock = told + 12 if shift and told < 12 and (told >= shift - 11 or shift == 12) else told
        clock, later = (0, 1) if late_night or clock == 24 else (clock, 0)
        if clock > 23 or minute > 59:
            return day, match.group()
        moment = day.replace(hour=clock, minute=minute, second=0, microsecond=0) + timedelta(days=later)
        return moment, plain[match.start() : end + hour.end()]
    if name:
        later = 1 if name in ("半夜", "后半夜") and match.group().startswith(("昨", "前")) else 0
        moment = day.replace(hour=middle, minute=0, second=0, microsecond=0) + timedelta(days=later)
        return min(moment, at) if moment.date() == at.date() else moment, plain[match.start() : end]
    if day.date() == at.date():
        return day, match.group()
    return day.replace(hour=12, minute=0, second=0, microsecond=0), match.group()


def lasting(plain: str) -> Lasting | None:
    """The longest time that something is said to have lasted."""
    found = [Lasting(0.5 * _HOURS[m.group("unit").lstrip("个")], m.group()) for m in _HALF.finditer(plain)]
    for match in _LASTS.finditer(plain):
        number = _number(match.group(1)) + (0.5 if match.group("half") else 0.0)
        if 0 < number < 100 or match.group("unit") in ("分钟", "天"):
            found.append(Lasting(number * _HOURS[match.group("unit")], match.group()))
    return max(found, key=lambda one: one.hours, default=None)
