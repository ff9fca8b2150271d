"""Small voice notes in the formats that telephones record; they hold no voice."""

import struct

PLACE = b"+39.9075+116.3972/"
MP3 = (b"\xff\xfb\x90\x64" + bytes(413)) * 3
ID3 = b"ID3\x04\x00\x00\x00\x00\x00\x20" + b"TXXX" + bytes(28)
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + bytes(20) + b"\x86\x86A_OPUS" + bytes(40)


def box(kind: bytes, content: bytes) -> bytes:
    """A box of an MP4 file."""
    return struct.pack(">I", len(content) + 8) + kind + content


def m4a(*, film: bool = False, place: bool = False) -> bytes:
    """A recording in MP4; with `place`, it says where it was made as telephones do."""
    handler = box(b"hdlr", bytes(8) + (b"vide" if film else b"soun") + bytes(13))
    track = box(b"trak", box(b"mdia", handler) + (box(b"meta", PLACE) if place else b""))
    told = box(b"udta", box(b"\xa9xyz", PLACE)) if place else b""
    return box(b"ftyp", b"M4A \x00\x00\x00\x00M4A isom") + box(b"moov", track + told) + box(b"mdat", b"\x21" * 80)


def page(flags: int, packet: bytes, ended: bool = True, serial: bytes = b"\x07\x00\x00\x00") -> bytes:
    """A page of an Ogg stream with one packet, or with the beginning of one; the checksum is left out."""
    table = b"\xff" * (len(packet) // 255) + (bytes([len(packet) % 255]) if ended else b"")
    return b"OggS\x00" + bytes([flags]) + bytes(8) + serial + bytes(8) + bytes([len(table)]) + table + packet


def ogg(comments: bytes = b"OpusTags" + bytes(8)) -> bytes:
    """A stream of Opus with these comments."""
    return page(2, b"OpusHead" + bytes(11)) + page(0, comments) + page(4, b"\x21" * 80)


def chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a RIFF file."""
    return kind + struct.pack("<I", len(content)) + content + b"\x00" * (len(content) % 2)


def wav(*more: bytes) -> bytes:
    """A WAV file with these chunks between its format and its samples."""
    body = b"WAVE" + chunk(b"fmt ", bytes(16)) + b"".join(more) + chunk(b"data", b"\x21" * 81)
    return b"RIFF" + struct.pack("<I", len(body)) + body


OGG, WAV = ogg(), wav()
