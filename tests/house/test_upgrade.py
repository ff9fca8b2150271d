"""deploy/upgrade.py takes an office forward, and back when the new version doesn't come up."""

import importlib.util
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = [
    pytest.mark.own_database,
    pytest.mark.skipif(not shutil.which("git"), reason="git isn't installed here, and upgrading goes by it"),
]
ROOT = Path(__file__).resolve().parents[2]
# Stands in for the product: each step writes what it was; the "database" is a file that `migrate` writes over.
MANAGE = """#!/bin/sh
echo "$1 by $(cat version)" >> "$CHENYUE_HOME/steps"
[ "$1" = migrate ] && cat version > "$CHENYUE_HOME/chenyue.sqlite3"
[ "$1 $(cat version)" = "check broken" ] && exit 3
[ "$1 $(cat version)" = "migrate halfway" ] && exit 4
exit 0
"""


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("upgrade", ROOT / "deploy" / "upgrade.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["upgrade"] = module
    spec.loader.exec_module(module)
    return module


def git(at: Path, *words: str) -> str:
    told = ["git", "-c", "user.name=t", "-c", "user.email=t@t.example", *words]
    return subprocess.run(told, cwd=at, check=True, capture_output=True, text=True).stdout.strip()


def version(at: Path, name: str) -> None:
    (at / "version").write_text(name)
    git(at, "add", "-A")
    git(at, "commit", "-q", "-m", name)
    git(at, "tag", name)


@pytest.fixture
def office(tool: ModuleType, tmp_path: Path):  # type: ignore[no-untyped-def]
    origin, here, home = tmp_path / "origin", tmp_path / "here", tmp_path / "home"
    origin.mkdir()
    home.mkdir()
    git(origin, "init", "-q")
    (origin / "manage.py").write_text(MANAGE)
    (origin / "manage.py").chmod(0o755)
    (origin / "Makefile").write_text("setup:\n\t@true\n")
    version(origin, "old")
    git(tmp_path, "clone", "-q", str(origin), str(here))
    for name in ("new", "broken", "halfway"):
        version(origin, name)
    (home / "chenyue.sqlite3").write_text("old")
    return tool.Office(here, home, "true", "true", "http://127.0.0.1:9/readyz")


def state(office) -> tuple[str, str]:  # type: ignore[no-untyped-def]
    return (office.root / "version").read_text(), (office.home / "chenyue.sqlite3").read_text().strip()


def test_forward(tool: ModuleType, office) -> None:  # type: ignore[no-untyped-def]
    assert tool.upgrade(office, "new", wait=lambda _: None)
    assert state(office) == ("new", "new")
    steps = (office.home / "steps").read_text().splitlines()
    assert steps == ["backup by old", "check by new", "migrate by new"]
    assert (office.kept / "chenyue.sqlite3").read_text() == "old"


@pytest.mark.parametrize("target", ["broken", "halfway", "no-such-version"])
def test_back_when_a_step_fails(tool: ModuleType, office, target: str) -> None:  # type: ignore[no-untyped-def]
    assert not tool.upgrade(office, target, wait=lambda _: None)
    assert state(office) == ("old", "old")


def test_back_when_it_does_not_come_up(tool: ModuleType, office) -> None:  # type: ignore[no-untyped-def]
    def wait(one) -> None:  # type: ignore[no-untyped-def]
        if (one.root / "version").read_text() == "new":
            tool.wait_until_ready(one, within=0.1)

    assert not tool.upgrade(office, "new", wait=wait)
    assert state(office) == ("old", "old")


def test_a_changed_program_is_refused_untouched(tool: ModuleType, office) -> None:  # type: ignore[no-untyped-def]
    (office.root / "manage.py").write_text("#!/bin/sh\n")
    with pytest.raises(tool.Failed, match="changed"):
        tool.upgrade(office, "new", wait=lambda _: None)
    assert not (office.home / "steps").exists()
