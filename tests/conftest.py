"""Fixtures of all tests: the compiled words, one seeded database, and the cast."""

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client, TransactionTestCase

import cast as players
import memory
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
        asks = sure[item.path] or ASKS & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db")
        (kept if asks and not item.get_closest_marker("own_database") else apart).append(item)
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


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector needn't look through all of it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)  # as the product's web processes


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """The test database holds the office of the cast: places, calendar, units, catalogue, roles, members."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        players.seed()
        kept = restore.keep()
        memory.read_once()
    # A test that commits gets the same rows back afterwards, triggers or not.
    TransactionTestCase._fixture_teardown = lambda self: restore.put_back(kept)  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _fresh_memory() -> Iterator[None]:
    """What one test cached or chose must not reach the next."""
    from django.utils import translation

    from chenyue.core import snapshots

    memory.fresh()
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
