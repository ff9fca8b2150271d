"""Where a backup may come back to: an empty data folder and an empty database, and how it takes its place there."""

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from chenyue.core.errors import Refusal
from chenyue.gateway.archives import left_out, plain
from chenyue.upkeep.backups import store

OF_SOMEBODY = ("people.Member", "people.Resident", "cases.Case", "timeline.Entry")
PLACING = "placing"


def only() -> None:
    """Raises Refusal if somebody has begun to work here, or the office is being served."""
    if _occupied():
        sentence = _(
            "There is an office here already. A backup comes back into an empty data folder only: move this one "
            "aside, or set CHENYUE_HOME to another folder."
        )
        raise Refusal(sentence, code="not_empty")
    there = None if _half_placed() else next(plain.files(settings.HOME, left_out.FOLDERS), None)
    if there is not None:
        sentence = _("There are files here already, such as %(name)s. Choose an empty data folder.")
        raise Refusal(sentence % {"name": there.relative_to(settings.HOME)}, code="files")
    if connection.vendor == "sqlite" and _open_elsewhere(Path(str(connection.settings_dict["NAME"]))):
        raise Refusal(_("Chenyue is running on this data folder. Stop it first, then try again."), code="served")


def _open_elsewhere(database: Path) -> bool:
    """Whether another process has the file open (Linux): it would go on with the old one."""
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        if int(link.parts[2]) != os.getpid():
            with suppress(OSError):
                if link.readlink() == database:
                    return True
    return False


def _occupied() -> bool:
    if connection.vendor == "sqlite" and not Path(str(connection.settings_dict["NAME"])).exists():
        return False
    names = set(connection.introspection.table_names())
    models = [apps.get_model(label) for label in OF_SOMEBODY]
    return any(model._meta.db_table in names and model._base_manager.exists() for model in models)


def fits(about: dict[str, Any], vendor: str) -> None:
    """Raises Refusal for a backup of another kind of database, or of a newer product."""
    made = about.get("database")
    if made != vendor:
        sqlite = _("This is the backup of an office on SQLite. Bring it back without DATABASE_URL, then move it.")
        other = _("This is the backup of an office on PostgreSQL. Make an empty database, and name it in DATABASE_URL.")
        raise Refusal(sqlite if made == "sqlite" else other, code="vendor")
    known = {f"{package}.{name}" for package, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    said = about.get("migrations")
    newer = sorted({str(name) for name in said if name not in _merged(known)}) if isinstance(said, list) else ["?"]
    if newer:
        sentence = _(
            "This backup was made by a newer version (%(version)s, step %(step)s). Install that version or a newer one."
        )
        raise Refusal(sentence % {"version": about.get("product", "?"), "step": newer[0]}, code="version")


def _merged(known: set[str]) -> set[str]:
    """Steps known here, with those that a squashed one stands for."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    replaced = {f"{p}.{n}" for migration in loader.disk_migrations.values() for p, n in migration.replaces}
    return known | replaced


def place(arriving: str, secrets: str, folders: Iterable[str]) -> None:
    """What was proved takes its places: files, keys, and at last the database. A mark says so meanwhile."""
    (_home(arriving) / PLACING).touch()
    for name in folders:
        if _home(arriving, name).is_dir():
            shutil.rmtree(_home(name), ignore_errors=True)  # holds no file: `only` has looked
            _home(arriving, name).rename(_home(name))
    part = _home(arriving, "secrets.json")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(secrets)
        file.flush()
        os.fsync(file.fileno())
    part.rename(_home("secrets.json"))
    copy = _home(arriving, "chenyue.sqlite3")
    if copy.exists():
        database = Path(str(connection.settings_dict["NAME"]))
        connection.close()
        for suffix in ("-wal", "-shm", "-journal"):
            database.with_name(database.name + suffix).unlink(missing_ok=True)
        store.settle(Path(settings.HOME))
        copy.rename(database)
    _home("set-up-code").unlink(missing_ok=True)  # of the empty office that was here


def as_before(arriving: str) -> None:
    """Nothing came back: nothing stays."""
    if _half_placed():
        for name in left_out.FOLDERS:
            shutil.rmtree(_home(name), ignore_errors=True)
    shutil.rmtree(_home(arriving), ignore_errors=True)


def _half_placed() -> bool:
    """Whether a restore was killed while things took their places."""
    return (_home("restoring") / PLACING).exists()


def _home(*names: str) -> Path:
    return Path(settings.HOME, *names)
