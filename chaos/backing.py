"""Backups while clients work: one after another, one of them killed in the middle; the last is brought back."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from chaos.diary import Read, read
from chaos.house import ROOT
from chaos.stage import Scene, Stage, play, reckon

COMMAND = ROOT / "src" / "chenyue" / "upkeep" / "management" / "commands" / "backup.py"
BACK = "chaos_back"  # the database that a backup is brought back into, on PostgreSQL


def backups(stage: Stage) -> dict[str, Any]:
    """What was acknowledged before a backup began must be in it."""
    if not COMMAND.exists():
        return {"left_out": "this product has no backup yet"}
    begun: list[float] = []

    def act(scene: Scene) -> None:
        times = []
        time.sleep(3)
        _manage(scene.house.environment, "backup")
        killed = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "backup"], env=scene.house.environment, cwd=ROOT,
            stdout=scene.house.log, stderr=scene.house.log,
        )  # fmt: skip
        time.sleep(2.5)
        killed.kill()
        killed.wait()
        for _time in range(2):
            time.sleep(2)
            begun.append(time.monotonic())
            _manage(scene.house.environment, "backup")
            times.append(round(time.monotonic() - begun[-1], 1))
        scene.facts |= {"backups": 1 + len(begun), "backup_s": times}

    def brought_back(home: Path, _read: Read) -> list[str]:
        diaries = (stage.folder / "backup-diaries").glob("diary-*.jsonl")
        verdict = restored(stage, home, read(diaries, begun[-1]))
        wrong = [*verdict.lost, *verdict.duplicated, *verdict.wrong, *verdict.half_done]
        return [f"brought back: {sentence}" for sentence in wrong]

    return play(stage, "backup", act, also=brought_back)


def restored(stage: Stage, home: Path, acts: Read) -> Any:
    """Bring the newest backup back into an empty folder (and database), and reckon there."""
    empty = stage.folder / "back"
    shutil.rmtree(empty, ignore_errors=True)
    empty.mkdir()
    code = stage.folder / "code.txt"
    here = os.environ | stage.environment("chaos") | {"CHENYUE_HOME": str(home), "CHENYUE_LOG_LEVEL": "ERROR"}
    code.write_text(_manage(here, "backup", "--sheet").strip().splitlines()[-1], "utf-8")
    if stage.cluster:
        stage.cluster.query(f"DROP DATABASE IF EXISTS {BACK}")
        stage.cluster.query(f"CREATE DATABASE {BACK}")
    there = here | stage.environment(BACK) | {"CHENYUE_HOME": str(empty)}
    _manage(there, "restore", str(home / "backups"), "--code-file", str(code))
    verdict = reckon(stage, acts, empty, BACK)
    shutil.rmtree(empty)
    return verdict


def _manage(environment: dict[str, str], *words: str) -> str:
    """A command of the product; RuntimeError with its words if it fails."""
    command = [sys.executable, str(ROOT / "manage.py"), *words]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{words[0]}: {done.stderr[-600:]}")
    return done.stdout
