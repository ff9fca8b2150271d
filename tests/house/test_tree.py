"""The tree itself: migrations in step, locks honest, vendored files unchanged, nothing of anybody's machine."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from django.core.management import call_command

from house import tree

# Extras that not every office wants have locks of their own: letters in pictures alone need libraries of 300 MB.
APART = ("screenshots", "wecom", "mcp")
LOCKS = tuple(f"requirements{name}.lock" for name in ("", "-dev", "-audit", *(f"-{extra}" for extra in APART)))


@pytest.mark.django_db
def test_migrations_are_in_step() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def blocks(lock: str) -> dict[str, str]:
    """Each locked library and its lines."""
    text = (tree.ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        if line and not line.startswith(("#", " ")):
            found[re.split(r"[=\s\[;]", line, maxsplit=1)[0].lower().replace("_", "-")] = line
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_have_hashes_and_no_addresses(lock: str) -> None:
    text = (tree.ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*(-i|--index|--extra-index|--find-links|-f)\b", text, re.MULTILINE)
    loose = [name for name, line in blocks(lock).items() if "==" not in line or "--hash=sha256:" not in line]
    assert loose == []


def wanted() -> tuple[set[str], set[str]]:
    settings = tomllib.loads((tree.ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    def names(rows: list[str]) -> set[str]:
        return {re.split(r"[\[<>=;\s]", row, maxsplit=1)[0].lower().replace("_", "-") for row in rows}

    extras = dict(settings["project"].get("optional-dependencies", {}))
    for extra in APART:
        assert names(extras.pop(extra)) <= set(blocks(f"requirements-{extra}.lock"))
    return names(settings["project"]["dependencies"]), names(
        [row for rows in extras.values() for row in rows] + settings["dependency-groups"]["dev"]
    )


def test_locks_are_in_step_with_the_project() -> None:
    runtime, tools = wanted()
    assert runtime <= set(blocks("requirements.lock"))
    assert runtime | tools <= set(blocks("requirements-dev.lock"))
    shared, both = blocks("requirements.lock"), blocks("requirements-dev.lock")
    assert {n: v for n, v in shared.items() if both.get(n, "").split(" ")[0] != v.split(" ")[0]} == {}


def test_vendored_files_are_what_they_were() -> None:
    from chenyue.core import vendored

    assert list(vendored.problems()) == []


# What must not be in any text of ours: folders and addresses of the machines it was made on.
PRIVATE = re.compile(
    r"(?<![\w.])/(?:work|root|Users|tmp/team|home/[a-z]+)/[\w.]|(?:\d{1,3}\.){3}\d{1,3}:\d{4,5}/(?:simple|pypi)|\.internal\b"
)


def test_no_paths_of_anybodys_machine() -> None:
    found = []
    for path in tree.files():
        if path.suffix in {".png", ".jpg", ".woff2", ".lock", ".xlsx", ".otf", ".docx"}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{tree.shown(path)}: {m.group(0)}" for m in PRIVATE.finditer(text) if path != Path(__file__)]
    assert found == []


UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|raise NotImplementedError")


def test_nothing_is_marked_unfinished() -> None:
    found = [
        f"{tree.shown(path)}: {line.strip()[:80]}"
        for path in tree.with_suffix(".py", ".js", ".css", ".html", under=tree.SRC)
        if "vendor" not in path.parts
        for line in path.read_text(encoding="utf-8").splitlines()
        if UNFINISHED.search(line)
    ]
    assert found == []


SUBJECT = re.compile(r"^[a-z][a-z0-9, -]*: [A-Z].*\.$")


def test_history_is_written_in_the_house_style() -> None:
    """`area: Imperative sentence.` and the product only."""
    done = subprocess.run(["git", "log", "--format=%s"], cwd=tree.ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("this tree has no history (exported without .git)")
    wrong = [line for line in done.stdout.splitlines() if not SUBJECT.match(line) and not line.startswith("Merge ")]
    assert wrong == []


def test_no_line_is_in_somebodys_own_end_of_line() -> None:
    text = tree.with_suffix(".py", ".html", ".css", ".js", ".md", ".toml", ".po")
    assert [tree.shown(p) for p in text if b"\r\n" in p.read_bytes()] == []
