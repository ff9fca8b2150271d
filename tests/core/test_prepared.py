"""Prepared queries give what their querysets would, for every new value, and say their SQL once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Exists, OuterRef, QuerySet

from chenyue.core.models import Counter, IdempotencyKey
from chenyue.core.prepared import prepared
from chenyue.people.models import Grant, Member
from helpers import count

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@prepared
def since(scopes: tuple[str, ...], *, at: Any) -> QuerySet[IdempotencyKey]:
    return IdempotencyKey.objects.filter(scope__in=scopes, created_at__gte=at).order_by("created_at")


@prepared
def keys(*, scope: Any) -> QuerySet[Any]:
    return IdempotencyKey.objects.filter(scope=scope).order_by("key").values_list("key", flat=True)


@prepared
def members(*, name: Any) -> QuerySet[Member]:
    rows = Member.objects.annotate(may_something=Exists(Grant.objects.filter(member=OuterRef("pk"))))
    return rows.select_related("unit").prefetch_related("grants").filter(username=name)


@pytest.fixture
def rows() -> None:
    for n in range(3):
        IdempotencyKey.objects.create(
            scope="ab"[n % 2], key=str(n), created_at=AT + timedelta(hours=n), result={"n": n}
        )


def test_each_value_finds_its_own_rows(rows: None) -> None:
    assert [r.result for r in since(("a", "b"), at=AT)] == [{"n": 0}, {"n": 1}, {"n": 2}]
    assert [r.key for r in since(("a", "b"), at=AT + timedelta(hours=1))] == ["1", "2"]
    assert [r.created_at for r in since(("a",), at=AT)] == [AT, AT + timedelta(hours=2)]
    assert since.first(("a",), at=AT + timedelta(days=1)) is None


def test_tuples_come_as_they_would(rows: None) -> None:
    assert keys(scope="a") == ["0", "2"]
    assert keys(scope="b") == ["1"]
    assert keys(scope="' OR 1=1 --") == []


def test_what_is_selected_beside_comes_along(cast: Any) -> None:
    members(name="nobody")
    found: Any = members.first(name="li")
    assert (found, found.unit, found.may_something) == (cast.li, cast.li.unit, True)
    assert count(lambda: members(name="lin")) == 2  # the member, and the grants
    assert list(found.grants.all()) == list(cast.li.grants.all())
    assert found.phone == cast.li.phone  # decrypted


def test_the_sql_is_made_once_for_each_shape(rows: None) -> None:
    made = []

    @prepared
    def counters(names: tuple[str, ...], *, value: Any) -> QuerySet[Counter]:
        made.append(names)
        return Counter.objects.filter(name__in=names, value__gt=value)

    for value in range(3):
        counters(("a",), value=value)
        counters((), value=value)  # nothing can pass: no statement at all
    assert made == [("a",), ()]
    assert count(lambda: counters((), value=1)) == 0


def test_other_kinds_of_rows_are_refused() -> None:
    @prepared
    def dicts(*, name: Any) -> QuerySet[Any]:
        return Counter.objects.filter(name=name).values("name")

    with pytest.raises(TypeError):
        dicts(name="x")
