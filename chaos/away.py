"""PostgreSQL goes: restarted, killed, one of its processes killed, away for half a minute."""

import importlib.util
import sys
import time
from typing import Any

from chaos.house import ROOT
from chaos.stage import Scene, Stage, play

Result = dict[str, Any]
AWAY = 30.0  # seconds


def restart(stage: Stage) -> Result | None:
    """Restarts in turn: in order, at once, and one process killed, which makes it end all others and recover."""
    cluster = stage.cluster
    if cluster is None:
        return None

    def act(scene: Scene) -> None:
        moments = []
        for how in ("fast", "immediate", "backend") * 3:
            moments.append(time.monotonic())
            if how == "backend":
                cluster.kill_backend()
            else:
                cluster.stop(how)
                cluster.start()
            scene.wait_for_act()
            time.sleep(1.5)
        scene.facts |= {"kills": len(moments), "kills_at": moments}

    return play(stage, "restart", act)


def away(stage: Stage) -> Result | None:
    """PostgreSQL is stopped for half a minute, twice. What the spool takes in meanwhile counts as acknowledged."""
    cluster = stage.cluster
    if cluster is None:
        return None

    def act(scene: Scene) -> None:
        back = []
        for _time in range(2):
            cluster.stop("immediate")
            time.sleep(AWAY)
            cluster.start()
            back.append(round(scene.wait_for_act(), 2))
            time.sleep(5)
        scene.facts |= {"away_s": AWAY, "back_s": back, "spool": spool(), "drained_s": drained(scene)}
        if scene.facts["drained_s"] is None:
            scene.wrong.append("something still waits in the spool, or was set aside")

    return play(stage, "away", act)


def spool() -> bool:
    """Whether the product keeps appeals while its database is away."""
    path = str(ROOT / "src")
    if path not in sys.path:
        sys.path.insert(0, path)
    return importlib.util.find_spec("chenyue.core.spool") is not None


def drained(scene: Scene, seconds: float = 120.0) -> float | None:
    """Seconds until nothing waits in the spool any more; None if something still does."""
    began = time.monotonic()
    folder = scene.house.home / "spool"
    while time.monotonic() - began < seconds:
        if not [*folder.glob("*.kept"), *folder.glob("*.stuck")]:
            return round(time.monotonic() - began, 2)
        time.sleep(0.2)
    return None
