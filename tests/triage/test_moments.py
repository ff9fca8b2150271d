"""When it happened and how long it has lasted, as people say it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from chenyue.triage.moments import happened, lasting

AT = datetime(2026, 11, 24, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Tuesday


@pytest.mark.parametrize(
    ("text", "moment", "words"),
    [
        ("昨晚十一点多楼上还在吵", "2026-11-23 23:00", "昨晚十一点"),
        ("今天凌晨两点半打桩", "2026-11-24 02:30", "今天凌晨两点半"),
        ("前天下午三点停水", "2026-11-22 15:00", "前天下午三点"),
        ("昨天夜里十二点车没了", "2026-11-24 00:00", "昨天夜里十二点"),
        ("三天前报修", "2026-11-21 12:00", "三天前"),
        ("两个小时前就说来", "2026-11-24 07:00", "两个小时前"),
        ("上周五晚上八点", "2026-11-20 20:00", "上周五晚上八点"),
        ("11月3日来过", "2026-11-03 12:00", "11月3日"),
        ("12月3日来过", "2025-12-03 12:00", "12月3日"),
        ("刚才掉砖", "2026-11-24 09:00", "刚才"),
        ("今早六点多马桶冒水", "2026-11-24 06:00", "今早六点"),
    ],
)
def test_a_moment_is_read_against_the_time_of_the_appeal(text: str, moment: str, words: str) -> None:
    told = happened(text, AT)
    assert told
    assert (f"{told.at:%Y-%m-%d %H:%M}", told.words) == (moment, words)


@pytest.mark.parametrize("text", ["今天下午三点开会", "每天半夜敲墙", "2月30日", "昨天99点", "", "十一点多"])
def test_what_lies_ahead_or_nowhere_is_no_moment(text: str) -> None:
    told = happened(text, AT)
    assert told is None or told.at <= AT


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("停水三天了", 72),
        ("坏了半个月了没人修", 365),
        ("拖了两年多了", 2 * 8766),
        ("一个半月了", 1.5 * 730),
        ("已经三个多月没发工资", 3 * 730),
        ("等了四十分钟了", 40 / 60),
    ],
)
def test_a_duration_is_read(text: str, hours: float) -> None:
    found = lasting(text)
    assert found
    assert found.hours == pytest.approx(hours)


@pytest.mark.parametrize("text", ["三天后开会", "住了三室一厅", "", "2026年了还这样"])
def test_what_is_no_duration(text: str) -> None:
    found = lasting(text)
    assert found is None or found.hours < 200000


def test_a_year_is_no_stretch_of_time() -> None:
    assert happened("2010年前买的房子", AT) is None
