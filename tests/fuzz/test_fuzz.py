"""A short round for every parser, the same in each run; a long one by `python -m fuzz`, never twice the same."""

import importlib
import os
import random
import time

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from cast import Cast
from fuzz.targets import TARGETS, Target

for kind in ("tables", "texts", "files", "wire"):
    importlib.import_module(f"fuzz.of_{kind}")

SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))  # for each target; 0: the short round
ONLY = [name for name in os.environ.get("FUZZ_ONLY", "").split(",") if name]


def round_of(target: Target, examples: int) -> None:
    """So many inputs, chosen anew each time when by hand."""

    @settings(
        max_examples=examples,
        derandomize=not SECONDS,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(target.inputs)
    def tried(value: object) -> None:
        target.once(value)

    (seed(random.getrandbits(64))(tried) if SECONDS else tried)()


@pytest.mark.parametrize("name", [name for name in TARGETS if not ONLY or name in ONLY])
def test_it_answers_or_refuses(name: str, cast: Cast) -> None:
    if not SECONDS:
        round_of(TARGETS[name], TARGETS[name].examples)
        return
    until, rounds = time.monotonic() + SECONDS, 0
    while time.monotonic() < until:
        round_of(TARGETS[name], 50)
        rounds += 1
    print(f"\n{name}: {rounds * 50} inputs")
