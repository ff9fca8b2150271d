"""`python -m chaos ha`: three machines on this one, the product and its clients, all faults in turn, the reckoning.

python -m chaos ha                       every fault twice; about half an hour; writes chaos/results/ha.json, docs/ha.md
python -m chaos ha --rounds 1 --only cut --only freeze
python -m chaos ha --only cut --add      some more of these; adds to what is kept
python -m chaos ha --keep                leaves folders and logs for a look

Needs root, network namespaces, and Debian's packages of PostgreSQL, Patroni, etcd and HAProxy.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from chaos.crowd import tail
from chaos.diary import DONE, Read
from chaos.ha import report
from chaos.ha.cluster import Cluster, absent
from chaos.ha.faults import FAULTS, Fault, last
from chaos.ha.watching import Watch
from chaos.reckoning import longest_gap
from chaos.stage import Scene, Stage, free_port, play

PEOPLE = 600
REST = 2.0  # seconds of peace between two faults
Result = dict[str, Any]


def main(words: list[str]) -> int:
    """0 if nothing was lost and nobody waited longer than promised."""
    from chaos.house import adopt

    options = read_options(words)
    missing = absent()
    if os.getuid() != 0 or missing:
        print(
            "Three machines on this one need root"
            + (f", and Debian's packages: apt-get install {' '.join(missing)}" if missing else "."),
            file=sys.stderr,
        )
        return 2
    adopt()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing is left behind
    folder = Path(tempfile.mkdtemp(prefix="chaos-ha-"))
    folder.chmod(0o711)
    cluster = Cluster(folder, free_port())
    try:
        cluster.make()
        cluster.start()
        result = run(Stage(folder, cluster), cluster, options)  # type: ignore[arg-type]
        good = report.say(result)
        if options.add or not options.only:
            report.write(result, add=options.add)
            report.write_page()
        return 0 if good else 1
    finally:
        cluster.remove()
        if options.keep:
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def read_options(words: list[str]) -> argparse.Namespace:
    names = [fault.name for fault in FAULTS]
    options = argparse.ArgumentParser("chaos ha", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--only", action="append", choices=names, help="this fault only; may be repeated")
    options.add_argument("--add", action="store_true", help="to the results that are kept, instead of replacing them")
    options.add_argument("--keep", action="store_true")
    return options.parse_args(words)


def run(stage: Stage, cluster: Cluster, options: argparse.Namespace) -> Result:
    """All faults, so many rounds of them, and what came of it."""
    stage.prepare(PEOPLE)
    watch = Watch(cluster)
    struck: list[Result] = []

    def act(scene: Scene) -> None:
        watch.begin(cluster.url(""))
        for number in range(options.rounds):
            for fault in FAULTS:
                if not options.only or fault.name in options.only:
                    print(f"round {number + 1}: {fault.told} …", flush=True)
                    struck.append(strike(scene, cluster, fault))
                    print(f"  {struck[-1]}", flush=True)
        scene.facts["watch_wrong"] = watch.end(cluster.url(""))
        scene.wrong += scene.facts["watch_wrong"]
        scene.wrong += [f"{one['fault']}: not whole again" for one in struck if one["whole_s"] is None]
        left = [*(scene.house.home / "spool").glob("*.kept"), *(scene.house.home / "spool").glob("*.stuck")]
        scene.wrong += [f"still in the spool: {len(left)}"] if left else []

    def measured(_home: Path, read: Read) -> list[str]:
        gaps(struck, read)
        return []

    result = play(stage, "ha", act, also=measured)
    return result | {
        "struck": struck, "watch_written": len(watch.written), "watch_looks": watch.looks,
        "two_named": watch.two_named, "two_open": watch.two_open,
    }  # fmt: skip


def strike(scene: Scene, cluster: Cluster, fault: Fault) -> Result:
    """One fault, until all is well again."""
    cluster.wait_whole()
    leader, node = cluster.role("leader"), cluster.role(fault.of) or "a"
    moment = time.monotonic()
    undo = fault.strike(cluster, node)
    last(cluster, fault, node, lambda since: stored_since(scene, since))
    ended = time.monotonic()
    undo()
    while not stored_since(scene, ended) and time.monotonic() - ended < 60:
        time.sleep(0.1)
    whole = cluster.wait_whole()
    scene.wait_until_whole()
    found = {
        "fault": fault.name, "node": node, "moved": cluster.role("leader") != leader, "at": moment, "until": 0.0,
        "lasted_s": round(ended - moment, 1), "whole_s": None if whole is None else round(time.monotonic() - ended, 1),
    }  # fmt: skip
    time.sleep(REST)
    return found | {"until": time.monotonic()}


def stored_since(scene: Scene, moment: float) -> bool:
    """Whether anything was asked for after this moment and is stored in the database, not kept for later."""
    return any(
        line["event"] == DONE and line["asked"] >= moment and not line.get("kept")
        for path in scene.crowd.folder.glob("diary-*.jsonl")
        for line in tail(path)
    )


def gaps(struck: list[Result], read: Read) -> None:
    """Add to each fault the longest time without anything stored, and how much was kept in the spool.

    `back_s`: until the end of the first act that was asked for after the fault and is stored.
    """
    done = [act for act in read.acts if act.state == DONE]
    for one in struck:
        begun, ended = one.pop("at"), one.pop("until")
        here = [act for act in done if begun <= act.done <= ended]
        stored = [act.done for act in here if not act.kept]
        one["gap_s"] = round(longest_gap([begun, *stored]), 2)
        later = [act.done for act in done if act.asked >= begun and not act.kept]
        one["back_s"] = round(min(later) - begun, 2) if later else None
        one["kept"] = sum(act.kept for act in here)
