"""Interest, leaks, shares and instalments."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chenyue.mediation.calculators import WORK, calculate, interest
from chenyue.mediation.calculators.outcome import Wrong
from chenyue.mediation.calculators.words import CAUSES, FAULTS, NOTES, WHY
from chenyue.mediation.lifecycle import Calculator

LOAN = {"principal": "100000", "rate": "12", "since": "2025-01-01", "until": "2026-01-01", "lpr": "3.1", "debtor": "乙"}


def test_every_calculator_works() -> None:
    assert set(WORK) == set(Calculator)


def test_a_year_of_interest() -> None:
    outcome = calculate("interest", LOAN)["outcomes"][0]
    assert outcome["totals"] == {"乙": "112000.00"}
    assert outcome["notes"] == []


def test_the_cap_is_four_times_the_lpr() -> None:
    result = calculate("interest", LOAN | {"rate": "24"})
    assert result["capped"] and result["rate"] == "12.4"
    assert result["outcomes"][0]["lines"][1]["amount"] == "12400.00"


def test_a_payment_pays_interest_before_principal() -> None:
    result = calculate("interest", LOAN | {"payments": [{"on": "2025-07-02", "amount": "10000"}]})
    first, second = result["spans"]
    assert (first["days"], first["interest"]) == (182, "5983.56")  # 100000 × .12 × 182 / 365
    assert second["principal"] == "95983.56"  # 10000 − 5983.56 went to the principal
    assert second["interest"] == "5774.79"  # 95983.56 × .12 × 183 / 365


def test_who_paid_too_much_gets_it_back() -> None:
    outcome = calculate("interest", LOAN | {"payments": [{"on": "2025-01-01", "amount": "100500"}]})["outcomes"][0]
    assert outcome["lines"] == [] and outcome["left"][0]["amount"] == "500.00"


LEAK = {
    "costs": [{"what": "吊顶", "amount": "3000", "age": "4", "life": "10"}, {"what": "查漏", "amount": "400.01"}],
    "causes": [
        {"cause": "upstairs_pipe", "who": "楼上", "share": "2/3"},
        {"cause": "common_pipe", "who": "维修资金", "share": "1/3"},
    ],
}


def test_a_leak_by_causes() -> None:
    outcome = calculate("leak", LEAK)["outcomes"][0]
    assert outcome["totals"] == {"楼上": "1466.67", "维修资金": "733.34"}
    assert outcome["left"] == [
        {"what": "吊顶", "who": "", "amount": "1200.00", "why": "worn", "source": "民法典 1184", "detail": ""}
    ]
    assert outcome["total"] == "3400.01"


def test_shares_by_weight_need_a_reason() -> None:
    people = [{"name": "甲"}, {"name": "乙", "weight": "2", "why": "出资两份"}]
    outcome = calculate("shares", {"amount": "100", "people": people})["outcomes"][0]
    assert outcome["totals"] == {"甲": "33.33", "乙": "66.67"}
    with pytest.raises(Wrong) as wrong:
        calculate("shares", {"amount": "100", "people": [{"name": "甲"}, {"name": "乙", "weight": "2"}]})
    assert wrong.value.field == "people.1.why"


def test_instalments() -> None:
    outcome = calculate("instalments", {"amount": "1000", "first": "2026-01-31", "count": "3", "who": "乙"})[
        "outcomes"
    ][0]
    assert [(line["detail"], line["amount"]) for line in outcome["lines"]] == [
        ("2026-01-31", "333.34"), ("2026-02-28", "333.33"), ("2026-03-31", "333.33"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "given_", "field"),
    [
        ("interest", LOAN | {"until": "2024-01-01"}, "until"),
        ("interest", LOAN | {"rate": "很高"}, "rate"),
        ("interest", LOAN | {"payments": [{"on": "2027-01-01", "amount": "1"}]}, "payments.0.on"),
        ("interest", LOAN | {"since": ""}, "since"),
        ("leak", LEAK | {"causes": [{"cause": "use", "who": "楼上", "share": "70%"}]}, "causes"),
        ("leak", LEAK | {"costs": []}, "costs"),
        ("leak", LEAK | {"causes": [{"cause": "moon", "who": "楼上", "share": "1"}]}, "causes.0.cause"),
        ("shares", {"amount": "100", "people": [{"name": "甲", "weight": "0", "why": "放弃"}]}, "people"),
        ("instalments", {"amount": "1000", "first": "2026-01-31"}, "count"),
        ("instalments", {"amount": "1000", "first": "31", "count": "2"}, "first"),
    ],
)
def test_bad_input_names_the_place(kind: str, given_: dict[str, object], field: str) -> None:
    with pytest.raises(Wrong) as wrong:
        calculate(kind, given_)
    assert wrong.value.field == field
    assert wrong.value.code in FAULTS


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=5), st.lists(st.integers(1, 97), min_size=1, max_size=6))
def test_a_leak_never_loses_a_cent(cents: list[int], parts: list[int]) -> None:
    whole = sum(parts)
    outcome = calculate(
        "leak",
        {
            "costs": [{"what": f"第{n}项", "amount": f"{Decimal(one) / 100:.2f}"} for n, one in enumerate(cents)],
            "causes": [{"cause": "other", "who": f"户{n}", "share": f"{one}/{whole}"} for n, one in enumerate(parts)],
        },
    )["outcomes"][0]
    assert Decimal(outcome["total"]) == Decimal(sum(cents)) / 100
    assert sum(Decimal(one) for one in outcome["totals"].values()) == Decimal(sum(cents)) / 100


def test_every_code_has_its_words() -> None:
    for kind, given_ in (("interest", LOAN | {"rate": "24"}), ("leak", LEAK), ("interest", LOAN | {"lpr": ""})):
        for outcome in calculate(kind, given_)["outcomes"]:
            assert all(line["why"] in WHY for line in (*outcome["lines"], *outcome["left"]))
            assert all(note in NOTES for note in outcome["notes"])
    assert CAUSES


def test_the_lpr_of_a_day() -> None:
    assert interest.lpr_on(date(2019, 8, 19)) is None
    assert interest.lpr_on(date(2022, 8, 21)) == ("3.70", date(2022, 1, 20))
    assert interest.lpr_on(date(2022, 8, 22)) == ("3.65", date(2022, 8, 22))
