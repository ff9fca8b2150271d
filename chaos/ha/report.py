"""What a run found: on the terminal, in chaos/results/ha.json and in docs/ha.md."""

import json
from typing import Any

from chaos.ha.faults import FAULTS
from chaos.report import BAD, RESULTS, ROOT, machine

PATH, PAGE = RESULTS / "ha.json", ROOT / "docs" / "ha.md"
MARK = "<!-- figures: written by `python -m chaos ha` from chaos/results/ha.json -->"
PROMISED = 30.0  # seconds in which nothing is stored, at most
Result = dict[str, Any]


def good(result: Result) -> bool:
    """Nothing lost, never two leaders, nobody waited longer than promised."""
    return bool(result["good"]) and not result["two_named"] and longest(result["struck"], "gap_s") <= PROMISED


def longest(struck: list[Result], name: str) -> float:
    """The longest of a time over some faults; infinite where it never came."""
    return max((float("inf") if one[name] is None else float(one[name]) for one in struck), default=0.0)


def say(result: Result) -> bool:
    """Print it; whether all is good."""
    print(f"\nthree machines on one, {machine()}: {'good' if good(result) else 'BAD'}")
    print("  " + "  ".join(f"{name} {result[name]}" for name in ("acknowledged", "kept", "unknown", *BAD)))
    for kind, faults in result.get("faults", {}).items():
        for fault in faults:
            print(f"      {kind}: {fault}")
    for line in table(result["struck"]):
        print(line)
    return good(result)


def write(result: Result, *, add: bool) -> None:
    """Keep it, in place of what was kept before, or beside it."""
    RESULTS.mkdir(exist_ok=True)
    before = json.loads(PATH.read_text("utf-8"))["runs"] if add and PATH.exists() else []
    kept = {"machine": machine(), "runs": [*before, result]}
    PATH.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")


def write_page() -> None:
    """Put the table into docs/ha.md, below its mark."""
    PAGE.write_text(PAGE.read_text("utf-8").split(MARK)[0] + page(json.loads(PATH.read_text("utf-8"))), "utf-8")


def page(kept: Result) -> str:
    """What stands below the mark: all runs together."""
    runs = kept["runs"]
    struck = [one for run in runs for one in run["struck"]]

    def sum_of(*names: str) -> int:
        return sum(int(run[name]) for run in runs for name in names)

    minutes, gone = sum(run["seconds"] for run in runs) / 60, sum(len(run["watch_wrong"]) for run in runs)
    watched = (
        "Somebody on each machine wrote past HAProxy, wherever a PostgreSQL let itself be written to: "
        f"{sum_of('watch_written'):,} rows were acknowledged; {gone} are gone, or were taken by an "
        "older leader after a younger one had begun. Two machines named themselves leader at "
        f"{sum_of('two_named')} of {sum_of('watch_looks'):,} looks."
    )
    cells = (
        f"{sum_of('acknowledged'):,}", sum_of("kept"), sum_of("lost"), sum_of("duplicated"),
        sum_of("half_done", "wrong"), sum_of("refused"), sum_of("unknown"),
    )  # fmt: skip
    lines = [
        MARK, "", f"{kept['machine']} for all of it; {len(struck)} faults in {minutes:.0f} minutes.", "",
        "| acknowledged | of these from the spool | lost | twice | half done | told no | no word |",
        "|---|---|---|---|---|---|---|", f"| {' | '.join(map(str, cells))} |", "", watched, "", *table(struck),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def table(struck: list[Result]) -> list[str]:
    """One line for each fault."""
    lines = [
        "| fault | times | another leads | back, s | nothing stored for, s | whole again, s | kept in the spool |",
        "|---|---|---|---|---|---|---|",
    ]
    for fault in FAULTS:
        mine = [one for one in struck if one["fault"] == fault.name]
        if mine:
            shown = " | ".join(f"{longest(mine, name):.1f}" for name in ("back_s", "gap_s", "whole_s"))
            moved, kept = sum(one["moved"] for one in mine), sum(one["kept"] for one in mine)
            lines.append(f"| {fault.told} | {len(mine)} | {moved} | {shown} | {kept} |")
    return lines
