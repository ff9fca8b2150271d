"""A fresh office for each scenario, the server and the clients on it, and the reckoning at the end."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chaos import reckoning
from chaos.crowd import Crowd
from chaos.diary import Read
from chaos.house import ROOT, House
from chaos.postgres import BASE, Cluster

SETTLE = 3.0  # seconds of peace at the end, in which every client is answered


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Stage:
    """Where the scenarios run: a folder, and a cluster where PostgreSQL is asked for."""

    folder: Path
    cluster: Cluster | None = None
    plan: dict[str, Any] = field(default_factory=dict)
    port: int = field(default_factory=free_port)

    @property
    def database(self) -> str:
        return "postgresql" if self.cluster else "sqlite"

    def environment(self, name: str) -> dict[str, str]:
        """What tells a process which database it works on."""
        return {"DATABASE_URL": self.cluster.url(name)} if self.cluster else {"DATABASE_URL": ""}

    def prepare(self, people: int) -> None:
        """Make the office once; each scenario begins with a copy of it."""
        base = self.folder / "base"
        shutil.rmtree(base, ignore_errors=True)
        base.mkdir(parents=True)
        if self.cluster:
            self.cluster.query(f"CREATE DATABASE {BASE}")
        path = self.folder / "plan.json"
        self.python("chaos.office", base, BASE, str(people), str(path))
        self.plan = json.loads(path.read_text("utf-8"))

    def python(self, module: str, home: Path, database: str, *words: str) -> None:
        """Run a module of ours on an office, in a process of its own."""
        environment = os.environ | self.environment(database) | {
            "CHENYUE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "chaos.settings", "CHENYUE_LOG_LEVEL": "ERROR",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        }  # fmt: skip
        environment.pop("CHENYUE_DEMO", None)
        subprocess.run([sys.executable, "-m", module, *words], env=environment, cwd=ROOT, check=True)

    def fresh(self, home: Path, *, database: bool = True) -> Path:
        """A new copy of the office; on PostgreSQL its database too."""
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(self.folder / "base", home)
        if self.cluster and database:
            self.cluster.copy(BASE, "chaos")
        return home


@dataclass
class Scene:
    """One scenario while it runs."""

    stage: Stage
    house: House
    crowd: Crowd
    facts: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)  # what the scenario itself saw going wrong

    def wait_for_act(self, seconds: float = 60.0) -> float:
        """Wait until something that was asked for from now on is done; the seconds that took, or all of them."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            if self.crowd.done_since(began):
                return time.monotonic() - began
            time.sleep(0.05)
        return seconds

    def job(self, seconds: float = 180.0) -> float | None:
        """Ask for a job; the seconds until it was done, None if it wasn't."""
        path = self.house.home / f"job-{time.monotonic_ns()}"
        self.stage.python("chaos.probing", self.house.home, "chaos", str(path))
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            if path.exists():
                return round(time.monotonic() - began, 2)
            time.sleep(0.05)
        return None

    def wait_until_whole(self, seconds: float = 60.0) -> float:
        """Wait until all parts of the server live again; the seconds that took, or all of them."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            if self.house.whole():
                return time.monotonic() - began
            time.sleep(0.05)
        return seconds


@contextlib.contextmanager
def scene(
    stage: Stage, name: str, home: Path | None = None, *, database_is_there: bool = False, **environment: str
) -> Iterator[Scene]:
    """Server and clients on a fresh office; both are ended whatever happens."""
    home = stage.fresh(home or stage.folder / name, database=not database_is_there)
    house = House(home, stage.port, stage.environment("chaos") | environment)
    diaries = stage.folder / f"{name}-diaries"
    shutil.rmtree(diaries, ignore_errors=True)
    crowd = Crowd(stage.plan, house.port, diaries, f"{name}:{time.time_ns()}")
    found = Scene(stage, house, crowd)
    try:
        yield found
    finally:
        for process in crowd.processes:
            if process.poll() is None:
                process.terminate()
        house.stopping = True
        house.stop()


def play(
    stage: Stage,
    name: str,
    act: Callable[[Scene], None],
    home: Path | None = None,
    also: Callable[[Path, Read], list[str]] | None = None,
    **env: str,
) -> dict[str, Any]:
    """Run one scenario and reckon: its result, as it is kept. `also` finds further faults when the server is down."""
    began = time.monotonic()
    with scene(stage, name, home, **env) as found:
        found.wait_for_act()
        act(found)
        found.facts["whole_again"] = found.wait_until_whole() < 60
        time.sleep(SETTLE)
        read = found.crowd.stop()
        found.facts["job_s"] = found.job()  # in peace: beside the clients a long job may come first
        found.facts |= {"restarts": found.house.restarts, "start_s": round(found.house.start_seconds, 2)}
        found.facts["stop_s"] = round(found.house.stop(), 2)
        home = found.house.home
    verdict = reckon(stage, read, home)
    verdict.half_done += [*found.wrong, *(also(home, read) if also else [])]
    if not found.facts["whole_again"]:
        verdict.half_done.append("a part of the server never came back")
    if found.facts["job_s"] is None:
        verdict.half_done.append("the job workers don't work any more")
    result = verdict.shown() | found.facts | {"answers_lost": dict(sorted(read.faults.items()))}
    if "kills_at" in result:
        back = reckoning.back_after(result.pop("kills_at"), read.acts)
        result |= {"back_median_s": part(back, 0.5), "back_longest_s": part(back, 1)}
    result["seconds"] = round(time.monotonic() - began, 1)
    if verdict.good and home.parent == stage.folder:
        shutil.rmtree(home)
    return result


def part(values: list[float], share: float) -> float | None:
    """A quantile, rounded; None of nothing."""
    return round(sorted(values)[min(len(values) - 1, int(len(values) * share))], 2) if values else None


def reckon(
    stage: Stage, read: Read, home: Path, database: str = "chaos", *, files: bool = True
) -> reckoning.Verdict:  # fmt: skip
    """Read what is there now, and compare; without `files`, those of attachments aren't looked at."""
    out = stage.folder / "effects.json"
    stage.python("chaos.effects", home, database, str(out), *([] if files else ["--without-files"]))
    there = json.loads(out.read_text("utf-8"))
    half = list(there["half_done"])
    for act in read.acts:  # a code that was given while the database was away may stand for another one
        act.gave = there["codes"].get(act.gave, act.gave)
    if there["jobs"]["failed"]:
        half.append(f"{there['jobs']['failed']} jobs failed for good")
    return reckoning.reckon(read.acts, there["effects"], half)
