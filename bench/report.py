"""What a run found, on the terminal and in docs/bench.md."""

import json
from pathlib import Path
from typing import Any

from bench.budgets import BUDGETS, Figure, cpu_of, figures, growth

ROOT = Path(__file__).resolve().parents[1]
RESULTS, PAGE = ROOT / "bench" / "results", ROOT / "docs" / "bench.md"
MARK = "<!-- figures: written by `make bench` from bench/results -->"


def say(result: dict[str, Any]) -> list[Figure]:
    """Print every figure beside its budget; give those that miss it."""
    print(f"\n{result['cases']:,} cases on {result['database']}, {result['machine']}")
    for name, page in result["pages"].items():
        if "rate" in page:
            print(
                f"  {name:12} {page['rate']:>8.1f}/s  p50 {page['p50_ms']:>6.1f}  p95 {page['p95_ms']:>6.1f} ms"
                f"  CPU {page.get('cpu_alone_ms', 0):>6.2f} / {page['cpu_ms']:>6.2f} ms  {page.get('sql', '–')} SQL"
            )
    if "understanding" in result:
        print(f"  the learner reads {result['understanding']['texts_per_s']:g} texts a second")
    found = figures(result)
    for figure in found:
        print(" ", figure)
    for name, spent in list(result.get("lists", {}).items())[:5]:
        print(f"  a dear list: {name}: {spent} ms")
    return [figure for figure in found if not figure.kept]


def write_page() -> None:
    """Put the tables of all results into docs/bench.md, below its mark."""
    before = PAGE.read_text().split(MARK)[0] if PAGE.exists() else "# Speed and size\n\n"
    # Of the pages only: other benchmarks keep their results beside them, with tables of their own.
    found = [json.loads(path.read_text()) for path in sorted(RESULTS.glob("*.json"))]
    results = [result for result in found if "pages" in result]
    results.sort(key=lambda r: (r["database"] != "sqlite", r["cases"]))
    parts = [table(result) for result in results]
    by = {(r["database"], r["cases"]): r for r in results}
    small, large = by.get(("sqlite", 100_000)), by.get(("sqlite", 1_000_000))
    if small and large:
        parts.append(grown(growth(small, large)))
    PAGE.write_text(f"{before}{MARK}\n\n" + "\n\n".join(parts) + "\n")


def _cell(value: Any, most: Any, kept: bool) -> str:
    return f"{value} {'✓' if kept else '✗'} ({most})"


def table(result: dict[str, Any]) -> str:
    """One run as a table: each figure, whether it keeps its budget, the budget in brackets."""
    lines = [
        f"## {result['cases']:,} cases on {'SQLite' if result['database'] == 'sqlite' else 'PostgreSQL'}",
        (
            f"\n{result['machine']}; a fixed loop took {result.get('loop_ms', '–')} ms of a core before"
            f" (10 to 11 when nothing else runs); {result['seconds']:g} s for each page, 8 clients.\n"
        ),
        "| page | SQL | CPU ms, one client | CPU ms, eight | p50 ms | p95 ms | requests/s | ratio to bare |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for key, page in result["pages"].items():
        budget = BUDGETS.get(key)
        if budget is None:
            cells = [
                "–",
                page.get("cpu_alone_ms", "–"),
                page["cpu_ms"],
                page["p50_ms"],
                page["p95_ms"],
                page["rate"],
                "1",
            ]
            lines.append(f"| {key.replace('-', ', ')} | " + " | ".join(map(str, cells)) + " |")
            continue
        ratio = page.get("ratio")
        cells = [
            _cell(page["sql"], f"≤ {budget.sql}", page["sql"] <= budget.sql),
            _cell(cpu_of(page), f"≤ {budget.cpu:g}", cpu_of(page) <= budget.cpu) if "cpu_alone_ms" in page else "–",
            str(page["cpu_ms"]),
            str(page["p50_ms"]),
            _cell(page["p95_ms"], f"≤ {budget.p95:g}", page["p95_ms"] <= budget.p95),
            str(page["rate"]),
            _cell(ratio, f"≥ {budget.ratio:.2f}", ratio >= budget.ratio) if budget.ratio and ratio else "–",
        ]
        lines.append(f"| {budget.name} | " + " | ".join(cells) + " |")
    rest = [f for f in figures(result) if f.what not in {b.name for b in BUDGETS.values()}]
    lines += ["", "| size | figure | budget |", "|---|---|---|"]
    lines += [f"| {f.what} | {f.value:g} {f.name} {'✓' if f.kept else '✗'} | ≤ {f.most:g} |" for f in rest]
    if each := result.get("resident_mb"):
        lines += ["", f"Resident of each process, what they share counted in each: {', '.join(map(str, each))} MB."]
    return "\n".join(lines)


def grown(found: list[Figure]) -> str:
    """Cost at a million beside that at a hundred thousand."""
    lines = ["## From 100,000 to 1,000,000 cases on SQLite", "", "| page | CPU grows by | budget |", "|---|---|---|"]
    lines += [f"| {f.what} | × {f.value:.2f} {'✓' if f.kept else '✗'} | ≤ × {f.most:g} |" for f in found]
    return "\n".join(lines)
