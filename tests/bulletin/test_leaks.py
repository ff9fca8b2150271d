"""Nobody is recognised in what is published about a case: each of these must be seen."""

import time

import pytest

from chenyue.bulletin.leaks import ASK, MUST, Known, check

KNOWN = Known(
    names=("陈大明",), numbers=("2026-1122-0007",), doors=("金桂苑1幢2单元401",),
    words=("我家厨房的水管从上个礼拜开始一直往楼下漏水，物业说管不了。",),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind", "level"),
    [
        ("居民陈大明说", "name", MUST),
        ("居民陈 大·明说", "name", MUST),
        ("编号2026-1122-0007已办结", "number", MUST),
        ("在金桂苑1幢2单元401修好了", "door", MUST),
        ("电话13800138000", "phone", MUST),
        ("电话138-0013-8000", "phone", MUST),
        ("电话１３８００１３８０００", "phone", MUST),
        ("身份证32010219480101123X", "id_number", MUST),
        ("写信到a.b@c.example", "email", MUST),
        ("车牌苏B·12345挡住了", "plate", MUST),
        ("住在401室", "room", MUST),
        ("住在3-2-401", "room", MUST),
        ("卡号6222 0212 3456 7890 123", "card", MUST),
        ("请打0510-85551234", "landline", ASK),
        ("王阿姨很高兴", "called", ASK),
        ("3幢2单元的居民", "entrance", ASK),
        ("家里有残疾老人", "illness", ASK),
        ("8岁的女儿", "child", ASK),
        ("他说：我家厨房的水管从上个礼拜开始漏了", "quoted", ASK),
    ],
)
def test_what_gives_somebody_away_is_seen(text: str, kind: str, level: str) -> None:
    assert (kind, level) in {(hit.kind, hit.level) for hit in check({"text": text}, KNOWN)}


@pytest.mark.parametrize(
    "text",
    [
        "水管漏水已经修好，用了半天。",
        "2026年11月22日，办结 1200 件，满意率 83.60%。",
        "今晨七点有约，欢迎来3楼大厅。",
        "",
    ],
)
def test_harmless_words_are_left_alone(text: str) -> None:
    assert check({"text": text}, KNOWN) == []


def test_a_hit_says_where_and_keeps_its_name_when_words_move() -> None:
    (one,) = check({"title": "好消息", "text": "请打13800138000"})
    (two,) = check({"title": "好消息", "text": "有事请打13800138000"})
    assert (one.field, one.excerpt) == ("text", "13800138000")
    assert one.key == two.key and one.start != two.start


def test_long_texts_take_no_longer_than_they_are_long() -> None:
    def cost(n: int) -> float:
        text, words = "1" * n + "漏" * n, "漏" * n
        best = []
        for _turn in range(3):
            began = time.thread_time()
            check({"text": text}, Known(words=(words,)))
            best.append(time.thread_time() - began)
        return min(best)

    assert cost(16_000) < 8 * cost(4_000) + 0.05
