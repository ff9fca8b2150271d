"""`python -m chaos.audit`: is a known weakness in any library that we lock, or in a file of others that we vendor?

pip-audit asks the advisories of the Python package index for every locked version, npm those for the browser's files.
An advisory that audit.toml doesn't accept, with a reason and a day on which that ends, makes it fail. Where the
advisories can't be reached nothing is known, and that is what the last line says: NOT CHECKED. pip-audit stands in an
environment of its own below build/, made from requirements-audit.lock. Not seen: what libraries carry compiled inside
themselves (SQLite, libjpeg, …), Debian's packages, and files of npm that the audit of npm doesn't know.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ACCEPTED = Path(__file__).with_name("audit.toml")
VENDORED = ROOT / "src" / "chenyue" / "core" / "static" / "core" / "vendor" / "VENDOR.toml"
LOCK, HERE = ROOT / "requirements-audit.lock", ROOT / "build" / "audit"
PATIENCE = 600.0  # seconds for all of one kind


@dataclass(frozen=True)
class Advisory:
    """A known weakness of a version that we have."""

    package: str
    version: str
    ids: tuple[str, ...]
    fixed: str = ""

    def __str__(self) -> str:
        mended = f"; mended in {self.fixed}" if self.fixed else "; not mended yet"
        return f"{self.package} {self.version}: {', '.join(self.ids)}{mended}"


@dataclass(frozen=True)
class Asked:
    """What was asked of one source. `silent`: why nothing is known; "" where something is."""

    source: str
    versions: int
    found: tuple[Advisory, ...] = ()
    silent: str = ""
    left_out: tuple[str, ...] = ()  # what the source doesn't know


def of_python(said: str, locks: int) -> Asked:
    """What pip-audit says, as JSON; anything else means that it couldn't ask."""
    source = f"{locks} locks"
    try:
        rows = json.loads(said)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Asked(source, 0, silent="the advisories of the Python package index can't be reached")
    found = {
        Advisory(row["name"], row["version"], (one["id"], *one["aliases"]), ", ".join(one["fix_versions"]))
        for row in rows
        for one in row.get("vulns", [])
    }
    known = {(row["name"], row["version"]) for row in rows if "version" in row}
    left_out = tuple(sorted({row["name"] for row in rows if "skip_reason" in row}))
    if left_out and not known:  # a mirror that has the files but not the advisories says so of each
        return Asked(source, 0, silent="the index that answers knows no advisories")
    return Asked(source, len(known), tuple(sorted(found, key=str)), left_out=left_out)


def of_browser(said: str, versions: dict[str, str]) -> Asked:
    """What `npm audit` says, as JSON."""
    try:
        rows = json.loads(said)["vulnerabilities"]
    except (ValueError, KeyError, TypeError):
        return Asked("vendored", 0, silent="the advisories of the npm registry can't be reached")
    found = []
    for name, row in rows.items():
        ids = tuple(str(one.get("url") or one.get("source")) for one in row.get("via", []) if isinstance(one, dict))
        if ids:
            found.append(Advisory(name, versions.get(name, "?"), ids))
    return Asked("vendored", len(versions), tuple(sorted(found, key=str)))


def ask_python() -> Asked:
    """All locks at once; nothing is resolved or installed."""
    locks = sorted(ROOT.glob("requirements*.lock"))
    if not _tool():
        return Asked(f"{len(locks)} locks", 0, silent="pip-audit can't be installed here")
    command = [str(HERE / "bin" / "pip-audit"), "--require-hashes", "--disable-pip", "--format", "json"]
    command += ["--progress-spinner", "off", "--timeout", "20"]
    for lock in locks:
        command += ["--requirement", str(lock)]
    return of_python(_said(command, ROOT), len(locks))


def _tool() -> bool:
    """Whether pip-audit is in its environment; made anew where its lock is younger."""
    done = HERE / ".installed"
    if not done.exists() or done.stat().st_mtime < LOCK.stat().st_mtime:
        shutil.rmtree(HERE, ignore_errors=True)
        base = getattr(sys, "_base_executable", sys.executable)  # the one that .venv was made from has pip
        _said([base, "-m", "venv", "--without-pip", str(HERE)], ROOT)
        put = ["-m", "pip", "--python", str(HERE / "bin" / "python"), "install", "--quiet"]
        _said([base, *put, "--disable-pip-version-check", "--require-hashes", "-r", str(LOCK)], ROOT)
        if (HERE / "bin" / "pip-audit").exists():
            done.touch()
    return done.exists()


def vendored() -> dict[str, str]:
    """The packages of the browser's files, and htmx, which comes inside django-htmx: name → version."""
    rows = tomllib.loads(VENDORED.read_text(encoding="utf-8"))["vendored"]
    found = {row["source"].partition("/package/")[2]: row["version"] for row in rows if "npmjs.com" in row["source"]}
    return found | {"htmx.org": htmx()}


def htmx() -> str:
    """The version of htmx, as its file says."""
    import django_htmx

    file = next((Path(django_htmx.__file__).parent / "static" / "django_htmx").glob("htmx-2.min.js"))
    return re.findall(r'version:"([0-9.]+)"', file.read_text(encoding="utf-8"))[0]


def ask_browser() -> Asked:
    """npm's own audit of a list made for it; nothing is installed."""
    versions = vendored()
    if not shutil.which("npm"):
        return Asked("vendored", 0, silent="npm isn't here")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "package.json").write_text(json.dumps({"name": "a", "version": "1.0.0", "dependencies": versions}))
        _said(["npm", "install", "--package-lock-only", "--ignore-scripts", "--no-fund", "--no-audit"], Path(folder))
        return of_browser(_said(["npm", "audit", "--json"], Path(folder)), versions)


def _said(command: list[str], folder: Path) -> str:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout


def accepted() -> list[dict[str, Any]]:
    """Advisories that we live with: package, id, why, until."""
    return tomllib.loads(ACCEPTED.read_text(encoding="utf-8")).get("accepted", [])


def judged(asked: list[Asked], rows: list[dict[str, Any]], today: date) -> Iterator[tuple[Advisory, str]]:
    """Each advisory and why it is accepted; "" where it isn't, or isn't any more."""
    for one in (advisory for source in asked for advisory in source.found):
        fits = (row for row in rows if row["package"] == one.package and row["id"] in one.ids and row["until"] >= today)
        yield one, next((row["why"] for row in fits), "")


def told(asked: list[Asked], rows: list[dict[str, Any]], today: date) -> tuple[list[str], int]:
    """Lines to print, the last of which is the sum of it; and the exit code."""
    found = list(judged(asked, rows, today))
    lines = [f"{'accepted' if why else 'OPEN'}: {one}{f' ({why})' if why else ''}" for one, why in found]
    lines += [f"{one.source}: the index doesn't know {', '.join(one.left_out)}" for one in asked if one.left_out]
    checked = ", ".join(f"{one.versions} versions ({one.source})" for one in asked if not one.silent)
    silent = "; ".join(f"{one.source}: {one.silent}" for one in asked if one.silent)
    still = sum(not why for _one, why in found)
    said = f"{checked}: {still} open advisories, {len(found) - still} accepted" if checked else ""
    return [*lines, "; ".join(part for part in (said, f"NOT CHECKED: {silent}" if silent else "") if part)], min(
        still, 1
    )


def main() -> int:
    """1 if an advisory is open."""
    lines, code = told([ask_python(), ask_browser()], accepted(), datetime.now(UTC).date())
    print("\n".join(lines))
    return code


if __name__ == "__main__":
    sys.exit(main())
