"""What a look found: on the terminal, in chaos/results/baseline.json, and as the tables of docs/baseline.md."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from chaos.baseline.crawling import Finding, Findings
from chaos.baseline.probing import PROBES
from chaos.baseline.rules import RULES

ROOT = Path(__file__).resolve().parents[2]
ACCEPTED = Path(__file__).with_name("accepted.toml")
RESULTS, PAGE = ROOT / "chaos" / "results" / "baseline.json", ROOT / "docs" / "baseline.md"
MARK = "<!-- figures: written by `python -m chaos.baseline` -->"
FURTHER = {
    "links": "no link leads to what isn't there, or to what this person may not open",
    "methods": "unknown methods are refused, TRACE too; HEAD has no body",
    "reflected": "a marked value behind the question mark never comes back unescaped",
    "redirected": "no address that is handed in leads to another site",
}


def accepted() -> list[dict[str, str]]:
    """What is known and stays, each with its reason and the day on which that was decided."""
    return tomllib.loads(ACCEPTED.read_text(encoding="utf-8")).get("accepted", [])


def excuse(row: Finding, rows: list[dict[str, str]]) -> dict[str, str] | None:
    """The line of accepted.toml that names this; None if there is none. All of its pages must fit."""
    for one in rows:
        where = re.compile(one.get("pages", ".*"))
        if one["rule"] == row.rule and re.fullmatch(one["what"], row.what) and all(map(where.fullmatch, row.pages)):
            return one
    return None


def says() -> dict[str, str]:
    """Every rule and probe, in words."""
    return {name: words for name, (words, _check) in {**RULES, **PROBES}.items()} | FURTHER


def tell(findings: Findings, told: dict[str, Any], *, write: bool) -> int:
    """Print what was found and, after a whole look, keep it. 1 if anything isn't accepted."""
    rows = accepted()
    found = sorted(findings.rows.values(), key=lambda row: (row.rule, row.what))
    open_ones = [row for row in found if excuse(row, rows) is None]
    for row in open_ones:
        pages = ", ".join(f"{kind} ×{n}" for kind, n in row.pages.most_common(4))
        print(f"{row.rule}: {row.what}\n    {len(row.pages)} kinds of pages: {pages}\n    {row.example}")
    print(f"{len(open_ones)} findings, {len(found) - len(open_ones)} accepted")
    result = {
        "offices": told,
        "rules": {
            name: {
                "answers": findings.looked.get(name, 0),
                "open": sum(row.rule == name for row in open_ones),
                "accepted": sum(row.rule == name for row in found) - sum(row.rule == name for row in open_ones),
            }
            for name in says()
        },
        "open": [{"rule": row.rule, "what": row.what, "pages": dict(row.pages.most_common(10))} for row in open_ones],
    }
    if write:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        PAGE.write_text(page(result), encoding="utf-8")
    return 1 if open_ones else 0


def page(result: dict[str, Any]) -> str:
    """docs/baseline.md with its tables."""
    lines = ["| office | people | pages | kinds of pages | requests of the probes |", "|---|---|---|---|---|"]
    for name, office in result["offices"].items():
        people = office["people"].values()
        pages, kinds = (sum(one[of] for one in people) for of in ("pages", "kinds"))
        lines.append(f"| {name} | {len(people)} | {pages:,} | {kinds:,} | {sum(office['probes'].values()):,} |")
    lines += ["", "| rule | asks for | open | accepted |", "|---|---|---|---|"]
    for name, words in says().items():
        row = result["rules"][name]
        lines.append(f"| {name} | {words} | {row['open']} | {row['accepted']} |")
    if accepted():
        lines += ["", "## Accepted", "", "| rule | what | why | since |", "|---|---|---|---|"]
        lines += [f"| {one['rule']} | {one['says']} | {one['why']} | {one['since']} |" for one in accepted()]
    return PAGE.read_text(encoding="utf-8").split(MARK)[0] + MARK + "\n\n" + "\n".join(lines) + "\n"
