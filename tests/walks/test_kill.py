"""kill -9: what was acknowledged is there, what wasn't is whole or absent, and everything happens once."""

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.db.models import Count

from cast import NOW, Cast
from chenyue.cases.models import Appeal, Case
from chenyue.core import ids, office
from chenyue.core.models import IdempotencyKey
from chenyue.notify.models import Message
from chenyue.timeline import verify
from chenyue.timeline.models import Entry
from helpers import sample_case

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = 4
KILLS = 2


def mortal(*arguments: str, **more: str) -> subprocess.Popen[str]:
    """A process that is made to be killed, on this test's database."""
    here = {"CHENYUE_MORTAL_DATABASE": str(connection.settings_dict["NAME"]), "CHENYUE_MORTAL_AT": NOW.isoformat()}
    env = os.environ | here | more | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-W", "ignore", str(Path(__file__).with_name("mortal.py")), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)


def nothing_is_half_done() -> None:
    assert [found for found in verify.faults() if not isinstance(found, int)] == []
    assert not Case.objects.annotate(n=Count("appeals")).filter(n=0).exists(), "a case without words"
    subjects = set(Entry.objects.filter(subject__startswith="case:").values_list("subject", flat=True))
    assert {case.subject for case in Case.objects.all()} == subjects, (
        "a case without history, or a history without case"
    )
    receipts = list(Appeal.objects.values_list("receipt", flat=True))
    assert len(receipts) == len(set(receipts))


class Person(threading.Thread):
    """Sends appeals one after another; sends again, with the same key, what got no answer."""

    def __init__(self, number: int, port: int, enough: threading.Event) -> None:
        super().__init__(daemon=True)
        self.number, self.port, self.enough = number, port, enough
        self.acknowledged: dict[str, str] = {}  # words → receipt
        self.again = 0

    def run(self) -> None:
        cookie, form = self.page()
        while not self.enough.is_set():
            words = f"第{self.number}号楼第{len(self.acknowledged)}盏路灯不亮，晚上看不清路。"
            fields = form | {"words": words, "seen": "1", "idempotency_key": ids.token()}
            while (answer := self.ask("POST", "/tell/", fields, cookie)) is None:
                self.again += 1
            status, location, _body, _cookie = answer
            assert status == 303, status
            self.acknowledged[words] = location.strip("/").rpartition("/")[2]

    def page(self) -> tuple[str, dict[str, str]]:
        while (answer := self.ask("GET", "/tell/", {}, "")) is None:
            pass
        _status, _location, body, cookie = answer
        hidden = {name: re.search(rf'name="{name}" value="([^"]+)"', body) for name in ("csrfmiddlewaretoken", "began")}
        return cookie, {name: found[1] for name, found in hidden.items() if found}

    def ask(self, method: str, path: str, fields: dict[str, str], cookie: str) -> tuple[int, str, str, str] | None:
        """Status, location, body and cookie; None where the server died before it answered."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
        try:
            line.request(method, path, urlencode(fields) or None, headers)
            answer = line.getresponse()
            body = answer.read().decode()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            line.close()
        given = (answer.getheader("Set-Cookie") or "").split(";")[0]
        return answer.status, answer.getheader("Location") or "", body, given


@pytest.fixture
def served() -> Iterator[tuple[subprocess.Popen[str], int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    keeper = mortal("web", str(port))
    try:
        yield keeper, port
    finally:
        with contextlib.suppress(ProcessLookupError):
            keeper.terminate()
        try:
            keeper.wait(15)
        finally:
            keeper.kill()
            keeper.wait()


def test_acknowledged_appeals_outlive_the_server(cast: Cast, served: tuple[Any, int]) -> None:
    office.put(tell_min_seconds=0, tell_limit_address=0, flood_guard="off")
    keeper, port = served
    enough = threading.Event()
    people = [Person(n, port, enough) for n in range(CLIENTS)]
    for person in people:
        person.start()
    for kill in range(KILLS):
        web = int(keeper.stdout.readline())  # one of the two; the other works on
        wait_for(people, 6 * (kill + 1))
        os.kill(web, signal.SIGKILL)  # in the middle of whatever it does for four people
    wait_for(people, 6 * (KILLS + 1))
    enough.set()
    for person in people:
        person.join(30)
    told = {words: receipt for person in people for words, receipt in person.acknowledged.items()}
    assert len(told) == sum(len(person.acknowledged) for person in people) >= 6 * (KILLS + 1)
    rows = list(Appeal.objects.filter(words__in=told).values_list("words", "receipt"))
    assert dict(rows) == told, "each receipt opens what was told"
    assert len(rows) == len(told), "sent again is not told twice"
    assert Appeal.objects.count() == len(told), "nothing that nobody was told of"
    assert not IdempotencyKey.objects.filter(result={}).exists(), "a key without its result"
    nothing_is_half_done()


def wait_for(people: list[Person], count: int) -> None:
    until = threading.Event()
    for _turn in range(600):
        if sum(len(person.acknowledged) for person in people) >= count:
            return
        until.wait(0.05)
    raise AssertionError("the server came not back")


def test_death_between_any_two_beats_of_filing_leaves_nothing_behind(cast: Cast) -> None:
    beats = 30
    with mortal("beats", str(beats), CHENYUE_MORTAL_PLACE=str(cast.place("金桂苑1幢").pk)) as process:
        assert process.stdout is not None
        told = dict(line.split() for line in process.stdout)
    assert process.returncode == 0
    assert 5 <= len(told) <= beats - 5, "some died, some lived"
    assert set(told.values()) == set(Appeal.objects.values_list("receipt", flat=True))
    nothing_is_half_done()


@pytest.mark.parametrize("die_at", [3, 7])
def test_two_workers_on_the_same_tick_do_it_once_even_if_one_dies(cast: Cast, die_at: int) -> None:
    for number in range(6):
        sample_case(cast, words=f"第{number}幢楼道的污水管堵了，臭水漫到一楼。")
    late = NOW + timedelta(days=30)
    Case.objects.update(next_at=NOW)
    entries = Entry.objects.filter(verb="case.escalated")
    before = entries.count()
    with mortal("ticks", str(die_at), CHENYUE_MORTAL_AT=late.isoformat()) as process:
        assert process.stdout is not None
        taken = [int(line) for line in process.stdout]
    assert len(taken) == 3, "one of four died before it could say anything"
    assert entries.count() > before
    steps = Counter((e.subject, e.data["clock"], e.data["step"]) for e in entries)
    assert set(steps.values()) == {1}, "no step twice"
    assert Case.objects.filter(next_at__lte=late).count() == 0, "none forgotten"
    keys = list(Message.objects.values_list("key", flat=True))
    assert len(keys) == len(set(keys))
    nothing_is_half_done()
