"""Bringing a backup back: into an empty data folder only, proved before it takes its place, whole or not at all.

The same code proves each backup when it's made: `prove` brings it into a scratch folder and looks at the files without
keeping them.
"""

import fcntl
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from chenyue.core import crypto
from chenyue.core.errors import Refusal
from chenyue.core.sealed_tar import Changed, Member, Reader, small
from chenyue.gateway import moving
from chenyue.gateway.archives import left_out, plain
from chenyue.timeline.verify import Fault, faults
from chenyue.upkeep.backups import emptiness, packing, postgres, sqlite, writing
from chenyue.upkeep.backups.store import Absent, Store, forget_cached

Tell = Callable[[str], None]
MOST_SMALL = 8 * 1024 * 1024  # bytes of about.json and manifest.json
MOST_LINES = 64 * 1024 * 1024  # bytes of one member that names files
ARRIVING = "restoring"


@dataclass
class Restored:
    """What came back."""

    made: str = ""
    rows: int = 0
    files: int = 0
    faults: list[str] = field(default_factory=list)  # of the timeline, as it was in the office
    store: str = ""  # hex
    absent: int = 0  # files that weren't beside the backup (only where that was allowed)


class Database(Protocol):
    """What takes the database in."""

    def take(self, name: str, packed: Iterator[bytes]) -> None:
        """One more part."""

    def prove(self, manifest: dict[str, Any]) -> None:
        """Whether all of it is there."""

    def close(self) -> None:
        """Be done."""


def read(path: Path, code: str, tell: Tell, *, prove: bool = False, without_files: bool = False) -> Restored:
    """Bring the backup back into this data folder. Raises Refusal with the reason, and leaves the folder empty then."""
    with _alone(), _own_words(path), _opened(path, code) as archive:
        emptiness.only()
        emptiness.as_before(ARRIVING)
        _home(ARRIVING).mkdir(mode=0o700)
        arriving = _Arriving(path.parent, tell, prove, without_files)
        try:
            restored = arriving.take_all(archive)
        finally:
            arriving.close()
            if arriving.placed:
                shutil.rmtree(_home(ARRIVING), ignore_errors=True)
            else:
                emptiness.as_before(ARRIVING)
    return restored


def _opened(path: Path, code: str) -> Reader:
    with path.open("rb") as file:
        forget_cached(file.fileno())
    return Reader(path, code, writing.KIND)


@contextmanager
def _alone() -> Iterator[None]:
    with _home(f"{ARRIVING}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refusal(_("Another restore is running here."), code="running") from error
        try:
            yield
        finally:
            _home(f"{ARRIVING}.lock").unlink(missing_ok=True)


@contextmanager
def _own_words(path: Path) -> Iterator[None]:
    """What the lower packages say of archives, said of backups."""
    try:
        yield
    except Absent as error:
        sentence = _(
            "A photo or paper that this backup names isn't beside it. Give the backup in its own folder, with the "
            "folder “kept” beside it; or bring back everything else with --without-files."
        )
        raise Refusal(sentence, code="absent") from error
    except packing.Unlike as error:
        sentence = _("What came back isn't what was written, at %(where)s. Take another backup.")
        raise Refusal(sentence % {"where": error.where}, code="unlike") from error
    except Changed as error:
        sentence = _("This backup is damaged or wasn't written to its end. Take another one: %(name)s can't be used.")
        raise Refusal(sentence % {"name": path.name}, code="changed") from error
    except Refusal as error:
        if error.code == "passphrase":
            sentence = _("The recovery code is of another office, or older or newer than this backup.")
            raise Refusal(sentence, code="code") from error
        if error.code == "not_ours":
            raise Refusal(_("This file is not a backup of an office."), code="not_ours") from error
        raise


class _Arriving:
    """Takes the members in, proves them, and puts everything in its place."""

    def __init__(self, beside: Path, tell: Tell, prove: bool, without_files: bool) -> None:
        self._beside, self._tell, self._prove, self._without = beside, tell, prove, without_files
        self._about: dict[str, Any] = {}
        self._keys: dict[str, Any] = {}
        self._database: Database | None = None
        self._sum, self._manifest = plain.Sum(), dict[str, Any]()
        self.restored, self.placed = Restored(), False

    def take_all(self, archive: Reader) -> Restored:
        """Everything, and then its places. Raises Refusal."""
        if archive.head.get("layout") != writing.LAYOUT:
            raise Refusal(_("This backup was made by a newer version of the product."), code="layout")
        self.restored.made = str(archive.head.get("made", ""))
        members = archive.members()
        self._about = small(next(members, None), "about.json", MOST_SMALL)
        emptiness.fits(self._about, writing.vendor())
        self._keys = small(next(members, None), "keys.json", MOST_SMALL)
        self.restored.store = str(self._keys.get("store", ""))
        try:
            if writing.vendor() == "sqlite":
                self._sqlite(members)
            else:
                self._postgres(members)
        except DatabaseError as error:
            said = {"error": str(error).splitlines()[0][:200]}
            raise Refusal(_("The database refuses: %(error)s") % said, code="database") from error
        return self.restored

    def _sqlite(self, members: Iterator[Member]) -> None:
        copy = _home(ARRIVING, "chenyue.sqlite3")
        self._database = sqlite.Taking(copy)
        self._members(members)
        with _reading(copy), self._own_secrets():
            self._history()
        self._place()
        self.placed = not self._prove

    def _postgres(self, members: Iterator[Member]) -> None:
        self._tell(_("Making the tables …"))
        postgres.make_tables(list(self._about.get("migrations", [])))
        with transaction.atomic():
            self._database = postgres.Taking()
            self._members(members)
            self._place()
        self.placed = not self._prove
        with self._own_secrets():
            self._history()

    def _members(self, members: Iterator[Member]) -> None:
        assert self._database is not None
        for member in members:
            folder = member.name.partition("/")[0]
            if self._manifest:
                raise Changed(member.name)
            if member.name == "manifest.json":
                self._manifest = small(member, member.name, MOST_SMALL)
            elif folder in (sqlite.FOLDER, postgres.FOLDER):
                self._database.take(member.name, member.chunks())
            elif folder == "files":
                self._files(member)
            else:
                raise Changed(member.name)
        if not self._manifest or (self._manifest.get("files") != self._sum.said()):
            raise Changed("manifest.json")
        self._tell(_("Proving what came back …"))
        self._database.prove(self._manifest)
        self.restored.rows = writing.Written(self._beside, self._manifest).rows()

    def _files(self, member: Member) -> None:
        lines = b"".join(packing.unpacked(member.name, member.chunks(), MOST_LINES)).splitlines()
        store = Store(self._beside, bytes.fromhex(self.restored.store))
        for line in lines:
            try:
                said = json.loads(line)
                name, size, sha256 = str(said["path"]), int(said["bytes"]), str(said["sha256"])
            except (ValueError, KeyError, TypeError) as error:
                raise Changed(member.name) from error
            self._sum.add(name, size, sha256)
            self._file(store, _place_of(name), size, sha256)
            if self.restored.files % 1000 == 0:
                self._tell(_("%(count)d files") % {"count": self.restored.files})

    def _file(self, store: Store, place: Path, size: int, sha256: str) -> None:
        if self._without and not store.holds(sha256, size):
            self.restored.absent += 1
            return
        count = 0
        if self._prove:
            count = sum(len(piece) for piece in store.chunks(sha256))
        else:
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with place.open("xb") as file:
                for piece in store.chunks(sha256):
                    count += file.write(piece)
        if count != size:
            raise Changed(place.name)
        self.restored.files += 1

    def _history(self) -> None:
        """What was written by an older version is read by this one: its tables come first."""
        if moving.pending():
            self._tell(_("Bringing the tables up to date …"))
            call_command("migrate", verbosity=0, interactive=False)
        self.restored.faults = [f"{f.subject}: {f.sentence}" for f in faults() if isinstance(f, Fault)]

    @contextmanager
    def _own_secrets(self) -> Iterator[None]:
        """The keys that came with the backup hold from here; the old ones again if it fails."""
        secrets, before = self._keys.get("secrets"), settings.SECRETS
        if not isinstance(secrets, dict) or set(secrets) != set(before):
            raise Changed("keys.json")
        try:
            settings.SECRETS = secrets
            crypto._cipher.cache_clear()
            yield
        except BaseException:
            settings.SECRETS = before
            crypto._cipher.cache_clear()
            raise

    def _place(self) -> None:
        """Everything takes its place, the database last: with it the office is there."""
        if self._prove:
            return
        emptiness.place(ARRIVING, json.dumps(self._keys["secrets"]), left_out.FOLDERS)

    def close(self) -> None:
        """Let go of what is open."""
        if self._database is not None:
            self._database.close()


@contextmanager
def _reading(copy: Path) -> Iterator[None]:
    """The product reads this file as its database meanwhile."""
    connection.close()
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = str(copy)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        with suppress(OSError):
            copy.with_name(copy.name + ".lock").unlink()


def _place_of(name: str) -> Path:
    """Where a file is written meanwhile. A backup may lie: nothing leaves its folder."""
    parts = PurePosixPath(name).parts
    if not parts or parts[0] not in left_out.FOLDERS or ".." in parts or "\0" in name or "\\" in name:
        raise Changed(name)
    return _home(ARRIVING, *parts)


def _home(*names: str) -> Path:
    return Path(settings.HOME, *names)
