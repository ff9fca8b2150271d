"""`python -m chaos.defences`: takes one defence after the other away, and looks whether a test notices.

A test that passes with the defence and without it guards nothing. Each defence of defences.toml is removed in a copy of
the house, its tests run there, and must fail; which one did is kept in chaos/results/defences.json, and docs/threats.md
shows it beside the attack. `--only 3 7` takes some; `--page` writes the page from what is kept.

On SQLite the database of the tests is made once and copied for each defence, unless the defence stands in it.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TABLE, RESULTS = ROOT / "chaos" / "defences.toml", ROOT / "chaos" / "results" / "defences.json"
PAGE, MARK = ROOT / "docs" / "threats.md", "<!-- defences: written by `python -m chaos.defences` -->"
COPIED = ("src", "tests", "bench", "chaos", "deploy", "docs", "pyproject.toml", "manage.py", "Makefile")
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)
WITHIN = 900  # seconds for the tests of one defence


@dataclass(frozen=True)
class Defence:
    """One attack, what keeps it off, and the lines without which it would succeed."""

    who: str
    attack: str
    defence: str
    file: str
    take: str
    put: str
    test: list[str]

    def fits(self, root: Path = ROOT) -> bool:
        """Whether the lines stand in the file, once."""
        return (root / self.file).read_text(encoding="utf-8").count(self.take) == 1

    def remove(self, root: Path) -> None:
        """Take it away in a copy of the house."""
        path = root / self.file
        path.write_text(path.read_text(encoding="utf-8").replace(self.take, self.put), encoding="utf-8")


def defences() -> list[Defence]:
    """All of the table, in its order."""
    return [Defence(**row) for row in tomllib.loads(TABLE.read_text(encoding="utf-8"))["defence"]]


def copy(folder: Path) -> Path:
    """The house, without its data and its interpreter."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "shots"))
        elif source.exists():
            shutil.copy2(source, folder / name)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    return folder


def _pytest(house: Path, home: Path | None, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run tests in the copy; with the data folder `home`, if there is one, instead of one of their own."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-m", "not eyes", *arguments]
    more = {"PYTHONPATH": "src:."} | ({"CHENYUE_TEST_HOME": str(home)} if home else {})
    return subprocess.run(
        command, cwd=house, env=os.environ | more, capture_output=True, text=True, timeout=WITHIN, check=False
    )


def seeded(house: Path) -> Path | None:
    """A data folder with the migrated and filled database of the tests; None where it isn't a file."""
    if "DATABASE_URL" in os.environ:
        return None
    home = house / "seeded"
    home.mkdir()
    done = _pytest(house, home, "--reuse-db", "--create-db", "tests/core/test_chores.py")
    return home if done.returncode == 0 and (home / "test.sqlite3").exists() else None


def noticed(defence: Defence, house: Path, filled: Path | None = None) -> str:
    """The first test that fails without the defence; empty if none does. `filled`: what `seeded` made."""
    before = (house / defence.file).read_text(encoding="utf-8")
    home = house / "running"
    defence.remove(house)
    try:
        if filled is None or "triggers" in defence.file:
            done = _pytest(house, None, *defence.test)
        else:
            shutil.copytree(filled, home)
            done = _pytest(house, home, "-p", "chaos.seeded", "--reuse-db", "--nomigrations", *defence.test)
    finally:
        shutil.rmtree(home, ignore_errors=True)
        (house / defence.file).write_text(before, encoding="utf-8")
    found = FAILED.search(done.stdout)
    if done.returncode == 1 and found:
        return found[1].split("[")[0]
    if done.returncode != 0:
        print(done.stdout[-1500:], done.stderr[-500:])
    return ""


def main() -> int:
    """0 if every defence that was taken away was missed by a test."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", type=int, nargs="*", help="numbers, from 1")
    options.add_argument("--page", action="store_true", help="write docs/threats.md from what is kept, and end")
    chosen = options.parse_args()
    kept: dict[str, str] = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    missed = []
    if not chosen.page:
        with tempfile.TemporaryDirectory(prefix="defences-") as folder:
            house = copy(Path(folder))
            filled = seeded(house)
            for number, one in enumerate(defences(), start=1):
                if chosen.only and number not in chosen.only:
                    continue
                kept[one.attack] = noticed(one, house, filled)
                print(f"{number:3} {'noticed' if kept[one.attack] else 'NOT NOTICED'}: {one.attack}", kept[one.attack])
                missed += [] if kept[one.attack] else [one]
        wanted = {one.attack for one in defences()}
        text = json.dumps({k: v for k, v in kept.items() if k in wanted}, ensure_ascii=False, indent=1)
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(text + "\n", encoding="utf-8")
    PAGE.write_text(page(kept), encoding="utf-8")
    return 1 if missed else 0


def page(kept: dict[str, Any]) -> str:
    """docs/threats.md with the table of all defences below its mark."""
    lines = ["| who | tries to | what keeps it off | where | fails without it |", "|---|---|---|---|---|"]
    for one in defences():
        test = kept.get(one.attack, "")
        shown = f"`{test.split('::')[-1]}` ({test.split('::')[0]})" if test else "**none**"
        lines.append(
            f"| {one.who} | {one.attack} | {one.defence} | {one.file.removeprefix('src/chenyue/')} | {shown} |"
        )
    return PAGE.read_text(encoding="utf-8").split(MARK)[0] + MARK + "\n\n" + "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
