"""Voice notes: known by their first bytes, only sound, and nothing in them that says where they were made.

Formats as telephones record them: MP4 (ISO/IEC 14496-12), MP3, AAC, Ogg (RFC 3533), WebM, AMR (RFC 4867), WAV.
"""

import re
from collections.abc import Iterator
from functools import cache

TYPES = {
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "aac": "audio/aac",
    "ogg": "audio/ogg",
    "webm": "audio/webm",
    "amr": "audio/amr",
    "wav": "audio/wav",
}
_BRANDS = (b"M4A ", b"M4B ", b"mp41", b"mp42", b"isom", b"iso2", b"iso5", b"3gp4", b"3gp5", b"3gp6", b"dash", b"qt  ")
_TELLING = (b"udta", b"meta")  # in these boxes a telephone writes its place, its owner's name and its model
_HANDLER = re.compile(rb"hdlr.{8}(vide|soun)", re.DOTALL)


def sniff(head: bytes) -> str:
    """The kind of a sound by its first 64 bytes: a word of `TYPES`, or nothing."""
    if head[4:8] == b"ftyp" and head[8:12] in _BRANDS:
        return "m4a"
    if head.startswith(b"OggS") and any(codec in head for codec in (b"OpusHead", b"\x01vorbis", b"Speex")):
        return "ogg"
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head:
        return "webm"
    if head.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return "amr"
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    return "mp3" if head.startswith(b"ID3") else _frames(head)


def _frames(head: bytes) -> str:
    """Bare frames of MPEG sound: twelve (or eleven) set bits, then version and layer; layer 0 is AAC in ADTS."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return ""
    layer = head[1] >> 1 & 3
    if layer == 0:
        return "aac" if head[1] & 0xF6 == 0xF0 else ""
    return "mp3" if head[1] >> 3 & 3 != 1 and head[2] >> 4 != 15 and head[2] >> 2 & 3 != 3 else ""


def only_voice(content: bytes, kind: str) -> bytes:
    """The sound without what else the telephone told. Raises ValueError if it is a film, or broken."""
    if kind == "m4a":
        handlers = set(_HANDLER.findall(content))
        if handlers != {b"soun"}:
            raise ValueError("not only sound")
        return _silenced(content)
    if kind == "webm" and (b"V_" in content[:4096] or b"A_" not in content[:4096]):
        raise ValueError("not only sound")
    if kind == "mp3" and content.startswith(b"ID3"):
        return _without_id3(content)
    if kind == "wav":
        return _waves(content)
    if kind == "ogg":
        return _ogg(content)
    return content


def _waves(content: bytes) -> bytes:
    """A WAV file of its format and its samples: lists of names, broadcasters' notes and places are left out."""
    kept, start = b"", 12
    while start + 8 <= len(content):
        kind, size = content[start : start + 4], int.from_bytes(content[start + 4 : start + 8], "little")
        body = content[start + 8 : start + 8 + size]  # a telephone that is switched off leaves its last size as it was
        if kind in (b"fmt ", b"data", b"fact"):
            kept += kind + len(body).to_bytes(4, "little") + body + b"\x00" * (len(body) % 2)
        start += 8 + size + size % 2
    if b"fmt " not in kept[:4] or b"data" not in kept:
        raise ValueError("no sound in it")
    return b"RIFF" + (4 + len(kept)).to_bytes(4, "little") + b"WAVE" + kept


# How the packet of comments begins, and what it holds then if it holds nothing (Vorbis I, 5; RFC 7845, 5.2). That of
# Speex has no name: zeros say it, too.
_COMMENTS = ((b"OpusTags", b""), (b"\x03vorbis", bytes(8) + b"\x01"))


def _ogg(content: bytes) -> bytes:
    """An Ogg stream whose packets of comments say nothing: who made it, with what, where, pictures of it.

    They are the second packet of each stream. Their bytes are emptied in place, so that lengths and pages stay; the
    checksums of those pages are made anew. What follows the last whole page is left out.
    """
    kept, start, packets = bytearray(content), 0, dict[bytes, int]()
    while (table := _segments(content, start)) is not None:
        place, serial, changed = start + 27 + len(table), content[start + 14 : start + 18], False
        packet = 0 if content[start + 5] & 2 else packets.get(serial, 0)  # a stream begins
        begins = not content[start + 5] & 1
        for size in table:
            if packet == 1:
                kept[place : place + size] = _nothing_said(content[place : place + size], begins)
                changed = True
            place, packet, begins = place + size, packet + (size < 255), size < 255
        if changed:
            kept[start + 22 : start + 26] = bytes(4)
            kept[start + 22 : start + 26] = _checksum(kept[start:place]).to_bytes(4, "little")
        packets[serial], start = packet, place
    if max(packets.values(), default=0) < 3:
        raise ValueError("no sound in it")
    return bytes(kept[:start])


def _segments(content: bytes, start: int) -> bytes | None:
    """Lengths of the pieces of the page at this place; None where no whole page is."""
    if content[start : start + 5] != b"OggS\x00" or start + 27 > len(content):
        return None
    table = content[start + 27 : start + 27 + content[start + 26]]
    whole = len(table) == content[start + 26] and start + 27 + len(table) + sum(table) <= len(content)
    return table if whole else None


def _nothing_said(piece: bytes, begins: bool) -> bytes:
    """As many bytes as the piece of a packet of comments has, without any comment."""
    for name, empty in _COMMENTS:
        if begins and piece.startswith(name):
            return (name + empty).ljust(len(piece), b"\x00")[: len(piece)]
    return bytes(len(piece))


@cache
def _table() -> tuple[int, ...]:
    found = []
    for byte in range(256):
        value = byte << 24
        for _bit in range(8):
            value = (value << 1 ^ 0x04C11DB7 if value & 0x80000000 else value << 1) & 0xFFFFFFFF
        found.append(value)
    return tuple(found)


def _checksum(page: bytes | bytearray) -> int:
    """The checksum of a page (RFC 3533, 6): CRC-32 with the polynomial 04C11DB7, not mirrored, from zero."""
    table, found = _table(), 0
    for byte in page:
        found = found << 8 & 0xFFFFFFFF ^ table[found >> 24 ^ byte]
    return found


def _without_id3(content: bytes) -> bytes:
    """Without the tag at the beginning; its size is written in four bytes of seven bits each."""
    if len(content) < 10 or any(byte & 0x80 for byte in content[6:10]):
        raise ValueError("a broken tag")
    size = sum(byte << shift for byte, shift in zip(content[6:10], (21, 14, 7, 0), strict=True))
    rest = content[10 + size :]
    if _frames(rest.lstrip(b"\x00")[:4]) != "mp3":
        raise ValueError("no sound after the tag")
    return rest


def _silenced(content: bytes) -> bytes:
    """Boxes that tell are made free space of the same length: places of the samples don't move."""
    kept = bytearray(content)
    for kind, start, end in _boxes(content, 0, len(content)):
        if kind in _TELLING:
            _free(kept, start, end)
        elif kind == b"moov":
            for inner, first, last in _boxes(content, start, end):
                if inner in _TELLING:
                    _free(kept, first, last)
                elif inner == b"trak":
                    for part, left, right in _boxes(content, first, last):
                        if part in _TELLING:
                            _free(kept, left, right)
    return bytes(kept)


def _free(content: bytearray, start: int, end: int) -> None:
    content[start - 4 : start] = b"free"
    content[start:end] = bytes(end - start)


def _boxes(content: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, first and last byte of what each box between two places holds. Raises ValueError if they don't fit."""
    while start + 8 <= end:
        size = int.from_bytes(content[start : start + 4], "big")
        kind = content[start + 4 : start + 8]
        if size == 0:
            size = end - start
        if size == 1:
            raise ValueError("larger than a voice note")
        if size < 8 or start + size > end:
            raise ValueError("a broken box")
        yield kind, start + 8, start + size
        start += size
