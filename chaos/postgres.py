"""A PostgreSQL of its own for the faults, with fsync on: made, started, stopped at once, taken away."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

USER = "postgres"
BASE = "chaos_base"


def programs() -> Path | None:
    """Where PostgreSQL's programs are on this machine; None if there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if found:
        return found[-1]
    here = shutil.which("initdb")
    return Path(here).parent if here else None


class Cluster:
    """One cluster in a folder that only it uses."""

    def __init__(self, port: int, folder: Path | None = None, preload: dict[str, str] | None = None) -> None:
        found = programs()
        if found is None:
            raise SystemExit("PostgreSQL's programs (initdb, pg_ctl) aren't on this machine.")
        self.programs, self.port, self.preload = found, port, preload or {}
        self.folder = folder or Path(tempfile.mkdtemp(prefix="chaos-pg-"))
        self.folder.mkdir(exist_ok=True)
        self.data = self.folder / "data"
        if os.getuid() == 0:
            shutil.chown(self.folder, USER)

    def make(self) -> None:
        """A new, empty cluster."""
        self._as("initdb", "-D", self.data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")

    def start(self) -> None:
        """Start it and wait until it answers (after a crash: until it has recovered)."""
        settings = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} "
            "-c fsync=on -c full_page_writes=on -c max_connections=60"
        )
        self._as("pg_ctl", "-D", self.data, "-l", self.folder / "log", "-w", "-t", "120", "-o", settings, "start")

    def stop(self, mode: str = "fast") -> None:
        """`fast`: sessions are ended; `immediate`: as if it were killed."""
        self._as("pg_ctl", "-D", self.data, "-m", mode, "-w", "-t", "60", "stop")

    def pid(self) -> int:
        """Of the postmaster."""
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def kill_backend(self) -> None:
        """Kill -9 one process that serves: PostgreSQL then ends all others and recovers."""
        found = self.query("SELECT pid FROM pg_stat_activity WHERE datname = 'chaos' ORDER BY query_start DESC LIMIT 1")
        if found:
            os.kill(int(found), signal.SIGKILL)

    def query(self, statement: str, database: str = USER) -> str:
        """One statement; its rows as text."""
        return self._as("psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", USER, "-At", "-c", statement, database)

    def copy(self, source: str, target: str) -> None:
        """A database made anew as a copy of another."""
        self.query(f"DROP DATABASE IF EXISTS {target} WITH (FORCE)")
        self.query(f"CREATE DATABASE {target} TEMPLATE {source}")
        # A copied sequence believes that its next numbers are in the log already; without a checkpoint between, a
        # crash would set it back, and the first numbers would be given twice. No office is ever copied like this.
        self.query("CHECKPOINT")

    def url(self, name: str) -> str:
        """As DATABASE_URL."""
        return f"postgres://{USER}@127.0.0.1:{self.port}/{name}"

    def remove(self) -> None:
        """Stop it if it runs, and delete its folder."""
        if (self.data / "postmaster.pid").exists():
            self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _as(self, program: str, *words: object) -> str:
        command = [str(self.programs / program), *map(str, words)]
        if os.getuid() == 0:
            command = ["runuser", "-u", USER, "--", *command]
        environment = dict(os.environ)
        if program == "pg_ctl":
            environment |= self.preload
        # Its server keeps the standard output: a pipe would never end.
        log = self.folder / f"{program}.out"
        with log.open("w+") as out:
            done = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, env=environment, cwd="/", check=False)
            out.seek(0)
            said = out.read().strip()
        if done.returncode:
            raise RuntimeError(f"{program}: {said[-500:]}")
        return said
