"""Anybody may send anything: a letter is read, or refused in a sentence, and never costs more than it weighs."""

import base64
import time
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chenyue.core.errors import Refusal
from chenyue.gateway.mail_in import parsing, plain
from gateway.mail.fake import letter

HEAD = b"From: a@example.org\r\nSubject: x\r\nMessage-ID: <1@x>\r\n"


def read(raw: bytes) -> parsing.Letter | None:
    try:
        return parsing.parse(raw)
    except Refusal:
        return None


@pytest.mark.parametrize(
    ("charset", "words"),
    [("utf-8", "漏水😀"), ("gb2312", "漏水"), ("gb18030", "漏水㐀"), ("big5", "漏水"), ("utf-16", "漏水")],
)
def test_chinese_in_any_charset(charset: str, words: str) -> None:
    body = base64.encodebytes(words.encode("gb18030" if charset == "gb2312" else charset))
    raw = (
        HEAD
        + f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
        + body
    )
    assert parsing.parse(raw).text == words


@pytest.mark.parametrize("charset", ["", "x-unknown", "zip", "base64", "unicode_escape", "idna", "'; drop"])
def test_a_charset_that_is_none(charset: str) -> None:
    raw = HEAD + f'Content-Type: text/plain; charset="{charset}"\r\n\r\n'.encode() + "漏水".encode()
    assert parsing.parse(raw).text == "漏水"


@pytest.mark.parametrize(
    ("said", "name", "address"),
    [
        ("=?gb2312?B?1Pi089f2?= <a@example.org>", "曾大做", "a@example.org"),
        ('"陈,大明" <A@Example.org>', "陈,大明", "a@example.org"),
        ("a@example.org", "", "a@example.org"),
        ("<a@example.org>, b@example.org", "", "a@example.org"),
        ("nobody", "nobody", ""),
        ("a@b@c <x", "", ""),
        ("", "", ""),
        ("x <a@example.org\r\n Bcc: b@example.org>", "", ""),
    ],
)
def test_who_wrote(said: str, name: str, address: str) -> None:
    found = parsing.parse(f"From: {said}\r\nSubject: x\r\n\r\nwords".encode())
    assert found.address == address
    if address:
        assert found.name == name
    assert "\n" not in found.name + found.address


def test_no_sender_is_no_letter_to_answer() -> None:
    assert parsing.parse(b"Subject: x\r\n\r\nwords").kind == "auto"


def test_raw_bytes_in_headers() -> None:
    for encoding in ("utf-8", "gb18030"):
        found = parsing.parse("From: 陈 <a@example.org>\r\nSubject: 回复：漏水\r\n\r\nx".encode(encoding))
        assert (found.name, found.subject) == ("陈", "漏水")


def test_pages_become_words() -> None:
    page = (
        "<html><head><title>t</title><style>p{}</style></head><body><p>楼道&nbsp;灯<br>坏了</p>"
        "<script>alert('<p>')</script><div>快来 &lt;今天&gt;</div><!-- x --><header>顶</header></body></html>"
    )
    assert parsing.parse(letter(page, html=True)).text == "楼道 灯\n坏了\n\n快来 <今天>\n顶"


@pytest.mark.parametrize(
    "below",
    [
        "> 您好",
        "-----原始邮件-----\n发件人: 街道",
        "在 2026年11月24日 08:00，晨光街道 <o@example.org> 写道：\n您好",
        "On Tue, Nov 24, 2026 at 8:00 AM Office <o@example.org> wrote:\n> hello",
        "------------------ 原始邮件 ------------------\n您好",
        "发件人: 晨光街道 <o@example.org>\n发送时间: 今天",
        "--\n陈大明\n某公司",
        "发自我的iPhone",
    ],
)
def test_only_ones_own_words_count_in_an_answer(below: str) -> None:
    assert plain.own_words(f"昨天又漏了。\n请快来。\n\n{below}") == "昨天又漏了。\n请快来。"


def nested(depth: int) -> bytes:
    head = "".join(f"--b{n}\r\nContent-Type: multipart/mixed; boundary=b{n + 1}\r\n\r\n" for n in range(depth))
    return HEAD + b"Content-Type: multipart/mixed; boundary=b0\r\n\r\n" + head.encode()


BOMBS: dict[str, Any] = {
    "nested": nested(1200),
    "many parts": HEAD + b"Content-Type: multipart/mixed; boundary=B\r\n\r\n" + b"--B\r\n\r\nx\r\n" * 5000,
    "many headers": b"X: y\r\n" * 40_000 + HEAD + b"\r\nx",
    "long header": b"From: " + b"a" * 2_000_000 + b"@example.org\r\n\r\nx",
    "encoded words": b"Subject: " + b"=?utf-8?q?=E6=BC=8F?= " * 100_000 + b"\r\n\r\nx",
    "addresses": b"From: " + b"a@b.cn, " * 100_000 + b"\r\n\r\nx",
    "brackets": b"From: " + b"(" * 100_000 + b"\r\n\r\nx",
    "tags": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<a " * 400_000,
    "quotes": HEAD + b'Content-Type: text/html\r\n\r\n<a b="' + b"'\"" * 400_000,
    "scripts": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<script" * 200_000,
    "entities": HEAD + b"Content-Type: text/html\r\n\r\n" + b"&#" * 400_000,
    "lines": HEAD + b"\r\n" + b"\r\n" * 400_000,
    "one line": HEAD + b"\r\n" + b"-" * 3_000_000,
    "spaces": HEAD + b"\r\n" + b" " * 3_000_000 + b"x",
    "base64": HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"=" * 1_000_000,
    "uuencode": HEAD + b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 x\r\n" + b"M" * 300_000,
    "nul": HEAD + b"\r\n" + b"\x00" * 100_000 + b"words",
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_cost_little(name: str) -> None:
    best = 99.0
    for _n in range(3):
        begun = time.process_time()
        read(BOMBS[name])
        best = min(best, time.process_time() - begun)
        if best < 2:
            break
    assert best < 10, "seconds; what is looked at twice for each character would take minutes"


def test_a_file_name_leads_nowhere() -> None:
    message = EmailMessage()
    message["From"] = "a@example.org"
    message.set_content("x")
    message.add_attachment(b"x" * 20, maintype="image", subtype="jpeg", filename="../../etc/\u202epasswd\x00.jpg")
    [file] = parsing.parse(message.as_bytes()).files
    assert "/" not in file.name
    assert "\u202e" not in file.name


def test_marks_are_ours_only() -> None:
    ours = "0123456789abcdef" * 2
    for said, marks in [
        (f"<{ours}@chenyue>", (ours,)),
        (f"<{ours}@chenyue.example.org>", ()),
        (f"<{ours[:-1]}@chenyue>", ()),
        (f"<x@y> <{ours}@chenyue>\r\n <{ours}@chenyue>", (ours,)),
    ]:
        found = parsing.parse(f"From: a@example.org\r\nReferences: {said}\r\n\r\nx".encode())
        assert found.marks == marks


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=400))
def test_any_bytes(raw: bytes) -> None:
    read(raw)
    read(HEAD + raw)


PIECES = st.sampled_from(
    [
        "From: ", "a@b.cn", "Subject: ", "=?utf-8?B?", "?=", "\r\n", "\r\n\r\n", "Content-Type: ", "multipart/mixed",
        "; boundary=B", "--B", "--B--", "text/html", "message/rfc822", "multipart/report", "message/delivery-status",
        "Status: 5.1.1", "charset=", "utf-7", "\x00", "漏水", "<p>", "&#x110000;", "base64", "quoted-printable", "=E6",
        "Content-Transfer-Encoding: ", "Content-Disposition: attachment; filename*=utf-8''%E6%", "\"", "(", "<",
    ]
)  # fmt: skip


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(PIECES, max_size=40))
def test_any_pieces_of_letters(pieces: list[str]) -> None:
    found = read("".join(pieces).encode())
    if found is not None:
        assert found.kind in ("letter", "auto", "bounce")
        assert plain.own_words(found.text) is not None
