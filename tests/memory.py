"""What a process keeps in its memory between requests, and how a test begins without it."""

from typing import Any

# Bodies of data that are slow to read and that nearly every test reads, as they are in the seeded office. A test that
# changes them in its transaction reads its own; one that writes into their tables past the actions must `bump`.
SLOW_TO_READ = ("places", "catalogue", "calendar")
_of_the_seeded_office: dict[Any, Any] = {}


def read_once() -> None:
    """Read what stands in the seeded office."""
    from chenyue.core import snapshots

    snapshots.forget_all()
    found = [snapshot for snapshot in snapshots._all if snapshot.name in SLOW_TO_READ]
    for snapshot in found:
        snapshot.get()
    _of_the_seeded_office.update({snapshot: snapshot._held for snapshot in found})


def fresh() -> None:
    """Forget what was cached, but for what stands in the seeded office."""
    from django.core.cache import cache

    from chenyue.core import snapshots

    snapshots.CHECK_EVERY = 3600  # a slow machine must not read the versions once more while statements are counted
    snapshots.forget_all()
    for snapshot, held in _of_the_seeded_office.items():
        snapshot._held = held
    cache.clear()
