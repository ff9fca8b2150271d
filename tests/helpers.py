"""Small helpers of many tests."""

import threading
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


def sample_case(cast: Any, *, dispatched: bool = True, words: str = "金桂苑1幢楼道的污水管堵了，臭水漫到一楼。") -> Any:
    """A case as the tests of doors and lists need one: told by resident 陈 for 金桂苑1幢, led by drainage.

    Gives what filing gave: `.appeal`, `.case`. Its moments are an hour ago by the real clock.
    """
    from datetime import timedelta

    from django.utils import timezone

    from chenyue.cases import actions, intake
    from chenyue.cases.lifecycle import Move
    from chenyue.core.actors import Actor

    at = timezone.now() - timedelta(hours=1)
    filed = intake.file_appeal(
        words=words,
        channel="web",
        by=Actor("resident"),
        at=at,
        place_id=cast.place("金桂苑1幢").pk,
        reporter=intake.ReporterData(name=cast.chen.name, phone=cast.chen.phone),
        category_code="0102",
    )
    if dispatched:
        actions.move(case=filed.case, move=Move.TRIAGE, by=cast.li.actor(), at=at)
        lead = cast.units["drainage"].pk
        actions.move(case=filed.case, move=Move.DISPATCH, by=cast.li.actor(), at=at, lead_id=lead)
        filed.case.refresh_from_db()
    return filed


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts at the same moment, each on its own connection; their results or errors."""
    start, found = threading.Barrier(len(acts)), [None] * len(acts)

    def run(index: int, act: Callable[[], Any]) -> None:
        try:
            start.wait(10)
            found[index] = act()
        except Exception as error:
            found[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found
