"""Anybody may send anything: a letter is read, or refused in a sentence, and never costs more than it weighs."""

import base64
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chenyue.core.errors import Refusal
from chenyue.gateway.mail_in import parsing, plain
from gateway.mail.fake import letter
from growth import STEEP, growth

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


# Of a hundredth times `n` each: at 100 as large as a mail box takes them.
BOMBS: dict[str, Callable[[int], bytes]] = {
    "nested": lambda n: nested(48 * n),  # refused at a depth of some hundreds, however many follow
    "many parts": lambda n: HEAD + b"Content-Type: multipart/mixed; boundary=B\r\n\r\n" + b"--B\r\n\r\nx\r\n" * 50 * n,
    "many headers": lambda n: b"X: y\r\n" * 400 * n + HEAD + b"\r\nx",
    "long header": lambda n: b"From: " + b"a" * 20_000 * n + b"@example.org\r\n\r\nx",
    "encoded words": lambda n: b"Subject: " + b"=?utf-8?q?=E6=BC=8F?= " * 1_000 * n + b"\r\n\r\nx",
    "addresses": lambda n: b"From: " + b"a@b.cn, " * 1_000 * n + b"\r\n\r\nx",
    "brackets": lambda n: b"From: " + b"(" * 1_000 * n + b"\r\n\r\nx",
    "tags": lambda n: HEAD + b"Content-Type: text/html\r\n\r\n" + b"<a " * 4_000 * n,
    "quotes": lambda n: HEAD + b'Content-Type: text/html\r\n\r\n<a b="' + b"'\"" * 4_000 * n,
    "scripts": lambda n: HEAD + b"Content-Type: text/html\r\n\r\n" + b"<script" * 2_000 * n,
    "entities": lambda n: HEAD + b"Content-Type: text/html\r\n\r\n" + b"&#" * 4_000 * n,
    "lines": lambda n: HEAD + b"\r\n" + b"\r\n" * 4_000 * n,
    "one line": lambda n: HEAD + b"\r\n" + b"-" * 30_000 * n,
    "spaces": lambda n: HEAD + b"\r\n" + b" " * 30_000 * n + b"x",
    "base64": lambda n: HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"=" * 10_000 * n,
    "uuencode": lambda n: HEAD + b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 x\r\n" + b"M" * 3_000 * n,
    "nul": lambda n: HEAD + b"\r\n" + b"\x00" * 1_000 * n + b"words",
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_cost_as_many_times_more_as_they_weigh(name: str) -> None:
    assert growth(lambda size: read(BOMBS[name](size)), 25) < STEEP


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
