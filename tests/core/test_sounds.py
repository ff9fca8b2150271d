"""Voice notes: what is one, what isn't, and what they must not tell."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.voices import ID3, MP3, OGG, PLACE, WAV, WEBM, box, chunk, m4a, ogg, page, wav

from chenyue.core import kept_files, sounds
from chenyue.core.errors import Refusal

KINDS = {"m4a": m4a(), "mp3": MP3, "ogg": OGG, "webm": WEBM, "wav": WAV, "amr": b"#!AMR\n" + b"\x3c" * 64}


@pytest.mark.parametrize(("kind", "content"), KINDS.items())
def test_a_voice_note_is_known_by_its_bytes_and_kept(kind: str, content: bytes) -> None:
    with kept_files.kept([SimpleUploadedFile("说话.bin", content)], folder="visits/%Y/%m", audio=True) as (voice,):
        assert (voice.content_type, voice.preview, voice.name) == (sounds.TYPES[kind], "", "说话.bin")
        assert voice.path.startswith("visits/") and voice.path.endswith(f".{kind}")
        with kept_files.opened(voice.path, voice.content_type, voice.name).file as file:
            assert len(file.read()) == voice.size
        kept_files.remove(voice.path)


@pytest.mark.parametrize("content", KINDS.values(), ids=KINDS)
def test_where_no_voice_is_asked_for_none_is_taken(content: bytes) -> None:
    with pytest.raises(Refusal) as refused, kept_files.kept([SimpleUploadedFile("a.mp3", content)]):
        pass
    assert (refused.value.code, refused.value.field) == ("kind", "attachments")


@pytest.mark.parametrize(
    "content",
    [
        m4a(film=True),
        m4a()[:-3],
        WEBM.replace(b"A_OPUS", b"V_VP80"),
        ID3 + b"no sound",
        b"ID3",
        b"\x00\x00\x00\x18ftypisom",
    ],
    ids=["film", "cut", "webm film", "tag only", "short", "empty"],
)
def test_a_film_or_a_broken_sound_is_refused(content: bytes) -> None:
    with pytest.raises(Refusal) as refused, kept_files.kept([SimpleUploadedFile("a", content)], audio=True, field="v"):
        pass
    assert (refused.value.code, refused.value.field) == ("broken", "v")


def test_a_page_or_a_program_is_no_voice() -> None:
    for content in (b"<html><script>", b"MZ\x90\x00", b"OggS" + b"\x00" * 60, b"\xff\xff\xff\xff"):
        with pytest.raises(Refusal) as refused, kept_files.kept([SimpleUploadedFile("a.mp3", content)], audio=True):
            pass
        assert refused.value.code == "kind"


def test_size_and_number(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refusal) as refused, kept_files.kept([SimpleUploadedFile("a", MP3)] * 4, audio=True):
        pass
    assert refused.value.code == "too_many"
    monkeypatch.setattr(kept_files, "MAX_SOUND", 100)
    with pytest.raises(Refusal) as refused, kept_files.kept([SimpleUploadedFile("a", MP3)], audio=True):
        pass
    assert refused.value.code == "too_large"


def test_a_voice_note_does_not_say_where_it_was_made() -> None:
    told = m4a(place=True)
    assert PLACE in told
    quiet = sounds.only_voice(told, "m4a")
    assert PLACE not in quiet
    assert len(quiet) == len(told), "places of the samples don't move"
    assert quiet.endswith(box(b"mdat", b"\x21" * 80))
    assert b"TXXX" not in sounds.only_voice(ID3 + MP3, "mp3")


def test_a_wav_keeps_its_sound_and_nothing_else() -> None:
    told = wav(chunk(b"LIST", b"INFOIART" + PLACE), chunk(b"bext", PLACE), chunk(b"_PMX", b"<x:geo>"))
    assert sounds.only_voice(told, "wav") == WAV == sounds.only_voice(WAV, "wav")
    cut = sounds.only_voice(told[:-40], "wav")
    assert cut.startswith(WAV[:4]) and cut.endswith(b"data*\x00\x00\x00" + b"\x21" * 42), "as much as was recorded"
    for broken in (b"RIFF\x04\x00\x00\x00WAVE", wav()[:30], WAV.replace(b"data", b"LIST")):
        with pytest.raises(ValueError, match="sound"):
            sounds.only_voice(broken, "wav")


@pytest.mark.parametrize(
    ("name", "empty"),
    [(b"OpusTags", b""), (b"\x03vorbis", bytes(8) + b"\x01"), (b"", b"")],
    ids=["opus", "vorbis", "speex"],
)
def test_an_ogg_says_nothing_of_who_made_it(name: bytes, empty: bytes) -> None:
    comments = name + b"\x05\x00\x00\x00maker\x01\x00\x00\x00\x20\x00\x00\x00" + PLACE * 30
    first, rest = comments[:255], comments[255:]
    told = page(2, b"OpusHead" + bytes(11)) + page(0, first, ended=False) + page(1, rest) + page(4, PLACE)
    quiet = sounds.only_voice(told, "ogg")
    assert quiet.count(PLACE) == 1, "what is spoken stays"
    assert len(quiet) == len(told) and name + empty in quiet and b"maker" not in quiet
    start = len(page(2, b"OpusHead" + bytes(11)))
    again = bytearray(quiet[start : start + 28 + 255])
    again[22:26] = bytes(4)
    assert sounds._checksum(again) == int.from_bytes(quiet[start + 22 : start + 26], "little") != 0


def test_the_checksum_is_that_of_ogg() -> None:
    assert sounds._checksum(b"123456789") == 0x89A1897F  # CRC-32/CKSUM without its length and last turn


def test_streams_one_behind_the_other_and_cut_ones() -> None:
    other = ogg(b"OpusTags" + PLACE).replace(b"\x07\x00\x00\x00", b"\x08\x00\x00\x00")
    quiet = sounds.only_voice(ogg() + other + b"OggS\x00", "ogg")
    assert PLACE not in quiet and len(quiet) == len(ogg() + other)
    with pytest.raises(ValueError, match="sound"):
        sounds.only_voice(page(2, b"OpusHead" + bytes(11)), "ogg")
