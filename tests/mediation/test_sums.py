"""Sums of money: in words and back, and in parts to the cent."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chenyue.mediation import capitals, instalments

CENTS = st.integers(0, 10**16 - 1)


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        # the examples of the rule itself (支付结算办法, annex 1)
        ("1409.50", "壹仟肆佰零玖元伍角"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
        ("107000.53", "壹拾万柒仟元零伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        # the land compensation of the reference
        ("156654", "壹拾伍万陆仟陆佰伍拾肆元整"),
        ("39163.50", "叁万玖仟壹佰陆拾叁元伍角"),
        ("21000000", "贰仟壹佰万元整"),
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.30", "叁角"),
        ("10", "壹拾元整"),
        ("100000001", "壹亿零壹元整"),
        ("100010000", "壹亿零壹万元整"),
        ("120000003", "壹亿贰仟万零叁元整"),
        ("1000000000000", "壹万亿元整"),
        ("99999999999999.99", "玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_sums_in_words(figures: str, words: str) -> None:
    assert capitals.in_words(Decimal(figures)) == words
    assert capitals.read_words(words) == Decimal(figures)


@given(CENTS)
def test_words_come_back_as_the_same_sum(cents: int) -> None:
    amount = Decimal(cents) / 100
    words = capitals.in_words(amount)
    assert capitals.read_words(words) == amount
    assert capitals.read_words(f"人民币{words}") == amount


@given(CENTS, CENTS)
def test_two_sums_never_share_their_words(one: int, other: int) -> None:
    if one != other:
        assert capitals.in_words(Decimal(one) / 100) != capitals.in_words(Decimal(other) / 100)


@pytest.mark.parametrize(
    ("words", "figures"),
    [
        ("人民币壹仟陆佰捌拾元叁角贰分", "1680.32"),  # the other form that the rule allows
        ("壹拾万零柒仟元伍角叁分", "107000.53"),
        ("贰万圆正", "20000"),
        ("拾伍元整", "15"),
        ("三万九千一百六十三元五角整", "39163.50"),
        ("两千元", "2000"),
        ("伍角整", "0.5"),
    ],
)
def test_words_are_read_as_people_write_them(words: str, figures: str) -> None:
    assert capitals.read_words(words) == Decimal(figures)


@pytest.mark.parametrize(
    "words",
    ["", "元", "整", "壹", "壹万", "壹万伍元", "叁佰伍元", "佰元", "壹拾佰元", "壹壹元", "壹零元", "贰仟叁仟元",
     "壹元贰元", "很多元", "壹元壹分壹角", "万元", "亿", "零零元", "壹万亿万元", "壹拾万万元"],
)  # fmt: skip
def test_words_that_no_one_can_be_sure_of_are_not_read(words: str) -> None:
    assert capitals.read_words(words) is None


@given(st.text(alphabet="零壹贰伍玖拾佰仟万亿元角分整 圆正", max_size=14))
def test_whatever_is_typed_is_read_or_not_but_never_breaks(words: str) -> None:
    found = capitals.read_words(words)
    assert found is None or 0 <= found <= capitals.LARGEST


@pytest.mark.parametrize("figures", ["-1", "0.001", "100000000000000"])
def test_no_words_for_what_is_no_sum(figures: str) -> None:
    with pytest.raises(ValueError, match="no sum"):
        capitals.in_words(Decimal(figures))


@given(CENTS, st.lists(st.integers(0, 10**6), min_size=1, max_size=40).filter(any))
def test_shares_add_up_and_are_within_a_cent(cents: int, weights: list[int]) -> None:
    total = Decimal(cents) / 100
    given_ = instalments.shares(total, weights)
    assert sum(given_) == total
    for share, weight in zip(given_, weights, strict=True):
        assert abs(Fraction(share) - Fraction(total) * weight / sum(weights)) < Fraction(1, 100)


def test_the_pool_of_the_reference_is_shared_exactly() -> None:
    assert instalments.equal_parts(Decimal(156_654), 4) == [Decimal("39163.50")] * 4
    assert instalments.equal_parts(Decimal("100"), 3) == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]


def test_months_that_are_too_short_end_on_their_last_day() -> None:
    found = instalments.plan(Decimal(10_000), first=date(2026, 12, 31), count=3)
    assert [(p.due_on, p.amount) for p in found] == [
        (date(2026, 12, 31), Decimal("3333.34")),
        (date(2027, 1, 31), Decimal("3333.33")),
        (date(2027, 2, 28), Decimal("3333.33")),
    ]


def test_a_first_payment_and_parts_of_one_size() -> None:
    found = instalments.plan(
        Decimal(11_500), first=date(2026, 11, 30), each=Decimal(3000), at_once=Decimal(5000), days=15
    )
    assert [(p.number, p.due_on.isoformat(), p.amount) for p in found] == [
        (1, "2026-11-30", Decimal(5000)),
        (2, "2026-12-15", Decimal(3000)),
        (3, "2026-12-30", Decimal(3000)),
        (4, "2027-01-14", Decimal(500)),
    ]


@given(st.integers(1, 10**12), st.integers(1, 120), st.dates(date(2020, 1, 1), date(2090, 1, 1)))
def test_a_plan_pays_the_whole_in_order(cents: int, count: int, first: date) -> None:
    total = Decimal(cents) / 100
    if cents < count:
        with pytest.raises(ValueError, match="parts"):
            instalments.plan(total, first=first, count=count)
        return
    parts = instalments.plan(total, first=first, count=count)
    assert sum(p.amount for p in parts) == total
    assert [p.due_on for p in parts] == sorted({p.due_on for p in parts})
    assert all(p.amount > 0 for p in parts)


@pytest.mark.parametrize(
    "more",
    [{"count": 0}, {"count": 121}, {"each": Decimal(0)}, {"each": Decimal("0.01")}, {"count": 2, "months": 0},
     {"count": 1, "at_once": Decimal(200)}, {"count": 1, "at_once": Decimal(-1)}],
)  # fmt: skip
def test_no_plan_of_nonsense(more: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"part|payment"):
        instalments.plan(Decimal(100), first=date(2026, 12, 1), **more)  # type: ignore[arg-type]
