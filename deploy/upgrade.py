#!/usr/bin/env python3
"""Brings an office to a newer version, and back to the old one by itself if the new one doesn't come up.

    sudo -u chenyue python3 deploy/upgrade.py                  to the newest of this branch
    sudo -u chenyue python3 deploy/upgrade.py --to v1.4.0

It makes a proved backup first, stops the office, keeps the database as it is now beside the data, takes the new
version, brings the tables up to date, starts the office and waits until it is ready. If any of that fails, program and
database go back to what they were. Nothing but Python is needed. The service is stopped and started by `--stop` and
`--start` (systemctl unless said otherwise; `sudo` where the user may not).
"""

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SQLITE = ("chenyue.sqlite3", "chenyue.sqlite3-wal", "chenyue.sqlite3-shm")
READY_WITHIN = 180  # seconds


class Failed(Exception):
    """A step that failed; its words say which."""


@dataclass(frozen=True)
class Office:
    """Where program and data are, and how the office is stopped and started."""

    root: Path
    home: Path
    stop: str
    start: str
    ready: str
    database: str = ""  # DATABASE_URL; empty: SQLite

    @property
    def kept(self) -> Path:
        """Where the database of before is kept."""
        return self.home / "before-upgrade"


def run(office: Office, *command: str) -> str:
    """Run a step and show what it says. Raises Failed."""
    print("→", shlex.join(command), flush=True)
    environment = os.environ | {"CHENYUE_HOME": str(office.home)}
    done = subprocess.run(command, cwd=office.root, env=environment, text=True, stdout=subprocess.PIPE, check=False)
    print(done.stdout, end="", flush=True)
    if done.returncode:
        raise Failed(f"`{shlex.join(command)}` failed ({done.returncode})")
    return done.stdout.strip()


def keep(office: Office) -> None:
    """Keep the database as it is; the office stands still."""
    shutil.rmtree(office.kept, ignore_errors=True)
    office.kept.mkdir(mode=0o700)
    if office.database:
        run(office, "pg_dump", "-Fc", "-f", str(office.kept / "database.dump"), office.database)
        return
    for name in SQLITE:
        if (office.home / name).exists():
            shutil.copy2(office.home / name, office.kept / name)


def put_back(office: Office) -> None:
    """Put the database of before in the place of what the new version made of it."""
    if office.database:
        dump = str(office.kept / "database.dump")
        run(office, "pg_restore", "--clean", "--if-exists", "--single-transaction", "-d", office.database, dump)
        return
    for name in SQLITE:
        (office.home / name).unlink(missing_ok=True)
        if (office.kept / name).exists():
            shutil.copy2(office.kept / name, office.home / name)


def wait_until_ready(office: Office, within: float = READY_WITHIN) -> None:
    """Until the office says that it is. Raises Failed."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(office.ready, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(1)
    raise Failed(f"{office.ready} wasn't ready within {within:.0f} s; look at the service's log")


def fits(office: Office) -> None:
    """Refuse before anything is touched what could not be undone. Raises Failed."""
    if run(office, "git", "status", "--porcelain", "--untracked-files=no"):
        raise Failed("files of the program were changed here; put them back, or nobody can say what runs")
    if office.database:
        absent = [tool for tool in ("pg_dump", "pg_restore") if not shutil.which(tool)]
        if absent:
            raise Failed(f"{' and '.join(absent)} must be there, or the database could not go back")
    else:
        size = sum((office.home / name).stat().st_size for name in SQLITE if (office.home / name).exists())
        if shutil.disk_usage(office.home).free < 3 * size:
            raise Failed("there is too little room in the data folder to keep the database of before")


def install(office: Office) -> None:
    """Libraries, words and tables of the version that stands here."""
    run(office, "make", "setup")
    run(office, "./manage.py", "check")
    run(office, "./manage.py", "migrate", "--verbosity", "0")


def upgrade(office: Office, target: str, wait: Callable[[Office], None] = wait_until_ready) -> bool:
    """Whether the office runs the new version now; if not, it runs the old one. Raises Failed if it runs neither."""
    fits(office)
    old = run(office, "git", "rev-parse", "HEAD")
    run(office, "git", "fetch", "--tags")
    run(office, "./manage.py", "backup")
    run(office, *shlex.split(office.stop))
    try:
        keep(office)
        run(office, "git", "checkout", "--quiet", "--detach", target)
        install(office)
        run(office, *shlex.split(office.start))
        wait(office)
    except Failed as failure:
        print(f"\n{failure}.\nGoing back to {old[:12]} …", flush=True)
        run(office, *shlex.split(office.stop))
        if office.kept.exists():
            put_back(office)
        run(office, "git", "checkout", "--quiet", "--detach", old)
        run(office, "make", "setup")
        run(office, *shlex.split(office.start))
        wait(office)
        print(f"The office runs {old[:12]} as before; nothing was lost. The reason stands above.")
        return False
    print(f"The office runs {target}. The database of before is kept in {office.kept} until the next upgrade.")
    return True


def main() -> int:
    """0: upgraded; 1: back on the old version; 2: refused, or neither runs."""
    said = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    said.add_argument("--to", default="origin/HEAD", help="tag, branch or commit")
    said.add_argument("--home", type=Path, default=Path(os.environ.get("CHENYUE_HOME", "/srv/chenyue")))
    said.add_argument("--stop", default="sudo systemctl stop chenyue")
    said.add_argument("--start", default="sudo systemctl start chenyue")
    said.add_argument("--ready", default="http://127.0.0.1:7070/readyz")
    found = said.parse_args()
    office = Office(ROOT, found.home, found.stop, found.start, found.ready, os.environ.get("DATABASE_URL", ""))
    try:
        return 0 if upgrade(office, found.to) else 1
    except Failed as failure:
        print(f"\n{failure}.", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
