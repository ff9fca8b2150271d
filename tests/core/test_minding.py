"""The minder of the jobs: a kill that leaves a lock behind, a database that is away, a clock that is set back."""

import signal
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError, connection
from django_q.models import OrmQ, Schedule

import cast as players
from chenyue.core import minding, ticks
from chenyue.core.models import Counter

AT = players.NOW


class Sentinel:
    """As much of django-q2's as is overridden."""

    def __init__(self) -> None:
        self.replaced: list[Any] = []

    def reincarnate(self, process: Any) -> None:
        self.replaced.append(process)


@pytest.mark.parametrize("code", [-signal.SIGKILL, -signal.SIGTERM, 143])
def test_one_that_was_killed_may_hold_a_lock_so_all_start_anew(code: int) -> None:
    found = minding.minder(Sentinel)()
    with pytest.raises(SystemExit) as ended:
        found.reincarnate(SimpleNamespace(exitcode=code))
    assert ended.value.code == minding.KILLED
    assert found.replaced == []


@pytest.mark.parametrize("code", [0, None])
def test_one_that_ended_or_took_too_long_is_replaced(code: int | None) -> None:
    found = minding.minder(Sentinel)()
    process = SimpleNamespace(exitcode=code)
    found.reincarnate(process)
    assert found.replaced == [process]


def test_nobody_dies_of_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    tries, waits = [], []
    monkeypatch.setattr(minding.time, "sleep", waits.append)
    monkeypatch.setattr(minding.connections, "close_all", lambda: None)

    def act() -> None:
        tries.append(1)
        if len(tries) < 8:
            raise OperationalError("connection refused")

    minding.when_there(act)
    assert len(tries) == 8
    assert waits == [minding.PAUSE] * 7


def test_a_clock_that_is_set_back_is_noticed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    ahead, caught, alarms = iter([1000.0, 1000.5, 400.0, 400.0, 9000.0]), [], []
    monkeypatch.setattr(minding, "_ahead", lambda: next(ahead))
    monkeypatch.setattr(minding, "when_there", caught.append)
    monkeypatch.setattr(minding.connections, "close_all", lambda: None)
    monkeypatch.setattr(minding.signal, "alarm", alarms.append)
    flag = minding.Flag(minding.Pulse())
    seen = []
    for _wait in range(4):
        assert not flag.wait(0)
        seen.append(len(caught))
    assert seen == [0, 1, 1, 1]
    assert alarms == [minding.SILENCE] * 4
    flag.set()
    assert flag.wait(0)


@pytest.mark.django_db
def test_what_a_clock_ahead_put_off_is_done_after_it_is_set_back() -> None:
    far = AT + timedelta(hours=6)
    OrmQ.objects.create(key="chenyue", payload="x", lock=far)
    taken = OrmQ.objects.create(key="chenyue", payload="x", lock=AT + timedelta(minutes=29))
    ticks.ensure_schedule()
    Schedule.objects.update(next_run=far)
    minding.catch_up(AT)
    assert OrmQ.objects.filter(lock__lte=AT).count() == (2 if connection.vendor == "sqlite" else 1)
    taken.refresh_from_db()
    assert (taken.lock == AT) == (connection.vendor == "sqlite"), "another machine's minder may be at it"
    assert Schedule.objects.get().next_run == AT
    Schedule.objects.update(next_run=AT + timedelta(seconds=60))
    minding.catch_up(AT)
    assert Schedule.objects.get().next_run == AT + timedelta(seconds=60)


@pytest.mark.django_db
def test_a_tick_of_a_clock_that_was_ahead_runs_again(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[Any] = []
    monkeypatch.setattr(ticks, "_ticks", {"test.tick": ticks.Tick("test.tick", 60, ran.append)})
    ticks.run_due(AT + timedelta(hours=6))
    ticks.run_due(AT)
    ticks.run_due(AT + timedelta(seconds=30))
    assert ran == [AT + timedelta(hours=6), AT]
    assert Counter.objects.get(name="tick:test.tick").value == int(AT.timestamp()) + 60
    ticks.run_due(AT - timedelta(seconds=ticks.SKEW))
    assert len(ran) == 2, "two machines' clocks differ a little"
