"""An office moves from SQLite to PostgreSQL: every row, every number that goes on, every chain."""

import os
from collections.abc import Iterator
from io import StringIO
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.backends.base.base import NO_DB_ALIAS

from cast import NOW, Cast
from chenyue.cases.models import Case
from chenyue.core.errors import Refusal
from chenyue.gateway import moving
from chenyue.people.models import Resident
from chenyue.timeline.models import Entry
from helpers import sample_case

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def empty_database(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a new PostgreSQL database; where there is none, the test is skipped with its reason."""
    url = os.environ.get("PG_URL", "")
    if connection.vendor != "sqlite" or not url:
        pytest.skip("moves from SQLite; PG_URL must name a PostgreSQL server on which databases may be made")
    import psycopg

    monkeypatch.setattr(moving, "THERE", NO_DB_ALIAS)  # the one name besides its own that a test may connect to
    name = f"chenyue_moved_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name}")
        server.execute(
            f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0 LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
        )
        yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        if moving.THERE in connections.databases:
            connections[moving.THERE].close()
            del connections[moving.THERE]
            del connections.databases[moving.THERE]
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def move(url: str) -> str:
    out = StringIO()
    call_command("move_office", to=url, stdout=out, stderr=out)
    return out.getvalue()


def careless(real: Any) -> Any:
    """Copies one moment of one resident wrongly."""

    def insert(database: Any, model: Any, fields: Any, rows: Any) -> None:
        if model is Resident and rows:
            rows[0].created_at = NOW.replace(year=2020)
        real(database, model, fields, rows)

    return insert


def test_an_office_arrives_whole(cast: Cast, empty_database: str, capfd: Any) -> None:
    import psycopg

    for n in range(3):
        sample_case(cast, words=f"第{n}幢的井盖响，“夜里”睡不着。😀\\")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(moving, "_insert", careless(moving._insert))
        with pytest.raises(CommandError) as refused:
            move(empty_database)
    assert "people_resident" in str(refused.value), "a row that differs undoes the move"
    with psycopg.connect(empty_database) as there:
        assert there.execute("SELECT count(*) FROM people_member").fetchone() == (0,)
    said = move(empty_database)
    assert "每一行都和原来的比对过" in said
    finished = capfd.readouterr().out
    assert "每条历史都验证过" in finished
    numbers = list(Case.objects.order_by("pk").values_list("number", flat=True))
    with psycopg.connect(empty_database) as there:
        assert [row[0] for row in there.execute("SELECT number FROM cases_case ORDER BY id")] == numbers
        assert there.execute("SELECT count(*) FROM cases_search").fetchone() == (3,)
        assert there.execute("SELECT count(*) FROM timeline_entry").fetchone() == (Entry.objects.count(),)
        new = there.execute("SELECT nextval(pg_get_serial_sequence('cases_case', 'id'))").fetchone()
        assert new is not None
        assert new[0] > Case.objects.latest("pk").pk, "the next case gets a number of its own"
        with pytest.raises(psycopg.errors.RaiseException):
            there.execute("DELETE FROM timeline_entry")
    with pytest.raises(CommandError) as refused:
        move(empty_database)
    assert "不是空的" in str(refused.value)


def test_what_the_other_database_would_refuse_is_named_before(cast: Cast, empty_database: str) -> None:
    filed = sample_case(cast)
    Case.objects.filter(pk=filed.case.pk).update(title="长" * 500)
    with pytest.raises(CommandError) as refused:
        move(empty_database)
    assert f"cases_case.title #{filed.case.pk}" in str(refused.value)


def test_only_from_sqlite_and_only_to_an_address(cast: Cast) -> None:
    for to in ("", "nonsense"):
        with pytest.raises((CommandError, Refusal)):
            call_command("move_office", to=to)
