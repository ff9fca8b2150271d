"""Snapshots: seen at once by all processes of a server, and never before they are committed."""

import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from chenyue.core import office, snapshots
from chenyue.core.models import OfficeSetting

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nothing_held() -> Iterator[None]:
    snapshots.forget_all()
    yield
    snapshots.forget_all()


def in_thread(act: Callable[[], Any]) -> Any:
    """What `act` gives in a thread with a connection of its own."""
    found: list[Any] = []

    def run() -> None:
        found.append(act())
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return found[0]


def test_another_process_of_the_server_sees_a_change_at_its_next_use() -> None:
    """`CHECK_EVERY` is an hour in tests: what is seen is seen by the shared mark."""
    office.put(short_name="早")
    assert office.get("short_name") == "早"
    connection.close()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            office.put(short_name="晚")
            connection.close()
            code = 0
        finally:
            os._exit(code)
    assert os.waitpid(child, 0)[1] == 0
    assert office.get("short_name") == "晚"


def test_what_is_not_committed_is_seen_by_its_own_transaction_only() -> None:
    office.put(short_name="早")
    with transaction.atomic():
        office.put(short_name="晚")
        assert office.get("short_name") == "晚"
        assert in_thread(lambda: office.get("short_name")) == "早"
    assert in_thread(lambda: office.get("short_name")) == "晚"
    assert office.get("short_name") == "晚"


def test_what_was_rolled_back_never_was() -> None:
    office.put(short_name="早")
    with transaction.atomic():
        office.put(short_name="晚")
        assert office.get("short_name") == "晚"
        transaction.set_rollback(True)
    assert office.get("short_name") == "早"
    with transaction.atomic():
        assert office.get("short_name") == "早"


def test_other_data_is_not_read_again(django_assert_num_queries: Any) -> None:
    office.put(short_name="早")
    office.get("short_name")
    with transaction.atomic():
        snapshots.bump("catalogue")
        with django_assert_num_queries(0):
            office.get("short_name")
    OfficeSetting.objects.filter(name="short_name").update(value="nobody said so")
    assert office.get("short_name") == "早", "its version is the same"
