"""Who receives today on the residents' home, and what a door says: where one is heard soonest."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from cast import Cast
from chenyue.places.models import Place
from chenyue.reception import board
from chenyue.reception.models import Shift, Sitting
from chenyue.reception.queue import actions
from helpers import count
from reception.queue_stage import SEVEN, minutes, opened, sitting, ticket, venue
from reception.venue_rows import person


@pytest.fixture
def look(cast: Cast, client: Client) -> Any:
    """`look("/", 5)`: a page as it is five minutes after seven."""

    def at(path: str = "/", after: float = 5) -> str:
        with time_machine.travel(minutes(after), tick=False):
            page = client.get(path)
        assert page.status_code == 200
        return str(page.content.decode())

    return at


def duty(where: Sitting, member: Any) -> None:
    Shift.objects.create(sitting=where, person=person(member), lead=True)
    Sitting.objects.filter(pk=where.pk).update(published_at=SEVEN - timedelta(days=7))


def test_home_says_who_receives_and_how_long_one_waits_now(cast: Cast, look: Any) -> None:
    where = opened(cast)
    duty(where, cast.zhao)
    for n in range(3):
        ticket(cast, where, n / 10, called_as="李小明")
    page = look()
    assert "今天谁接待" in page and cast.zhao.name in page and "07:00–08:30" in page
    assert "现在等候 3 人" in page and "李小明" not in page
    assert 'href="/reception/"' in page


def test_what_is_not_published_names_nobody(cast: Cast, look: Any) -> None:
    where = opened(cast)
    duty(where, cast.zhao)
    Sitting.objects.update(published_at=None)
    assert cast.zhao.name not in look()


def test_called_off_and_tomorrow(cast: Cast, look: Any) -> None:
    today, tomorrow = sitting(), sitting(SEVEN + timedelta(days=1))
    actions.cancel_sitting(sitting=today, reason="停电检修", by=cast.li.actor(), at=minutes(-60))
    assert "停电检修" in look(after=-50)
    cache.clear()
    page = look(after=120)
    assert "明天谁接待" in page and "停电检修" not in page
    tomorrow.delete()
    cache.clear()
    assert "谁接待" not in look(after=120)


def test_home_asks_nothing_of_the_database_while_the_board_is_in_memory(cast: Cast, look: Any) -> None:
    for n in range(3):
        opened(cast, where=venue(f"接待室{n}"))
    look()
    assert count(look) == 0
    assert count(lambda: board.board(minutes(6))) <= 8  # read anew: four, and what the three queues cost


def test_a_door_shows_where_one_is_heard_soonest(cast: Cast, look: Any) -> None:
    door = cast.place("金桂苑1幢")
    estate = cast.place("金桂苑")
    Place.objects.filter(pk=door.pk).update(latitude=31.40, longitude=119.48)
    Place.objects.filter(pk=estate.pk).update(latitude=31.40, longitude=119.48)
    far_place = cast.place("金桂苑2幢")
    Place.objects.filter(pk=far_place.pk).update(latitude=31.50, longitude=119.48)
    far = opened(cast, where=venue("远处", place=far_place))
    near = opened(cast, where=venue("工地接待点", letter="B", place=estate))
    found = board.advice(door.pk, minutes(5))
    assert found and found.best.sitting == near and found.other and found.other.sitting == far
    page = look(f"/q/{door.code}/")
    assert "想当面说" in page and "工地接待点" in page and "远处" in page
    for n in range(29):  # a long line there: now the way is worth it
        ticket(cast, near, 1 + n / 100, anyway=True)
    cache.clear()
    found = board.advice(door.pk, minutes(6))
    assert found and found.best.sitting == far


def test_where_nothing_is_planned_a_door_is_as_before(cast: Cast, look: Any) -> None:
    door = cast.place("金桂苑1幢")
    assert board.advice(door.pk, minutes(0)) is None
    assert "想当面说" not in look(f"/q/{door.code}/")


def test_a_board_of_yesterday_is_never_shown(cast: Cast) -> None:
    opened(cast)
    assert len(board.board(minutes(5)).rows) == 1
    assert board.board(minutes(24 * 60)).rows == []
