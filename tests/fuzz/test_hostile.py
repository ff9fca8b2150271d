"""Hostile forms and addresses at every door: a short round in each run, the same each time; long ones by hand.

By hand: `cd tests && PYTHONPATH=../src:. ../.venv/bin/python -m fuzz --doors 1800` (seconds; then names of doors, if
only some are meant). Each fault is told once, with the knock that shows it first.
"""

import os
import random
import time
from collections import Counter
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction

from cast import Cast
from chenyue.core.errors import Refusal
from fuzz import hostile
from fuzz.knocking import Fault, knock_at
from helpers import sample_case
from house.doors import DOORS
from house.test_doors import World

SECONDS = float(os.environ.get("FUZZ_DOORS_SECONDS", "0"))
ONLY = [name for name in os.environ.get("FUZZ_ONLY", "").split(",") if name]
SHARES = 8  # a run of the tests takes each eighth door; FUZZ_SHARE says from where, `python -m fuzz --doors` takes all
SHARE = int(os.environ.get("FUZZ_SHARE", "0"))
TIMES = 1  # hostile forms at each row in a run of the tests
TURN = 4  # … and in each turn by hand
SLOW = 4.0  # seconds; told in a run by hand, judged by whoever reads it


def walk(names: list[str], cast: Cast, seed: str, times: int, long: int, told: Counter[str]) -> list[Fault]:
    """Knock at these doors; the faults."""
    faults: list[Fault] = []
    again: list[str] = []
    with transaction.atomic():
        world = World(cast, sample_case(cast))
        for name in names:
            if not _at(name, world, seed, times, long, faults, told):
                again.append(name)  # a door before this one made in the world what this one wants to make
        transaction.set_rollback(True)
    for name in again:
        with transaction.atomic():
            _at(name, World(Cast(), sample_case(cast)), seed, times, long, faults, told)
            transaction.set_rollback(True)
    return faults


def _at(name: str, world: Any, seed: str, times: int, long: int, faults: list[Fault], told: Counter[str]) -> bool:
    try:
        for knocker in knock_at(name, world, random.Random(f"{seed} {name}"), times, long):
            faults += knocker.faults
            told["knocks"] += knocker.knocks
            told["doors"] += 1
            if SECONDS and knocker.slowest > SLOW:
                print(f"slow: {name} {knocker.slowest:.1f} s")
            cache.clear()
    except Refusal:
        return False
    return True


@pytest.mark.skipif(bool(SECONDS), reason="a long round is running")
def test_no_hostile_form_is_a_fault_of_ours(cast: Cast) -> None:
    mine, told = list(DOORS)[SHARE % SHARES :: SHARES], Counter[str]()
    faults = walk(mine, cast, "晨约", TIMES, hostile.LONG // 10, told)
    assert told["knocks"] > len(mine)
    assert not faults, "\n".join(
        f"{fault.door} as {fault.who}: {fault.what} ({fault.where})\n  {fault.knock}" for fault in faults
    )


@pytest.mark.skipif(not SECONDS, reason="by hand: python -m fuzz --doors SECONDS")
def test_a_long_round(cast: Cast) -> None:
    names, told = ONLY or list(DOORS), Counter[str]()
    until, seen, turn = time.monotonic() + SECONDS, set(), 0
    start = random.getrandbits(32) if not os.environ.get("FUZZ_SEED") else int(os.environ["FUZZ_SEED"])
    print(f"\nseed {start}")
    while time.monotonic() < until:
        turn += 1
        for at in range(0, len(names), 20):
            for fault in walk(names[at : at + 20], cast, f"{start} {turn}", TURN, hostile.LONG * 3, told):
                if fault.sign not in seen:
                    seen.add(fault.sign)
                    print(f"{fault.door} as {fault.who}: {fault.what} ({fault.where})\n  {fault.knock}", flush=True)
            if time.monotonic() > until:
                break
    print(f"{turn} turns, {dict(told)}, {len(seen)} faults")
    assert not seen
