"""Taking a whole office out: all rows and files of one moment, into one archive that a passphrase opens."""

import hashlib
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from chenyue.core import carried
from chenyue.core.errors import Refusal
from chenyue.core.sealed_tar import Writer
from chenyue.gateway import moving
from chenyue.gateway.archives import left_out, plain
from chenyue.gateway.archives.lines import Table
from chenyue.timeline.verify import Fault, faults

KIND, LAYOUT = "chenyue-office", 1
PART = 4 * 1024 * 1024  # bytes of lines in one member, before they are packed
Tell = Callable[[str], None]
README = """晨约 / Chenyue: a whole office, taken out by `manage.py export_office`.

Bring it into an empty installation with `manage.py import_office FILE`. It needs the passphrase it was made with.
How it is built, and how another program can read it: docs/moving.md of the product.
"""


@dataclass
class Written:
    """What an archive holds."""

    tables: dict[str, dict[str, Any]] = field(default_factory=dict)  # by name: rows, parts, sha256 of the lines
    files: dict[str, Any] = field(default_factory=dict)  # count, bytes, sha256 of what they are (see `plain.Sum`)
    faults: list[str] = field(default_factory=list)  # of the timeline
    strange: list[str] = field(default_factory=list)  # cells that no key here fits

    def rows(self) -> int:
        """Of all tables together."""
        return sum(int(table["rows"]) for table in self.tables.values())


def product() -> str:
    """The version of the product."""
    try:
        return version("chenyue")
    except PackageNotFoundError:  # runs from its folder
        return "0"


def migrations() -> list[str]:
    """Which tables and columns there are: the steps that made them."""
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{package}.{name}" for package, name in applied)


def write(path: Path, passphrase: str, tell: Tell, *, at: datetime, with_faults: bool = False) -> Written:
    """Write the archive. Raises Refusal; OSError where the disk refuses. Nothing is left of one that isn't whole."""
    if moving.pending():
        raise Refusal(_("The tables here are older than this version. Start it once, then try again."), code="pending")
    written = Written(faults=_faults(with_faults))
    carried.settle()
    about = {"layout": LAYOUT, "made": at.astimezone(UTC).isoformat(timespec="seconds")}
    with Writer(path, passphrase, KIND, about, README) as archive:
        archive.add("about.json", plain.body({"product": product(), "migrations": migrations()}))
        with _one_moment():
            for model in left_out.taken():
                table = Table(model)
                written.tables[table.name] = _rows(archive, table)
                written.strange += table.strange
                tell(f"{table.name}: {written.tables[table.name]['rows']}")
        written.files = _files(archive, tell)
        said = {"tables": written.tables, "files": written.files, "faults": written.faults}
        archive.add("manifest.json", plain.body(said))
    return written


def _faults(wanted: bool) -> list[str]:
    """What is broken in the timeline. Raises Refusal unless that is wanted: an archive must not make it look whole."""
    found = [f"{f.subject}: {f.sentence}" for f in faults() if isinstance(f, Fault)]
    if found and not wanted:
        sentence = _("The timeline is broken in %(count)d places, the first is %(where)s. Look at it first.")
        raise Refusal(sentence % {"count": len(found), "where": found[0]}, code="faults")
    return found


@contextmanager
def _one_moment() -> Iterator[None]:
    """All that is read within is of one moment; others may write meanwhile."""
    if connection.in_atomic_block:  # under test
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        mode = connection.transaction_mode  # type: ignore[attr-defined]
        connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined] # only reads: nobody waits for us
        try:
            with transaction.atomic():
                yield
        finally:
            connection.transaction_mode = mode  # type: ignore[attr-defined]


def _rows(archive: Writer, table: Table) -> dict[str, Any]:
    digest, count, parts = hashlib.sha256(), 0, 0
    lines: list[bytes] = []
    size = 0

    def end_part() -> None:
        nonlocal parts, size
        parts += 1
        archive.add(f"rows/{table.name}/{parts:06}.jsonl.z", zlib.compress(b"".join(lines), 6))
        lines.clear()
        size = 0

    for line in _lines(table):
        if lines and size + len(line) > PART:
            end_part()
        lines.append(line)
        size += len(line)
        digest.update(line)
        count += 1
    if lines:
        end_part()
    return {"rows": count, "parts": parts, "sha256": digest.hexdigest()}


def _lines(table: Table) -> Iterator[bytes]:
    last: Any = None
    try:
        for row in moving.rows_of(table.model):
            last = row.pk
            yield table.line(row)
    except ValueError as error:  # of the encrypted columns, by name: the key is another
        sentence = _("A row of %(table)s after number %(last)s can't be read: %(error)s.")
        raise Refusal(sentence % {"table": table.name, "last": last or 0, "error": error}, code="row") from error


def proof(table: Table) -> tuple[int, str]:
    """How many rows a table has here, and the hash over their lines: what a manifest says of it."""
    digest, count = hashlib.sha256(), 0
    for line in _lines(table):
        digest.update(line)
        count += 1
    return count, digest.hexdigest()


def _files(archive: Writer, tell: Tell) -> dict[str, Any]:
    total, number = plain.Sum(), 0
    for path in plain.files(settings.HOME, left_out.FOLDERS):
        try:
            file = path.open("rb")
        except FileNotFoundError:  # swept away since its folder was read
            continue
        with file:
            number += 1
            size = os.fstat(file.fileno()).st_size
            name = path.relative_to(settings.HOME).as_posix()
            archive.add(f"files/{number:08}.json", plain.body({"path": name, "bytes": size}))
            hashing = plain.Hashing(file)
            archive.add_file(f"files/{number:08}", hashing, size)
        total.add(name, size, hashing.digest.hexdigest())
        if number % 1000 == 0:
            tell(_("%(count)d files") % {"count": number})
    return total.said()
