"""Who else is on the machine reads nothing of the office."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chenyue.core import checks, office

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.own_database
def test_what_is_made_in_a_folder_that_others_may_enter_is_still_ours_alone(tmp_path: Path) -> None:
    code = (
        "import os; from pathlib import Path; from chenyue.core import secrets; os.umask(0o022)\n"
        f"home = Path({str(tmp_path)!r}); secrets.load(home)\n"
        "(home / 'chenyue.sqlite3').write_text('x'); (home / 'files').mkdir()"
    )
    tmp_path.chmod(0o755)
    subprocess.run([sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(ROOT / "src")}, check=True)
    assert [path.name for path in tmp_path.iterdir() if path.stat().st_mode & 0o077] == []


def test_data_that_others_may_read_is_warned_of(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    base = tmp_path / "chenyue.sqlite3"
    base.write_text("x")
    base.chmod(0o644)
    tmp_path.chmod(0o755)
    assert [found.id for found in checks.data_is_private()] == ["chenyue.W005"]
    tmp_path.chmod(0o700)
    assert checks.data_is_private() == []


@pytest.mark.django_db
def test_a_real_office_without_its_address_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHENYUE_HOSTS", raising=False)
    office.put(set_up=True, site_address="", demo=False)
    assert [found.id for found in checks.links_have_an_address(databases=["default"])] == ["chenyue.W006"]
    office.put(site_address="https://chenyue.example")
    assert checks.links_have_an_address(databases=["default"]) == []
