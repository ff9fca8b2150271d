"""What people type, paste or say: places, spans, numbers, chats, searches."""

import json
import math
from pathlib import Path
from urllib.parse import parse_qs

from django.http import QueryDict
from hypothesis import strategies as st

import chenyue.triage
from cast import NOW, Cast
from chenyue.cases import filters, queries, search
from chenyue.cases.models import Case
from chenyue.core import ids, qr, text
from chenyue.core.moments import in_words
from chenyue.gateway.chat import fingerprints, signs, stamps, understanding
from chenyue.gateway.chat import reading as chats
from chenyue.gateway.open311 import editing, rules
from chenyue.people import masking, personal
from chenyue.places import coordinates, reading
from chenyue.places.queries import gazetteer
from chenyue.workdays.spans import Span
from fuzz.changing import changed_text
from fuzz.targets import target

CHATS = Path(__file__).parents[1] / "gateway" / "chats"
WORDS = [
    "金桂苑3幢2单元501室的下水道又堵了，臭水漫到楼道", "丹桂花园十二号楼门口路灯坏了三天", "我想咨询一下老年卡怎么办",
    "三楼的阿婆摔倒了快叫救护车！！", "13800000001，陈大明，身份证11010519491231002X", "幢幢幢号号号单元室室",
]  # fmt: skip


@target(changed_text(WORDS), examples=12)
def place_in_words(value: str) -> None:
    known = gazetteer()
    for hit in known.find(value):
        assert known.path(hit)
    for hit in known.search(value, 5):
        assert known.path(hit)


@target(changed_text(["十二号楼", "3幢", "B座", "２单元", "一百零八号", "501室"]), examples=25)
def place_number(value: str) -> None:
    plain, _spots = reading.folded(value)
    reading.buildings(plain)
    reading.room_number(plain)
    reading.building_key(value)
    reading.entrance_key(value)
    reading.tail(plain, 0)


@target(changed_text(WORDS, json=True))
def cleaned(value: str) -> None:
    plain = text.clean(value)
    plain.encode()
    assert text.clean(plain) == plain
    text.fold(plain)
    text.tokens(plain)
    text.initials(plain)


@target(changed_text(["4wh", "5wd", "15m", "24h", "1d"], ["wh", "wd"]), examples=25)
def span(value: str) -> None:
    found = Span.parse(value)
    assert Span.parse(str(found)) == found
    assert str(found.words)


@target(
    changed_text(["13800000001", "+86 138 0000 0001", "0512-65550001转801", "11010519491231002X", "陈·大明"]),
    examples=40,
)
def person(value: str) -> None:
    personal.phone_index(value)
    personal.id_index(value)
    personal.name_index(value)
    assert personal.name(value) == personal.name(personal.name(value))
    for mask in (masking.mask_phone, masking.mask_name, masking.mask_id, masking.mask_email, masking.mask_words):
        mask(value)
    masking.forget_person(value, value[:2])


@target(changed_text(["C7QK-M2XR-9TDF", "a1b2"]))
def receipt(value: str) -> None:
    assert ids.read_receipt(ids.read_receipt(value)) == ids.read_receipt(value)


@target(changed_text(["楼层 *\n- 一楼\n- 二楼", "电话", "有无电梯：有，无"], ["*", "- ", "：", "|"]))
def questions(value: str) -> None:
    editing.written(editing.questions(value))


@target(changed_text(["2026-11-22T07:00:00+08:00", "2026-11-22T07:00:00Z", "31.5", "121.2", "25"]))
def open311_value(value: str) -> None:
    for read in (
        lambda: rules.moment("x", value), lambda: rules.number("x", value, 99), lambda: rules.point(value, "121.2"),
        lambda: rules.listed(value),
    ):  # fmt: skip
        try:
            read()
        except rules.Refusal:
            continue


@target(
    changed_text([*WORDS, "2026-1122-0007", "A2026-1122-0007", "C7QK-M2XR-9TDF", "'OR 1=1--", "NEAR(a b)", "a:*&!|"]),
    examples=30,
)
def searched(value: str) -> None:
    cast = Cast()
    queries.find(cast.li, value, limit=3)
    list(search.matching(Case.objects.all(), value)[:3])


QUERIES = [
    "state=open&q=灯&from=2026-11-01&to=2026-11-22&category=1&unit=2&place=3&order=due&urgency=urgent",
    "mine=lead&due=late",
]
NAMES = [f"&{name}=" for name in filters.FILTERS]


@target(changed_text(QUERIES, NAMES), examples=25)
def filtered(value: str) -> None:
    cast = Cast()
    for query in (QueryDict(value, mutable=False), dict(parse_qs(value))):
        found = filters.Filters.read(query)
        list(found.apply(queries.visible(cast.li), filters.Context(cast.li, NOW))[:3])
        assert all(str(word.words if hasattr(word, "words") else word) for word in found.words())
        found.query(order=None)


@target(changed_text(WORDS), examples=12)
def suggested(value: str) -> None:
    json.dumps(chenyue.triage.suggest(value, None, NOW).to_json())


def _chats() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(CHATS.glob("*.txt"))[:6]] + [
        path.read_text(encoding="utf-8") for path in sorted(CHATS.glob("*.raw.json"))[:4]
    ]  # fmt: skip


STAMPS = [
    "张三 07:00",
    "[图片]",
    "[语音]",
    "—————  2026-11-22  —————",
    "昨天 22:10",
    "星期五",
    '"content":',
    '"time": 1e400',
    "null",
]


@target(changed_text(_chats(), STAMPS, json=True), examples=12)
def chat(value: str) -> None:
    found = chats.read_text(value, NOW)
    fingerprints.fingerprints(found.messages, 1)
    for message in found.messages[:50]:
        signs.read(message.text)
        message.text.encode()
        message.sender.encode()


@target(st.builds(str.encode, changed_text(_chats(), STAMPS), st.sampled_from(["utf-8", "utf-16"]), st.just("replace")))
def chat_file(value: bytes) -> None:
    chats.read_file(value, "chat.txt", NOW)


@target(changed_text(_chats()[:2], STAMPS), examples=4)
def chat_understood(value: str) -> None:
    understanding.understand(chats.read_text(value, NOW), NOW)


@target(
    changed_text(["昨天 22:10", "11月22日 上午7:05", "星期五 07:00", "2026/11/22 7:05:09"], ["上午", "凌晨", "周"]),
    examples=40,
)
def chat_stamp(value: str) -> None:
    stamps.moment(value, NOW)
    stamps.day_of(value, NOW)


@target(st.one_of(st.none(), st.floats(), st.integers(), st.text(max_size=30), st.lists(st.integers(), max_size=2)))
def chat_stamp_written(value: object) -> None:
    found = stamps.written(value, NOW)
    assert found is None or in_words(found, NOW)


@target(st.tuples(st.floats(-400, 400), st.floats(-100, 100), st.sampled_from(list(coordinates.System))))
def coordinate(value: tuple[float, float, coordinates.System]) -> None:
    there = coordinates.to_wgs84((value[0], value[1]), value[2])
    back = coordinates.from_wgs84(there, value[2])
    assert all(math.isfinite(number) for number in (*there, *back))


@target(changed_text(["https://example.org/q/abc", "金桂苑3幢"]), ValueError)
def qr_code(value: str) -> None:
    qr.drawing(value)
