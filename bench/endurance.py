"""As clients grow to 200, and for an hour: what the server answers, how soon, and whether it stays the size it was.

python -m bench --saturate             1, 2, 4, … 200 clients, each level for some seconds
python -m bench --soak 60              eight clients at a working office's pace for so many minutes

Both on the database of `--cases` (100,000 unless said), by the real server with its jobs and regular work.
"""

import json
import random
import time
from pathlib import Path
from typing import Any

from bench.asks import Ask, Scenario
from bench.load import Measured, database, drive, loop_ms, machine, settle
from bench.office import Office
from bench.server import ROOT, Server, family

LEVELS = (1, 2, 4, 8, 16, 32, 64, 100, 200)
# What an office's morning is made of: shares of all requests.
MIX = {"progress": 30, "list": 25, "case": 25, "search": 10, "file": 10}
PACE = 0.2  # seconds between two requests of a client in the soak
WARM = 0.1  # share of the soak in which caches fill
GROWTH = 1.10  # memory at the end may be so many times what it was after that


class Mixed(Scenario):
    """Requests of several kinds in fixed shares."""

    name = "mixed"

    def __init__(self, parts: list[Scenario], pause: float = 0.0) -> None:
        self.parts, self.pause = {part.name: part for part in parts if part.name in MIX}, pause

    def ask(self, dice: random.Random) -> Ask | None:
        """The next request; whoever soaks waits before it."""
        if self.pause:
            time.sleep(dice.uniform(0, 2 * self.pause))
        return self.parts[dice.choices(list(MIX), list(MIX.values()))[0]].ask(dice)


def open_files(pids: list[int]) -> int:
    """Descriptors that these processes hold."""
    total = 0
    for pid in pids:
        try:
            total += sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
        except OSError:
            continue
    return total


def level(clients: int, found: Measured, server: Server) -> dict[str, Any]:
    """What one step showed."""
    return {
        "clients": clients, "rate": round(found.rate, 1), "cpu_ms": round(found.cpu_ms, 2),
        "p50_ms": round(found.share(0.5), 1), "p95_ms": round(found.share(0.95), 1), "max_ms": round(found.share(1), 1),
        "wrong": len(found.wrong), "memory_mb": round(server.memory(), 1),
        "open_files": open_files(family(server.process.pid)),
    }  # fmt: skip


def saturate(cases: int, seconds: float) -> int:
    """0 if every request was answered and the server gives as much with 200 clients as with eight, or nearly."""
    settle()
    office = Office()
    mixed = Mixed(office.scenarios())
    server = Server(ROOT / "build" / "bench-saturate.log")
    steps = []
    try:
        drive(server, mixed, office.sessions, 2)
        for clients in LEVELS:
            steps.append(level(clients, drive(server, mixed, office.sessions, seconds, clients=clients), server))
            print("  " + "  ".join(f"{name} {value}" for name, value in steps[-1].items()), flush=True)
    finally:
        server.stop()
    best = max(step["rate"] for step in steps)
    verdict = {"wrong": sum(step["wrong"] for step in steps), "kept_at_200": round(steps[-1]["rate"] / best, 2)}
    _write(f"saturation-{database()}-{cases}", {"steps": steps} | verdict)
    return 0 if not verdict["wrong"] and verdict["kept_at_200"] >= 0.7 else 1


def soak(cases: int, minutes: float) -> int:
    """0 if nothing went wrong, and memory and descriptors are at the end what they were when it was warm."""
    settle()
    office = Office()
    mixed = Mixed(office.scenarios(), PACE)
    server = Server(ROOT / "build" / "bench-soak.log")
    steps = []
    try:
        for minute in range(1, max(2, round(minutes)) + 1):
            steps.append({"minute": minute} | level(8, drive(server, mixed, office.sessions, 60), server))
            print("  " + "  ".join(f"{name} {value}" for name, value in steps[-1].items()), flush=True)
    finally:
        server.stop()
    warm = steps[max(1, int(len(steps) * WARM)) :]
    third = max(1, len(warm) // 3)
    found = {"wrong": sum(step["wrong"] for step in steps)}
    for name in ("memory_mb", "open_files"):
        first, last = (sorted(step[name] for step in part)[third // 2] for part in (warm[:third], warm[-third:]))
        found[f"{name}_grew"] = round(last / first, 3)
    _write(f"soak-{database()}-{cases}", {"minutes": len(steps), "steps": steps} | found)
    return 0 if not found["wrong"] and max(found["memory_mb_grew"], found["open_files_grew"]) <= GROWTH else 1


def _write(name: str, result: dict[str, Any]) -> None:
    result = {"database": database(), "machine": machine(), "loop_ms": loop_ms()} | result
    path = ROOT / "bench" / "results" / f"{name}.json"
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print({key: value for key, value in result.items() if key != "steps"})
