"""Proving a backup: the restore itself, in a process and a scratch place of its own.

What runs is `manage.py restore --prove`, the command that an office will need one day: the product starts on an empty
data folder, brings everything back with the code from the sheet, and proves it there.
"""

import json
import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

from chenyue.upkeep.backups import postgres, writing
from chenyue.upkeep.backups.troubles import Trouble

RESULT = "proved.json"
LONGEST = 12 * 3600  # seconds: then something hangs
SCHEMA = "chenyue_trial"
TROUBLES = {"changed": "changed", "absent": "changed", "unlike": "unlike", "code": "changed", "not_ours": "changed"}


def prove(path: Path, code: str, scratch: Path) -> dict[str, Any]:
    """Bring the backup back into the empty folder `scratch`; `rows`, `files`, `faults`. Raises Trouble."""
    env = os.environ | {"CHENYUE_HOME": str(scratch), "CHENYUE_RECOVERY_CODE": code}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    place: Any = nullcontext()
    if writing.vendor() == "postgresql":
        if not postgres.may_try():
            raise Trouble("role")
        place = postgres.scratch(SCHEMA)
        env["DATABASE_URL"] = within(os.environ["DATABASE_URL"], str(connection.settings_dict["NAME"]), SCHEMA)
    else:
        env.pop("DATABASE_URL", None)
    command = [sys.executable, str(Path(settings.ROOT) / "manage.py"), "restore", str(path), "--prove"]
    with place:
        try:
            ended = subprocess.run(command, env=env, check=False, stdout=subprocess.DEVNULL, timeout=LONGEST)  # noqa: S603
        except subprocess.TimeoutExpired as error:
            raise Trouble("unproved") from error
    return _result(scratch / RESULT, ended.returncode)


def _result(path: Path, code: int) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Trouble("unproved") from error
    if code or not isinstance(found, dict) or "refused" in found:
        name = TROUBLES.get(str(found.get("refused")), "unproved")
        raise Trouble(name, **({"where": str(found.get("where", ""))[:200]} if name != "unproved" else {}))
    return found


def within(url: str, name: str, schema: str) -> str:
    """The address of the database of this name on the same server, in which this schema alone is seen."""
    parts = urlsplit(url)._replace(path=f"/{name}")
    option = "options=" + quote(f"-csearch_path={schema}")
    return urlunsplit(parts._replace(query=f"{parts.query}&{option}" if parts.query else option))
