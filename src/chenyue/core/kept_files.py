"""Files that somebody sends: sniffed by their bytes, photographs re-encoded, voice notes without their place.

Files are written before the transaction commits and taken away again if it doesn't; what a killed
process leaves behind, the keeper of the rows clears by `sweep`.
"""

import fcntl
import hashlib
import io
import struct
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import IO, Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError
from PIL.ExifTags import GPS, IFD, Base

from chenyue.core import ids, sounds, text
from chenyue.core.errors import Refusal

MAX_BYTES = 20 * 1024 * 1024
MAX_SOUND = 5 * 1024 * 1024  # ten minutes of a telephone's voice note
MAX_PHOTOS = 9
MAX_SOUNDS = 3
MAX_FILES = 12
MAX_PIXELS = 60_000_000  # a decompression bomb is larger; a telephone's photograph is not
MAX_DRAWN = 30_000_000  # of a PNG or WebP, which are unpacked whole: four bytes for each pixel, however small the file
LARGEST, PREVIEW = 2560, 480  # pixels of the longer side
FOLDER = "attachments/%Y/%m"
ORIENTATION = Base.Orientation
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # by EXIF's orientation
# What Pillow raises at tags that aren't as they should be.
DAMAGED = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, OSError, SyntaxError, struct.error)
PHOTO, PDF = "image/jpeg", "application/pdf"
PICTURES = {"jpeg", "png", "webp"}
AGE = timedelta(hours=6)  # younger files may belong to a transaction that is still running
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
    """A file to be sent. Serve it with its content type and `nosniff`, never to be run."""

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
def kept(
    uploads: Iterable[Any], *, folder: str = FOLDER, audio: bool = False, field: str = "attachments"
) -> Iterator[list[Prepared]]:
    """Write the files under `folder` (a strftime pattern); if what follows fails, take them away again.

    With `audio`, voice notes are taken too. Raises Refusal at `field`.
    """
    written: list[Prepared] = []
    try:
        for upload in _checked(list(uploads), audio, field):
            written.append(_prepare(*upload, folder, field))
        yield written
    except BaseException:
        for done in written:
            remove(done.path, done.preview)
        raise


def check(upload: Any, *, audio: bool = False, field: str = "attachments") -> None:
    """Look at one file without keeping it. Raises Refusal at `field` if it isn't taken."""
    _checked([upload], audio, field)


def check_all(uploads: Iterable[Any], *, audio: bool = False, field: str = "attachments") -> None:
    """`check` for several that come together: how many there may be counts, too."""
    _checked(list(uploads), audio, field)


def taken_at(upload: Any) -> tuple[float, float] | None:
    """Where a photograph says it was taken (degrees of WGS-84), to be offered once; None if it doesn't say."""
    try:
        with Image.open(upload, formats=("JPEG", "PNG", "WEBP")) as picture:
            latitude, longitude = _taken_at(picture)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return None if latitude is None or longitude is None else (latitude, longitude)


def _checked(uploads: list[Any], audio: bool, field: str) -> list[tuple[Any, str, str]]:
    """All files are looked at before any is written, so that a person mends everything at once."""
    found = [_known(upload, audio, field) for upload in uploads]
    photos = sum(kind in PICTURES for _upload, _name, kind in found)
    voices = sum(kind in sounds.TYPES for _upload, _name, kind in found)
    if photos > MAX_PHOTOS or len(found) > MAX_FILES:
        raise _refused(
            _("You chose %(count)s files; 9 photographs are the most. Your words are kept: choose fewer photographs.")
            % {"count": len(found)},
            "too_many",
            field,
        )
    if voices > MAX_SOUNDS:
        raise _refused(_("At most three voice notes at once."), "too_many", field)
    return found


def _known(upload: Any, audio: bool, field: str) -> tuple[Any, str, str]:
    """The file, the name to show and its kind."""
    name = _name(getattr(upload, "name", "") or "")
    if upload.size > MAX_BYTES:
        raise _refused(
            _("“%(name)s” is larger than 20 MB. Choose a smaller file.") % {"name": name}, "too_large", field
        )
    upload.seek(0)
    head = upload.read(64)
    upload.seek(0)
    kind = sniff(head) or (sounds.sniff(head) if audio else "")
    if kind in sounds.TYPES and upload.size > MAX_SOUND:
        raise _refused(_("“%(name)s” is larger than 5 MB. Make a shorter one.") % {"name": name}, "too_large", field)
    if kind == "heic":
        raise _refused(
            _("“%(name)s” is an HEIC photograph. Save it as JPEG, or choose “most compatible” in the camera.")
            % {"name": name},
            "heic",
            field,
        )
    if not kind:
        sentence = (
            _("“%(name)s” is neither a photograph (JPEG, PNG, WebP), a PDF nor a voice note.")
            if audio
            else _("“%(name)s” is neither a photograph (JPEG, PNG, WebP) nor a PDF.")
        )
        raise _refused(sentence % {"name": name}, "kind", field)
    return upload, name, kind


def _refused(sentence: Any, code: str, field: str) -> Refusal:
    return Refusal(sentence, field=field, code=code)


def _name(name: str) -> str:
    """The name to show: no path, no control characters, not too long."""
    plain = text.clean(PurePath(name.replace("\\", "/")).name).replace("\n", " ")
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[:100]}{dot}{ending[:10]}" if dot else plain[:110] or "file"


@contextmanager
def _alone() -> Iterator[None]:
    """One on this machine at a time: 200 KB may unpack to hundreds of megabytes, and eight senders take the memory."""
    with _unpacking, (settings.HOME / "unpacking.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _prepare(upload: Any, name: str, kind: str, folder: str, field: str) -> Prepared:
    if kind not in PICTURES:
        content, content_type = upload.read(), PDF
        if kind in sounds.TYPES:
            content, content_type = _voice(content, name, kind, field), sounds.TYPES[kind]
        path = _store(content, kind, folder)
        return Prepared(path, "", name, content_type, len(content), hashlib.sha256(content).hexdigest())
    with _alone():
        picture, where = _open_picture(upload, name, field)
    content = _jpeg(picture, LARGEST)
    path, preview = _store(content, "jpg", folder), ""
    try:
        preview = _store(_jpeg(picture, PREVIEW), "jpg", folder)
    except BaseException:
        remove(path)
        raise
    shown = f"{name.rpartition('.')[0] or name}.jpg"
    return Prepared(path, preview, shown, PHOTO, len(content), hashlib.sha256(content).hexdigest(), *where)


def _voice(content: bytes, name: str, kind: str, field: str) -> bytes:
    try:
        return sounds.only_voice(content, kind)
    except ValueError as error:
        raise _refused(_("“%(name)s” can't be read as a voice note.") % {"name": name}, "broken", field) from error


def _open_picture(upload: Any, name: str, field: str) -> tuple[Image.Image, tuple[float | None, float | None]]:
    """The picture upright, without anything but its pixels; and where it was taken, if it says so."""
    try:
        with Image.open(upload, formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > (MAX_PIXELS if picture.format == "JPEG" else MAX_DRAWN):
                raise _refused(_("“%(name)s” has too many pixels.") % {"name": name}, "pixels", field)
            where = _taken_at(picture)
            turn = _turn(picture)
            picture.draft("RGB", (LARGEST, LARGEST))
            upright = _smaller(picture).transpose(turn) if turn is not None else _smaller(picture)
            return _on_white(upright), where
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise _refused(_("“%(name)s” can't be read as a photograph.") % {"name": name}, "broken", field) from error


def _smaller(picture: Image.Image) -> Image.Image:
    """At most `LARGEST`, before anything copies it; colours of a palette become real ones first."""
    if picture.mode not in ("L", "LA", "RGB", "RGBA"):
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    picture.thumbnail((LARGEST, LARGEST))
    return picture


def _turn(picture: Image.Image) -> Image.Transpose | None:
    """How to turn it upright. Only read: a damaged tag beside it must not keep a photograph from being taken."""
    try:
        return _TURNS.get(picture.getexif().get(ORIENTATION, 1))
    except DAMAGED:
        return None


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
    except DAMAGED:
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


def _store(content: bytes, ending: str, pattern: str) -> str:
    """Write under a name that nobody can guess; the folder is the month of writing."""
    folder = datetime.now().strftime(pattern)  # noqa: DTZ005 — only sorts files into folders
    return default_storage.save(f"{folder}/{ids.token()}.{ending}", ContentFile(content))


def remove(*paths: str) -> None:
    """Delete stored files; empty names and files that are gone already are passed over."""
    for path in paths:
        if path:
            default_storage.delete(path)


def opened(path: str, content_type: str, name: str) -> Opened:
    """A stored file for sending. Who may see it, the caller has asked."""
    return Opened(default_storage.open(path, "rb"), content_type, name)


def sweep(root: str, known: Callable[[set[str]], set[str]], at: datetime) -> int:
    """Delete files under `root`/year/month that no row knows and that are older than six hours; returns how many.

    `known` gives those of the paths it is asked about that a row knows.
    """
    gone = 0
    for folder in _folders(root):
        names = {f"{folder}/{name}" for name in default_storage.listdir(folder)[1]}
        for path in names - known(names):
            if default_storage.get_modified_time(path) < at - AGE:
                default_storage.delete(path)
                gone += 1
    return gone


def _folders(root: str) -> list[str]:
    if not default_storage.exists(root):
        return []
    years = default_storage.listdir(root)[0]
    return [f"{root}/{year}/{month}" for year in years for month in default_storage.listdir(f"{root}/{year}")[0]]
