"""Scenarios beside the kills: a power cut, a full disk, a clock that jumps, everything twice at once."""

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chaos import diary, power
from chaos.house import ROOT, kill
from chaos.postgres import Cluster
from chaos.reckoning import Verdict
from chaos.shim import Clock, build
from chaos.stage import Scene, Stage, free_port, play, reckon, scene

Result = dict[str, Any]
CUTS, LOADED = 10, 12.0  # moments of power cuts; seconds of work that they are taken from
SPARE = 48 * 2**20  # bytes of the small disk before it is filled
HOUR = 3600
JUMPS = (6 * HOUR, 0, -HOUR, 20 * HOUR, 0)  # where the clock stands, one after the other
NO_COMPILER = {"left_out": "no C compiler on this machine, so nothing could be preloaded"}


def cut_power(stage: Stage) -> Result:
    """The files as power cuts at moments by dice would have left them: each opened by the product and reckoned."""
    shim = build(stage.folder)
    if shim is None:
        return NO_COMPILER
    return _postgres(stage, stage.cluster, shim) if stage.cluster else _sqlite(stage, shim)


def _sqlite(stage: Stage, shim: Path) -> Result:
    home, journal = stage.folder / "power", stage.folder / "power.journal"
    told = {"LD_PRELOAD": str(shim), "CHAOS_JOURNAL": str(journal), "CHAOS_ROOT": str(home)}
    diaries = _load(stage, told)
    found = _cuts(
        journal, power.Disk(home, stage.folder / "base"), CUTS, stage.folder / "cut",
        lambda cut, at: reckon(stage, diary.read(diaries, at), cut),
    )  # fmt: skip
    journal.unlink()
    return found


def _postgres(stage: Stage, cluster: Cluster, shim: Path) -> Result:
    """Of PostgreSQL's own files: it runs with the shim, and each cut is recovered by another server."""
    journal, base = cluster.folder / "power.journal", cluster.folder / "before"
    shim = Path(shutil.copy(shim, cluster.folder))
    journal.touch()
    shutil.chown(journal, cluster.data.owner())
    cluster.copy("chaos_base", "chaos")
    cluster.stop()
    subprocess.run(["cp", "-a", str(cluster.data), str(base)], check=True)
    cluster.preload = {"LD_PRELOAD": str(shim), "CHAOS_JOURNAL": str(journal), "CHAOS_ROOT": str(cluster.data)}
    cluster.start()
    try:
        diaries = _load(stage, {}, database_is_there=True)
    finally:
        cluster.stop("immediate")
        cluster.preload = {}
        cluster.start()
    other = Cluster(free_port(), cluster.folder / "cut")

    def judge(cut: Path, at: float) -> Verdict:
        subprocess.run(["chown", "-R", "--reference", str(base), str(other.folder)], check=True)
        cut.chmod(0o700)
        (cut / "postmaster.pid").unlink(missing_ok=True)
        other.start()
        try:
            aside = Stage(stage.folder, other)
            return reckon(aside, diary.read(diaries, at), stage.folder / "power", database="chaos", files=False)
        finally:
            other.stop("immediate")

    return _cuts(journal, power.Disk(cluster.data, base), CUTS // 2, other.data, judge)


def _load(stage: Stage, told: dict[str, str], *, database_is_there: bool = False) -> list[Path]:
    """Clients on a server whose writes are noted; their diaries."""
    with scene(stage, "power", database_is_there=database_is_there, **told) as found:
        found.wait_for_act()
        time.sleep(LOADED)
        found.crowd.stop()
        return sorted(found.crowd.folder.glob("diary-*.jsonl"))


def _cuts(
    journal: Path, disk: power.Disk, count: int, target: Path, judge: Callable[[Path, float], Verdict]
) -> Result:  # fmt: skip
    """Cut at so many moments, each with nothing and with some of what wasn't synced."""
    dice = random.Random(3)
    points, total, made = set(power.moments(journal, count, dice)), Verdict(), 0
    for number, record in enumerate(power.records(journal)):
        disk.take(record)
        for mode in (power.NOTHING, power.SOME) if number in points else ():
            shutil.rmtree(target, ignore_errors=True)
            subprocess.run(["cp", "-a", str(disk.base), str(target)], check=True)
            disk.cut(target, mode, dice)
            _add(total, judge(target, record.at))
            made += 1
    shutil.rmtree(target, ignore_errors=True)
    return total.shown() | {"cuts": made, "records": number + 1, "longest_gap_s": None}


def _add(total: Verdict, one: Verdict) -> None:
    total.acknowledged = max(total.acknowledged, one.acknowledged)
    total.kinds = max(total.kinds, one.kinds, key=lambda kinds: sum(kinds.values()))
    for name in ("lost", "duplicated", "wrong", "refused", "half_done"):
        getattr(total, name).extend(getattr(one, name))


def fill_disk(stage: Stage) -> Result:
    """A small disk is filled to the last byte under load, and some time later there is room again."""
    if os.getuid() != 0:
        return {"left_out": "only root may mount a small disk"}
    small = stage.folder / "small"
    small.mkdir(exist_ok=True)
    size = sum(path.stat().st_size for path in (stage.folder / "base").rglob("*") if path.is_file()) + SPARE
    command = ["mount", "-t", "tmpfs", "-o", f"size={size + 2**20}", "tmpfs", str(small)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        return {"left_out": "this machine doesn't let a small disk be mounted"}
    try:
        # Photographs are refused, rightly, long before the last byte: words must still be kept.
        stage = Stage(stage.folder, stage.cluster, stage.plan | {"photos": 0.0})
        return play(stage, "full", _fill, small / "home")
    finally:
        subprocess.run(["umount", "-l", str(small)], check=False)


def _fill(scene: Scene) -> None:
    ballast = scene.house.home.parent / "ballast"
    full_until = time.monotonic() + 8
    with ballast.open("wb", buffering=0) as file:
        while time.monotonic() < full_until:
            try:
                file.write(bytes(64 * 1024))
            except OSError:
                time.sleep(0.2)
    scene.facts["answers_when_full"] = dict(sorted(scene.crowd.read().faults.items()))
    ballast.unlink()
    scene.facts["back_after_room_s"] = round(scene.wait_for_act(), 2)
    time.sleep(4)


def jump_clock(stage: Stage) -> Result:
    """The server's clock jumps hours ahead and back, while clients work."""
    shim = build(stage.folder)
    if shim is None:
        return NO_COMPILER
    clock = Clock(shim, stage.folder / "clock.shift")

    def jump(scene: Scene) -> None:
        for seconds in JUMPS:
            time.sleep(4)
            clock.move(seconds)
            scene.wait_for_act()
        time.sleep(4)
        scene.facts["jumps"] = len(JUMPS)

    return play(stage, "clock", jump, **clock.environment)


def twice(stage: Stage) -> Result:
    """Each thing is sent twice at once with one key, and a second set of job workers works beside the first."""
    stage = Stage(stage.folder, stage.cluster, stage.plan | {"double": True})

    def act(scene: Scene) -> None:
        command = [sys.executable, str(ROOT / "manage.py"), "work"]
        second = subprocess.Popen(
            command, env=scene.house.environment, cwd=ROOT, stdout=scene.house.log, stderr=scene.house.log
        )
        time.sleep(12)
        kill(second.pid, 15)
        second.wait(30)

    return play(stage, "twice", act)
