"""Jobs and ticks: asked for in the transaction, each turn once."""

from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import transaction
from django_q.models import OrmQ, Schedule

import cast as players
from chenyue.core import chores, jobs, ticks
from chenyue.core.models import Counter, IdempotencyKey
from helpers import count

AT = players.NOW
pytestmark = pytest.mark.django_db


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the job `test.job` was called with."""
    calls: list[Any] = []
    monkeypatch.setattr(jobs, "_jobs", jobs._jobs | {"test.job": lambda **ids: calls.append(ids)})
    return calls


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> dict[str, ticks.Tick]:
    """No other ticks than those of the test."""
    mine: dict[str, ticks.Tick] = {}
    monkeypatch.setattr(ticks, "_ticks", mine)
    return mine


def test_a_job_runs_with_its_ids(done: list[Any]) -> None:
    jobs.enqueue("test.job", case=7, key="a")
    assert done == [{"case": 7, "key": "a"}]


def test_only_known_jobs_and_ids(done: list[Any]) -> None:
    with pytest.raises(KeyError):
        jobs.enqueue("test.unknown")
    for payload in ({"case": object()}, {"words": "x" * 200}, {"rows": [1]}):
        with pytest.raises(TypeError):
            jobs.enqueue("test.job", **payload)  # type: ignore[arg-type]
    assert done == []


def test_a_queued_job_is_a_row_of_the_same_transaction(done: list[Any], settings: Any) -> None:
    settings.Q_CLUSTER = settings.Q_CLUSTER | {"sync": False}
    from django_q.conf import Conf

    old, Conf.SYNC = Conf.SYNC, False
    try:
        assert count(lambda: jobs.enqueue("test.job", case=7)) == 1
        assert OrmQ.objects.count() == 1
        with transaction.atomic():
            jobs.enqueue("test.job", case=8)
            transaction.set_rollback(True)
        [row] = OrmQ.objects.all()
        task = row.task
        assert (task["func"], task["args"]) == ("chenyue.core.jobs.run", ("test.job", {"case": 7}))
        assert done == []
        jobs.run(*task["args"])
        assert done == [{"case": 7}]
    finally:
        Conf.SYNC = old


def test_a_tick_runs_when_due_and_once(only: dict[str, ticks.Tick]) -> None:
    ran: list[datetime] = []

    @ticks.every(300, "test.tick")
    def tick(at: datetime) -> int:
        ran.append(at)
        return len(ran)

    assert ticks.run_due(AT) == {"test.tick": 1}
    assert ticks.run_due(AT) == {}
    assert ticks.run_due(AT + timedelta(seconds=299)) == {}
    assert ticks.run_due(AT + timedelta(seconds=300)) == {"test.tick": 2}
    assert len(ran) == 2


def test_of_two_workers_one_wins(only: dict[str, ticks.Tick]) -> None:
    tick = ticks.Tick("test.tick", 60, lambda at: None)
    now = int(AT.timestamp())
    assert [ticks._claim(tick, now), ticks._claim(tick, now)] == [True, False]
    assert Counter.objects.get(name="tick:test.tick").value == now + 60


def test_one_that_fails_does_not_stop_the_others(only: dict[str, ticks.Tick], monkeypatch: Any) -> None:
    @ticks.every(60, "test.bad")
    def bad(at: datetime) -> None:
        Counter.objects.create(name="half", value=1)
        raise RuntimeError("broken")

    @ticks.every(60, "test.good")
    def good(at: datetime) -> str:
        return "fine"

    results = ticks.run_due(AT)
    assert isinstance(results["test.bad"], RuntimeError)
    assert results["test.good"] == "fine"
    assert not Counter.objects.filter(name="half").exists()
    Counter.objects.filter(name__startswith="tick:").delete()
    out = StringIO()
    with pytest.raises(CommandError, match=r"test\.bad"):
        call_command("tick", stdout=out)
    assert "2 done, 1 failed" in out.getvalue()


def test_all_registered_ticks_run(db: None) -> None:
    names = set(ticks.known())
    assert {"core.clean", "people.clean", "timeline.seal", "notify.deliver"} <= names
    results = ticks.run_due(AT)
    assert set(results) == names
    assert not [r for r in results.values() if isinstance(r, Exception)]


def test_schedule_is_there_once() -> None:
    ticks.ensure_schedule()
    ticks.ensure_schedule()
    row = Schedule.objects.get(name=ticks.SCHEDULE)
    assert (row.func, row.minutes, row.repeats) == ("chenyue.core.ticks.run", 1, -1)
    Schedule.objects.create(name=ticks.SCHEDULE, func=row.func)
    ticks.ensure_schedule()
    assert Schedule.objects.filter(name=ticks.SCHEDULE).count() == 1


def test_old_keys_and_sessions_go() -> None:
    IdempotencyKey.objects.create(scope="s", key="old", created_at=AT - timedelta(days=31))
    IdempotencyKey.objects.create(scope="s", key="new", created_at=AT - timedelta(days=29))
    Session.objects.create(session_key="gone", session_data="", expire_date=AT - timedelta(seconds=1))
    Session.objects.create(session_key="kept", session_data="", expire_date=AT + timedelta(hours=1))
    assert chores.clean(AT) == {"keys": 1, "sessions": 1, "tallies": 0}
    assert IdempotencyKey.objects.get().key == "new"
    assert Session.objects.get().session_key == "kept"
