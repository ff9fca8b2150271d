"""WeCom's signature and encryption: every vector, and everything that must be refused."""

import base64
from typing import Any
from urllib.parse import unquote

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from chenyue.gateway.wecom import crypto

V1 = {"token": "QDG6eK", "key": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "corp": "wx5823bf96d3bd56c7"}
V2 = {"token": "123456", "key": "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR", "corp": "wx49f0ab532d5d035a"}
V1_ECHO = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
V1_POST = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/"
    "sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJ"
    "YuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUca"
    "llcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5P"
    "l/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="
)
V2_ECHO = "4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p+Q=="
V2E = (
    "9s4gMv99m88kKTh/H8IdkOiMg6bisoy3ypwy9H4hvSPe9nsGaqyw5hhSjdYbcrKk+j3nba4HMOTzHrluLBYqxgNcBqGsL8GqxlhZgURnAt"
    "ObvesEl5nZ+uBE8bviY0LWke8Zy9V/QYKxNV2FqllNXcfmstttyIkMKCCmVbCFM2JTF5wY0nFhHZSjPUL2Q1qvSUCUld+/WIXrx0oyKQmp"
    "B6o8NRrrNrsDf03oxI1p9FxUgMnwKKZeOA/uu+2IEvEBtb7muXsVbwbgX05UPPJvFurDXafG0RQyPR+mf1nDnAtQmmNOuiR5MIkdQ39xn1"
    "vWwi1O5oazPoQJz0nTYjxxEE8kv3kFxtAGVRe3ypD3WeK2XeFYFMNMpatF9XiKzHo3"
)
V4 = (
    "9s4gMv99m88kKTh/H8IdkMBDnIbA1vnpnuFlPrItwEOqHk7DJHK/DJo9kR8MP4bqpTw6d/38nbcpANY3aEY8RZnllhOOPDRA+U9LdpxEifT"
    "OsARMduAn4Fzpd5QkykkZYKTLTI1KA8iFcDKZEOATWPuvcf4LQgJxoehN2DuoErE="
)
V5 = "9s4gMv99m88kKTh/H8IdkEjCW4FdyiWgB+mBQG3IYuO7k4dEbyzJUjFjRzTj269eUu8OOuVet2dzPWuPY5k6CA=="
CHANCE = b"1234567890123456"
WHEN, NONCE = "1411525903", "461056294"

SIGNED: list[tuple[dict[str, str], str, str, str, str]] = [
    (V1, "1409659589", "263014780", V1_ECHO, "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3"),
    (V1, "1409659813", "1372623149", V1_POST, "477715d11cdb4164915debcba66cb864d751f3e6"),
    (V2, "1411443780", "437374425", V2_ECHO, "dd6b9c95b495b3f7e2901bfbc76c664930ffdb96"),
    (V2, WHEN, NONCE, V2E, "407518b7649e86ef23978113f92d27afa9296533"),
    (V2, WHEN, NONCE, V4, "077c1c31fe07c72cc5d5441cddc6d8b3298b28f0"),
    (V2, WHEN, NONCE, V5, "01afb5a535467ed00cda8810c865e6b611f2d67c"),
]


@pytest.mark.parametrize(("who", "when", "nonce", "encrypted", "right"), SIGNED)
def test_signatures(who: dict[str, str], when: str, nonce: str, encrypted: str, right: str) -> None:
    assert crypto.signature(who["token"], when, nonce, encrypted) == right
    assert crypto.signed(who["token"], when, nonce, encrypted, right)
    off_by_one = str(int(nonce) + 1)
    assert not crypto.signed(who["token"], when, off_by_one, encrypted, right)
    assert not crypto.signed(who["token"], when, nonce, encrypted, right.upper())
    assert not crypto.signed(who["token"], when, nonce, encrypted, "签名")


def test_the_signature_of_a_plain_message() -> None:
    assert crypto.plain_signature("AAAAA", "1714037059", "486452656") == "899cf89e464efb63f54ddac96b0a0a235f53aa78"


def test_what_is_inside() -> None:
    assert crypto.decrypt(V1["key"], unquote(V1_ECHO), V1["corp"]) == b"1616140317555161061"
    assert crypto.decrypt(V2["key"], V2_ECHO, V2["corp"]) == b"5927782489442352469"
    said = crypto.decrypt(V1["key"], V1_POST, V1["corp"]).decode()
    for part in ("mycreate", "<![CDATA[hello]]>", "4561255354251345929", "<AgentID>218", "1409659813"):
        assert part in said
    reply = crypto.decrypt(V2["key"], V2E, V2["corp"])
    assert len(reply) == 247
    assert crypto.encrypt(V2["key"], reply, V2["corp"], CHANCE) == V2E


def test_chinese_counts_bytes_and_robots_have_no_receiver() -> None:
    said = "<xml><Content><![CDATA[三单元漏水😀]]></Content></xml>"
    assert (len(said), len(said.encode())) == (48, 61)
    assert crypto.encrypt(V2["key"], said.encode(), V2["corp"], CHANCE) == V4
    assert crypto.decrypt(V2["key"], V4, V2["corp"]).decode() == said
    assert crypto.encrypt(V2["key"], b'{"msgtype":"text"}', "", CHANCE) == V5
    assert crypto.decrypt(V2["key"], V5, "") == b'{"msgtype":"text"}'


def test_the_last_letter_of_a_key_carries_two_idle_bits() -> None:
    assert crypto.key_of(V2["key"]) == crypto.key_of(V2["key"][:-1] + "Q")


def sealed(plain: bytes) -> str:
    key = crypto.key_of(V2["key"])
    box = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(box.update(plain) + box.finalize()).decode()


BODY = CHANCE + (4).to_bytes(4, "big") + b"test" + V2["corp"].encode()  # 42 bytes
FORGED: dict[str, tuple[str, str]] = {
    "padding of 0": (sealed(BODY.ljust(64, b"\0")), V2["corp"]),
    "padding of 33": (sealed(BODY + bytes([33]) * 38), V2["corp"]),
    "padding of different bytes": (sealed(BODY + bytes([9]) * 21 + bytes([22])), V2["corp"]),
    "length beyond the end": (sealed(CHANCE + (999).to_bytes(4, "big") + bytes([12]) * 12), V2["corp"]),
    "length of all": (sealed(CHANCE + b"\xff\xff\xff\xff" + bytes([12]) * 12), V2["corp"]),
    "another corporation": (V2E, "wx5823bf96d3bd56c7"),
    "no receiver asked for": (V2E, ""),
    "a receiver where there is none": (V5, V2["corp"]),
    "nothing": ("", V2["corp"]),
    "half a block": (base64.b64encode(b"123").decode(), V2["corp"]),
    "only padding": (sealed(bytes([32]) * 32), V2["corp"]),
    "no base64": ("这不是", V2["corp"]),
    "another key": (V1_POST, V2["corp"]),
}


@pytest.mark.parametrize(("encrypted", "corp"), FORGED.values(), ids=FORGED.keys())
def test_forged(encrypted: str, corp: str) -> None:
    with pytest.raises(crypto.Forged):
        crypto.decrypt(V2["key"], encrypted, corp)


@pytest.mark.parametrize("key", ["", "a" * 42, "a" * 44, V2["key"] + "=", V2["key"] + "==", "a" * 42 + "+", "密" * 43])
def test_what_is_no_key(key: str) -> None:
    with pytest.raises(ValueError, match="43"):
        crypto.key_of(key)


@given(st.binary(max_size=300), st.text(max_size=30))
def test_there_and_back(message: bytes, receiver: str) -> None:
    receiver = receiver.encode("utf-8", "ignore").decode()
    assert crypto.decrypt(V2["key"], crypto.encrypt(V2["key"], message, receiver), receiver) == message


@given(st.binary(max_size=200), st.text(max_size=60))
def test_noise_is_forged_or_nothing(noise: bytes, text: str) -> None:
    for encrypted in (base64.b64encode(noise).decode(), text):
        try:
            crypto.decrypt(V2["key"], encrypted, V2["corp"])
        except crypto.Forged:
            continue
        raise AssertionError("noise was read")


def test_files_of_robots() -> None:
    key: Any = base64.b64encode(bytes(range(32))).decode()
    box = Cipher(algorithms.AES(bytes(range(32))), modes.CBC(bytes(range(16)))).encryptor()
    content = b"\xff\xd8\xff picture"
    fill = 32 - len(content) % 32
    sealed_file = box.update(content + bytes([fill]) * fill) + box.finalize()
    assert crypto.opened_file(sealed_file, key) == content
    assert crypto.opened_file(sealed_file, key.rstrip("=")) == content
    for wrong in (b"", sealed_file[:-1], sealed_file[:16]):
        with pytest.raises(crypto.Forged):
            crypto.opened_file(wrong, key)
    with pytest.raises(crypto.Forged):
        crypto.opened_file(sealed_file, "短")
