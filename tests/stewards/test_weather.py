"""Calls of the weather: who may call, whom it reaches, how far it has come."""

from datetime import date, timedelta
from typing import Any

import pytest

from cast import NOW, Cast
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.notify.models import Notice
from chenyue.stewards import weather
from stewards.doors_stage import called, cared, own, visited

pytestmark = pytest.mark.django_db
DAY = NOW.date()


def call(cast: Cast, **more: Any) -> Any:
    given = {"weather": "cold", "since": DAY, "until": DAY, "words": "", "by": cast.li.actor(), "at": NOW, "day": DAY}
    return weather.call(**given | more)


def test_stewards_are_told_once_and_the_care_list_counts(cast: Cast) -> None:
    cared(cast, "101")
    cared(cast, "102", phone=None)
    cared(cast, "103", phone=None, heat=False)
    row = called(cast, "heat", days=2)
    told = Notice.objects.filter(key__startswith=f"weather:{row.pk}:")
    assert "wang" in set(told.values_list("member__username", flat=True)) and told.first().urgent
    visited(cast, "101", "well")
    visited(cast, "102", "nobody", minutes=5)
    visited(cast, "103", "well", minutes=9)
    assert weather.progress(row) == [weather.Progress(own(cast).pk, homes=2, seen=1)]
    assert weather.progress(row, [own(cast).pk])[0].left == 1
    assert weather.progress(row, []) == []


def test_a_day_is_within_its_call_and_the_same_weather_is_called_once(cast: Cast) -> None:
    row = called(cast, "heat", days=2)
    assert weather.running(DAY + timedelta(days=2)) == [row]
    assert weather.running(DAY + timedelta(days=3)) == []
    with pytest.raises(Conflict):
        called(cast, "heat")
    called(cast, "storm")
    weather.end(call=row, by=cast.li.actor(), at=NOW)
    weather.end(call=row, by=cast.li.actor(), at=NOW)
    called(cast, "heat")


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (DAY, DAY - timedelta(days=1)),
        (DAY - timedelta(days=3), DAY - timedelta(days=2)),
        (DAY, DAY + timedelta(days=15)),
        (DAY + timedelta(days=8), DAY + timedelta(days=9)),
    ],
)
def test_days_that_can_not_be(cast: Cast, since: date, until: date) -> None:
    with pytest.raises(Refusal) as refused:
        call(cast, since=since, until=until)
    assert refused.value.field == "until"


def test_an_unknown_weather_and_an_unknown_caller(cast: Cast) -> None:
    with pytest.raises(Refusal):
        call(cast, weather="frogs")
    row = called(cast)
    for who in (cast.wang, cast.sun, cast.zhou, cast.admin):
        with pytest.raises(NotAllowed):
            call(cast, by=who.actor())
        with pytest.raises(NotAllowed):
            weather.end(call=row, by=who.actor(), at=NOW)
