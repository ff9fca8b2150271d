"""Somebody on each machine who writes into its PostgreSQL whenever that lets itself be written to.

They go past HAProxy, over the machine's own socket, so that a leader that was cut off is asked too. What was
acknowledged must be in the cluster at the end; and once a younger leader has acknowledged something, an older one may
acknowledge nothing that was asked after that. Leaders are told apart by their timelines.
"""

import contextlib
import threading
import time
from dataclasses import dataclass, field

import psycopg

from chaos.ha.cluster import Cluster

EVERY = 0.4  # seconds
TABLE = "ha_watch"
INSERT = (
    f"INSERT INTO {TABLE} (node, number) VALUES (%s, %s) "
    "RETURNING ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::int"
)


@dataclass
class Written:
    """One row that was acknowledged."""

    node: str
    number: int
    timeline: int
    asked: float
    done: float


@dataclass
class Watch:
    """What all of them wrote, and how many leaders HAProxy and Patroni named at once."""

    cluster: Cluster
    written: list[Written] = field(default_factory=list)
    two_open: int = 0  # looks at which HAProxy let connections go to two machines; one of them refuses to write
    two_named: int = 0  # looks at which two machines said at once that they lead
    looks: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    def begin(self, url: str) -> None:
        """Make their table and start them."""
        with psycopg.connect(url) as line:
            line.execute(f"CREATE TABLE {TABLE} (node text, number int, PRIMARY KEY (node, number))")
        work = [(self._write, (name,)) for name in self.cluster.nodes] + [(self._look, ())]
        for act, words in work:
            one = threading.Thread(target=act, args=words, daemon=True)
            one.start()
            self.threads.append(one)

    def _write(self, node: str) -> None:
        number = 0
        while not self.stopping.is_set():
            with (
                contextlib.suppress(psycopg.Error),
                psycopg.connect(self.cluster.inside(node), autocommit=True) as line,
            ):
                while not self.stopping.wait(EVERY):
                    found = line.execute("SELECT pg_is_in_recovery()").fetchone()
                    if found is None or found[0]:
                        continue
                    asked = time.monotonic()
                    number += 1
                    row = line.execute(INSERT, (node, number)).fetchone()
                    self.written.append(Written(node, number, row[0] if row else 0, asked, time.monotonic()))
            self.stopping.wait(EVERY)

    def _look(self) -> None:
        while not self.stopping.wait(EVERY):
            self.looks += 1
            self.two_open += len(self.cluster.open()) > 1
            named = [name for name in self.cluster.nodes if self.cluster.ask(name, "/primary", 0.5)[0] == 200]
            if len(named) > 1:  # one after the other was asked: a hand-over between two answers isn't two leaders
                named = [name for name in named if self.cluster.ask(name, "/primary", 0.5)[0] == 200]
            self.two_named += len(named) > 1

    def end(self, url: str) -> list[str]:
        """Stop them; what went wrong, in sentences."""
        self.stopping.set()
        for one in self.threads:
            one.join(10)
        with psycopg.connect(url) as line:
            there = {(row[0], row[1]) for row in line.execute(f"SELECT node, number FROM {TABLE}").fetchall()}
            line.execute(f"DROP TABLE {TABLE}")
        return judged(self.written, there)


def judged(written: list[Written], there: set[tuple[str, int]]) -> list[str]:
    """What is wrong with what was written, against what is there at the end. Pure."""
    wrong = [f"written on {one.node}, gone: {one.number}" for one in written if (one.node, one.number) not in there]
    first: dict[int, float] = {}  # when each timeline first acknowledged anything
    for one in written:
        first[one.timeline] = min(first.get(one.timeline, one.done), one.done)
    for one in written:
        younger = [line for line, began in first.items() if line > one.timeline and began < one.asked]
        if younger:
            wrong.append(f"two leaders: {one.node} took a write on timeline {one.timeline} after {max(younger)} began")
    return wrong
