"""Clients in processes of their own: started, stopped, their diaries read."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from chaos import diary
from chaos.house import ROOT

PROCESSES, THREADS = 4, 2


class Crowd:
    """Some processes with some clients each. Their diaries lie in a folder that no fault touches."""

    def __init__(self, plan: dict[str, Any], port: int, folder: Path, run: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.log = folder, (folder / "clients.log").open("ab")
        told = plan | {"port": port, "run": run or folder.name, "processes": PROCESSES}
        path = folder / "plan.json"
        path.write_text(json.dumps(told), "utf-8")
        self.processes = [self._start(path, number) for number in range(PROCESSES)]
        self.began = time.monotonic()

    def _start(self, plan: Path, number: int) -> subprocess.Popen[bytes]:
        name = self.folder / f"diary-{number}.jsonl"
        command = [sys.executable, "-m", "chaos.clients", str(plan), str(name), str(number), str(THREADS)]
        return subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stdout=self.log, stderr=self.log)

    def read(self) -> diary.Read:
        """What they know up to now."""
        return diary.read(self.folder.glob("diary-*.jsonl"))

    def done_since(self, moment: float) -> bool:
        """Whether anything was asked for and acknowledged after this moment."""
        return any(
            line["event"] == diary.DONE and line["asked"] >= moment
            for path in self.folder.glob("diary-*.jsonl")
            for line in tail(path)
        )

    def stop(self) -> diary.Read:
        """Let them finish what they do, and read all diaries."""
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            process.wait(60)
        self.log.close()
        return self.read()


def tail(path: Path, size: int = 8192) -> list[dict[str, Any]]:
    """The last whole lines of a diary."""
    with path.open("rb") as file:
        file.seek(0, os.SEEK_END)
        start = max(0, file.tell() - size)
        file.seek(start)
        found = file.read().split(b"\n")
    lines = found[1:-1] if start else found[:-1]
    return [json.loads(line) for line in lines]
