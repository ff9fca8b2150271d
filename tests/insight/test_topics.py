"""Emerging topics: what many tell in their own words is found; copies, courtesies and chance likeness are not."""

import csv
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from chenyue.insight import topics
from chenyue.insight.topics import Said

FIRST = datetime(2026, 11, 1, 8)
CHARGING = [
    "晚晴苑车棚充电桩半夜跳闸，第二天没法骑车",
    "晚晴苑东门车棚的充电桩又跳闸了",
    "车棚充电桩老跳闸，晚晴苑没人修",
    "请修一下晚晴苑车棚里的充电桩，一充就跳闸",
    "晚晴苑充电桩跳闸三次，电动车充不上电",
]
OTHER = [
    "公交12路改线后老人去菜场要走很远", "楼上装修周日早上六点就开始打墙", "孩子上学要过的马路没有红绿灯",
    "河边步道的灯坏了两盏", "菜市场门口污水横流", "想问医保卡在哪里换新的", "广场舞声音太大影响孩子写作业",
    "小区门口总有大车违停挡住出口", "银杏街的树枝快碰到电线了", "垃圾桶三天没有人来清理，味道很大",
]  # fmt: skip


def said(texts: list[str], first: int = 0, who: str = "") -> list[Said]:
    return [
        Said(
            first + n, FIRST + timedelta(hours=first + n), text, f"{text}。希望尽快处理，谢谢！", who or f"p{first + n}"
        )
        for n, text in enumerate(texts)
    ]


def test_what_many_tell_in_their_own_words_is_one_topic() -> None:
    found = topics.find(said(CHARGING) + said(OTHER, 50))
    assert [sorted(topic.ids) for topic in found] == [list(range(5))]
    topic = found[0]
    assert (topic.size, topic.copies, topic.reporters) == (5, 0, 5)
    assert any("充电桩" in word for word in topic.words)
    assert len(topic.typical) == 3 and set(topic.typical) <= set(CHARGING)


def test_a_flood_of_copies_counts_once() -> None:
    flood = said([CHARGING[0]] * 30, 100, who="one")
    assert topics.find(flood + said(OTHER, 50)) == []
    found = topics.find(said(CHARGING) + flood + said(OTHER, 50))
    assert (found[0].size, found[0].copies, found[0].reporters) == (5, 30, 6)


@pytest.mark.parametrize("texts", [[], CHARGING[:1], ["", "", "", "", ""], ["谢谢"] * 5 + ["您好"] * 5])
def test_too_little_is_nothing(texts: list[str]) -> None:
    assert topics.find(said(texts)) == []


def test_the_large_repeated_complaints_of_a_real_inbox_are_found() -> None:
    """Counted by marks a reader would look for; no row of the file is kept here."""
    file = Path(__file__).resolve().parents[3] / "shared" / "data" / "appeals" / "inbox.csv"
    if not file.exists():
        pytest.skip("the residents' messages are not on this machine")
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    marks = ("搅拌站", "车位")
    # The large ones whole, and a quarter of everything else: a third of the time.
    rows = [row for n, row in enumerate(rows) if n % 4 == 0 or any(mark in row["title"] for mark in marks)]
    words = {int(row["id"]): row["title"] + row["text"] for row in rows}
    given = [Said(int(row["id"]), FIRST, row["title"], row["text"], row["user"]) for row in rows]
    found = topics.find(given, most=5)[:2]
    shares = {
        mark: max(sum(mark in words[pk] for pk in topic.ids) / len(topic.ids) for topic in found) for mark in marks
    }
    assert min(topic.size for topic in found) >= 25
    assert min(shares.values()) >= 0.75, shares
