"""Pictures made to take the server's memory."""

import io
import threading
import time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from chenyue.core import kept_files
from chenyue.core.errors import Refusal


def drawn(width: int, height: int, kind: str = "PNG", mode: str = "L", **more: Any) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new(mode, (width, height)).save(out, kind, **more)
    return SimpleUploadedFile(f"a.{kind.lower()}", out.getvalue())


def test_a_small_file_of_very_many_pixels_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(Refusal) as refused, kept_files.kept([drawn(6000, 5001)]):
        pass
    assert refused.value.code == "pixels"


@pytest.mark.parametrize(
    "content",
    [b"MZ\x90\x00\x03", b"\x7fELF\x02", b"<html><script>1</script>", b"<svg xmlns='http://www.w3.org/2000/svg'/>",
     b"PK\x03\x04", b"#!/bin/sh\n", b""],
)  # fmt: skip
@pytest.mark.parametrize("name", ["楼道.jpg", "通知.pdf"])
def test_a_file_is_what_its_bytes_say_whatever_it_is_called(name: str, content: bytes) -> None:
    sent = SimpleUploadedFile(name, content, "image/jpeg")
    with pytest.raises(Refusal) as refused, kept_files.kept([sent]):
        pass
    assert (refused.value.code, refused.value.field) == ("kind", "attachments")


def test_pictures_are_unpacked_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    together, most = 0, 0
    real = kept_files._open_picture

    def watched(*args: Any) -> Any:
        nonlocal together, most
        together += 1
        most = max(most, together)
        time.sleep(0.01)
        try:
            return real(*args)
        finally:
            together -= 1

    def send() -> None:
        with kept_files.kept([drawn(20, 20)]) as kept:
            kept_files.remove(kept[0].path, kept[0].preview)

    monkeypatch.setattr(kept_files, "_open_picture", watched)
    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_becomes_a_photograph_upright(mode: str) -> None:
    exif = Image.Exif()
    exif[kept_files.ORIENTATION] = 6
    with kept_files.kept([drawn(40, 20, mode=mode, exif=exif)]) as kept:
        with kept_files.default_storage.open(kept[0].path) as file, Image.open(file) as picture:
            assert (picture.format, picture.size) == ("JPEG", (20, 40))
            assert not picture.getexif()
        kept_files.remove(kept[0].path, kept[0].preview)
