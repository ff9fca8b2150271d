"""What a run found: on the terminal, in chaos/results and in docs/chaos.md."""

import json
import os
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RESULTS, PAGE = ROOT / "chaos" / "results", ROOT / "docs" / "chaos.md"
MARK = "<!-- figures: written by `make chaos` from chaos/results -->"
NAMES = {
    "kill": "kill -9 of web, workers, their minder, the parent, all at once",
    "power": "power cuts, simulated",
    "full": "full disk",
    "clock": "clock jumps: 6 h ahead, back, 1 h behind, 20 h ahead, back",
    "twice": "everything sent twice at once, two sets of job workers",
    "backup": "backups under load, one killed in the middle; the last brought back",
    "restart": "PostgreSQL restarted, killed, one of its processes killed",
    "away": "PostgreSQL away for 30 s",
}
ORDER = list(NAMES)
BAD = ("lost", "duplicated", "wrong", "refused", "half_done")
Results = dict[str, dict[str, Any]]


def machine() -> str:
    """Cores and memory, nothing else."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{len(os.sched_getaffinity(0))} cores, {memory:.0f} GB"


def good(result: dict[str, Any]) -> bool:
    """Whether nothing was lost, doubled or left half done; what this machine can't do isn't bad."""
    return bool(result.get("good", "left_out" in result))


def say(database: str, results: Results) -> bool:
    """Print the table; whether all is good."""
    print(f"\n{database}, {machine()}")
    for name, result in results.items():
        verdict = "good" if good(result) else "BAD"
        print(f"  {name:8} {verdict:5} " + "  ".join(f"{k} {v}" for k, v in result.items() if k in SHOWN))
        for kind, faults in result.get("faults", {}).items():
            for fault in faults:
                print(f"      {kind}: {fault}")
        if "left_out" in result:
            print(f"      {result['left_out']}")
    return all(good(result) for result in results.values())


SHOWN = ("acknowledged", *BAD, "unknown", "kills", "cuts", "longest_gap_s", "back_longest_s", "whole_longest_s")


def write(database: str, results: Results) -> Path:
    """Keep the results beside the others; scenarios that weren't run this time stay as they were."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{database}.json"
    before = json.loads(path.read_text("utf-8"))["scenarios"] if path.exists() else {}
    merged = before | results
    whole = {"database": database, "machine": machine(), "scenarios": {n: merged[n] for n in ORDER if n in merged}}
    path.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return path


def write_page() -> None:
    """Put the tables of all results into docs/chaos.md, below its mark."""
    before = PAGE.read_text("utf-8").split(MARK)[0] if PAGE.exists() else "# Faults under load\n\n"
    found = [json.loads(path.read_text("utf-8")) for path in sorted(RESULTS.glob("*.json"))]
    found = [one for one in found if "scenarios" in one]
    found.sort(key=lambda one: one["database"] != "sqlite")
    PAGE.write_text(f"{before}{MARK}\n\n" + "\n\n".join(table(one) for one in found) + "\n", "utf-8")


def table(found: dict[str, Any]) -> str:
    """One database as a table."""
    title = "SQLite" if found["database"] == "sqlite" else "PostgreSQL"
    lines = [
        f"## {title}", "", f"{found['machine']}.", "",
        "| fault | times | acknowledged | lost | twice | half done | told no | no word | longest gap, s | back, s |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    lines += [row(name, result) for name, result in found["scenarios"].items()]
    return "\n".join(lines)


def row(name: str, result: dict[str, Any]) -> str:
    """One scenario as a line."""
    told = NAMES.get(name, name)
    if "left_out" in result:
        return f"| {told} | left out: {result['left_out']} |" + " |" * 8
    times = result.get("kills") or result.get("cuts") or result.get("jumps") or result.get("backups") or 1
    if name == "away":
        times = len(result["back_s"])
        told += " (with the spool)" if result["spool"] else " (no spool: 503 isn't an acknowledgement)"
    half = result["half_done"] + result["wrong"]
    cells = [
        told, times, f"{result['acknowledged']:,}", result["lost"], result["duplicated"], half, result["refused"],
        result["unknown"], result.get("longest_gap_s"), back(result),
    ]  # fmt: skip
    return "| " + " | ".join("–" if cell is None else str(cell) for cell in cells) + " |"


def back(result: dict[str, Any]) -> str | None:
    """How soon somebody is served again: in the middle, and at worst."""
    if "back_median_s" in result:
        return f"{result['back_median_s']} / {result['back_longest_s']}"
    if "back_s" in result:
        return " / ".join(map(str, result["back_s"]))
    return str(result["back_after_room_s"]) if "back_after_room_s" in result else None
