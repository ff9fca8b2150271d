"""Keyset pages: nothing twice, nothing missing, the same way back; counts stop at the cap."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Q, QuerySet

import cast as players
from chenyue.core.models import IdempotencyKey
from chenyue.core.paging import Order, capped, keyset

ORDER = Order("created_at", "id")

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows() -> list[IdempotencyKey]:
    # Three share each moment: the key must break the ties.
    return IdempotencyKey.objects.bulk_create(
        IdempotencyKey(scope="t", key=str(n), created_at=players.NOW + timedelta(minutes=n // 3)) for n in range(23)
    )


def test_forward_and_back_show_each_row_once(rows: list[IdempotencyKey]) -> None:
    everything = IdempotencyKey.objects.filter(scope="t")
    expected = [r.pk for r in everything.order_by("-created_at", "-id")]
    pages, cursor = [], ""
    while True:
        page = keyset(everything, ORDER, cursor, 5)
        pages.append(page)
        if not page.next:
            break
        cursor = page.next
    assert [r.pk for page in pages for r in page.rows] == expected
    assert pages[0].previous == ""
    assert pages[-1].next == ""
    back = [pages[-1]]
    while back[-1].previous:
        back.append(keyset(everything, ORDER, back[-1].previous, 5))
    assert [[r.pk for r in p.rows] for p in reversed(back)] == [[r.pk for r in p.rows] for p in pages]


def test_rising_order(rows: list[IdempotencyKey]) -> None:
    rising = Order("created_at", "id", descending=False)
    first = keyset(IdempotencyKey.objects.filter(scope="t"), rising, "", 4)
    second = keyset(IdempotencyKey.objects.filter(scope="t"), rising, first.next, 4)
    assert [r.key for r in first.rows + second.rows] == [str(n) for n in range(8)]


@pytest.mark.parametrize("cursor", ["x", "!!!!", "W10", "WzEsMl0", "bnVsbA", "é"])
def test_a_broken_cursor_shows_the_first_page(rows: list[IdempotencyKey], cursor: str) -> None:
    page = keyset(IdempotencyKey.objects.filter(scope="t"), ORDER, cursor, 5)
    assert page.rows[0].key == "22"
    assert page.previous == ""


def test_branches_are_put_together_and_only_what_is_asked_is_read(rows: list[IdempotencyKey]) -> None:
    everything = IdempotencyKey.objects.filter(scope="t")
    ends = [Q(key__endswith=str(n)) for n in (1, 2, 7)] + [Q(key__startswith="2")]  # 2, 21 and 22 pass two of them
    plain = everything.filter(ends[0] | ends[1] | ends[2] | ends[3])
    cursor, found = "", []

    def columns(rows: QuerySet[IdempotencyKey]) -> QuerySet[Any]:
        return rows.values_list("pk", "id", "created_at", named=True)

    while cursor or not found:
        page = keyset(everything, ORDER, cursor, 4, branches=ends, columns=columns)
        found += page.rows
        cursor = page.next
    assert [row.pk for row in found] == [row.pk for row in plain.order_by("-created_at", "-id")]


def test_an_empty_list() -> None:
    page = keyset(IdempotencyKey.objects.filter(scope="none"), ORDER, "", 5)
    assert (page.rows, page.next, page.previous) == ([], "", "")


def test_counts_in_one_statement_up_to_the_cap(
    rows: list[IdempotencyKey], django_assert_num_queries: pytest.FixtureRequest
) -> None:
    everything = IdempotencyKey.objects.filter(scope="t")
    with django_assert_num_queries(1):  # type: ignore[operator]
        counts = capped({"all": everything, "none": everything.none(), "few": everything.filter(key__in="123")}, cap=10)
    assert counts == {"all": 11, "none": 0, "few": 3}
