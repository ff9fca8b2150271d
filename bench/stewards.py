"""`make bench ARGS="--stewards"`: 200 buildings shared out among 80 stewards, one who resigns, and the office's plan.

Answers are judged anew by `tests/stewards/reckoned.py`, which shares nothing with the solver core. Seconds are by the
wall and by the CPU clock of this process: on a busy machine only the second says much. Results go to
bench/results/stewards.json, the table to docs/stewards.md.
"""

import argparse
import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.roster import load

ROOT = Path(__file__).resolve().parents[1]
RESULT, PAGE = ROOT / "bench" / "results" / "stewards.json", ROOT / "docs" / "stewards.md"
BEGIN, END = "<!-- figures of sharing out: written by `make bench` -->", "<!-- end of figures of sharing out -->"
LEAVING = (3, 27, 55)
ASKED = {"balance": "even loads", "anew": "anew"}


def shared_out(buildings: int, stewards: int, first: str, leaving: int | None, seed: int) -> dict[str, Any]:
    """One question, answered within ten seconds and judged anew."""
    from chenyue.stewards.solving.offices import office
    from chenyue.stewards.solving.problem import First
    from chenyue.stewards.solving.solver import assign
    from stewards import reckoned

    gone = frozenset({leaving} if leaving else ())
    problem = replace(office(buildings, stewards, seed=seed), first=First(first), leaving=gone, seconds=9.0)
    busy, began, cpu = load(), time.monotonic(), time.process_time()
    found = assign(problem, seed=seed)
    seconds, cpu = time.monotonic() - began, time.process_time() - cpu
    staying = {b: s for b, s in problem.current.items() if s not in gone}
    changed, needed = reckoned.changed(problem, found.who), reckoned.needed(problem)
    return {
        "first": first, "seed": seed, "buildings": buildings, "stewards": stewards, "leaving": leaving,
        "seconds": round(seconds, 2), "cpu": round(cpu, 2), "busy": busy, "proven": found.proven,
        "wrong": reckoned.wrong(problem, found.who), "vacant": buildings - len(found.who),
        "changed": len(changed), "needed": len(needed), "only_needed": changed == needed,
        "uneven_before": len(reckoned.uneven(problem, staying)), "uneven": len(reckoned.uneven(problem, found.who)),
    }  # fmt: skip


def drawn(buildings: int = 500) -> dict[str, Any]:
    """The plan of an office of 500 buildings: bytes and seconds."""
    from chenyue.places.schematic import Box, Value, plan, svg
    from chenyue.stewards.solving.offices import office

    rows = [
        Box(b.id, f"金桂苑{b.id}幢", b.estate, f"第{b.estate}小区", b.lat, b.lon)
        for b in office(buildings, 2).buildings
    ]
    values = {box.id: Value("good", "112", "周桂珍，平均负荷的 112%", f"#b{box.id}") for box in rows}
    began, cpu = time.monotonic(), time.process_time()
    text = svg(plan(rows), values, "负荷")
    seconds, cpu = time.monotonic() - began, time.process_time() - cpu
    return {"buildings": buildings, "bytes": len(text.encode()), "seconds": round(seconds, 3), "cpu": round(cpu, 3)}


def say(result: dict[str, Any]) -> str:
    """The tables as Markdown."""
    lines = [
        "| asked (200 buildings, 80 stewards) | changed | uneven before → after | seconds | CPU | machine | judged |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in result["rows"]:
        asked = (
            f"{row['leaving']} resigns" if row["leaving"] else {"balance": "even loads", "anew": "anew"}[row["first"]]
        )
        changed = f"{row['changed']} of {row['needed']} needed" if row["leaving"] else str(row["changed"])
        right = not row["wrong"] and not row["vacant"] and (row["only_needed"] or not row["leaving"])
        proven = ", proven" if row["proven"] else ""
        lines.append(
            f"| {asked}, seed {row['seed']} | {changed} | {row['uneven_before']} → {row['uneven']} "
            f"| {row['seconds']:g}{proven} | {row['cpu']:g} | {row['busy']} | {'✓' if right else '✗'} |"
        )
    plan = result["plan"]
    lines += [
        "",
        f"The plan of {plan['buildings']} buildings: {plan['bytes'] / 1000:.0f} KB, {1000 * plan['cpu']:.0f} ms.",
    ]
    return "\n".join(lines)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--stewards", action="store_true")
    options.parse_args()
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]
    from django.conf import settings

    import chenyue.stewards.solving.cp  # noqa: F401 – loaded once, as by a worker

    settings.configure()
    rows = [shared_out(200, 80, first, None, seed) for first in ("balance", "anew") for seed in (1, 2)]
    rows += [shared_out(200, 80, "changes", leaving, 1) for leaving in LEAVING]
    result = {"rows": rows, "plan": drawn()}
    RESULT.write_text(json.dumps(result, indent=1) + "\n")
    table = say(result)
    text = PAGE.read_text() if PAGE.is_file() else ""
    if BEGIN in text and END in text:
        PAGE.write_text(f"{text.split(BEGIN)[0]}{BEGIN}\n\n{table}\n\n{END}{text.split(END)[1]}")
    print(table)
    wrong = [row for row in rows if row["wrong"] or row["vacant"] or (row["leaving"] and not row["only_needed"])]
    return 1 if wrong or any(row["seconds"] > 10 for row in rows) else 0
