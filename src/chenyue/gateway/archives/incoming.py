"""Bringing an office in: only into an empty installation, whole or not at all, and proved afterwards.

Rows go in within one transaction. Files are written beside the data folder's own, into `arriving/`, and take their
places just before the transaction ends; what an import that was killed has left there, the next one clears away.
"""

import fcntl
import hashlib
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from chenyue.cases import search
from chenyue.cases.models import Case
from chenyue.core import snapshots
from chenyue.core.errors import Refusal
from chenyue.core.sealed_tar import Changed, Member, Reader, small
from chenyue.gateway import moving
from chenyue.gateway.archives import left_out, outgoing, plain, resting
from chenyue.gateway.archives.lines import Table
from chenyue.timeline.verify import Fault, faults

Tell = Callable[[str], None]
MOST_SMALL = 4 * 1024 * 1024  # bytes of about.json and manifest.json
MOST_PART = 96 * 1024 * 1024  # bytes of one part: one line may be large, such as a Word template


@dataclass
class Arrived:
    """What came in."""

    rows: dict[str, int] = field(default_factory=dict)
    files: int = 0
    cases: int = 0
    faults: list[str] = field(default_factory=list)  # of the timeline, known when the archive was made
    made: str = ""


def read(path: Path, passphrase: str, tell: Tell) -> Arrived:
    """Bring the archive in. Raises Refusal with the reason, and leaves the installation empty then."""
    if moving.pending():
        raise Refusal(_("The tables here are older than this version. Start it once, then try again."), code="pending")
    with _alone(), Reader(path, passphrase, outgoing.KIND) as archive:
        if archive.head.get("layout") != outgoing.LAYOUT:
            raise Refusal(_("This archive was made by a newer version of the product."), code="layout")
        members = archive.members()
        _same_version(small(next(members, None), "about.json", MOST_SMALL))
        _clear_away()
        _empty_only()
        arriving = Arrived(made=str(archive.head.get("made", "")))
        try:
            with transaction.atomic():
                _bring(members, arriving, tell)
        except DatabaseError as error:
            _files_back()
            raise Refusal(_("The database refuses: %(error)s") % {"error": error}, code="database") from error
        except BaseException:
            _files_back()
            raise
        _clear_away()
    return arriving


@contextmanager
def _alone() -> Iterator[None]:
    with _home("arriving.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refusal(_("Another import is running here."), code="running") from error
        yield


def _same_version(about: dict[str, Any]) -> None:
    here, there = set(outgoing.migrations()), set(about.get("migrations", []))
    if here == there:
        return
    differing = sorted(here ^ there)
    sentence = _(
        "This archive was made by version %(version)s, whose tables differ from those here (%(step)s, %(count)d "
        "steps). Bring it in with the version it was made with, and update afterwards."
    )
    told = {"version": about.get("product", "?"), "step": differing[0], "count": len(differing)}
    raise Refusal(sentence % told, code="version")


def _empty_only() -> None:
    """Raises Refusal if somebody has begun to work here."""
    for label in ("people.Member", "people.Resident", "cases.Case", "timeline.Entry"):
        if apps.get_model(label)._base_manager.exists():
            sentence = _("There is an office here already. An archive can be brought into an empty one only.")
            raise Refusal(sentence, code="not_empty")
    if there := next(plain.files(settings.HOME, left_out.FOLDERS), None):
        sentence = _("There are files here already, such as %(name)s. Choose an empty data folder.")
        raise Refusal(sentence % {"name": there.relative_to(settings.HOME)}, code="files")


class _Intake:
    """Takes members in, one after the other, and proves at the end that nothing is missing."""

    def __init__(self, tell: Tell) -> None:
        self.tables = {table.name: table for table in map(Table, left_out.taken())}
        self.rows = dict.fromkeys(self.tables, 0)
        self.manifest: dict[str, Any] | None = None
        self._parts = dict.fromkeys(self.tables, 0)
        self._digests = {name: hashlib.sha256() for name in self.tables}
        self._sum, self._files = plain.Sum(), 0
        self._file: tuple[str, int] | None = None  # whose contents come next
        self._tell, self._last = tell, ""

    def take(self, member: Member) -> None:
        """One more member. Raises Refusal, Changed."""
        folder, _slash, rest = member.name.partition("/")
        if self.manifest is not None:
            raise Changed(member.name)
        if member.name == "manifest.json":
            self.manifest = small(member, member.name, MOST_SMALL)
        elif folder == "rows":
            self._part(rest.partition("/")[0], member)
        elif folder == "files" and rest.endswith(".json"):
            said = small(member, member.name, MOST_SMALL)
            self._file = str(said.get("path")), int(said.get("bytes", -1))
        elif folder == "files" and self._file is not None:
            self._contents(member, *self._file)
            self._file = None
        else:
            raise Changed(member.name)

    def _part(self, name: str, member: Member) -> None:
        if name not in self.tables:
            raise Changed(member.name)
        if self._last not in ("", name):
            self._tell(f"{self._last}: {self.rows[self._last]}")
        self._last = name
        table, lines = self.tables[name], _unpacked(member).splitlines(keepends=True)
        self.rows[name] += moving.put(table.model, (_row(table, line, member) for line in lines), DEFAULT_DB_ALIAS)
        self._parts[name] += 1
        for line in lines:
            self._digests[name].update(line)

    def _contents(self, member: Member, name: str, size: int) -> None:
        path, digest, count = _place_of(name, member), hashlib.sha256(), 0
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("xb") as file:
            for piece in member.chunks():
                digest.update(piece)
                count += file.write(piece)
        if count != size:
            raise Changed(member.name)
        self._sum.add(name, size, digest.hexdigest())
        self._files += 1
        if self._files % 1000 == 0:
            self._tell(_("%(count)d files") % {"count": self._files})

    def prove(self) -> None:
        """Everything that the manifest names has come, and stands in the database as it stood in the other one."""
        if self.manifest is None:
            sentence = _("The archive ends too early: it wasn't written or copied to its end.")
            raise Refusal(sentence, code="cut_off")
        arrived = {
            name: {"rows": self.rows[name], "parts": self._parts[name], "sha256": digest.hexdigest()}
            for name, digest in self._digests.items()
        }
        if self.manifest.get("tables") != arrived or self.manifest.get("files") != self._sum.said():
            raise Changed("manifest.json")
        self._tell(_("Reading every row back …"))
        for name in self.tables:
            if outgoing.proof(Table(self.tables[name].model)) != (self.rows[name], arrived[name]["sha256"]):
                sentence = _("The rows of %(table)s are not the same here as in the archive. Nothing was brought in.")
                raise Refusal(sentence % {"table": name}, code="differs")

    def count(self) -> int:
        """Of files."""
        return self._files


def _unpacked(member: Member) -> bytes:
    unpacking = zlib.decompressobj()
    try:
        lines = unpacking.decompress(member.body(MOST_PART), MOST_PART)
    except zlib.error as error:
        raise Changed(member.name) from error
    if not unpacking.eof:
        raise Changed(member.name)
    return lines


def _row(table: Table, line: bytes, member: Member) -> Any:
    try:
        row = table.row(line)
    except (ValueError, KeyError, TypeError, ArithmeticError) as error:
        raise Changed(member.name) from error
    if connection.vendor == "postgresql":
        _fits(table, row)
    return row


def _fits(table: Table, row: Any) -> None:
    """SQLite holds words longer than their column, and the character NUL; PostgreSQL refuses them."""
    for column in table.fields:
        value = getattr(row, column.attname)
        if isinstance(value, str) and ("\0" in value or len(value) > (getattr(column, "max_length", 0) or len(value))):
            sentence = _("PostgreSQL can't hold what stands at %(where)s: it is too long. Shorten it, and start anew.")
            raise Refusal(sentence % {"where": f"{table.name}.{column.column} #{row.pk}"}, code="too_long")


def _place_of(name: str, member: Member) -> Path:
    """Where a file is written meanwhile. An archive may lie: nothing leaves its folder."""
    parts = PurePosixPath(name).parts
    if not parts or parts[0] not in left_out.FOLDERS or ".." in parts or "\0" in name or "\\" in name:
        raise Changed(member.name)
    return Path(settings.HOME, "arriving", *parts)


def _bring(members: Iterator[Member], arriving: Arrived, tell: Tell) -> None:
    intake = _Intake(tell)
    with resting.triggers([table.name for table in intake.tables.values()]):
        _make_room(list(intake.tables.values()))
        for member in members:
            intake.take(member)
        connection.check_constraints()
        intake.prove()
    moving.numbers_go_on(left_out.taken(), DEFAULT_DB_ALIAS)
    for snapshot in snapshots.names():
        snapshots.bump(snapshot)
    tell(_("Making the word index …"))
    arriving.cases = index_all()
    arriving.rows, arriving.files = intake.rows, intake.count()
    arriving.faults = [f"{f.subject}: {f.sentence}" for f in faults() if isinstance(f, Fault)]
    if intake.manifest is not None and len(arriving.faults) != len(intake.manifest.get("faults", [])):
        sentence = _("The timeline is broken at %(where)s, and wasn't where it came from. Nothing was brought in.")
        raise Refusal(sentence % {"where": (arriving.faults or ["–"])[0]}, code="faults")
    _files_in()


def _make_room(tables: list[Table]) -> None:
    """What the migrations put into new tables is in the archive, perhaps changed."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table.name)}")  # noqa: S608 – our own names


def index_all() -> int:
    """Make the word index of all cases; how many there are."""
    count = 0
    for case in Case.objects.select_related("place").order_by("pk").iterator(chunk_size=500):
        search.index(case)
        count += 1
    return count


def _home(*names: str) -> Path:
    return Path(settings.HOME, *names)


def _files_in() -> None:
    """Files take their places; from here to the end of the transaction a mark says so."""
    if not _home("arriving").is_dir():
        return
    _home("arriving", "placing").touch()
    for name in left_out.FOLDERS:
        if _home("arriving", name).is_dir():
            shutil.rmtree(_home(name), ignore_errors=True)  # holds no file: `_empty_only` has looked
            _home("arriving", name).rename(_home(name))


def _files_back() -> None:
    """As it was before: no files."""
    if _home("arriving", "placing").exists():
        for name in left_out.FOLDERS:
            shutil.rmtree(_home(name), ignore_errors=True)
    shutil.rmtree(_home("arriving"), ignore_errors=True)


def _clear_away() -> None:
    """What an import that was killed has left; one that ended well leaves only its mark."""
    if apps.get_model("people.Member")._base_manager.exists():
        shutil.rmtree(_home("arriving"), ignore_errors=True)
    else:
        _files_back()
