"""Files that people send: photographs, voices, papers, drafts, outlines, archives."""

import io
import json
import tempfile
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import IFD

import voices
from cast import NOW, Cast
from chenyue.core import kept_files, kept_tables, papers, sealed_tar, sounds
from chenyue.desk import kept_drafts
from chenyue.places.coordinates import System
from chenyue.places.footprints import import_footprints
from chenyue.portal import drafts as portal_drafts
from fuzz.changing import changed_bytes, changed_text
from fuzz.targets import target


def _photographs() -> list[bytes]:
    found = []
    for form in ("JPEG", "PNG", "WEBP"):
        picture, out = Image.new("RGB", (24, 16), "red"), io.BytesIO()
        exif = picture.getexif()
        exif[kept_files.ORIENTATION] = 6
        exif.get_ifd(IFD.GPSInfo).update({1: "N", 2: (31.0, 12.0, 5.0), 3: "E", 4: (121.0, 1.0, 2.0)})
        picture.save(out, form, exif=exif)
        found.append(out.getvalue())
    palette = io.BytesIO()
    Image.new("P", (8, 8)).save(palette, "PNG", transparency=0)
    return [*found, palette.getvalue(), b"%PDF-1.4\n%%EOF", b"\x00\x00\x00\x18ftypheic" + bytes(20)]


VOICES = [voices.m4a(), voices.MP3, voices.OGG, voices.WAV, voices.WEBM, b"#!AMR\n" + b"\x3c" * 64]
BOXES = [
    b"moov",
    b"udta",
    b"ftyp",
    b"mdat",
    b"\x00\x00\x00\x01",
    b"\x00\x00\x00\x00",
    b"OggS",
    b"RIFF",
    b"LIST",
    b"\x1aE\xdf\xa3",
]
EXIF = [b"Exif\x00\x00", b"II*\x00", b"MM\x00*", b"\xff\xe1", b"\xff\xda", b"IHDR", b"IDAT", b"eXIf", b"VP8 ", b"VP8X"]


@target(changed_bytes([*_photographs(), *VOICES], [*EXIF, *BOXES]), examples=12)
def upload(value: bytes) -> None:
    sent = SimpleUploadedFile("照片\x00../../a.jpg", value)
    kept_files.taken_at(sent)
    sent.seek(0)
    with kept_files.kept([sent], audio=True) as (found,):
        kept_files.remove(found.path, found.preview)


@target(st.tuples(changed_bytes(VOICES, BOXES), st.sampled_from(sorted(sounds.TYPES))), ValueError, examples=25)
def voice(value: tuple[bytes, str]) -> None:
    sounds.only_voice(*value)


def _document() -> bytes:
    import docx

    document = docx.Document()
    document.add_paragraph("{{ name }}")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@target(changed_bytes([_document()], [b"word/document.xml", b"{{", b"vbaProject.bin"]), papers.TooSlow, examples=1)
def word_template(value: bytes) -> None:
    papers.check(value, {"name": "x"})


def _pdf() -> bytes:
    import pikepdf

    out = io.BytesIO()
    with pikepdf.Pdf.new() as made:
        made.add_blank_page(page_size=(200, 200))
        made.save(out)
    return out.getvalue()


@target(
    changed_bytes([_pdf()], [b"/Root", b"obj", b"stream\n", b"/Count 99999", b"/Kids [1 0 R]"]),
    papers.TooSlow,
    examples=2,
)
def foreign_pdf(value: bytes) -> None:
    papers.harmless(value, most=5)


@target(changed_bytes([b"\x04" + bytes(range(64)) + bytes(80), bytes(200)]))
def phone_draft(value: bytes) -> None:
    kept_drafts.open_sealed(value, Cast().lin)


@target(changed_text(["eyJhIjoxfQ:1abc:xyz", ".eJw:1:2", ":::"]))
def portal_draft(value: str) -> None:
    assert portal_drafts.read(value) == []


@target(changed_text(["a" * 30 + ".xlsx", "../../secrets.json", "x.csv\n"]))
def kept_table(value: str) -> None:
    kept_tables.take(value)


SQUARE = [[120.60, 31.30], [120.61, 31.30], [120.61, 31.31], [120.60, 31.31], [120.60, 31.30]]
numbers = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([1e300, 10**400, 120.6, 31.3, "1", None, True])
)
points = st.one_of(st.sampled_from(SQUARE), st.lists(numbers, max_size=3), numbers)
geometries = st.one_of(
    st.just({"type": "Polygon", "coordinates": [SQUARE]}), st.none(), numbers,
    st.fixed_dictionaries({
        "type": st.sampled_from(["Polygon", "MultiPolygon", "Point", "GeometryCollection", "", None]),
        "coordinates": st.recursive(points, lambda inner: st.lists(inner, max_size=5), max_leaves=12),
    }),
)  # fmt: skip
named = st.dictionaries(
    st.sampled_from(["name", "estate", "building", "小区", "幢", "id"]),
    st.one_of(st.text(max_size=5), numbers),
    max_size=4,
)
feature = {"type": st.just("Feature"), "properties": st.one_of(named, numbers), "geometry": geometries}
features = st.one_of(st.fixed_dictionaries(feature), st.none(), st.text(max_size=5), numbers)


@target(st.one_of(st.lists(features, max_size=4), st.none(), numbers), examples=25)
def outlines(value: Any) -> None:
    body = json.dumps({"type": "FeatureCollection", "features": value}).encode()
    import_footprints(body, "楼.geojson", system=System.GCJ02, by=Cast().admin.actor(), at=NOW)


@target(
    changed_bytes(
        [b'{"type":"FeatureCollection","features":[]}', b"\xef\xbb\xbf[]"],
        [b"[" * 2000, b'{"a":' * 2000, b"1e999", b"NaN"],
    )
)
def outlines_file(value: bytes) -> None:
    import_footprints(value, "x", system=System.WGS84, by=Cast().admin.actor(), at=NOW)


def _archive() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.tar"
        cost, sealed_tar.COST = sealed_tar.COST, {"name": "scrypt", "n": 2, "r": 1, "p": 1}
        try:
            with sealed_tar.Writer(path, "a passphrase", "fuzz", {}, "x") as archive:
                archive.add("a", b"b" * 2000)
        finally:
            sealed_tar.COST = cost
        return path.read_bytes()


@target(
    changed_bytes([_archive()], [b'"n": 1000000000', b'"p": 0', b'"salt": "zz"', b"ustar", b"\x00" * 512]), examples=40
)
def archive(value: bytes) -> None:
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(value)
        with sealed_tar.Reader(Path(file.name), "a passphrase", "fuzz") as reader:
            for member in reader.members():
                member.body(10_000)
