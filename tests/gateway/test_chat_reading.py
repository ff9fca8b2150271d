# ruff: noqa: E501  (chats as they are pasted)
"""Chats in every form that people have them: who, when, what; and a sentence where something can't be read."""

import contextlib
import io
import json
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image

from cast import NOW, SHANGHAI
from chenyue.core.errors import Refusal
from chenyue.gateway.chat import pictures, reading
from chenyue.gateway.chat.messages import MOST, Message
from chenyue.gateway.chat.pictures import Line
from growth import STEEP, growth

CHATS = Path(__file__).parent / "chats"


def said(text: str) -> list[tuple[str, str]]:
    return [(m.sender, m.text) for m in reading.read_text(text, NOW).messages]


def moments(text: str) -> list[datetime | None]:
    return [m.at for m in reading.read_text(text, NOW).messages]


@pytest.mark.parametrize("name", sorted(p.stem for p in CHATS.glob("g??.json")))
def test_own_chats_are_read_whole(name: str) -> None:
    gold = json.loads((CHATS / f"{name}.json").read_text())["messages"]
    (raw,) = [p for p in CHATS.glob(f"{name}.*") if p.name != f"{name}.json"]
    chat = reading.read_file(raw.read_bytes(), raw.name, NOW)
    assert [(m.id, m.sender, m.text) for m in chat.messages] == [(m["id"], m["sender"], m["text"]) for m in gold]
    for message, row in zip(chat.messages, gold, strict=True):
        if message.at:
            assert f"{message.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" == row["time"][:16]


def test_phone_without_year_is_the_last_such_day() -> None:
    assert moments("小禾 12月30日 08:05\n水管裂了")[0] == datetime(2025, 12, 30, 8, 5, tzinfo=SHANGHAI)
    assert moments("小禾 11月23日 下午3:05\n水管裂了")[0] == datetime(2026, 11, 23, 15, 5, tzinfo=SHANGHAI)
    assert moments("小禾 昨天 08:05\n水管裂了")[0] == datetime(2026, 11, 23, 8, 5, tzinfo=SHANGHAI)


def test_days_between_and_a_title() -> None:
    chat = reading.read_text(
        "「青竹里3幢」的聊天记录如下：\n\n————— 2026-10-02 —————\n\n小禾  18:40\n\n路灯不亮\n\n阿木  18:41\n\n我这边也是",
        NOW,
    )
    assert chat.group == "青竹里3幢"
    assert [m.at for m in chat.messages] == [
        datetime(2026, 10, 2, 18, 40, tzinfo=SHANGHAI),
        datetime(2026, 10, 2, 18, 41, tzinfo=SHANGHAI),
    ]


def test_words_of_several_lines_with_a_colon_stay_one_message() -> None:
    text = "小禾 11月2日 08:05\n两件事：\n一：门坏了\n二：灯不亮\n阿木 11月2日 08:06\n收到"
    assert said(text) == [("小禾", "两件事：\n一：门坏了\n二：灯不亮"), ("阿木", "收到")]


def test_two_formats_in_one_paste() -> None:
    text = (
        "小禾 11月2日 08:05\n门坏了\n\n阿木\n2026/11/2 08:06\n我家也是\n\n"
        "2026-11-02 08:07:30 老秦(345678)\n+1\n\n小满：来晚了\n阿木：没事\n小满：师傅来了吗"
    )
    assert [who for who, _ in said(text)] == ["小禾", "阿木", "老秦", "小满", "阿木", "小满"]
    assert len(reading.read_text(text, NOW).formats) == 4


def test_a_quote_is_told_apart_from_the_answer() -> None:
    message = Message("m001", "阿木", None, "「小禾：门坏了」\n- - - - - - - -\n我家也是")
    assert message.quote == ("小禾", "门坏了")
    assert message.words == "我家也是"


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (
            "Time,SenderName,Sender,TalkerName,Talker,Content",
            "2026-11-02 08:05:00,小禾,wxid_1,青竹里,1@chatroom,门坏了",
        ),
        (
            "time,group_id,group_name,from_id,from_nickname,content_type,content",
            "2026-11-02 08:05:00,1,青竹里,2,小禾,text,门坏了",
        ),
        ("消息ID,类型,发送人,时间,内容", "7,文本,小禾,2026-11-02 08:05:00,门坏了"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_tables_of_exporters(head: str, row: str, encoding: str) -> None:
    chat = reading.read_file(f"{head}\n{row}\n".encode(encoding), "x.csv", NOW)
    assert [(m.sender, m.text, m.at) for m in chat.messages] == [
        ("小禾", "门坏了", datetime(2026, 11, 2, 8, 5, tzinfo=SHANGHAI))
    ]


def test_pictures_and_recalled_messages_in_a_full_table() -> None:
    head = "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender"
    rows = '1,2,3,0,0,1793577900,3,<msg><img/></msg>,,,小禾,wxid_1\n2,2,10000,0,0,1793577960,3,"""小禾"" 撤回了一条消息",,,,'
    chat = reading.read_file(f"{head}\n{rows}\n".encode(), "x.csv", NOW)
    assert [(m.sender, m.kind) for m in chat.messages] == [("小禾", "picture"), ("系统", "system")]


def test_a_forward_with_unknown_kinds_and_without_json() -> None:
    items = [
        {
            "msgtype": "text",
            "send_time": 1793577900,
            "sender_name": "小禾",
            "msg_content": '{"text": {"content": "门坏了"}}',
        },
        {
            "msgtype": "image",
            "send_time": 1793577901,
            "sender_name": "小禾",
            "msg_content": '{"image": {"media_id": "x"}}',
        },
        {"msgtype": "text", "send_time": 1793577902, "sender_name": "阿木", "msg_content": "不是 JSON"},
        {"msgtype": "hologram", "send_time": 1793577903, "sender_name": "阿木", "msg_content": "{}"},
    ]
    chat = reading.read_text(
        json.dumps({"msgtype": "merged_msg", "merged_msg": {"title": "x的聊天记录", "item": items}}), NOW
    )
    assert [m.text for m in chat.messages] == ["门坏了", "[图片]", "不是 JSON"]
    assert chat.group == "x"
    assert [part.line for part in chat.broken] == [4]


def refusal(data: bytes, name: str = "x.txt") -> str:
    with pytest.raises(Refusal) as caught:
        reading.read_file(data, name, NOW)
    return str(caught.value.sentence)


def test_what_is_no_chat_is_said_in_a_sentence() -> None:
    assert "3" in refusal(b'[\n {"text": "a", "sender": "b"},\n {"text": "c', "x.json")
    assert refusal(b"%PDF-1.4 ...") == refusal(b"MZ\x90\x00")
    assert refusal(b"<!doctype html><html><body>x</body></html>")
    assert refusal(b"name,phone\nx,1\n", "x.csv")
    assert refusal("今天天气不错\n适合出门".encode())
    assert refusal(b"   ")
    assert refusal(b'{"a": 1}')
    assert refusal(b"[" * 100_000)


def test_a_broken_row_is_named_and_the_others_are_kept() -> None:
    data = "消息ID,类型,发送人,时间,内容\n1,文本,小禾,2026-11-02 08:05:00,门坏了\n2,文本,阿木,2026-11-02 08:06:00,\n3,文本,老秦,坏的时间,灯坏了\n"
    chat = reading.read_file(data.encode(), "x.csv", NOW)
    assert [m.text for m in chat.messages] == ["门坏了", "灯坏了"]
    assert chat.messages[1].at is None
    assert [part.line for part in chat.broken] == [3]


def test_five_thousand_messages_are_read_and_more_are_refused() -> None:
    def block(count: int) -> str:
        lines = (f"邻居{n % 40} 11月{n % 20 + 1}日 08:{n % 60:02d}\n今天第{n}句话\n" for n in range(count))
        return "".join(lines)

    assert growth(lambda count: reading.read_text(block(count), NOW), 500) < STEEP
    assert len(reading.read_text(block(MOST), NOW).messages) == MOST
    with pytest.raises(Refusal):
        reading.read_text(block(MOST) + "又一位 11月2日 08:00\n多了", NOW)


class FakeReader:
    """Reads what a test says stands in a picture."""

    def __init__(self, *lines: Line) -> None:
        self.found = lines

    def lines(self, picture: bytes) -> list[Line]:
        return list(self.found)


def png(width: int = 1000, height: int = 2000) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(held, "PNG")
    return held.getvalue()


def test_a_screenshot_is_read_from_top_to_bottom() -> None:
    by = FakeReader(
        Line("我来报一下", 600, 700, 960, 740),
        Line("11月20日 08:05", 400, 100, 600, 130),
        Line("小禾", 150, 200, 220, 228),
        Line("单元门坏了", 170, 240, 420, 280),
        Line("关不上", 170, 290, 300, 330),
        Line("阿木", 150, 400, 220, 428),
        Line("我家也是", 170, 440, 400, 480),
        Line("糊的", 170, 490, 400, 530, sure=0.2),
    )
    chat = pictures.read([png()], NOW, by)
    assert [(m.sender, m.text) for m in chat.messages] == [
        ("小禾", "单元门坏了\n关不上"),
        ("阿木", "我家也是"),
        ("我", "我来报一下"),
    ]
    assert chat.messages[0].at == datetime(2026, 11, 20, 8, 5, tzinfo=SHANGHAI)


def test_a_picture_of_a_cat_and_a_machine_without_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refusal) as nothing:
        pictures.read([png()], NOW, FakeReader())
    assert nothing.value.code == "no_message"
    monkeypatch.setattr(pictures, "reader", lambda: None)
    assert refusal(png(), "cat.png")
    monkeypatch.setattr(pictures, "reader", FakeReader)
    assert refusal(png(), "cat.png")
    with pytest.raises(Refusal):
        pictures.read([b"\x89PNG\r\n\x1a\n broken"], NOW, FakeReader())


def test_hostile_text_is_only_text() -> None:
    text = "<script>alert(1)</script> 11月2日 08:05\n\x00灯\u202e坏了"
    (message,) = reading.read_text(text, NOW).messages
    assert message.sender == "<script>alert(1)</script>"
    assert "\x00" not in message.text
    assert "\u202e" not in message.text


@pytest.mark.parametrize("filler", ["：", "1", " ", "[", "月", "「"])
def test_a_long_line_without_breaks_does_not_hang(filler: str) -> None:
    def read(length: int) -> None:
        with contextlib.suppress(Refusal):
            reading.read_text("小禾 11月2日 08:05\n" + filler * length, NOW)

    assert growth(read, 5_000) < STEEP
