"""System checks: what is wrong with this installation, and what to do about it."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connection

from chenyue.core import office, sqlite_fixed, words


def _home() -> Path:
    return Path(settings.HOME)


def _hosts() -> str:
    return os.environ.get("CHENYUE_HOSTS", "*")


@register(Tags.database)
def database_library(**kwargs: Any) -> list[CheckMessage]:
    """SQLite without the fix of its write-ahead log runs safely, but slower."""
    if connection.vendor != "sqlite":
        return []
    from django.db.backends.sqlite3.base import Database  # type: ignore[attr-defined]

    if sqlite_fixed.is_fixed(Database.sqlite_version_info):
        return []
    return [
        Warning(
            f"SQLite {Database.sqlite_version} can damage a write-ahead log, so it is not used; writing takes longer.",
            hint="Install the locked libraries (`make setup` brings a fixed SQLite on x86-64), or set DATABASE_URL.",
            id="chenyue.W001",
        )
    ]


@register(Tags.security)
def secrets_are_secret(**kwargs: Any) -> list[CheckMessage]:
    """Who reads the keys reads everybody's telephone number."""
    path = Path(settings.HOME) / "secrets.json"
    if not path.exists() or not path.stat().st_mode & 0o077:
        return []
    hint = f"chmod 600 {path.name} in the data folder."
    return [Error("Other users of this machine can read the secrets.", hint=hint, id="chenyue.E001")]


@register(Tags.security)
def data_is_private(**kwargs: Any) -> list[CheckMessage]:
    """A database or a copy of it that others may read holds what residents wrote."""
    files = [path for pattern in ("*.sqlite3*", "files", "drafts", "set-up-code") for path in _home().glob(pattern)]
    open_ = [path.name for path in files if path.stat().st_mode & 0o077]
    if not open_ or not _home().stat().st_mode & 0o077:
        return []
    hint = "chmod 700 the data folder, or `chmod -R go= ` what is in it."
    return [Warning(f"Other users of this machine can read {', '.join(open_)}.", hint=hint, id="chenyue.W005")]


@register(Tags.database)
def links_have_an_address(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Without the office's own address, links on paper and in codes are those of whatever name was asked for."""
    if not databases or "core_officesetting" not in connection.introspection.table_names():
        return []
    if not office.get("set_up") or office.get("demo") or office.get("site_address") or _hosts() != "*":
        return []
    hint = "Give the address in the set-up of the office, or name the hosts in CHENYUE_HOSTS."
    said = "The address of the residents' page isn't set: slips lead to whatever name the page was opened by."
    return [Warning(said, hint=hint, id="chenyue.W006")]


@register(Tags.security)
def debug_is_off(**kwargs: Any) -> list[CheckMessage]:
    """Pages of a debugging server show data and settings."""
    if not settings.DEBUG:
        return []
    return [Error("DEBUG is on.", hint="Never let an office run like this.", id="chenyue.E002")]


@register(Tags.database)
def demo_is_a_demo(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """The demo page signs anyone in; it must never stand in front of a real office."""
    if not settings.DEMO or not databases or "core_officesetting" not in connection.introspection.table_names():
        return []
    if not office.get("set_up") or office.get("demo"):
        return []
    hint = "Start it with DEMO=0, or without CHENYUE_DEMO."
    return [Error("CHENYUE_DEMO is set, but this is a real office.", hint=hint, id="chenyue.E003")]


@register(Tags.translation)
def words_are_compiled(**kwargs: Any) -> list[CheckMessage]:
    """Without compiled catalogues the screens are English."""
    late = [po for po in words.SRC.glob("*/locale/*/LC_MESSAGES/django.po") if not po.with_suffix(".mo").exists()]
    if not late:
        return []
    hint = "Run `make setup` or `manage.py words --compile`."
    return [Warning(f"{len(late)} word catalogues are not compiled.", hint=hint, id="chenyue.W002")]


@register("chenyue", deploy=True)
def chinese_fonts(**kwargs: Any) -> list[CheckMessage]:
    """Pictures and PDF made on this machine need a Chinese font. Asked by `check --deploy` only."""
    tool = shutil.which("fc-list")
    if tool and subprocess.run([tool, ":lang=zh"], capture_output=True, check=False).stdout.strip():  # noqa: S603
        return []
    hint = "On Debian: apt-get install fonts-noto-cjk"
    return [Warning("No Chinese font was found on this machine.", hint=hint, id="chenyue.W003")]


@register("chenyue", deploy=True)
def hosts_are_named(**kwargs: Any) -> list[CheckMessage]:
    """A server that answers to any name can be made to write links to another one."""
    if _hosts() != "*":
        return []
    hint = "Set CHENYUE_HOSTS to the names people use, separated by commas."
    return [Warning("The server answers to any host name.", hint=hint, id="chenyue.W004")]
