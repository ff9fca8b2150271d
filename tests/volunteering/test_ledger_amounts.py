"""Amounts: whole numbers in, the same numbers back, and a sentence for everything else."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from chenyue.core.errors import Refusal
from chenyue.volunteering import amounts


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (0, "0"),
        (5, "0.05"),
        (50, "0.5"),
        (1250, "12.5"),
        (100_000, "1,000"),
        (-150, "-1.5"),
        (123_456_789, "1,234,567.89"),
    ],
)
def test_credits_are_said_short(amount: int, said: str) -> None:
    assert amounts.credits_words(amount) == said


@pytest.mark.parametrize(("fen", "said"), [(0, "0.00"), (5, "0.05"), (12345, "123.45"), (-100, "-1.00")])
def test_money_keeps_its_fen(fen: int, said: str) -> None:
    assert amounts.yuan(fen) == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0 minutes"), (1, "1 minute"), (60, "1 hour"), (95, "1 hour 35 minutes"), (-30, "-30 minutes")],
)
def test_hours(minutes: int, said: str) -> None:
    with translation.override("en"):
        assert amounts.hours_words(minutes) == said


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("12.5", 1250),
        ("１２．５", 1250),
        (" 1,000 ", 100_000),
        ("12。5", 1250),
        ("0.01", 1),
        ("7", 700),
        (7, 700),
        ("1.500", 150),
    ],
)
def test_typed_credits(typed: object, amount: int) -> None:
    assert amounts.read_credits(typed) == amount


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "no_number"), ("abc", "no_number"), ("1,00", "no_number"), ("1e3", "no_number"), (None, "no_number"),
        (12.5, "no_number"), (True, "no_number"), ("12.555", "decimals"), ("-3", "too_small"), ("−3", "too_small"),
        ("0", "too_small"), (-1, "too_small"), ("99999999999999", "too_large"), ("9" * 40, "no_number"),
        ("٣", "no_number"), ("1.2.3", "no_number"), ("NaN", "no_number"), ("½", "no_number"),
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused_with_a_sentence(typed: object, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        amounts.read_credits(typed, "amount")
    assert (refused.value.code, refused.value.field) == (code, "amount")
    assert str(refused.value.sentence)


@pytest.mark.parametrize(("typed", "minutes"), [("95", 95), ("1:35", 95), ("１：３５", 95), (30, 30), ("480", 480)])
def test_typed_minutes(typed: object, minutes: int) -> None:
    assert amounts.read_minutes(typed) == minutes


@pytest.mark.parametrize(
    ("typed", "code"),
    [("26:00", "too_large"), ("481", "too_large"), ("1.5", "decimals"), ("0", "too_small"), ("1:75", "no_number")],
)
def test_minutes_beyond_a_day_are_refused(typed: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        amounts.read_minutes(typed)
    assert refused.value.code == code


@given(st.integers(1, amounts.MOST_CREDITS))
def test_what_is_shown_is_read_back(amount: int) -> None:
    assert amounts.read_credits(amounts.credits_words(amount)) == amount
    assert amounts.read_yuan(amounts.yuan(amount)) == amount


@given(st.text(max_size=12))
def test_any_words_are_an_amount_or_refused(typed: str) -> None:
    try:
        amount = amounts.read_credits(typed)
    except Refusal:
        return
    assert 0 < amount <= amounts.MOST_CREDITS
