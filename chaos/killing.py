"""Kill -9, again and again, of every part of the server while clients work."""

import random
import time
from collections import Counter

from chaos.stage import Scene, part

# What is hit how often. A dead parent takes all others with it, and so does "all": like a machine out of memory.
PARTS = {"web": 45, "workers": 22, "jobs": 14, "parent": 12, "all": 7}
REST = (0.1, 0.8)  # seconds of work between two kills


class Killing:
    """So many kills, or as many as fit into the time."""

    def __init__(self, kills: int, seconds: float, parts: dict[str, int] | None = None, seed: int = 11) -> None:
        self.kills, self.seconds, self.dice = kills, seconds, random.Random(seed)
        self.parts = parts or PARTS

    def __call__(self, scene: Scene) -> None:
        began = time.monotonic()
        moments: list[float] = []
        hit: Counter[str] = Counter()
        whole: list[float] = []
        while len(moments) < self.kills and time.monotonic() - began < self.seconds:
            part_hit = self.dice.choices(list(self.parts), list(self.parts.values()))[0]
            there = scene.house.parts() | {"all": [0]}
            if not there[part_hit]:
                time.sleep(0.05)
                continue
            moment = time.monotonic()
            scene.house.strike(part_hit, self.dice.choice(there[part_hit]))
            moments.append(moment)
            hit[part_hit] += 1
            scene.wait_for_act()
            scene.wait_until_whole()
            whole.append(time.monotonic() - moment)
            time.sleep(self.dice.uniform(*REST))
        scene.facts |= {
            "kills": len(moments), "killed": dict(hit), "kills_at": moments,
            "cleared_longest_s": part(scene.house.cleared, 1),
            "whole_median_s": part(whole, 0.5), "whole_longest_s": part(whole, 1),
        }  # fmt: skip
