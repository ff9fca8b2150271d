"""Counters for Prometheus; `views.metrics` shows them.

The web processes of `serve` each count in a file of their own, and whichever is asked shows the sum. A process that
was started again goes on counting beside what the one before it left, so that no counter falls.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest, multiprocess, values
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the library's name for it
MEMORY = "/dev/shm"  # noqa: S108 – a full disk would kill who writes to a mapped file
OURS, HELD = "chenyue-", "held"  # folders there, and the file in each that its server keeps locked

requests = Counter("chenyue_requests_total", "Requests answered", ["method", "view", "status"])
seconds = Histogram("chenyue_request_seconds", "Time from request to answer", ["view"], buckets=BUCKETS)


def count(method: str, view: str, status: int, took: float) -> None:
    """Count one answered request; `took` in seconds."""
    requests.labels(method if method in {"GET", "POST", "HEAD"} else "other", view, str(status)).inc()
    seconds.labels(view).observe(took)


Gauge = tuple[str, Callable[[], float]]
_watched: dict[str, Gauge] = {}


def watch(name: str, meaning: str, read: Callable[[], float]) -> None:
    """Show a number that is read when the counters are asked for."""
    _watched[name] = meaning, read


@contextmanager
def shared() -> Iterator[None]:
    """Count in common with all processes that are forked inside; to be entered before anything is counted."""
    place = Path(MEMORY if os.path.isdir(MEMORY) else tempfile.gettempdir())
    clear_dead(place)
    with tempfile.TemporaryDirectory(prefix=OURS, dir=place) as folder, open(Path(folder, HELD), "w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # children inherit it: it is held as long as one of them lives
        os.environ[FOLDER] = folder
        values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]
        yield


def clear_dead(place: Path) -> int:
    """Take away what a server that was killed has left here: ours, our user's, and held by nobody; how many."""
    gone = 0
    for folder in sorted(place.glob(f"{OURS}*")):
        with suppress(OSError):  # another user's, or just going
            if folder.is_symlink() or folder.lstat().st_uid != os.getuid():
                continue
            with open(folder / HELD) as held:  # without this file it is none of ours, or from before
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
                gone += 1
    return gone


def shown(
    now: Mapping[str, tuple[str, float]], ask: Callable[[Callable[[], float]], float] = lambda read: read()
) -> bytes:
    """All counters, and what is true `now`: name → (what it means, how many). `ask` reads a number that is watched."""
    registry = REGISTRY
    if FOLDER in os.environ:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    state = CollectorRegistry()
    watched = {name: (meaning, ask(read)) for name, (meaning, read) in _watched.items()}
    state.register(_Now({**now, **watched}))
    return generate_latest(registry) + generate_latest(state)


class _Now(Collector):
    """Numbers that are read when they are asked for."""

    def __init__(self, now: Mapping[str, tuple[str, float]]) -> None:
        self.now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One gauge each."""
        for name, (meaning, number) in self.now.items():
            yield GaugeMetricFamily(name, meaning, value=number)
