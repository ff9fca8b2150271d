"""Many offices in one installation: the checks of `inside`, in a process of their own that is switched to it."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.apps import apps
from django.conf import settings

HERE = Path(__file__).parent
URL = os.environ.get("DATABASE_URL", "")


def test_an_installation_has_one_office_unless_told_otherwise() -> None:
    assert not settings.CITY
    assert not apps.is_installed("chenyue.city") and not apps.is_installed("django_tenants")
    assert not any("city" in name for name in (*settings.MIDDLEWARE, settings.ROOT_URLCONF, *settings.DATABASE_ROUTERS))


@pytest.mark.skipif(not URL.startswith("postgres"), reason="many offices need PostgreSQL: a schema each")
def test_many_offices(tmp_path: Path) -> None:
    parts = urlsplit(URL)
    database = f"{parts.path}_city_{os.getpid()}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")} | {
        "CHENYUE_CITY": "1",
        "CHENYUE_TEST_HOME": str(tmp_path),
        "DATABASE_URL": urlunsplit(parts._replace(path=database)),
    }
    checks = sorted(str(path) for path in (HERE / "inside").glob("check_*.py"))
    assert checks
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", *checks],
        cwd=HERE.parents[1], env=environment, capture_output=True, text=True, check=False, timeout=800,
    )  # fmt: skip
    print(done.stdout)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
