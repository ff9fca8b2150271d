"""What somebody who helps from afar needs to know of an installation, and nothing of anybody's.

The bundle is made of what is named here, not of what is there: counts, names of tables and settings, versions, ages,
sentences of the system checks. No row's content, no address, no log, no key ever enters; a setting's value only where
it is a number, yes or no.
"""

import io
import json
import os
import platform
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.db import connection

from chenyue.core import metrics, office, ticks
from chenyue.core.logs import blot
from chenyue.core.models import Counter

README = """What this is: the state of an installation of Chenyue, for somebody who helps from afar.

In it: versions, the machine's size, names of tables with the number of their rows, which settings differ (numbers and
yes or no with their value, everything else as "set"), findings of the system checks, how long ago each regular task
had its turn, names and kinds of failed jobs, counters.

Not in it: names, telephone numbers, words of residents, addresses, host names, keys, files, logs. Open the file and
look before you pass it on: all of it is plain text.
"""
NEWEST = 200  # failed jobs that are looked at


def bundle(at: datetime) -> bytes:
    """The bundle as a zip; a part that can't be read says so in its place, and the others are there."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("README.txt", README)
        for name, read in PARTS.items():
            out.writestr(f"{name}.json", json.dumps(_tried(read, at), ensure_ascii=False, indent=1, default=str) + "\n")
    return held.getvalue()


def _tried(read: Callable[[datetime], Any], at: datetime) -> Any:
    try:
        return read(at)
    except Exception as error:  # whatever is broken here may be why help is asked for
        return {"could not be read": type(error).__name__}


def _program(at: datetime) -> dict[str, Any]:
    root = Path(__file__).resolve().parents[3]
    git = shutil.which("git")
    told = [git, "-C", str(root), "rev-parse", "HEAD"] if git else []
    commit = subprocess.run(told, capture_output=True, text=True, check=False).stdout.strip() if told else ""  # noqa: S603
    libraries = {str(one.metadata["Name"]).lower(): one.version for one in metadata.distributions()}
    return {
        "made": at.isoformat(),
        "commit": commit,
        "python": sys.version,
        "libraries": dict(sorted(libraries.items())),
    }


def _machine(at: datetime) -> dict[str, Any]:
    room = shutil.disk_usage(settings.HOME)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "system": platform.system(), "release": platform.release(), "architecture": platform.machine(),
        "cores": os.cpu_count(), "memory bytes": memory, "load": os.getloadavg(),
        "disk bytes": {"total": room.total, "free": room.free},
    }  # fmt: skip


def _database(at: datetime) -> dict[str, Any]:
    rows = {}
    for model in sorted(apps.get_models(), key=lambda one: one._meta.db_table):
        if model._meta.managed and not model._meta.proxy:
            rows[model._meta.db_table] = model._base_manager.count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
        applied = [f"{app}.{name}" for app, name in cursor.fetchall()]
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        version = cursor.fetchone()[0]
    return {"kind": connection.vendor, "version": version, "rows": rows, "migrations": applied}


def _settings(at: datetime) -> dict[str, Any]:
    found = {}
    for name, usual in office.DEFAULTS.items():
        value = office.get(name)
        plain = isinstance(value, bool | int | float) or value is None
        found[name] = (value if plain else "set") if value != usual else "as shipped"
    return found


def _environment(at: datetime) -> dict[str, str]:
    return {name: "set" for name in sorted(os.environ) if name.startswith("CHENYUE_") or name == "DATABASE_URL"}


def _checks(at: datetime) -> list[dict[str, str]]:
    found = checks.run_checks(include_deployment_checks=True, databases=["default"])
    return [{"id": str(one.id), "says": blot(str(one.msg)), "hint": blot(str(one.hint or ""))} for one in found]


def _regular(at: datetime) -> dict[str, Any]:
    held = dict(Counter.objects.filter(name__startswith=ticks.PREFIX).values_list("name", "value"))
    found = {}
    for name, tick in sorted(ticks.known().items()):
        due = held.get(ticks.PREFIX + name)
        found[name] = {
            "every": tick.seconds,
            "last turn ago": None if due is None else at.timestamp() - due + tick.seconds,
        }
    return found


def _jobs(at: datetime) -> dict[str, Any]:
    from django_q.models import Failure, OrmQ, Success

    failed: dict[str, int] = {}
    for func, result in Failure.objects.order_by("-stopped").values_list("func", "result")[:NEWEST]:
        # Of what a job said only the kind of its error: the words may hold anything.
        kind = str(result).strip().rsplit("\n", 1)[-1].split(":", 1)[0][:60]
        key = f"{func} {kind if kind.replace('.', '').replace('_', '').isalnum() else 'unknown'}"
        failed[key] = failed.get(key, 0) + 1
    return {"waiting": OrmQ.objects.count(), "succeeded": Success.objects.count(), "failed lately": failed}


def _counters(at: datetime) -> list[str]:
    return metrics.shown({}).decode().splitlines()


PARTS: dict[str, Callable[[datetime], Any]] = {
    "program": _program, "machine": _machine, "database": _database, "settings": _settings,
    "environment": _environment, "checks": _checks, "regular-work": _regular, "jobs": _jobs, "counters": _counters,
}  # fmt: skip
