"""What nobody types by mistake: values, files and whole requests for any field of any form."""

import json
import random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from fuzz.changing import NASTY

LONG = 100_000  # characters; a tenth of it in a run of the tests, three times as many by hand
WORDS = [
    *NASTY, " ", "\x00\x00", "a\x00b", "字\r\nSet-Cookie: a=b", "\u202e" * 40, "😀" * 300, "Ａ" * 90, "\x1f", "\x7f",
    "0", "1", "-0", "+1", "1.5", "1e5", "1e-400", "Infinity", "-Infinity", "0.1e", "０", "٣٣", "1,2,x", "1;2",
    "2147483648",
    "9223372036854775807", "9223372036854775808", "-9223372036854775809", "9" * 30, "1" * 5000, "on", "true", "None",
    "0000-00-00", "0001-01-01T00:00", "9999-12-31T23:59", "2026-11-24T09:00:00+99:99", "2026-02-30T10:00", "0001-01",
    "9999-12", "0000-01", "10000-01", "2026-13", "2026-W54", "24:00:00", "23:59:60", "1969-12-31", "2026/1/1",
    "null", "[]", "{}", "[[[[[[", '{"a":', '{"a":1}', '[{"a":[1,2]}]', '"x"', "-", ":", "::", ".", "..", "/", ",,,",
    "|||",
    "../../../etc/passwd", "C:\\x", "//evil.example/", "http://[::1", "http://127.0.0.1:1/", "javascript:alert(1)",
    "data:,",
    "%", "%00", "%(x)s", "{0}", "{{ 7*7 }}", "{% now 'Y' %}", "=1+1", "' OR 1=1 --", "\\", "\\x00", "a@b", "@",
    "*" * 200,
    "<svg onload=alert(1)>", "]]>", "&lt;", "AAAA====", "eyJhIjoxfQ:1abc:xyz", "VklQ", "ACDE-FGHJ-KMNP",
    "2026-1124-0001",
    "13800000001", "11010519491231002X", "金桂苑1幢", "陈大明" * 60, "一" * 300,
]  # fmt: skip
LEAVES: list[Any] = [None, True, -1, 0, 1.5, 10**30, "", "x", "\ud800", "\x00", [], {}, [[]], {"": None}, float("inf")]
RAW = [  # bytes that no browser sends, put where a value stands
    b"%ED%A0%80", b"%FF%FE", b"%C0%80", b"%", b"%zz", b"%00", b"\xff\xfe\x00", b"%F4%90%80%80", b"&&==&",
]  # fmt: skip
TYPES = [
    "application/json", "text/plain", "application/x-www-form-urlencoded; charset=utf-16", "multipart/form-data",
    "application/x-www-form-urlencoded; charset=nonsense", "multipart/form-data; boundary=", "", "x",
    "multipart/form-data; boundary=b",
    "multipart/form-data; boundary=b; charset=unicode_escape", "multipart/form-data; boundary=b; charset=base64",
    "multipart/form-data; boundary=b; charset=idna", "multipart/form-data; boundary=b; charset=utf-7",
]  # fmt: skip


def word(dice: random.Random, old: Any = "", long: int = LONG) -> str:
    """A hostile text; sometimes what stood there, broken."""
    now = old if isinstance(old, str) else ""
    if now[:1] in ("{", "[") and dice.random() < 0.6:
        return broken(dice, now)
    how = dice.random()
    if now and how < 0.15:
        at = dice.randrange(len(now))
        return now[:at] + dice.choice(WORDS) + now[at + dice.randrange(3) :]
    if now and how < 0.2:
        return now * 2
    if how < 0.23:
        return dice.choice(["x", "字", "9", " ", "\n", "(", "😀", "a ", "1,"]) * (long // 2)
    return dice.choice(WORDS)


def broken(dice: random.Random, old: str) -> str:
    """A JSON text with one part of another kind."""
    try:
        whole = [json.loads(old)]
    except ValueError:
        return old[: len(old) // 2]
    inside: Any = whole
    for _deeper in range(dice.randrange(1, 5)):
        keys = list(inside) if isinstance(inside, dict) else list(range(len(inside)))
        key = dice.choice(keys) if keys else None
        if key is None or not isinstance(inside[key], dict | list) or not inside[key] or dice.random() < 0.3:
            break
        inside = inside[key]
    if isinstance(inside, dict):
        inside[dice.choice([*inside, "x"])] = dice.choice(LEAVES)
    elif inside:
        inside[dice.randrange(len(inside))] = dice.choice(LEAVES)
    return json.dumps(whole[0], ensure_ascii=True)


def file(dice: random.Random, long: int = LONG) -> SimpleUploadedFile:
    """A file that isn't what its name says."""
    name = dice.choice(
        [
            "a.jpg",
            "a.xlsx",
            "a.csv",
            "a.docx",
            "a.pdf",
            "a.json",
            "a.zip",
            "...",
            "a\x00.jpg",
            "x" * 300 + ".xlsx",
            "照片",
        ]
    )
    body = dice.choice([
        b"", b"\x00", b"\xff\xd8\xff" + bytes(40), b"\x89PNG\r\n\x1a\n" + bytes(40), b"PK\x03\x04" + bytes(60),
        b"%PDF-1.7\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b"[" * 3000, b'{"type":"FeatureCollection","features":[{}]}',
        b"a,b\n" + b'"' * 50, "甲,乙\n丙".encode("utf-16"), "名称\n\ufffe".encode(), b"\xff" * 99,
        b"x," * (long // 4), b"<table><tr><td>",
    ])  # fmt: skip
    return SimpleUploadedFile(
        name, body, dice.choice(["image/jpeg", "text/csv", "", "x/y; charset=base64", "application/json"])
    )
