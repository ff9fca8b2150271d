"""Small voice notes in the formats that telephones record; they hold no voice."""

import struct

PLACE = b"+39.9075+116.3972/"
MP3 = (b"\xff\xfb\x90\x64" + bytes(413)) * 3
ID3 = b"ID3\x04\x00\x00\x00\x00\x00\x20" + b"TXXX" + bytes(28)
OGG = b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead" + bytes(60)
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + bytes(20) + b"\x86\x86A_OPUS" + bytes(40)
WAV = b"RIFF\x64\x00\x00\x00WAVEfmt " + bytes(92)


def box(kind: bytes, content: bytes) -> bytes:
    """A box of an MP4 file."""
    return struct.pack(">I", len(content) + 8) + kind + content


def m4a(*, film: bool = False, place: bool = False) -> bytes:
    """A recording in MP4; with `place`, it says where it was made as telephones do."""
    handler = box(b"hdlr", bytes(8) + (b"vide" if film else b"soun") + bytes(13))
    track = box(b"trak", box(b"mdia", handler) + (box(b"meta", PLACE) if place else b""))
    told = box(b"udta", box(b"\xa9xyz", PLACE)) if place else b""
    return box(b"ftyp", b"M4A \x00\x00\x00\x00M4A isom") + box(b"moov", track + told) + box(b"mdat", b"\x21" * 80)
