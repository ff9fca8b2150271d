"""What a client has tried and what it was told: one line for each, on the disk before anything else happens.

A line is JSON. `t` is seconds of CLOCK_MONOTONIC, which all processes of a machine share and no clock jump changes.
"""

import json
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TRIED, DONE, REFUSED, LEFT, FAULT = "tried", "done", "refused", "left", "fault"


class Diary:
    """A file that only grows; each line is synced before the client goes on."""

    def __init__(self, path: Path) -> None:
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(self, event: str, **facts: Any) -> None:
        """Write one line and wait until it is on the disk."""
        line = json.dumps({"event": event, "t": time.monotonic(), **facts}, ensure_ascii=False)
        os.write(self.file, line.encode() + b"\n")
        os.fdatasync(self.file)


@dataclass
class Act:
    """One act as its client remembers it. `mark` finds its effect in the database again."""

    kind: str
    mark: str
    tried: float
    state: str = TRIED  # until it was told something, nobody knows whether it happened
    asked: float = 0.0  # when the request that was answered was sent
    done: float = 0.0
    tries: int = 0
    kept: bool = False  # taken in while the database was away: to be filed later
    gave: str = ""
    said: str = ""


@dataclass
class Read:
    """All diaries of a run."""

    acts: list[Act] = field(default_factory=list)
    faults: dict[str, int] = field(default_factory=dict)  # answers that weren't one: status or error, how often


def lines(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """All lines of some diaries; a last line that a killed client left half written is passed over."""
    for path in sorted(paths):
        for line in path.read_text("utf-8").splitlines():
            try:
                yield json.loads(line)
            except ValueError:
                continue


def read(paths: Iterable[Path], until: float = float("inf")) -> Read:
    """The acts of all clients, as they stood at the moment `until`."""
    found, acts = Read(), {}
    for line in lines(paths):
        if line["t"] > until:
            continue
        name = (line.get("kind", ""), line.get("mark", ""))
        if line["event"] == TRIED:
            acts[name] = Act(*name, tried=line["t"])
        elif line["event"] == FAULT:
            found.faults[line["what"]] = found.faults.get(line["what"], 0) + 1
        else:
            act = acts[name]
            act.state, act.done = line["event"], line["t"]
            act.asked, act.tries = line.get("asked", 0.0), line.get("tries", 0)
            act.gave, act.said, act.kept = line.get("gave", ""), line.get("said", ""), line.get("kept", False)
    found.acts = sorted(acts.values(), key=lambda act: act.tried)
    return found
