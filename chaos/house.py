"""The real server in processes of its own, and a supervisor like the one that starts it on a real machine."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PR_SET_CHILD_SUBREAPER = 36
START = 120.0  # seconds that a start may take
LEAVE = 10.0  # seconds that what a killed parent left behind has to go, as a service manager gives it


def children(pid: int) -> list[int]:
    """Living children of a process."""
    try:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [int(one) for one in found]


def kill(pid: int, number: int = signal.SIGKILL) -> None:
    """Send a signal to a process that may be gone already."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def adopt() -> None:
    """Become the parent of whatever a killed process leaves behind, as a service manager is (Linux)."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


class House:
    """`manage.py serve`, started again whenever it ends, as `Restart=always` would."""

    def __init__(self, home: Path, port: int, environment: dict[str, str]) -> None:
        self.home, self.port = home, port
        self.environment = os.environ | environment | {
            "CHENYUE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "chaos.settings", "PYTHONPATH": str(ROOT),
            "CHENYUE_LOG_LEVEL": "WARNING",
        }  # fmt: skip
        self.environment.pop("CHENYUE_DEMO", None)
        self.log = (home / "server.log").open("ab")
        self.stopping, self.restarts, self.start_seconds = False, 0, 0.0
        self.cleared: list[float] = []  # seconds until nothing was left of a killed one
        self.process = self._start()
        self._wait()
        self.guard = threading.Thread(target=self._guard, daemon=True)
        self.guard.start()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, str(ROOT / "manage.py"), "serve", "--port", str(self.port)]
        return subprocess.Popen(
            command, env=self.environment, stdout=self.log, stderr=self.log, cwd=ROOT, start_new_session=True
        )

    def _wait(self) -> None:
        began = time.monotonic()
        while time.monotonic() - began < START:
            if self.process.poll() is not None:
                raise SystemExit(f"The server ended; see {self.log.name}")
            if self.ready():
                self.start_seconds = time.monotonic() - began
                return
            time.sleep(0.05)
        raise SystemExit(f"The server didn't start; see {self.log.name}")

    def ready(self) -> bool:
        """Whether it says so itself."""
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5):
            return True
        return False

    def _guard(self) -> None:
        while not self.stopping:
            self.process.wait()
            if self.stopping:
                return
            began = time.monotonic()
            self._clear(self.process.pid)
            self.cleared.append(time.monotonic() - began)
            self.restarts += 1
            self.process = self._start()

    def _clear(self, group: int) -> None:
        """What is left of the group gets a SIGTERM, and a SIGKILL later."""
        until = time.monotonic() + LEAVE
        number = signal.SIGTERM
        while True:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(-group, os.WNOHANG)  # of a killed parent we are the next parent; see `adopt`
            try:
                os.killpg(group, number)
            except ProcessLookupError:
                return
            number = signal.SIGKILL if time.monotonic() > until else 0
            time.sleep(0.05)

    def parts(self) -> dict[str, list[int]]:
        """Processes by what they are: parent, web, jobs (who minds the workers), workers."""
        parent = self.process.pid
        below = {pid: children(pid) for pid in children(parent)}
        jobs = [pid for pid, found in below.items() if found]
        return {
            "parent": [parent], "web": [pid for pid in below if pid not in jobs], "jobs": jobs,
            "workers": [pid for found in below.values() for pid in found],
        }  # fmt: skip

    def whole(self) -> bool:
        """Whether all of its parts live and it answers."""
        found = self.parts()
        return bool(found["jobs"]) and len(found["workers"]) >= 3 and bool(found["web"]) and self.ready()

    def strike(self, part: str, pid: int) -> None:
        """Kill -9: one process, or `all` of them at once."""
        if part == "all":
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        else:
            kill(pid)

    def stop(self) -> float:
        """Stop it as a service manager does; the seconds that it took."""
        self.stopping = True
        began = time.monotonic()
        kill(self.process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(40)
        self._clear(self.process.pid)
        self.log.close()
        return time.monotonic() - began
