"""The real `serve` process: it starts quickly, survives deaths, stops at once and stays small."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from chenyue.core import serving
from helpers import ROOT

pytestmark = pytest.mark.own_database
BUDGET = 300 * 1024  # kB of memory, web and jobs together


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]


def family(pid: int) -> list[int]:
    return [pid] + [p for child in children(pid) for p in family(child)]


def memory(pid: int) -> int:
    """Proportional share of memory of a process and all below it, in kB."""
    total = 0
    for member in family(pid):
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{member}/smaps_rollup").read_text(), re.MULTILINE)
        total += int(found.group(1)) if found else 0
    return total


def cpu(pid: int) -> float:
    """Seconds of processor time that a process and all below it have used."""
    ticks = 0
    for member in family(pid):
        after_name = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
        ticks += int(after_name[11]) + int(after_name[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def cpu_of_loading(office: "Office") -> float:
    """Seconds of processor time that this machine takes to load the product in one process."""
    before = os.times()
    command = [sys.executable, "-c", "import django; django.setup()"]
    env = office.env() | {"DJANGO_SETTINGS_MODULE": "chenyue.config.settings", "PYTHONPATH": str(ROOT / "src")}
    subprocess.run(command, env=env, check=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


class Office:
    """A served office in a data folder of its own."""

    def __init__(self, home: Path, web: int) -> None:
        self.port = free_port()
        self.home, self.web = home, web
        self.process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        return [str(ROOT / "manage.py"), "serve", "--port", str(self.port)]

    def env(self) -> dict[str, str]:
        """The product's own settings, not the tests'; a database file, whatever the tests run on."""
        ours = {"DJANGO_SETTINGS_MODULE", "CHENYUE_DEMO", "DATABASE_URL"}
        rest = {name: value for name, value in os.environ.items() if name not in ours}
        ours_now = {"CHENYUE_HOME": str(self.home), "CHENYUE_LOG_LEVEL": "ERROR", "CHENYUE_WEB": str(self.web)}
        return rest | ours_now

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.process = subprocess.Popen(self.command(), env=self.env())
        self.wait(600)  # the first start makes the tables, on a busy machine too

    def get(self, path: str = "/healthz") -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
            return str(answer.read().decode())

    def wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while True:
            try:
                assert self.get() == "ok"
                return
            except OSError:
                assert time.monotonic() < until, "the office doesn't answer"
                time.sleep(0.05)

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(120)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    if not Path("/proc/self/smaps_rollup").exists():
        pytest.skip("needs Linux's /proc")
    office = Office(tmp_path_factory.mktemp("office"), web=2)
    office.start()
    yield office
    if office.process is not None and office.process.poll() is None:
        office.stop()


def pid(office: Office) -> int:
    assert office.process is not None
    return office.process.pid


def test_it_is_ready_and_small(office: Office) -> None:
    assert '"migrations": true' in office.get("/readyz")
    for _ in range(30):
        office.get("/readyz")
    assert memory(pid(office)) < BUDGET


def test_what_is_due_happens_by_itself(office: Office) -> None:
    """The clocks of promises, letters that go out again, pieces that appear: all of it hangs on this."""
    until = time.monotonic() + 300  # django-q2 looks at its schedule each half minute
    turned: list[str] = []
    while not turned:
        assert time.monotonic() < until, "no tick has had its turn"
        time.sleep(0.5)
        with closing(sqlite3.connect(f"file:{office.home}/chenyue.sqlite3?mode=ro", uri=True)) as kept:
            turned = [name for (name,) in kept.execute("SELECT name FROM core_counter WHERE name LIKE 'tick:%'")]


def test_web_and_jobs_that_die_are_started_again(office: Office) -> None:
    before = children(pid(office))
    assert len(before) == 3
    for child in before:
        os.kill(child, signal.SIGKILL)
    until = time.monotonic() + 240
    while set(children(pid(office))) & set(before) or len(children(pid(office))) < 3:
        assert time.monotonic() < until
        time.sleep(0.05)
    office.wait(240)


def test_one_web_process_serves_while_the_other_is_dead_and_counts_for_both(office: Office) -> None:
    web = children(pid(office))[:2]
    before = answered(office)
    assert before > 0, "counted by those that were killed"
    os.kill(web[0], signal.SIGSTOP)  # as good as dead, and nobody starts it again
    try:
        # A connection may have been accepted by the one that is stopped; who asks again finds the other.
        assert sum(alive(office) for _ask in range(20)) >= 3
    finally:
        os.kill(web[0], signal.SIGKILL)
    office.wait(240)
    now = answered(office)
    assert now >= before + 3
    assert answered(office) == now + 1, "whichever is asked shows the sum"


def alive(office: Office) -> bool:
    """Whether somebody answers within a second."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{office.port}/healthz", timeout=1) as answer:
            return bool(answer.read() == b"ok")
    except OSError:
        return False


def answered(office: Office) -> float:
    """How many requests were answered, by `/metrics`."""
    lines = office.get("/metrics").splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith("chenyue_requests_total{"))


def test_it_stops_at_once_leaves_nobody_and_starts_again_quickly(office: Office) -> None:
    alone = min(cpu_of_loading(office) for _try in range(2))
    waited, spent = [], []
    while not spent or (len(spent) < 3 and (min(waited) >= serving.GRACE or min(spent) >= 4 * alone)):
        all_of_them = family(pid(office))
        began = time.monotonic()
        assert office.stop() == 0
        waited.append(time.monotonic() - began)
        assert [p for p in all_of_them if Path(f"/proc/{p}").exists()] == []
        office.start()
        spent.append(cpu(pid(office)))  # seconds of work of all its processes
    assert min(waited) < serving.GRACE, "nobody has to be killed"
    assert min(spent) < 4 * alone, "what was made at the first start isn't made again"
    taken = subprocess.run(office.command(), env=office.env(), capture_output=True, text=True, check=False)
    assert taken.returncode != 0
    assert f"PORT={office.port + 1}" in taken.stderr
