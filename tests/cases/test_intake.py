"""Bad and odd input at the one door: each refused with a sentence, or taken as it is meant."""

import io
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from chenyue.cases import orphans
from chenyue.cases.actions import ReporterData, attach, file_appeal
from chenyue.cases.attachments import open_for
from chenyue.cases.models import Appeal, Attachment, Case
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal

ANYONE = Actor("resident")


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def file(cast, words="路口井盖坏了", **more):
    return file_appeal(words=words, channel="web", by=ANYONE, at=cast.now, **more)


def picture(size=(64, 48), form="JPEG", name="a.jpg", exif=None, mode="RGB") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new(mode, size, "red").save(out, form, **({"exif": exif} if exif else {}))
    return SimpleUploadedFile(name, out.getvalue())


def refused(cast, field, **data):
    before = Case.objects.count()
    with pytest.raises(Refusal) as found:
        file(cast, **data)
    assert found.value.field == field
    assert len(str(found.value.sentence)) > 5
    assert Case.objects.count() == before
    return found.value


@pytest.mark.parametrize("words", ["", "  \n ", "\x00\u202e\u200b", "字" * 8001])
def test_words_must_be_there_and_not_too_long(cast, words):
    refused(cast, "words", words=words)


def test_words_are_cleaned_and_kept(cast):
    filed = file(cast, words="井盖\x00坏了😀\u202e请\r\n来修 " + "字" * 6990)
    assert filed.appeal.words.startswith("井盖坏了😀请\n来修")
    assert len(filed.appeal.words) > 6990
    assert len(filed.case.title) <= 120


@pytest.mark.parametrize(
    ("field", "data"),
    [
        ("received_at", {"received_at": datetime(1900, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))}),
        ("received_at", {"received_at": datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("Asia/Shanghai"))}),
        ("place_id", {"place_id": 99999999}),
        ("category_code", {"category_code": "nothing"}),
        ("urgency", {"urgency": "very"}),
        ("join_number", {"join_number": "2026-0101-0001"}),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(cast, field, data):
    refused(cast, field, **data)


def test_an_appeal_may_have_been_received_long_before(cast):
    filed = file(cast, received_at=cast.now - timedelta(days=400))
    assert filed.case.received_at == cast.now - timedelta(days=400)


def test_anonymous_and_named_reporters(cast, chen):
    assert file(cast).appeal.reporter is None
    assert file(cast, reporter=ReporterData(nickname="3幢热心人")).appeal.nickname == "3幢热心人"
    first, second = file(cast, reporter=chen).appeal, file(cast, reporter=chen).appeal
    assert first.reporter_id == second.reporter_id
    assert first.receipt != second.receipt


def test_an_external_number_is_filed_once(cast):
    first = file(cast, external_number="HL-1")
    again = file(cast, external_number="HL-1")
    assert again.known
    assert again.appeal.pk == first.appeal.pk
    assert Appeal.objects.count() == 1


def test_danger_is_an_emergency_at_once(cast):
    filed = file(cast, words="楼道里煤气味很重，快来人！")
    assert filed.case.urgency == "emergency"
    assert filed.case.triage_due_at == cast.now + timedelta(minutes=15)
    assert filed.case.triaged_at is None


def test_a_photograph_is_made_anew_and_its_place_kept_apart(cast):
    exif = Image.Exif()
    exif[Base.Orientation] = 6
    exif[Base.Make] = "SecretCamera"
    gps = exif.get_ifd(IFD.GPSInfo)
    gps[GPS.GPSLatitudeRef], gps[GPS.GPSLatitude] = "N", (31.0, 30.0, 36.0)
    gps[GPS.GPSLongitudeRef], gps[GPS.GPSLongitude] = "E", (119.0, 15.0, 0.0)
    filed = file(cast, attachments=[picture((3000, 2000), exif=exif, name="C:\\我的照片\\井.JPG")])
    (row,) = filed.attachments
    assert (row.latitude, row.longitude) == (31.51, 119.25)
    assert row.name == "井.jpg"
    assert row.content_type == "image/jpeg"
    stored = open_for(row).file.read()
    assert b"SecretCamera" not in stored
    assert b"Exif" not in stored
    with Image.open(io.BytesIO(stored)) as image:
        assert max(image.size) == 2560
        assert image.height > image.width
    with Image.open(open_for(row, preview=True).file) as image:
        assert max(image.size) == 480


KINDS = [("PNG", "a.png", "RGBA"), ("WEBP", "a.webp", "RGB"), ("PNG", "b", "P")]


@pytest.mark.parametrize(("form", "name", "mode"), KINDS)
def test_other_photographs_become_jpeg(cast, form, name, mode):
    (row,) = file(cast, attachments=[picture(form=form, name=name, mode=mode)]).attachments
    with Image.open(open_for(row).file) as image:
        assert image.format == "JPEG"


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF"


@pytest.mark.parametrize(
    ("code", "upload"),
    [
        ("kind", SimpleUploadedFile("合同.pdf", b"MZ\x90\x00" + b"\x00" * 100)),
        ("kind", SimpleUploadedFile("a.jpg", b"<html><script>alert(1)</script>")),
        ("kind", SimpleUploadedFile("empty.jpg", b"")),
        ("heic", SimpleUploadedFile("a.heic", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00")),
        ("broken", SimpleUploadedFile("a.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 50)),
        ("too_large", SimpleUploadedFile("big.pdf", PDF + b"0" * (20 * 1024 * 1024))),
    ],
)
def test_files_that_are_not_what_they_say(cast, code, upload):
    assert refused(cast, "attachments", attachments=[upload]).code == code
    assert not list(_stored())


def test_a_pdf_is_kept_as_it_is(cast):
    (row,) = file(cast, attachments=[SimpleUploadedFile("合同.pdf", PDF)]).attachments
    assert open_for(row).file.read() == PDF
    assert row.content_type == "application/pdf"


def test_thirty_photographs_are_too_many_and_nothing_is_written(cast):
    found = refused(cast, "attachments", attachments=[picture() for _ in range(30)])
    assert "30" in str(found.sentence)
    assert not list(_stored())


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_bomb_of_pixels_is_refused(cast):
    out = io.BytesIO()
    Image.new("1", (12000, 12000)).save(out, "PNG")
    assert refused(cast, "attachments", attachments=[SimpleUploadedFile("b.png", out.getvalue())]).code == "pixels"


def test_files_of_a_refused_appeal_are_taken_away(cast):
    refused(cast, "place_id", place_id=99999999, attachments=[picture()])
    assert not list(_stored())


def _stored():
    return (p for p in Path(default_storage.location).rglob("*") if p.is_file())


def test_orphans_are_cleared_and_others_kept(story, cast):
    case = story.handling()
    attach(case=case, files=[picture()], stage=Attachment.Stage.AFTER, by=cast.lin.actor(), at=cast.now)
    left = default_storage.save("attachments/2026/11/left.jpg", io.BytesIO(b"x"))
    later = datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(days=1)
    assert orphans.clear(datetime.now(ZoneInfo("Asia/Shanghai"))) == 0  # young: may still be written
    assert orphans.clear(later) == 1
    assert not default_storage.exists(left)
    assert len(list(_stored())) == 2
