"""Recomputes what a roster costs, and which hard rules it breaks: an own reader and an own reckoning.

Shares no line with the solver, on purpose. `python bench/roster_check.py INSTANCE.txt RESULT.json` prints one line and
ends with 0 if the roster is legal and the objective in the file is right.

Rules and costs as Curtois and Qu (2014) publish them with their instances.
"""

import json
import re
import sys
from itertools import pairwise
from pathlib import Path


def sections(text: str) -> dict[str, list[list[str]]]:
    """Rows of each SECTION_…, cells split at commas, comments gone."""
    parts = re.split(r"^SECTION_(\w+)\s*$", re.sub(r"#.*", "", text), flags=re.M)
    return {
        name: [[cell.strip() for cell in line.split(",")] for line in body.splitlines() if line.strip()]
        for name, body in zip(parts[1::2], parts[2::2], strict=True)
    }


def runs(days: list[bool], value: bool) -> list[tuple[int, bool]]:
    """Lengths of runs of a value, and whether each touches an edge."""
    text = "".join("1" if day == value else "0" for day in days)
    return [(len(m.group()), m.start() == 0 or m.end() == len(text)) for m in re.finditer("1+", text)]


def check(text: str, assignment: dict[str, list[str]]) -> tuple[int, list[str]]:
    """The objective, and what is broken in plain words."""
    data = sections(text)
    horizon = int(data["HORIZON"][0][0])
    minutes = {row[0]: int(row[1]) for row in data["SHIFTS"]}
    never = {row[0]: set(filter(None, row[2].split("|"))) if len(row) > 2 else set() for row in data["SHIFTS"]}
    staff = {row[0]: row for row in data["STAFF"]}
    off = {row[0]: {int(day) for day in row[1:] if day} for row in data.get("DAYS_OFF", [])}
    alien = [f"{name}: not in the instance" for name in assignment if name not in staff]
    for name in staff:
        line = assignment.get(name, [])
        if len(line) != horizon:
            alien.append(f"{name}: {len(line)} days of {horizon}")
        elif unknown := set(line) - set(minutes) - {""}:
            alien.append(f"{name}: no such shift {sorted(unknown)}")
    if alien:
        return 0, alien
    wrong = [
        f"{name}: {what}"
        for name, row in staff.items()
        for what in broken(row, assignment[name], minutes, never, off.get(name, set()))
    ]
    return cost(data, assignment), wrong


def broken(
    row: list[str], line: list[str], minutes: dict[str, int], never: dict[str, set[str]], off: set[int]
) -> list[str]:
    """Hard rules that one person's line breaks."""
    most = {kind: int(count) for kind, count in (pair.split("=") for pair in row[1].split("|") if pair)}
    most_minutes, least_minutes, most_run, least_run, least_rest, weekends = map(int, row[2:8])
    found = [f"works on day {day}, a day off" for day in sorted(off) if line[day]]
    found += [
        f"{after} after {before} on day {day + 1}"
        for day, (before, after) in enumerate(pairwise(line))
        if before and after and after in never[before]
    ]
    found += [f"{line.count(kind)} × {kind}, {most[kind]} at most" for kind in most if line.count(kind) > most[kind]]
    total = sum(minutes[shift] for shift in line if shift)
    if not least_minutes <= total <= most_minutes:
        found.append(f"{total} minutes, not {least_minutes} to {most_minutes}")
    works = [bool(shift) for shift in line]
    found += [f"{n} days in a row" for n, _ in runs(works, True) if n > most_run]
    found += [f"only {n} days in a row" for n, edge in runs(works, True) if n < least_run and not edge]
    found += [f"only {n} days off" for n, edge in runs(works, False) if n < least_rest and not edge]
    worked = sum(any(works[day : day + 2]) for day in range(5, len(line), 7))
    if worked > weekends:
        found.append(f"{worked} weekends, {weekends} at most")
    return found


def cost(data: dict[str, list[list[str]]], assignment: dict[str, list[str]]) -> int:
    """Requests that weren't met, and cover that is short or over."""
    total = 0
    for name, day, shift, weight in data.get("SHIFT_ON_REQUESTS", []):
        total += int(weight) * (assignment[name][int(day)] != shift)
    for name, day, shift, weight in data.get("SHIFT_OFF_REQUESTS", []):
        total += int(weight) * (assignment[name][int(day)] == shift)
    for day, shift, need, under, over in data["COVER"]:
        there = sum(line[int(day)] == shift for line in assignment.values())
        total += int(under) * max(0, int(need) - there) + int(over) * max(0, there - int(need))
    return total


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__)
        return 2
    result = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    objective, wrong = check(Path(sys.argv[1]).read_text(encoding="utf-8-sig"), result["assignment"])
    for what in wrong:
        print("broken:", what)
    print(f"recomputed {objective}, given {result['objective']}")
    return 0 if not wrong and objective == result["objective"] else 1


if __name__ == "__main__":
    sys.exit(main())
