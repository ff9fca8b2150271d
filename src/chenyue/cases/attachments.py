"""Files that come with an appeal or an answer: sniffed by their bytes, photographs re-encoded.

Files are written before the transaction commits and taken away again if it doesn't; what a killed
process leaves behind, the tick `cases.orphans` clears.
"""

import hashlib
import io
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import IO, Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.ExifTags import GPS, IFD, Base

from chenyue.cases.models import Appeal, Attachment, Case
from chenyue.core import ids, text
from chenyue.core.errors import Refusal

MAX_BYTES = 20 * 1024 * 1024
MAX_PHOTOS = 9
MAX_FILES = 12
MAX_PIXELS = 60_000_000  # a decompression bomb is larger; a telephone's photograph is not
MAX_DRAWN = 30_000_000  # of a PNG or WebP, which are unpacked whole: four bytes for each pixel, however small the file
LARGEST, PREVIEW = 2560, 480  # pixels of the longer side
FOLDER = "attachments/%Y/%m"
ORIENTATION = Base.Orientation
PHOTO, PDF = "image/jpeg", "application/pdf"
# A file of 200 KB may unpack to hundreds of megabytes: one at a time, so that eight senders don't take the memory.
_unpacking = threading.Lock()


@dataclass(frozen=True)
class Prepared:
    """A file that is on disk already; its row follows."""

    path: str
    preview: str
    name: str
    content_type: str
    size: int
    sha256: str
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class Opened:
    """A file to be sent. Serve it with its content type and `nosniff`; a PDF as a download."""

    file: IO[bytes]
    content_type: str
    name: str


def sniff(head: bytes) -> str:
    """What a file is by its first bytes: jpeg, png, webp, pdf, heic, or nothing that is taken."""
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"):
        return "heic"
    return ""


@contextmanager
def kept(uploads: Iterable[Any]) -> Iterator[list[Prepared]]:
    """Write the files; if what follows fails, take them away again. Raises Refusal at `attachments`."""
    written: list[Prepared] = []
    try:
        for upload in _checked(list(uploads)):
            written.append(_prepare(*upload))
        yield written
    except BaseException:
        for done in written:
            _remove(done.path, done.preview)
        raise


def check(upload: Any) -> None:
    """Look at one file without keeping it. Raises Refusal at `attachments` if it isn't taken."""
    _checked([upload])


def taken_at(upload: Any) -> tuple[float, float] | None:
    """Where a photograph says it was taken (degrees of WGS-84), to be offered once; None if it doesn't say."""
    try:
        with Image.open(upload, formats=("JPEG", "PNG", "WEBP")) as picture:
            latitude, longitude = _taken_at(picture)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return None if latitude is None or longitude is None else (latitude, longitude)


def _checked(uploads: list[Any]) -> list[tuple[Any, str, str]]:
    """All files are looked at before any is written, so that a person mends everything at once."""
    found, photos = [], 0
    for upload in uploads:
        name = _name(getattr(upload, "name", "") or "")
        if upload.size > MAX_BYTES:
            raise _refused(_("“%(name)s” is larger than 20 MB. Choose a smaller file.") % {"name": name}, "too_large")
        upload.seek(0)
        kind = sniff(upload.read(16))
        upload.seek(0)
        if kind == "heic":
            raise _refused(
                _("“%(name)s” is an HEIC photograph. Save it as JPEG, or choose “most compatible” in the camera.")
                % {"name": name},
                "heic",
            )
        if not kind:
            raise _refused(
                _("“%(name)s” is neither a photograph (JPEG, PNG, WebP) nor a PDF.") % {"name": name}, "kind"
            )
        photos += kind != "pdf"
        found.append((upload, name, kind))
    if photos > MAX_PHOTOS or len(found) > MAX_FILES:
        raise _refused(
            _("You chose %(count)s files; 9 photographs are the most. Your words are kept: choose fewer photographs.")
            % {"count": len(found)},
            "too_many",
        )
    return found


def _refused(sentence: Any, code: str) -> Refusal:
    return Refusal(sentence, field="attachments", code=code)


def _name(name: str) -> str:
    """The name to show: no path, no control characters, not too long."""
    plain = text.clean(PurePath(name.replace("\\", "/")).name).replace("\n", " ")
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[:100]}{dot}{ending[:10]}" if dot else plain[:110] or "file"


def _prepare(upload: Any, name: str, kind: str) -> Prepared:
    if kind == "pdf":
        content = upload.read()
        path = _store(content, "pdf")
        return Prepared(path, "", name, PDF, len(content), hashlib.sha256(content).hexdigest())
    with _unpacking:
        picture, where = _open_picture(upload, name)
    content = _jpeg(picture, LARGEST)
    path, preview = _store(content, "jpg"), ""
    try:
        preview = _store(_jpeg(picture, PREVIEW), "jpg")
    except BaseException:
        _remove(path)
        raise
    shown = f"{name.rpartition('.')[0] or name}.jpg"
    return Prepared(path, preview, shown, PHOTO, len(content), hashlib.sha256(content).hexdigest(), *where)


def _open_picture(upload: Any, name: str) -> tuple[Image.Image, tuple[float | None, float | None]]:
    """The picture upright, without anything but its pixels; and where it was taken, if it says so."""
    try:
        with Image.open(upload, formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > (MAX_PIXELS if picture.format == "JPEG" else MAX_DRAWN):
                raise _refused(_("“%(name)s” has too many pixels.") % {"name": name}, "pixels")
            where = _taken_at(picture)
            picture.draft("RGB", (LARGEST, LARGEST))
            return _on_white(ImageOps.exif_transpose(_smaller(picture))), where
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise _refused(_("“%(name)s” can't be read as a photograph.") % {"name": name}, "broken") from error


def _smaller(picture: Image.Image) -> Image.Image:
    """At most `LARGEST`, before anything copies it; colours of a palette become real ones first."""
    if picture.mode not in ("L", "LA", "RGB", "RGBA"):
        orientation = picture.getexif().get(ORIENTATION)
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
        if orientation:
            picture.getexif()[ORIENTATION] = orientation
    picture.thumbnail((LARGEST, LARGEST))
    return picture


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        rgba = picture.convert("RGBA")
        white = Image.new("RGB", rgba.size, "white")
        white.paste(rgba, mask=rgba.getchannel("A"))
        return white
    return picture.convert("RGB")


def _jpeg(picture: Image.Image, side: int) -> bytes:
    smaller = picture.copy()
    smaller.thumbnail((side, side))
    out = io.BytesIO()
    Image.frombytes("RGB", smaller.size, smaller.tobytes()).save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()


def _taken_at(picture: Image.Image) -> tuple[float | None, float | None]:
    """Degrees of WGS-84 from EXIF, or nothing."""
    try:
        gps = picture.getexif().get_ifd(IFD.GPSInfo)
        latitude = _degrees(gps[GPS.GPSLatitude], gps.get(GPS.GPSLatitudeRef, "N"))
        longitude = _degrees(gps[GPS.GPSLongitude], gps.get(GPS.GPSLongitudeRef, "E"))
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OSError, SyntaxError):
        return None, None
    if abs(latitude) > 90 or abs(longitude) > 180 or (latitude, longitude) == (0, 0):
        return None, None
    return latitude, longitude


def _degrees(parts: Any, side: Any) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = round(degrees + minutes / 60 + seconds / 3600, 6)
    if value != value:
        raise ValueError("not a number")
    return -value if str(side).strip("\x00 ").upper() in ("S", "W") else value


def _store(content: bytes, ending: str) -> str:
    """Write under a name that nobody can guess; the folder is the month of writing."""
    folder = datetime.now().strftime(FOLDER)  # noqa: DTZ005 — only sorts files into folders
    return default_storage.save(f"{folder}/{ids.token()}.{ending}", ContentFile(content))


def _remove(*paths: str) -> None:
    for path in paths:
        if path:
            default_storage.delete(path)


def save_rows(
    prepared: Iterable[Prepared], case: Case, stage: str, at: datetime, appeal: Appeal | None = None
) -> list[Attachment]:
    """The rows of files that are written, in one statement (none for none)."""
    rows = [
        Attachment(
            case=case,
            appeal=appeal,
            stage=Attachment.Stage(stage),
            file=done.path,
            preview=done.preview,
            name=done.name,
            content_type=done.content_type,
            size=done.size,
            sha256=done.sha256,
            latitude=done.latitude,
            longitude=done.longitude,
            token=ids.token(),
            at=at,
        )
        for done in prepared
    ]
    return Attachment.objects.bulk_create(rows) if rows else []


def open_for(attachment: Attachment, *, preview: bool = False) -> Opened:
    """Open a stored file for sending. Who may see it, the caller has asked."""
    small = preview and attachment.preview
    field = attachment.preview if small else attachment.file
    return Opened(field.open("rb"), PHOTO if small else attachment.content_type, attachment.name)
