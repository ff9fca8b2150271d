"""Voice notes: what is one, what isn't, and what they must not tell."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.voices import ID3, MP3, OGG, PLACE, WAV, WEBM, box, m4a

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
