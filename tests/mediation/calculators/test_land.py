"""Shares of land compensation: the golden case, membership, and sums that never lose a cent."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chenyue.mediation.calculators import calculate, fingerprint, land
from chenyue.mediation.calculators.outcome import Wrong

DAY = "2012-03-01"
FAMILY = ["户主", "妻", "子", "女"]


def seed(**changes: object) -> dict[str, object]:
    """The court's published case: four confirmed people, house and crops not shared with the divorced wife."""
    return {
        "day": DAY,
        "people": [
            {"name": "户主"},
            {"name": "妻", "left": "divorce", "left_on": "2011-01-01"},
            {"name": "子"},
            {"name": "女"},
        ],
        "items": [
            {"kind": "land", "amount": "97,912"},
            {"kind": "resettlement", "amount": "58742", "owners": FAMILY},
            {"kind": "house", "amount": "67123", "owners": ["户主"]},
            {"kind": "crops", "amount": "6992", "owners": ["户主"]},
        ],
        "opinions": [{"title": "应当分享"}, {"title": "不应分享", "counts": {"妻": False}}],
    } | changes


def test_the_golden_case() -> None:
    share, none = calculate("land", seed())["outcomes"]
    assert share["totals"]["妻"] == "39163.50"
    assert [share["totals"][name] for name in ("子", "女")] == ["39163.50", "39163.50"]
    assert Decimal(share["totals"]["户主"]) == Decimal("39163.50") + 67123 + 6992
    assert share["total"] == none["total"] == "230769.00"
    assert "妻" not in none["totals"]
    assert none["totals"]["子"] == "52218.00"  # a third of 156,654
    assert "against_rule" in none["notes"] and "against_rule" not in share["notes"]


def test_a_divorced_wife_keeps_membership_unless_she_got_land_elsewhere() -> None:
    day = date(2024, 1, 1)
    gone = date(2023, 5, 1)
    assert land.member_on(land.Person("妻", left=land.Left.DIVORCE, left_on=gone), day).source == land.WOMEN_SOURCE
    assert land.member_on(land.Person("妻", left=land.Left.DIVORCE, left_on=gone), day).member
    assert not land.member_on(land.Person("妻", left=land.Left.MARRIAGE, left_on=gone, new_land=True), day).member


@pytest.mark.parametrize(
    ("left", "member"),
    [
        ("study", True), ("service", True), ("work", True), ("trade", True), ("prison", True), ("widowhood", True),
        ("death", False), ("nationality", False), ("new_member", False), ("civil_service", False),
    ],
)  # fmt: skip
def test_what_ends_membership(left: str, member: bool) -> None:
    found = land.member_on(land.Person("甲", left=land.Left(left), left_on=date(2023, 1, 1)), date(2024, 1, 1))
    assert found.member is member
    later = land.member_on(land.Person("甲", left=land.Left(left), left_on=date(2024, 1, 2)), date(2024, 1, 1))
    assert later.member


def test_who_joined_after_the_day_has_no_share() -> None:
    born = seed(people=[{"name": "户主"}, {"name": "孙", "joined_on": "2012-03-02"}], opinions=[{"title": "按规定"}])
    born["items"] = [{"kind": "land", "amount": "100"}]
    result = calculate("land", born)
    assert result["outcomes"][0]["totals"] == {"户主": "100.00"}
    assert result["findings"][1]["why"] == "not_yet"


def test_what_nobody_may_have_stays_with_the_collective() -> None:
    only = seed(people=[{"name": "户主", "left": "death", "left_on": "2011-01-01"}], opinions=[{"title": "按规定"}])
    only["items"] = [{"kind": "land", "amount": "100"}]
    outcome = calculate("land", only)["outcomes"][0]
    assert outcome["lines"] == [] and outcome["left"][0]["amount"] == "100.00" and outcome["total"] == "100.00"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": ""}, "day"),
        ({"day": "昨天"}, "day"),
        ({"people": []}, "people"),
        ({"people": [{"name": "甲"}, {"name": "甲"}]}, "people.1.name"),
        ({"people": [{"name": "甲", "left": "moon"}]}, "people.0.left"),
        ({"items": [{"kind": "land", "amount": "-5"}]}, "items.0.amount"),
        ({"items": [{"kind": "land", "amount": "NaN"}]}, "items.0.amount"),
        ({"items": [{"kind": "land", "amount": "0.001"}]}, "items.0.amount"),
        ({"items": [{"kind": "house", "amount": "5", "owners": ["路人"]}]}, "items.0.owners"),
        ({"opinions": [{"title": "x", "weights": {"子": "1/2"}}]}, "opinions.0.why"),
        ({"opinions": [{"title": "x", "weights": {"子": "多"}, "why": "年幼"}]}, "opinions.0.weights.子"),
        ({"opinions": [{"title": "x", "counts": {"路人": True}}]}, "opinions.0.counts"),
    ],
)
def test_bad_input_names_the_place(changes: dict[str, object], field: str) -> None:
    with pytest.raises(Wrong) as wrong:
        calculate("land", seed(**changes))
    assert wrong.value.field == field


@given(
    st.lists(st.tuples(st.sampled_from(sorted(land.Kind)), st.integers(0, 10**13)), min_size=1, max_size=6),
    st.integers(1, 12),
    st.data(),
)
def test_shares_and_rest_are_the_whole(items: list[tuple[str, int]], count: int, data: st.DataObject) -> None:
    names = [f"人{n}" for n in range(count)]
    opinion = land.Opinion(
        "看法",
        counts={name: data.draw(st.booleans()) for name in names if data.draw(st.booleans())},
        weights={name: Fraction(data.draw(st.integers(0, 9)), 3) for name in names if data.draw(st.booleans())},
        why="约定",
    )
    rows = [
        land.Item(
            land.Kind(kind), Decimal(cents) / 100, tuple(data.draw(st.lists(st.sampled_from(names), unique=True)))
        )
        for kind, cents in items
    ]
    result = land.outcome(rows, [land.Person(name) for name in names], date(2024, 1, 1), opinion)
    assert result.total == sum(row.amount for row in rows)
    assert all(line.amount >= 0 and line.amount == line.amount.quantize(Decimal("0.01")) for line in result.lines)


def test_a_replay_has_the_same_fingerprint() -> None:
    first, again = calculate("land", seed()), calculate("land", seed())
    assert fingerprint(seed(), first) == fingerprint(seed(), again)
    assert fingerprint(seed(day="2012-03-02"), first) != fingerprint(seed(), first)
