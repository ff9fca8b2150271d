"""A short round for every parser, the same in each run; a long one by `python -m fuzz`, never twice the same."""

import importlib
import os
import random
import time
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from cast import Cast
from fuzz.targets import TARGETS, Target

for kind in ("tables", "texts", "files", "wire", "offices"):
    importlib.import_module(f"fuzz.of_{kind}")

SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))  # for each target; 0: the short round
ONLY = [name for name in os.environ.get("FUZZ_ONLY", "").split(",") if name]


def round_of(target: Target, examples: int) -> Counter[str]:
    """So many inputs, chosen anew each time when by hand; how many were answered and how many refused."""
    came: Counter[str] = Counter()

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
        came[target.once(value)] += 1

    (seed(random.getrandbits(64))(tried) if SECONDS else tried)()
    return came


@pytest.mark.parametrize("name", [name for name in TARGETS if not ONLY or name in ONLY])
def test_it_answers_or_refuses(name: str, cast: Cast) -> None:
    if not SECONDS:
        assert round_of(TARGETS[name], TARGETS[name].examples).total() > 0
        return
    until, came = time.monotonic() + SECONDS, Counter[str]()
    while time.monotonic() < until:
        came += round_of(TARGETS[name], 50)
    print(f"\n{name}: {dict(came)}")
    assert came.total() > 0
