"""What is tidied by night."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from chenyue.core import chores, ticks
from chenyue.core.models import IdempotencyKey

AT = datetime(2026, 3, 2, 3, tzinfo=UTC)


@pytest.mark.django_db
def test_indexes_are_weighed_by_night() -> None:
    assert "core.weigh" in ticks.known()
    assert chores.weigh(AT) == {}


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL weighs by itself")
def test_an_index_of_few_values_is_known_to_hold_many_of_each() -> None:
    IdempotencyKey.objects.bulk_create(
        IdempotencyKey(scope="one" if n % 2 else "two", key=str(n), created_at=AT) for n in range(3000)
    )
    chores.weigh(AT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = 'core_idempotencykey'")
        weights = {row[0].split()[1] for row in cursor.fetchall() if len(row[0].split()) > 2}
    assert weights == {"1500"}
