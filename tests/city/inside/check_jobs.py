"""Jobs and ticks of all offices in one cluster: each in its turn, and one that is broken stops no other."""

import os
import queue
from typing import Any

import pytest
from django.utils import timezone
from django_q.models import OrmQ, Task
from django_q.monitor import save_task
from django_q.signing import SignedPackage

from chenyue.city import register
from chenyue.city.jobs import Offices, Turns
from chenyue.city.models import Office
from chenyue.core import ticks
from chenyue.core.whose import settle, whose


@pytest.fixture
def broker(db: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    found = Offices("chenyue")
    found._next = float("inf")  # the clock is asked by itself
    monkeypatch.setattr("django_q.conf.Conf.SYNC", False)
    monkeypatch.setattr("chenyue.city.jobs.time.sleep", lambda seconds: None)
    monkeypatch.setattr("django_q.brokers.orm.sleep", lambda seconds: None)
    return found


def asked(office: Any, broker: Offices, *names: str) -> None:
    with office.inside():
        for name in names:
            broker.enqueue(SignedPackage.dumps({"id": name, "name": name, "func": "len", "args": ((),), "kwargs": {}}))


def served(broker: Offices, count: int) -> list[str]:
    found = []
    for _ in range(count):
        for (schema, row), payload in broker.dequeue() or []:
            found.append(f"{schema.removeprefix('office_')}:{SignedPackage.loads(payload)['name']}")
            broker.acknowledge((schema, row))
    return found


def test_each_office_in_its_turn(a: Any, b: Any, broker: Offices) -> None:
    asked(a, broker, "1", "2", "3")
    asked(b, broker, "1")
    assert served(broker, 5) == ["chenguang:1", "fengting:1", "chenguang:2", "chenguang:3"]
    with a.inside():
        assert not OrmQ.objects.exists()


def test_a_broken_office_stops_no_other(a: Any, b: Any, broker: Offices) -> None:
    Office.objects.create(schema_name="office_broken", code="broken", name="坏", made_at=timezone.now())
    register.forget()
    asked(a, broker, "1")
    asked(b, broker, "1")
    broker.clock([a.schema, "office_broken", b.schema])
    assert served(broker, 4) == ["chenguang:1", "fengting:1", "chenguang:ticks", "fengting:ticks"]


def test_closed_offices_rest(a: Any, b: Any, broker: Offices) -> None:
    asked(a, broker, "1")
    Office.objects.filter(code=a.code).update(state=Office.State.CLOSED)
    register.forget()
    assert served(broker, 2) == []


def test_the_clock_asks_once_until_it_was_heard(a: Any, broker: Offices) -> None:
    for _ in range(3):
        broker.clock([a.schema])
    assert served(broker, 3) == ["chenguang:ticks"]
    broker.clock([a.schema])
    assert served(broker, 2) == ["chenguang:ticks"]


def test_a_task_is_done_and_written_down_in_its_office(a: Any, b: Any, broker: Offices) -> None:
    line: queue.Queue[Any] = queue.Queue()
    for office in (a, b):
        line.put({"id": office.code, "ack_id": (office.schema, 1), "name": "x", "func": "len", "args": (), "kwargs": {},
                  "started": timezone.now(), "stopped": timezone.now(), "result": 1, "success": True})  # fmt: skip
    line.put("STOP")
    turns = Turns(line)
    try:
        for office in (a, b):
            task = turns.get()
            assert whose() == office.schema and os.environ[register.OFFICE] == office.code
            save_task(task | {"sync": True}, broker)
        assert turns.get() == "STOP" and whose() == ""
    finally:
        settle("")
        del os.environ[register.OFFICE]
    for office in (a, b):
        with office.inside():
            assert list(Task.objects.values_list("id", flat=True)) == [office.code]


def test_ticks_of_two_offices_are_claimed_apart(a: Any, b: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    monkeypatch.setattr(ticks, "_ticks", {"t": ticks.Tick("t", 60, lambda at: ran.append(whose()))})
    for office in (a, b, a):
        with office.inside():
            ticks.run_due(timezone.now())
    assert ran == [a.schema, b.schema]


def test_a_failing_tick_of_one_office_is_its_own(a: Any, b: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def tick(at: Any) -> str:
        if whose() == a.schema:
            raise ZeroDivisionError
        return "done"

    monkeypatch.setattr(ticks, "_ticks", {"t": ticks.Tick("t", 60, tick)})
    with a.inside():
        assert isinstance(ticks.run_due(timezone.now())["t"], ZeroDivisionError)
    with b.inside():
        assert ticks.run_due(timezone.now()) == {"t": "done"}
