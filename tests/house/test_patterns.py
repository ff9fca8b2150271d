"""No regular expression of the house can be made to run for ever by what somebody types."""

import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from house import patterns

pytestmark = pytest.mark.own_database
SILENT = 200  # seconds without a word after which the pattern last named is taken to hang
STARTS = 300  # seconds until the first word: everything is imported before


def lines(first: int) -> Iterator[str]:
    """What a process says that tries all patterns from the `first` on; it is killed where it falls silent."""
    command = [sys.executable, "-W", "ignore", str(Path(patterns.__file__)), str(first)]
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": os.pathsep.join(sys.path)}
    child = subprocess.Popen(command, stdout=subprocess.PIPE, env=env)
    assert child.stdout is not None
    said, patience = b"", STARTS
    try:
        while select.select([child.stdout], [], [], patience)[0]:
            piece = os.read(child.stdout.fileno(), 65536)
            if not piece:
                return
            said, patience = said + piece, SILENT
            *whole, said = said.split(b"\n")
            yield from (line.decode() for line in whole)
    finally:
        child.kill()
        child.wait()


def test_no_pattern_runs_for_ever() -> None:
    troubles, first = [], 0
    for _attempt in range(4):
        last = ""
        for line in lines(first):
            if line.startswith("slow "):
                troubles.append(line)
            last = line
        if not last.startswith("try "):
            break
        number, where = last.split()[1:]
        troubles.append(f"hangs {where}")
        first = int(number) + 1
    assert troubles == []
    assert last == "done"


@pytest.mark.parametrize(
    "careless",
    [
        r"^(?:\[[^\]]{1,6}\]|[\W_]|[a-zA-Z]+|好的?)+$",  # two ways to cut a word: for ever
        r"\d+(?:幢|栋)",  # starts anew at each digit
        r"\(.*?\)|\[.*?\]",  # each opening looks for its end
        r"(/[\w./%-]*)\?",
        r"(?:还没|还)+不",
    ],
)
def test_the_battery_finds_careless_ones(careless: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "GIVE_UP", 15.0)
    monkeypatch.setattr(patterns, "ALLOWED", 10.0)
    before = signal.signal(signal.SIGVTALRM, patterns._broken_off)
    try:
        assert patterns.trouble(patterns.Tried("here", re.compile(careless), whole=False), patterns.yard())
    finally:
        signal.signal(signal.SIGVTALRM, before)


def test_patterns_are_found_wherever_they_stand() -> None:
    where = {tried.where for tried in patterns.collected()}
    assert len(where) > 150
    for known in (
        "chenyue.gateway.chat.words.SHORT",
        "chenyue.gateway.chat.words.OFFICIAL",
        "chenyue.triage.roads._UNDER_WAY",
    ):
        assert known in where
    assert any(re.fullmatch(r"chenyue\.core\.tables:\d+", place) for place in where)  # written inside a function
