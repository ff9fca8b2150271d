"""Inputs that were right once: bytes and texts in which something is cut, doubled, swapped or slipped in."""

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

NASTY = [
    "\x00", "\ufffe", "\u2028", "\u202e", "\ufeff", "\u200d", "é", "e\u0301", "😀", "👨\u200d👩\u200d👧",
    "²", "③", "㊿", "٣", "１２", "Ⅷ", "𝟗", "9" * 400, "-1", "1e999", "NaN", "0x1f", "1_000", "%s", "{{", "{%",
    "'", '"', "*", "<", "&#0;", "\r", "\n", "\t", "，", "、", "：", "；", "〇", "零", "两", "百", "號", "幢", "单元",
    "-", "#", "/", "\\", ";", "=", "(", ")", "[", "]", "", "2026-02-30", "0001-01-01", "9999-12-31", "10000-01-01",
    "24:00", "25:61", "上午12:99", "ſ", "İ", "ß", "\U0010ffff",
]  # fmt: skip
SURROGATE = "\ud800"  # what JSON can carry, and no encoding
BITS = [
    b"\x00",
    b"\xff",
    b"\xff\xff\xff\xff",
    b"\x80\x00\x00\x00",
    b"<",
    b'"',
    b"\r\n",
    b"\n" * 50,
    b"\xef\xbb\xbf",
    b"PK",
]


def changed_bytes(seeds: Sequence[bytes], bits: Sequence[bytes] = ()) -> st.SearchStrategy[bytes]:
    """One of the seeds with up to five changes; `bits` are pieces that mean something to the parser."""
    return _changed([bytes(seed) for seed in seeds], [*BITS, *bits], b"", lambda a, b: a + b)


def changed_text(seeds: Sequence[str], bits: Sequence[str] = (), *, json: bool = False) -> st.SearchStrategy[str]:
    """One of the seeds with up to five changes; with `json`, lone surrogates too."""
    return _changed(list(seeds), [*NASTY, *bits, *([SURROGATE] if json else [])], "", lambda a, b: a + b)


@st.composite
def _changed(draw: Any, seeds: Sequence[Any], bits: Sequence[Any], empty: Any, join: Callable[[Any, Any], Any]) -> Any:
    found = draw(st.sampled_from(seeds)) if seeds else empty
    for _n in range(draw(st.integers(0, 5))):
        found = _once(draw, found, seeds, bits)
    return found


def _once(draw: Any, found: Any, seeds: Sequence[Any], bits: Sequence[Any]) -> Any:
    how = draw(st.sampled_from(["put", "over", "cut", "twice", "end", "flip", "cross", "many"]))
    at = draw(st.integers(0, len(found)))
    size = draw(st.integers(0, 40))
    before, after = found[:at], found[at:]
    if how == "put":
        return before + draw(st.sampled_from(bits)) + after
    if how == "over":
        bit = draw(st.sampled_from(bits))
        return before + bit + after[len(bit) :]
    if how == "cut":
        return before + after[size:]
    if how == "twice":
        return before + after[:size] * 2 + after[size:]
    if how == "end":
        return before
    if how == "many":
        return before + draw(st.sampled_from(bits)) * draw(st.sampled_from([10, 300])) + after
    if how == "flip" and isinstance(found, bytes) and after:
        return before + bytes([after[0] ^ draw(st.integers(1, 255))]) + after[1:]
    other = draw(st.sampled_from(seeds))
    return before + other[draw(st.integers(0, len(other))) :]
