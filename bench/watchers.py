"""Five hundred who watch a queue, and a call every second: does each call reach each of them, and how soon?

python -m bench --watchers            screens and ticket pages on event streams, by the real server
                                      then fewer, while its web process is killed in the middle

The calls are made by this process, as a member's request would make them in another one; the watchers live in a third.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.server import ROOT, Server, family

WATCHERS, SCREENS, CALLS = 500, 20, 20
READY = 60.0  # seconds that the watchers may take to come


@dataclass
class Run:
    """What one round found; times in milliseconds from the commit of a call to its arrival."""

    watchers: int
    calls: int
    killed: bool
    cpu: float = 0.0  # seconds of the server, for each second
    memory_mb: float = 0.0
    missed: int = 0  # pairs of a call and a watcher that it never reached
    times: list[float] = field(default_factory=list)

    def share(self, part: float) -> float:
        return sorted(self.times)[min(len(self.times) - 1, int(len(self.times) * part))] if self.times else 0.0

    def shown(self) -> dict[str, Any]:
        return {
            "watchers": self.watchers, "calls": self.calls, "killed": self.killed, "missed": self.missed,
            "p50_ms": round(self.share(0.5)), "p95_ms": round(self.share(0.95)), "max_ms": round(self.share(1)),
            # What a killed process had used is gone with it.
            "cpu_share": None if self.killed else round(self.cpu, 3), "memory_mb": round(self.memory_mb, 1),
        }  # fmt: skip


class Queue:
    """A sitting that runs now, with enough people in its line."""

    def __init__(self) -> None:
        from django.utils import timezone

        from chenyue.core import ids
        from chenyue.people.models import Member
        from chenyue.reception.models import Sitting, Venue
        from chenyue.reception.queue import actions

        self.actions = actions
        # Two members, one at each window, as far as the office has them.
        members = Member.objects.filter(username__in=["li", "zhao"]).select_related("unit").order_by("username")
        self.members = [member.actor() for member in members]
        at = timezone.localtime()
        self.venue = Venue.objects.create(
            name=f"叫号压力 {ids.token()[:6]}",
            windows=2,
            capacity=200,
            feed_token=ids.token(),
            screen_token=ids.token(),
        )
        begins = at - timedelta(minutes=5)
        self.sitting = Sitting.objects.create(
            venue=self.venue, day=at.date(), starts_at=begins, ends_at=at + timedelta(hours=12), capacity=200
        )
        actions.open_sitting(sitting=self.sitting, by=self.members[0], at=at)
        self.there: dict[int, Any] = {}

    def keys(self) -> dict[str, str]:
        from chenyue.reception import live

        return {"screen": live.key_of_screen(self.venue), "line": live.key_of_line(self.venue.pk, self.sitting.day)}

    def fill(self, people: int) -> None:
        from django.utils import timezone

        for _person in range(people):
            self.actions.take_ticket(sitting=self.sitting, by=self.members[0], at=timezone.now())

    def call(self, number: int) -> tuple[str, float]:
        """Send the visitor of a window home and call the next there; the label, and when it was committed."""
        from django.utils import timezone

        window, by = 1 + number % 2, self.members[number % 2]
        if window in self.there:
            self.actions.finish(ticket=self.there[window], by=by, at=timezone.now())
        self.there[window] = self.actions.call_next(sitting=self.sitting, window=window, by=by, at=timezone.now())
        return self.there[window].label, time.time()


def run(server: Server, queue: Queue, watchers: int, screens: int, calls: int, kill_after: int = 0) -> Run:
    """One round: so many watchers, a call every second."""
    queue.fill(calls)
    dice = random.Random(7)
    command = [
        sys.executable,
        "-m",
        "bench.watching",
        str(server.port),
        str(watchers),
        str(screens),
        json.dumps(queue.keys()),
    ]
    clients = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert clients.stdin is not None
    assert clients.stdout is not None
    assert clients.stdout.readline().strip() == "ready", "the watchers didn't come"
    cpu, began = server.cpu(), time.time()
    sent: dict[str, float] = {}
    for number in range(calls):
        label, at = queue.call(number)
        sent[label] = at
        if kill_after and number + 1 == kill_after:
            os.kill(web_of(server), signal.SIGKILL)
        # Not in step with the poller: each call comes at another moment of its half second.
        time.sleep(max(0.0, began + number + 1 + dice.random() / 2 - time.time()))
    time.sleep(4 if kill_after else 2)
    found = Run(watchers, calls, bool(kill_after))
    found.cpu = (server.cpu() - cpu) / (time.time() - began)
    found.memory_mb = server.memory()
    clients.stdin.close()
    seen: list[dict[str, float]] = json.loads(clients.stdout.read())
    clients.wait(30)
    for one in seen:
        found.missed += sum(label not in one for label in sent)
        found.times += [(one[label] - at) * 1000 for label, at in sent.items() if label in one]
    return found


def web_of(server: Server) -> int:
    """The web process: the first child of the keeper."""
    return min(pid for pid in family(server.process.pid) if pid != server.process.pid)


def main() -> int:
    """Both rounds; 1 if a call was missed."""
    from django.db import connection

    log = Path(os.environ["CHENYUE_HOME"]) / "bench-server.log"
    server = Server(log)
    try:
        queue = Queue()
        rounds = [run(server, queue, WATCHERS, SCREENS, CALLS), run(server, queue, 40, 40, 10, kill_after=4)]
    finally:
        server.stop()
    result = {"database": connection.vendor, "rounds": [found.shown() for found in rounds]}
    folder = ROOT / "bench" / "results" / "watchers"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{connection.vendor}.json").write_text(json.dumps(result, indent=1) + "\n")
    for found in result["rounds"]:
        told = ", its web process killed after the fourth call" if found["killed"] else ""
        print(f"{found['watchers']} watchers, {found['calls']} calls{told}: {found['missed']} missed")
        print(
            f"  arrived after {found['p50_ms']} ms (half), {found['p95_ms']} ms (19 of 20), {found['max_ms']} ms (all)"
        )
        if not found["killed"]:
            print(f"  the server used {found['cpu_share']:.0%} of one core and {found['memory_mb']} MB")
    return int(any(found.missed for found in rounds))
