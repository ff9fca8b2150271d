"""`make bench ARGS="--roster"`: the roster's solver core on published instances, and on an office of the size named.

Each instance is solved by `manage.py roster_bench` in a process of its own, and reckoned anew by `roster_check`. The
published values stand beside ours. Results go to bench/results/roster, the tables to docs/roster.md.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from bench.roster_check import check

ROOT = Path(__file__).resolve().parents[1]
RESULTS, PAGE = ROOT / "bench" / "results" / "roster", ROOT / "docs" / "roster.md"
DATA = ROOT.parent / "shared" / "data" / "roster"
MARK = '<!-- figures: written by `make bench ARGS="--roster"` from bench/results/roster -->'

# instance: (size, best known, Gurobi 10 min, ejection chain 10 min, IP with VNS 10 min)
PUBLISHED = {
    1: ("8 × 14 × 1", 607, 607, 607, 607),
    2: ("14 × 14 × 2", 828, 828, 923, 828),
    3: ("20 × 14 × 3", 1001, 1001, 1003, 1001),
    4: ("10 × 28 × 2", 1716, 1716, 1719, 1716),
    5: ("16 × 28 × 2", 1143, 1143, 1439, 1143),
    6: ("18 × 28 × 3", 1950, 1950, 2344, 1950),
    7: ("20 × 28 × 3", 1056, 1056, 1284, 1056),
    9: ("36 × 28 × 4", 439, 439, 474, 439),
    10: ("40 × 28 × 5", 4631, 4631, 4999, 4631),
}
SPRING = [date(2026, 1, 1), *(date(2026, 2, day) for day in range(15, 24))]


HEAD = (
    "| instance | staff × days × types | best known | Gurobi 10 min | ejection chain 10 min | IP + VNS 10 min "
    "| ours | our bound | seconds (limit) | machine | recomputed |"
)


def load() -> str:
    """How busy this machine is: a figure without it says little."""
    return f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"


def instance(number: int, seconds: float, data: Path) -> dict[str, Any]:
    """Solve one instance, and reckon the result anew."""
    file, out = data / f"Instance{number}.txt", RESULTS / f"answer-{number}.json"
    busy = load()
    command = [sys.executable, str(ROOT / "manage.py"), "roster_bench", str(file), "--seconds", f"{seconds:g}"]
    subprocess.run([*command, "--output", str(out)], check=True, stdout=subprocess.DEVNULL)
    found = json.loads(out.read_text())
    out.unlink()
    objective, wrong = check(file.read_text(encoding="utf-8-sig"), found["assignment"])
    size, *published = PUBLISHED[number]
    return {
        "instance": number, "size": size, "published": published, "limit": seconds, "objective": objective,
        "bound": found["bound"], "seconds": round(found["seconds"], 1), "busy": busy,
        "right": not wrong and objective == found["objective"],
    }  # fmt: skip


def office(seconds: float) -> dict[str, Any]:
    """Forty members, three venues, two sittings a day, a quarter: the first legal plan, evenness, an illness."""
    from dataclasses import replace

    from chenyue.reception.solving.checking import Checker
    from chenyue.reception.solving.offices import Size
    from chenyue.reception.solving.offices import office as invented
    from chenyue.reception.solving.replanning import replan
    from chenyue.reception.solving.solver import solve

    problem = invented(Size(), holidays=SPRING)
    checker, busy = Checker(problem), load()
    told: list[tuple[float, int | None]] = []
    found = solve(problem, seconds, seed=1, progress=lambda price, bound, at: told.append((at, price)))
    ills = []
    for person in ("m20", "m33", "m02"):
        ill = replace(problem, people=tuple(_ill(p, person, range(30, 44)) for p in problem.people))
        began = time.monotonic()
        after = replan(ill, found.assignment, (), today=30, seconds=15.0, seed=1)
        ills.append(
            {
                "lead": person == "m02",
                "lost": len(after.lost),
                "changed": len(after.changed),
                "legal": after.solution.legal,
                "seconds": round(time.monotonic() - began, 1),
            }
        )
    by_hand = solve(problem, min(10.0, seconds), seed=1, solver=False)
    return {
        "turns": len(found.assignment.turns), "busy": busy, "limit": seconds,
        "first": round(next((at for at, price in told if price is not None), -1.0), 2),
        "legal": not checker.check(found.assignment), "seconds": round(found.seconds, 1),
        "spread": [n / 10 for n in checker.spread(found.assignment)],
        "mondays": checker.spread(found.assignment, "monday"), "evenings": checker.spread(found.assignment, "evening"),
        "ill": ills,
        "by_hand": {"legal": by_hand.legal, "spread": [n / 10 for n in checker.spread(by_hand.assignment)]},
    }  # fmt: skip


def _ill(person: Any, pk: str, days: range) -> Any:
    from dataclasses import replace

    return replace(person, off=person.off | set(days)) if person.id == pk else person


def say(rows: list[dict[str, Any]], office_row: dict[str, Any] | None) -> str:
    """The tables as Markdown."""
    lines = [
        HEAD,
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        best = row["published"][0]
        over = "=" if row["objective"] == best else f"+{100 * (row['objective'] / best - 1):.1f} %"
        lines.append(
            f"| {row['instance']} | {row['size']} | " + " | ".join(map(str, row["published"]))
            + f" | **{row['objective']}** {over} | {row['bound'] or 0:g} | {row['seconds']:g} ({row['limit']:g}) "
            f"| {row['busy']} | {'✓' if row['right'] else '✗'} |"
        )  # fmt: skip
    if office_row:
        lines += ["", *_office_lines(office_row)]
    return "\n".join(lines)


def _office_lines(row: dict[str, Any]) -> list[str]:
    ill = "; ".join(
        f"{'lead' if one['lead'] else 'member'}: {one['lost']} lost → {one['changed']} changed, {one['seconds']:g} s"
        for one in row["ill"]
    )
    spread, hand = row["spread"], row["by_hand"]
    hand_spread = f"{hand['spread'][0]:g} and {hand['spread'][1]:g}"
    figures = {
        "first legal roster": (f"{row['first']:g} s", "2 s"),
        f"spread of weighted turns after {row['seconds']:g} s, leads and others": (
            f"{spread[0]:g} and {spread[1]:g}",
            "1 within 60 s",
        ),
        "spread of Mondays; of evenings": (f"{row['mondays']}; {row['evenings']}", "–"),
        "two weeks' illness": (ill, "lost + 3 within 15 s"),
        "without a solver, 10 s": (f"{'legal' if hand['legal'] else 'not legal'}, spread {hand_spread}", "legal"),
    }
    return [
        f"An office of 40 members (8 leads), 3 venues, two sittings a day, 91 days: {row['turns']} turns.",
        f"Measured on {row['busy']}.",
        "",
        "| figure | ours | asked for |",
        "|---|---|---|",
        *(f"| {what} | {ours} | {asked} |" for what, (ours, asked) in figures.items()),
    ]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--roster", action="store_true")
    options.add_argument("--seconds", type=float, default=60.0, help="for each instance, and for the office")
    options.add_argument("--instances", type=int, nargs="*", default=[1, 2, 3, 4, 5, 6, 7])
    options.add_argument("--data", type=Path, default=DATA, help="where the published instances are")
    options.add_argument("--no-office", action="store_true")
    asked = options.parse_args()
    sys.path[:0] = [str(ROOT / "src")]
    RESULTS.mkdir(parents=True, exist_ok=True)
    rows = []
    for number in asked.instances:
        if not (asked.data / f"Instance{number}.txt").is_file():
            print(f"instance {number} isn't in {asked.data}: left out")
            continue
        row = instance(number, asked.seconds, asked.data)
        rows.append(row)
        print(
            f"instance {number}: {row['objective']} (best known {row['published'][0]}), {row['seconds']} s", flush=True
        )
        (RESULTS / f"instance-{number:02}-{asked.seconds:g}s.json").write_text(json.dumps(row, indent=1) + "\n")
    if not asked.no_office:
        (RESULTS / "office.json").write_text(json.dumps(office(asked.seconds), indent=1) + "\n")
    table = write_page()
    print(table)
    return 0 if all(row["right"] for row in rows) else 1


def write_page() -> str:
    """The tables of all results, put into docs/roster.md below its mark."""
    rows = [json.loads(path.read_text()) for path in sorted(RESULTS.glob("instance-*.json"))]
    found = RESULTS / "office.json"
    table = say(rows, json.loads(found.read_text()) if found.is_file() else None)
    before = PAGE.read_text().split(MARK)[0] if PAGE.is_file() else "# The roster's solver core\n\n"
    PAGE.write_text(f"{before}{MARK}\n\n{table}\n")
    return table
