"""Fixtures of all tests: the compiled words, one seeded database, and the cast."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, TransactionTestCase

import cast as players
import restore

ASKS = {"db", "transactional_db", "live_server", "django_db_serialized_rollback"}
SIGNS = ("subprocess", "DATABASE_URL", "django.db")  # a module that says one of these may ask it by another way,
# unless it is marked `own_database`


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--database-only`: for the second database of one run. What asks none came out the same on the first."""
    parser.addoption("--database-only", action="store_true", help="leave out tests that ask no database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what asks no database, if that was asked for."""
    if not config.getoption("database_only"):
        return
    sure: dict[Path, bool] = {}
    kept, apart = [], []
    for item in items:
        if item.path not in sure:
            sure[item.path] = any(sign in item.path.read_text(encoding="utf-8") for sign in SIGNS)
        asks = ASKS & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db")
        asks = asks or (sure[item.path] and not item.get_closest_marker("own_database"))
        (kept if asks else apart).append(item)
    config.hook.pytest_deselected(items=apart)
    items[:] = kept


def pytest_configure(config: pytest.Config) -> None:
    """Compile the words of the screens once, before parallel workers start."""
    if not hasattr(config, "workerinput"):
        from chenyue.core import words

        words.compile_all()
    if os.environ.get("CHENYUE_TWICE") == "1":
        import replay

        replay.install()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """The test database holds the office of the cast: places, calendar, units, catalogue, roles, members."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        players.seed()
        kept = restore.keep()
        _of_the_seeded_office.update(_read_once())
    # A test that commits gets the same rows back afterwards, triggers or not.
    TransactionTestCase._fixture_teardown = lambda self: restore.put_back(kept)  # type: ignore[method-assign]


# Bodies of data that are slow to read and that nearly every test reads, as they are in the seeded office. A test that
# changes them in its transaction reads its own; one that writes into their tables past the actions must `bump`.
SLOW_TO_READ = ("places", "catalogue", "calendar")
_of_the_seeded_office: dict[Any, Any] = {}


def _read_once() -> dict[Any, Any]:
    from chenyue.core import snapshots

    snapshots.forget_all()
    found = [snapshot for snapshot in snapshots._all if snapshot.name in SLOW_TO_READ]
    for snapshot in found:
        snapshot.get()
    return {snapshot: snapshot._held for snapshot in found}


@pytest.fixture(autouse=True)
def _fresh_memory() -> Iterator[None]:
    """What one test cached or chose must not reach the next."""
    from django.core.cache import cache
    from django.utils import translation

    from chenyue.core import snapshots

    snapshots.CHECK_EVERY = 3600  # a slow machine must not read the versions once more while statements are counted
    snapshots.forget_all()
    for snapshot, held in _of_the_seeded_office.items():
        snapshot._held = held
    cache.clear()
    with translation.override("zh-hans"):
        yield
    snapshots.forget_all()


@pytest.fixture(autouse=True)
def _nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test would keep on the disk for a database that is away must not be filed in the next.

    `tests/portal/test_spool.py` keeps, in a folder of its own.
    """
    from chenyue.portal import spooling

    monkeypatch.setattr(spooling, "possible_here", lambda: False)


@pytest.fixture
def cast(db: None) -> players.Cast:
    """The people of every story; see tests/cast.py."""
    return players.Cast()


@pytest.fixture
def client_of() -> Callable[..., Client]:
    """`client_of(cast.li)` is a browser in which that member has signed in; `client_of(None)` is anybody's."""
    return players.client_of
