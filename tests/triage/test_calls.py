"""Calls in distress and what only sounds like one: short, oblique, with slips, and buried in long letters.

Messages of our own, each file written before triage had read it; the figures of those first readings are in
docs/triage.md. Here they are floors: a call that was once understood stays understood.
"""

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from cast import SHANGHAI
from chenyue.triage import dangers, letters, suggest
from chenyue.triage.reading import read

AT = datetime(2026, 11, 20, 20, tzinfo=SHANGHAI)
DATA = Path(__file__).parent / "data"
# Of 60, 40, 30, 30, 20 and 20 that are no danger; the second ear has learned from the first four.
FALSE = {"calls.csv": 1, "calls2.csv": 1, "calls3.csv": 3, "calls4.csv": 2, "calls5.csv": 4, "calls6.csv": 3}
MISSED = {"calls5.csv": 2, "calls6.csv": 4}  # of 30 and 20 calls that it has not


@pytest.mark.django_db
@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("name", FALSE)
def test_every_call_is_heard_and_little_else(name: str) -> None:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        rows = [(row, suggest(row["text"], None, AT)) for row in csv.DictReader(file)]
    missed = [row["text"] for row, found in rows if row["danger"] == "1" and found.urgency != "emergency"]
    assert len(missed) <= MISSED.get(name, 0), missed
    loud = [row["text"] for row, found in rows if row["danger"] == "0" and found.urgency == "emergency"]
    assert len(loud) <= FALSE[name], loud


def kinds(text: str, at: Any = AT) -> set[str]:
    return {seen.danger.kind for seen in dangers.look(read(text), at).present}


@pytest.mark.parametrize(
    "text",
    [
        "我们通过电话反映过多次，客服说会处理。",
        "申请又被打回来了，我精疲力尽。",
        "小区门口被电动车堵得死死的。",
        "这是强奸民意，我们不接受。",
        "他看着火车开走了。",
    ],
)
def test_words_inside_other_words_are_no_danger(text: str) -> None:
    assert kinds(text) == set()


def test_a_letter_that_argues_is_no_call() -> None:
    argument = "消防通道被堵，一旦起火后果不堪设想，难道要等到烧死人才有人管吗。"
    filler = "物业公司自入住以来从未公布账目，业主大会开了两次都没有结果，我们要求街道出面协调，给一个书面的答复。" * 3
    assert letters.is_letter(filler + argument)
    assert kinds(filler + argument) == set()
    assert "fire" in kinds(filler + "刚才三楼的厨房起火了，现在楼道里全是烟。")


def test_a_date_is_read_against_the_day_of_the_letter() -> None:
    words = "11月19日晚有人拿刀砍人。" + "我们小区的门禁坏了很久，监控也看不清，物业一直推脱，希望尽快处理。" * 4
    assert kinds(words) == {"violence"}
    assert kinds(words, AT.replace(month=12)) == set()


def test_long_sentences_are_read_in_stretches() -> None:
    sentence = "我家住在江边，" + "环境很好，邻居也好，" * 8 + "孩子在学校读书。"
    assert all(len(part) <= letters.STRETCH for part in letters.stretches(sentence))
    assert "".join(letters.stretches("短句，不分。")) == "短句，不分。"
