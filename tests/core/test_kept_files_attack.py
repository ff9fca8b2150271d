"""Photographs that are damaged, or made to be: taken or refused with a sentence, never an error."""

import io
import random
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from PIL.ExifTags import IFD

from chenyue.core import kept_files
from chenyue.core.errors import Refusal


def photograph(form: str, orientation: int = 6) -> bytes:
    """Twice as wide as high, red at its left, with a place and a direction."""
    picture, out = Image.new("RGB", (64, 32), "white"), io.BytesIO()
    picture.paste("red", (0, 0, 16, 32))
    exif = picture.getexif()
    exif[kept_files.ORIENTATION] = orientation
    exif.get_ifd(IFD.GPSInfo).update({1: "N", 2: (31.0, 12.0, 5.0), 3: "E", 4: (121.0, 1.0, 2.0)})
    picture.save(out, form, exif=exif)
    return out.getvalue()


def taken(content: bytes) -> Any:
    upload = SimpleUploadedFile("照片.jpg", content)
    with kept_files.kept([upload]) as files:
        paths = [files[0].path, files[0].preview]
        with kept_files.default_storage.open(paths[0], "rb") as file:
            picture = Image.open(io.BytesIO(file.read()))
        kept_files.remove(*paths)
    return picture


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_photographs_stand_upright_and_tell_nothing(form: str, orientation: int) -> None:
    picture = taken(photograph(form, orientation))
    assert picture.size == ((64, 32) if orientation < 5 else (32, 64))
    where = {1: (8, 16), 2: (56, 16), 3: (56, 16), 4: (8, 16), 5: (16, 8), 6: (16, 8), 7: (16, 56), 8: (16, 56)}
    red, green, _blue = picture.getpixel(where[orientation])
    assert red > 200 and green < 90
    assert not picture.getexif()


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_damaged_tags_keep_no_photograph_from_being_taken_and_break_nothing(form: str) -> None:
    whole, chance, good = photograph(form), random.Random(3), 0
    for _each in range(400):
        content = bytearray(whole)
        for _byte in range(chance.randint(1, 6)):
            content[chance.randrange(20, min(len(content), 260))] = chance.randrange(256)
        kept_files.taken_at(io.BytesIO(bytes(content)))
        try:
            good += kept_files._open_picture(io.BytesIO(bytes(content)), "x", "photos") is not None
        except Refusal:
            continue
    assert good > (0 if form == "PNG" else 20)  # each part of a PNG has a sum of its own
