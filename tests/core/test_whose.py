"""What a process keeps in memory is kept apart by office, and the office goes with the context, not with the thread."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from chenyue.core import crypto, logs, office, snapshots
from chenyue.core.models import OfficeSetting
from chenyue.core.whose import carried, settle, whose, within


def test_one_office_has_no_name() -> None:
    assert whose() == ""
    with within("a"), within("b"):
        assert whose() == "b"
    assert whose() == ""


def test_another_thread_works_with_nobodys_data_unless_it_is_carried() -> None:
    with ThreadPoolExecutor(1) as pool, within("a"):
        assert pool.submit(whose).result() == ""
        assert pool.submit(carried(whose)).result() == "a"
        assert pool.submit(whose).result() == ""


def test_a_task_goes_on_where_it_was_begun() -> None:
    async def later() -> str:
        await asyncio.sleep(0)
        return whose()

    async def stream() -> str:
        settle("a")
        return await asyncio.ensure_future(later())

    async def both() -> tuple[str, str]:
        return await asyncio.ensure_future(stream()), whose()

    assert asyncio.run(both()) == ("a", "")


@pytest.fixture
def kept() -> Any:
    """A body of data that says whose it was loaded for, and how often."""
    loads: list[str] = []

    def load() -> str:
        loads.append(whose())
        return f"{whose()}:{len(loads)}"

    found: Any = snapshots.Snapshot("test-whose", load)
    found.loads = loads
    yield found
    snapshots._all.remove(found)


@pytest.mark.django_db
def test_snapshots_of_two_offices_of_the_same_version_are_two(kept: Any) -> None:
    with within("a"):
        assert kept.get() == "a:1"
    with within("b"):
        assert kept.get() == "b:2"
    with within("a"):
        assert kept.get() == "a:1"
    assert kept.loads == ["a", "b"]


@pytest.mark.django_db
def test_what_a_transaction_changed_is_read_by_its_office_only(kept: Any) -> None:
    for name in ("a", "b"):
        with within(name):
            kept.get()
    with transaction.atomic(), within("a"):
        snapshots.bump("test-whose")
        assert kept.get() == "a:3"
        with within("b"):
            assert kept.get() == "b:2"


@pytest.mark.django_db
def test_settings_are_held_apart() -> None:
    with within("a"):
        assert office.get("phone") == ""
    OfficeSetting.objects.create(name="phone", value="0571-1")  # past the actions: nobody is told
    with within("a"):
        assert office.get("phone") == ""
    with within("b"):
        assert office.get("phone") == "0571-1"


def test_ciphers_go_by_the_key_that_is_in_force_now() -> None:
    keys = {"secret_key": "00" * 32, "index_key": "00" * 32}
    with override_settings(SECRETS=keys | {"field_key": "11" * 32}):
        sealed = crypto.encrypt("13800000001", "x")
        assert crypto.decrypt(sealed, "x") == "13800000001"
    with override_settings(SECRETS=keys | {"field_key": "22" * 32}), pytest.raises(ValueError, match="field key"):
        crypto.decrypt(sealed, "x")


@pytest.mark.django_db
def test_two_catalogues_of_one_version_have_two_scorers() -> None:
    from chenyue.catalogue.queries import catalogue
    from chenyue.triage.scorer import scorer

    with within("a"):
        mine = scorer(catalogue())
        assert scorer(catalogue()) is mine
    with within("b"):
        assert scorer(catalogue()) is not mine
    with within("a"):
        assert scorer(catalogue()) is mine


def test_live_pages_have_a_hub_for_each_office() -> None:
    from chenyue.reception import live

    async def hubs() -> list[live.Hub]:
        found = []
        for name in ("a", "b", "a"):
            settle(name)
            found.append(live.hub())
        return found

    first, second, third = asyncio.run(hubs())
    assert first is third is not second


def test_a_line_of_the_log_names_the_office() -> None:
    with within("a"):
        assert logs._add_request_id(None, "info", {}) == {"office": "a"}
    assert logs._add_request_id(None, "info", {}) == {}
