"""Small helpers of many tests."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

ROOT = Path(__file__).resolve().parents[1]


def count(act: Callable[[], Any]) -> int:
    """How many SQL statements `act` sends, savepoints not counted."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return sum(not q["sql"].startswith(("SAVEPOINT", "RELEASE", "ROLLBACK TO")) for q in captured.captured_queries)


def one_and_three(show: Callable[[], Any], add: Callable[[], Any], statements: int) -> None:
    """A list costs the same literal number of statements with one row and with three.

    `show` is called once before, so that caches are warm; `add` adds one row.
    """
    add()
    show()
    one = count(show)
    add()
    add()
    three = count(show)
    assert (one, three) == (statements, statements), f"{one} statements with one row, {three} with three"


def outside_data(*parts: str) -> Path:
    """A file of the shared data beside the repository; the test is skipped, with its reason, where it's absent."""
    import os

    base = Path(os.environ.get("CHENYUE_DATA", ROOT.parent / "shared" / "data"))
    path = base.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"the outside data file {'/'.join(parts)} isn't here (set CHENYUE_DATA)")
    return path
