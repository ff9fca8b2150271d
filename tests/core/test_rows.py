"""Rows written by statements made once are the rows that Django would write."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from chenyue.core import rows
from chenyue.core.models import IdempotencyKey
from chenyue.people.models import Resident
from helpers import count

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def key(name: str, **more: Any) -> IdempotencyKey:
    return IdempotencyKey(scope="rows", key=name, created_at=AT, **more)


def test_one_statement_writes_many_and_brings_their_keys() -> None:
    made = [key("a", result={"n": 1}), key("b"), key("c")]
    assert count(lambda: rows.insert_many(made)) == 1
    assert [IdempotencyKey.objects.get(pk=row.pk).key for row in made] == ["a", "b", "c"]
    read = IdempotencyKey.objects.get(key="a")
    assert (read.result, read.created_at) == ({"n": 1}, AT)
    assert count(lambda: rows.insert_many([])) == 0


def test_what_is_encrypted_stays_so() -> None:
    resident = Resident(name="陈", phone="13800000009", created_at=AT)
    rows.insert(resident)
    assert Resident.objects.get(pk=resident.pk).phone == "13800000009"
    rows.update(resident, [])
    resident.phone = "13800000008"
    assert count(lambda: rows.update(resident, ["phone"])) == 1
    assert Resident.objects.get(pk=resident.pk).phone == "13800000008"


def test_a_known_key_is_an_error_or_left_out() -> None:
    rows.insert(key("a"))
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert(key("a"))
    rows.insert_many([key("a"), key("b")], ignore=True)
    assert IdempotencyKey.objects.filter(scope="rows").count() == 2


def test_a_row_that_is_gone_is_said() -> None:
    with pytest.raises(DatabaseError):
        rows.update(IdempotencyKey(pk=987654, result={"n": 2}), ["result"])
