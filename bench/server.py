"""The real server in processes of its own, and what the kernel says it used."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def family(pid: int) -> list[int]:
    """A process and all that came from it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            parents.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(entry.name))
    found, todo = [], [pid]
    while todo:
        one = todo.pop()
        found.append(one)
        todo += parents.get(one, [])
    return found


def cpu_seconds(pid: int, *, ended_too: bool = False) -> float:
    """CPU of one process so far, and of its children that have ended."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, words[11 : 15 if ended_too else 13])) / TICKS


def memory_mb(pids: list[int]) -> float:
    """Proportional share of memory: what is shared among the processes counts once."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def resident_mb(pid: int) -> float:
    """Memory of one process as most tools show it: what it shares is counted in each of its sharers."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


class Server:
    """`manage.py serve` with the bare views beside the product's doors."""

    def __init__(self, log: Path) -> None:
        self.port = free_port()
        self.log = log.open("w")
        began = time.monotonic()
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": "bench.settings"}
        command = [sys.executable, str(ROOT / "manage.py"), "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=environment, stdout=self.log, stderr=self.log, cwd=ROOT)
        self._wait()
        self.start_seconds = time.monotonic() - began

    def _wait(self) -> None:
        until = time.monotonic() + 120
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise SystemExit(f"The server ended; see {self.log.name}")
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5):
                    return
            except OSError:
                time.sleep(0.02)
        raise SystemExit("The server didn't start within two minutes")

    def cpu(self) -> float:
        """Seconds of CPU of the server's processes, and of PostgreSQL's where that is used."""
        return sum(cpu_seconds(pid) for pid in family(self.process.pid)) + postgres_cpu()

    def memory(self) -> float:
        return memory_mb(family(self.process.pid))

    def resident(self) -> list[float]:
        """Memory of each process as most tools show it: of the keeper, the web processes, the job processes."""
        return [round(resident_mb(pid), 1) for pid in sorted(family(self.process.pid))]

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        self.log.close()


def postgres_cpu() -> float:
    """CPU of a PostgreSQL server on this machine: its backends live and ended, its writers; 0 with SQLite."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        own = int(cursor.fetchone()[0])
    try:
        master = int(Path(f"/proc/{own}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        raise SystemExit("PostgreSQL isn't on this machine: its CPU can't be read") from None
    others = [pid for pid in family(master) if pid not in (own, master)]
    return cpu_seconds(master, ended_too=True) + sum(cpu_seconds(pid) for pid in others)
