"""`python -m chaos.baseline`: a look at every page as a scanner would, by everybody who may open it.

python -m chaos.baseline                    both offices: that of the table of doors, and the demo
python -m chaos.baseline --only doors       one of them
python -m chaos.baseline --at http://127.0.0.1:7070   an office that is served already, as nobody in particular

Every answer is asked the rules of `rules.py`; then come the probes of `probing.py`. What is found and isn't named in
accepted.toml with a reason makes it fail. Writes chaos/results/baseline.json and the table of docs/baseline.md.
"""

import argparse
import json
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from chaos.baseline import probing, telling
from chaos.baseline.crawling import EACH, Crawl, Findings
from chaos.baseline.rules import Known
from chaos.baseline.visitor import Address, Visitor
from chaos.house import House, adopt
from chaos.stage import Stage, free_port

KINDS = ("doors", "demo")


def main() -> int:
    """0 if nothing was found that isn't accepted."""
    options = read_options()
    findings, told = Findings(), {}
    if options.at:
        plan = {"people": {"anonymous": {"cookies": {}, "begin": ["/"]}}, "doors": [], "holders": [], "raw": []}
        told["there"] = look(plan, Address.read(options.at), findings, options)
    else:
        adopt()
        folder = Path(tempfile.mkdtemp(prefix="baseline-"))
        try:
            for kind in options.only or KINDS:
                told[kind] = served(kind, folder / kind, findings, options)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return telling.tell(findings, told, write=not (options.at or options.only or options.people))


def read_options() -> argparse.Namespace:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", action="append", choices=KINDS)
    options.add_argument("--at", help="the address of an office on this machine that is served already")
    options.add_argument("--people", nargs="*", help="these only, such as anonymous zhao; writes nothing")
    options.add_argument("--each", type=int, default=EACH, help="pages of one kind that one person opens")
    return options.parse_args()


def served(kind: str, home: Path, findings: Findings, options: argparse.Namespace) -> dict[str, Any]:
    """Furnish an office, serve it, look at it, end it."""
    home.mkdir()
    stage, path = Stage(home.parent), home.parent / f"{kind}.json"
    stage.python("chaos.baseline.furnishing", home, "", kind, str(path))
    plan = json.loads(path.read_text("utf-8"))
    port = free_port()
    house = House(home, port, {"DATABASE_URL": ""})
    try:
        return look(plan, Address(False, "127.0.0.1", port), findings, options)
    finally:
        house.stop()


def look(plan: dict[str, Any], at: Address, findings: Findings, options: argparse.Namespace) -> dict[str, Any]:
    """Everybody's walk, then the probes; what was asked."""
    if not probing.alive(at):
        raise SystemExit(f"Nobody answers at {at.origin}.")
    holders = re.compile("|".join(re.escape(path) for path in plan["holders"]) or "(?!)")
    known = Known(at, frozenset(plan["raw"]), holders)
    told: dict[str, Any] = {"people": {}, "left_out": plan.get("left_out", []), "probes": {}}
    parameters: dict[str, tuple[Visitor, set[str]]] = {}
    for name, person in plan["people"].items():
        visitor = Visitor(name, at, dict(person["cookies"]), anonymous=name == "anonymous")
        if options.people and name not in options.people:
            continue
        crawl = Crawl(visitor, known, findings, options.each)
        crawl.walk(person["begin"])
        told["people"][name] = {"pages": len(crawl.seen), "kinds": len(crawl.kinds), "answers": dict(crawl.answers)}
        for path, names in crawl.parameters.items():
            parameters.setdefault(path, (visitor, set()))[1].update(names)
        visitor.close()
        print(f"  {name}: {told['people'][name]}, {len(findings.rows)} findings so far", flush=True)
    told["probes"] = probe(plan, at, known, findings, parameters)
    return told


def probe(
    plan: dict[str, Any], at: Address, known: Known, findings: Findings, parameters: dict[str, tuple[Visitor, set[str]]]
) -> dict[str, int]:
    """The hostile requests; how many of each."""
    nobody = Visitor("anonymous", at, anonymous=True)
    made = {name: run(nobody, known, findings) for name, (_says, run) in probing.PROBES.items()}
    made |= {"methods": 0, "reflected": 0, "redirected": 0}
    whose: dict[str, dict[str, set[str]]] = {}
    people: dict[str, Visitor] = {}
    for path in probing.one_of_each(parameters):
        visitor, names = parameters[path]
        people[visitor.name] = visitor
        whose.setdefault(visitor.name, {})[path] = names
    for name, paths in whose.items():
        made["methods"] += probing.methods(people[name], known, findings, paths)
        asked = {path: names for path, names in paths.items() if not path.startswith("/static/")}
        made["reflected"] += probing.reflected(people[name], known, findings, asked)
        made["redirected"] += probing.redirected(people[name], known, findings, asked)
        people[name].close()
    made["methods"] += probing.methods(nobody, known, findings, plan["doors"])
    nobody.close()
    print(f"  probes: {made}", flush=True)
    return made


if __name__ == "__main__":
    sys.exit(main())
