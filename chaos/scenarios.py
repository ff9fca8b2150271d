"""All scenarios by name, in the order in which they run."""

import argparse
from collections.abc import Callable
from typing import Any

from chaos import away, backing, shaking
from chaos.killing import Killing
from chaos.stage import Stage, play

Result = dict[str, Any]
KILLING = 450.0  # seconds that the kills may take in all


def kill(stage: Stage, options: argparse.Namespace) -> Result:
    """Kill -9 of web processes, job workers, their minder, the parent, and of all at once."""
    return play(stage, "kill", Killing(options.kills, KILLING))


SCENARIOS: dict[str, Callable[[Stage, argparse.Namespace], Result | None]] = {
    "kill": kill,
    "power": lambda stage, _options: shaking.cut_power(stage),
    "full": lambda stage, _options: shaking.fill_disk(stage),
    "clock": lambda stage, _options: shaking.jump_clock(stage),
    "twice": lambda stage, _options: shaking.twice(stage),
    "backup": lambda stage, _options: backing.backups(stage),
    "restart": lambda stage, _options: away.restart(stage),
    "away": lambda stage, _options: away.away(stage),
}


def names() -> list[str]:
    return list(SCENARIOS)


def run(stage: Stage, options: argparse.Namespace) -> dict[str, Result]:
    """Those that were asked for; a scenario that this machine or database can't have says why."""
    found = {}
    for name, scenario in SCENARIOS.items():
        if options.only and name not in options.only:
            continue
        print(f"{name} …", flush=True)
        result = scenario(stage, options)
        if result is not None:
            found[name] = result
            print(f"  {result}", flush=True)
    return found
