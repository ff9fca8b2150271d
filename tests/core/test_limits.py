"""Counting in the database: windows that open with the first and end by themselves, shared by processes."""

from datetime import timedelta

import pytest

from cast import at
from chenyue.core import limits
from chenyue.core.limits import Limit
from chenyue.core.models import Tally
from helpers import count

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
TWO = Limit("two", 2, HOUR)
THREE = Limit("three", 3, HOUR)


def test_passes_until_the_limit_and_again_in_the_next_window() -> None:
    found = [limits.passes([(TWO, "10.0.0.1")], at(minutes / 60)) for minutes in (0, 10, 20, 59, 60, 61)]
    assert found == [True, True, False, False, True, True]
    assert limits.passes([(TWO, "10.0.0.2")], at())


def test_two_limits_cost_one_statement_and_keep_nothing_readable() -> None:
    assert count(lambda: limits.passes([(TWO, "10.0.0.1"), (THREE, "13800000001")], at())) == 1
    assert not any("10.0.0.1" in name or "13800000001" in name for name in Tally.objects.values_list("name", flat=True))
    assert count(lambda: limits.passes([(Limit("off", 0, HOUR), "x"), (TWO, "")], at())) == 0


def test_several_are_counted_at_once() -> None:
    ten = Limit("ten", 10, HOUR)
    assert [limits.passes([(ten, "a")], at(hours), more=6) for hours in (0, 0.5, 1.1)] == [True, False, True]
    for _once in range(2):
        assert not limits.reached(ten, "b", at())
        limits.note(ten, "b", at(), more=6)
    assert limits.reached(ten, "b", at())


def test_reached_is_known_without_asking() -> None:
    limits.reached(THREE, "a", at())
    for _once in range(2):
        limits.note(THREE, "a", at())
    assert not limits.reached(THREE, "a", at())
    limits.note(THREE, "a", at())
    assert limits.reached(THREE, "a", at())
    assert not limits.reached(THREE, "b", at())
    assert count(lambda: limits.reached(THREE, "a", at())) == 0
    assert not limits.reached(THREE, "a", at(1))


def test_what_has_ended_is_swept() -> None:
    limits.note(THREE, "a", at())
    limits.note(TWO, "b", at(2))
    assert limits.sweep(at(1.5)) == 1
    assert Tally.objects.count() == 1
