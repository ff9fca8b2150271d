"""Group chats made to harm: what is pasted is anybody's words, and a screenshot or an export is anybody's file."""

import io
import json
import re
import struct
import zipfile
import zlib
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cast import NOW, client_of
from chenyue.cases.models import Appeal, Case
from chenyue.core.errors import Refusal
from chenyue.core.ids import token
from chenyue.gateway.chat import pictures, reading
from chenyue.gateway.chat.messages import Transcript
from chenyue.gateway.chat.understanding import understand
from chenyue.gateway.models import ChatLine
from growth import STEEP, growth

pytestmark = pytest.mark.django_db
TROUBLE = "二单元楼道灯三层都不亮，老人摔了一跤"


@pytest.fixture(autouse=True)
def on_that_morning() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def look(client: Client, pasted: str = "", **more: Any) -> Any:
    return client.post("/desk/chat/", {"pasted": pasted, "home": "金桂苑1幢", **more})


def file(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def draft_of(answer: Any) -> str:
    found = re.search(r'name="draft" value="([^"]*)"', answer.content.decode())
    assert found, answer.content.decode()[:2000]
    return found[1]


def register(client: Client, answer: Any, **more: Any) -> Any:
    ticks = re.findall(r'name="tick" value="([^"]+)" checked', answer.content.decode())
    data = {"draft": draft_of(answer), "tick": ticks, "act": "file", "idempotency_key": token(), **more}
    return client.post("/desk/chat/file/", data)


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 }}", "</textarea>"]
)
def test_names_and_words_stay_words(cast: Any, name: str) -> None:
    client = client_of(cast.wang)
    rows = [{"sender": name, "text": f"{TROUBLE}{name}", "time": "2026-11-22 19:05"}]
    answer = look(client, json.dumps({"title": name, "items": rows}))
    page = answer.content.decode()
    assert answer.status_code == 200
    for live in ("<script>alert", "<img src=x", "</textarea></textarea>"):
        assert live not in page
    done = register(client, answer)
    assert done.status_code == 303
    number = Case.objects.get().number
    for url in (done["Location"], f"/desk/cases/{number}/"):
        shown = client.get(url).content.decode()
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown


def test_marks_that_hide_or_turn_words_are_gone_however_they_came(cast: Any) -> None:
    evil = "\u202e\u0000\u200b\u2066\x07"
    rows = [
        {
            "senderName": f"张{evil}三",
            "content": f"{TROUBLE}{evil}",
            "time": "2026-11-22 19:05",
            "talkerName": f"群{evil}",
        }
    ]
    found = [
        reading.read_text(json.dumps(rows), NOW),
        reading.read_file(json.dumps(rows).encode(), "a.json", NOW),
        reading.read_file(f"时间,昵称,内容\n2026-11-22 19:05,张{evil}三,{TROUBLE}{evil}\n".encode(), "a.csv", NOW),
        reading.read_file(f"张{evil}三 11月22日 19:05\n{TROUBLE}{evil}\n".encode(), "a.txt", NOW),
    ]
    for chat in found:
        held = "".join([chat.group, *(m.sender + m.text for m in chat.messages)])
        assert chat.messages[0].sender == "张三"
        assert not any(mark in held for mark in evil)


@pytest.mark.parametrize(
    "when", [253402300799, -62135596800, 1e308, "9999-12-31T23:59:59", "0001-01-01 00:00", "9" * 400, -1, True, "NaN"]
)
def test_moments_outside_all_calendars_are_none(cast: Any, when: Any) -> None:
    client = client_of(cast.wang)
    rows = [{"sender": "张三", "text": TROUBLE, "time": when}]
    answer = look(client, json.dumps(rows))
    assert answer.status_code == 200
    assert register(client, answer).status_code == 303
    assert Appeal.objects.get().received_at.year == 2026


@pytest.mark.parametrize(
    "text",
    [
        '[{"sender": "a", "text": "x", "time": ' + "9" * 5000 + "}]",
        '[{"sender": "a", "text": "x", "time": NaN}]',
        '[{"sender": "a", "text": "x", "time": Infinity}]',
        "[" * 100_000,
        '{"items":' * 50_000,
        '[{"msgtype": "text", "msg_content": "' + "[" * 5_000 + '"}]',
        '[{"sender": {"a": [1]}, "text": "好的"}]',
        '[{"sender": "a", "text": {"a": 1}}, null, 3, "x", []]',
        "[{}]",
    ],
)
def test_broken_json_is_answered_with_a_sentence_or_read(text: str) -> None:
    refused = None
    try:
        assert reading.read_text(text, NOW).messages
    except Refusal as refusal:
        refused = str(refusal.sentence)
    assert refused != ""


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (220 * 1024 * 1024))
    return out.getvalue()


def png(width: int, height: int) -> bytes:
    """A picture of a few hundred bytes that unpacks to width × height pixels."""

    def part(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width + 7) // 8 + 1) * min(height, 1000))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", rows) + part(b"IEND", b"")


class _NeverAsked:
    def lines(self, picture: bytes) -> Any:
        raise AssertionError("a bomb must not reach the reader of letters")


@pytest.mark.parametrize("size", [(60_000, 60_000), (17_000, 17_000), (1, 200_000), (0, 0)])
def test_a_picture_that_unpacks_to_gigabytes_is_refused_unread(size: tuple[int, int]) -> None:
    with pytest.raises(Refusal):
        pictures.read([png(*size)], NOW, by=_NeverAsked())


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xlsx", bomb()),
        ("a.zip", b"PK\x03\x04" + b"\0" * 1000),
        ("../../etc/passwd", b"MZ\x90\0"),
        ("a.html", b"  \n<!DOCTYPE html><body onload=alert(1)>"),
        ("a.svg", b"<svg onload=alert(1)>"),
        ("a.txt", b"\0" * 10_000),
        ("a.pdf", b"%PDF-1.7"),
        ("x" * 240 + ".txt", b"\xff\xfe\x00"),
        ("a.csv", "内容,昵称,时间\n".encode() + b"a,b,c\n" * 60_000),
    ],
)
def test_files_that_are_no_chat_are_refused_with_a_sentence(cast: Any, name: str, data: bytes) -> None:
    answer = look(client_of(cast.wang), chosen=file(name, data))
    assert answer.status_code == 422
    assert "alert(1)" not in answer.content.decode()


def test_a_million_short_rows_are_refused(cast: Any) -> None:
    rows = "内容,昵称,时间\n".encode() + b"a,b\n" * 1_000_001
    assert look(client_of(cast.wang), chosen=file("a.csv", rows)).status_code == 422
    with pytest.raises(Refusal):
        reading.read_file(rows, "a.csv", NOW)


def test_more_files_than_a_chat_has_are_refused_unread(cast: Any) -> None:
    def some(count: int) -> Any:
        chosen = [file(f"{n}.txt", f"张三 11月22日 19:05\n{TROUBLE}{n}\n".encode()) for n in range(count)]
        return look(client_of(cast.wang), chosen=chosen)

    assert some(9).status_code == 200
    answer = some(10)
    assert answer.status_code == 422
    assert "一次最多读 9 个" in answer.content.decode()


@pytest.mark.parametrize("words", ["又", "漏" * 500, "三单元也是，没水", "a" * 1400, "1-2-301 "])
def test_hostile_messages_cost_as_many_times_more_as_they_are(words: str) -> None:
    def chat(count: int) -> Transcript:
        rows = (f"{n % 97}号 11月22日 19:{n % 60:02d}\n{words}{n}\n" for n in range(count))
        return reading.read_text("".join(rows), NOW)

    chats = {count: chat(count) for count in (250, 1_000)}
    assert growth(lambda count: understand(chats[count], NOW), 250) < STEEP


def test_a_form_of_somebody_else_or_changed_or_sent_again(cast: Any) -> None:
    wang, li = client_of(cast.wang), client_of(cast.li)
    answer = look(wang, f"张三 11月22日 19:05\n{TROUBLE}\n")
    assert register(li, answer).status_code == 422
    assert register(wang, answer, draft=draft_of(answer)[:-3] + "abc").status_code == 422
    assert register(client_of(cast.zhou), answer).status_code == 403
    assert not Appeal.objects.exists()
    first = register(wang, answer)
    again = register(wang, answer)
    assert (first.status_code, again.status_code) == (303, 303)
    assert Appeal.objects.count() == ChatLine.objects.count() == 1
    assert li.get(first["Location"]).status_code == 404, "what was done is shown to who did it"


@pytest.mark.parametrize(
    "more",
    [
        {"tick": ["-1", "99999", "x", "0:ZZ", "1:" + "A" * 5000]},
        {"to-0": "QQ", "to-99": "A"},
        {"place-A": "../../etc"},
        {"place-A": "<b>" + "x" * 5000},
        {"place-ZZZ": "金桂苑2幢"},
        {"act": "nonsense"},
    ],
)
def test_fields_that_no_page_offered_do_nothing(cast: Any, more: dict[str, Any]) -> None:
    client = client_of(cast.wang)
    answer = look(client, f"张三 11月22日 19:05\n{TROUBLE}\n")
    assert register(client, answer, **more).status_code in (303, 422)
    for appeal in Appeal.objects.all():
        assert appeal.words == TROUBLE


def test_a_steward_adds_no_voice_to_what_they_may_not_see(cast: Any) -> None:
    """The other steward's case isn't joined, and not even told of by its number."""
    from helpers import sample_case

    hidden = sample_case(cast, dispatched=False, words="3幢楼道灯三层都不亮，老人摔了一跤")
    hidden.case.sensitivity = "private"
    hidden.case.save(update_fields=["sensitivity"])
    client = client_of(cast.wang)
    answer = look(client, f"张三 11月22日 19:05\n{TROUBLE}\n")
    done = register(client, answer)
    assert done.status_code == 303
    hidden.case.refresh_from_db()
    assert hidden.case.appeals_count == 1
    assert hidden.case.number not in client.get(done["Location"]).content.decode()
