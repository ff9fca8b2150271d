"""A resident's own ticket: where they stand, going and coming back, and what an old link says."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from cast import Cast
from chenyue.core import ids
from chenyue.core.actors import Actor
from chenyue.reception import booking, live
from chenyue.reception.models import Sitting, Ticket
from chenyue.reception.queue import actions
from helpers import count
from reception.queue_stage import SEVEN, minutes, opened, sitting, ticket, venue

RESIDENT = Actor("resident")


@pytest.fixture
def page(cast: Cast, client: Client) -> Any:
    """`page(ticket)` its page five minutes after seven; `page(ticket, "leave")` does that."""

    def at(found: Ticket, act: str = "", after: float = 5, **headers: str) -> Any:
        url = f"/reception/ticket/{found.token}/"
        with time_machine.travel(minutes(after), tick=False):
            if act:
                return client.post(f"{url}{act}/", {"idempotency_key": ids.token()}, follow=True)
            return client.get(url, headers=headers)

    return at


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def state(found: Ticket) -> str:
    found.refresh_from_db()
    return found.state


def test_how_many_are_before_and_how_long(cast: Cast, page: Any) -> None:
    where = opened(cast)
    first, second, third = (ticket(cast, where, n, called_as="李小明") for n in range(3))
    assert "下一个就是您" in text(page(first))
    told = text(page(third))
    assert "前面 2 位" in told and "分钟" in told
    assert "李小明" not in told and second.label not in told  # nobody else's affairs
    assert live.key_of_line(where.venue_id, where.day).split(":")[0] in told


def test_called_heard_and_done(cast: Cast, page: Any) -> None:
    where, by = opened(cast), cast.li.actor()
    mine = ticket(cast, where)
    actions.call_next(sitting=where, window=2, by=by, at=minutes(1))
    told = text(page(mine))
    assert "请到 2 号窗口" in told and 'role="alert"' in told
    actions.start(ticket=mine, by=by, at=minutes(2))
    assert "您正在 2 号窗口接待" in text(page(mine))
    actions.finish(ticket=mine, by=by, at=minutes(9))
    told = text(page(mine, after=10))
    assert "已接待" in told and "回执码" in told and 'data-key=""' in told


def test_leave_and_stay_after_all(cast: Cast, page: Any) -> None:
    where = opened(cast)
    first, second = ticket(cast, where), ticket(cast, where, 1)
    assert "您已把位置让出来了" in text(page(first, "leave"))
    assert state(first) == "left" and "下一个就是您" in text(page(second))
    assert "按错了，我不走" in text(page(first, after=6))
    text(page(first, "stay", after=7))
    assert state(first) == "waiting" and "前面 1 位" in text(page(second))
    page(first, "leave", after=8)
    page(first, "leave", after=8)  # pressed twice
    assert "按错了" not in text(page(first, after=30))
    told = text(page(first, "stay", after=30))
    assert "已经不能撤回了" in told and state(first) == "left"


def test_a_booking_is_cancelled_and_its_time_is_another_persons(cast: Cast, page: Any) -> None:
    where = sitting(where=venue(windows=1))
    person = {"by": RESIDENT, "at": minutes(-90)}
    mine = booking.book(sitting=where, slot=minutes(0), person=booking.Person("甲"), **person)
    assert "取消预约" in text(page(mine, after=-80))
    page(mine, "leave", after=-80)
    assert state(mine) == "cancelled"
    booking.book(sitting=where, slot=minutes(0), person=booking.Person("乙"), **person)
    told = text(page(mine, "stay", after=-75))
    assert "已被别人约走" in told and state(mine) == "cancelled"


def test_missed_the_call_and_back(cast: Cast, page: Any) -> None:
    where, by = opened(cast), cast.li.actor()
    mine = ticket(cast, where)
    for n in range(3):
        ticket(cast, where, 1 + n / 10)
    actions.call_next(sitting=where, window=1, by=by, at=minutes(2))
    actions.no_show(ticket=mine, by=by, at=minutes(5))
    assert "我回来了" in text(page(mine, after=6))
    for _n in range(2):
        told = text(page(mine, "back", after=7))
    assert "前面 2 位" in told and state(mine) == "waiting"


def test_arriving_with_a_booking_by_the_page(cast: Cast, page: Any) -> None:
    where = sitting()
    mine = booking.book(sitting=where, slot=minutes(15), person=booking.Person("甲"), by=RESIDENT, at=minutes(-24 * 60))
    assert "您到早了" in text(page(mine, "arrive", after=-60)) or state(mine) == "booked"
    actions.open_sitting(sitting=where, by=cast.li.actor(), at=minutes(0))
    for _n in range(2):
        page(mine, "arrive", after=10)
    assert state(mine) == "waiting" and "下一个就是您" in text(page(mine, after=11))


def test_what_can_no_longer_be_done_is_said(cast: Cast, page: Any) -> None:
    where, by = opened(cast), cast.li.actor()
    mine = ticket(cast, where)
    actions.call_next(sitting=where, window=1, by=by, at=minutes(1))
    actions.start(ticket=mine, by=by, at=minutes(2))
    for act in ("leave", "arrive", "back"):
        assert "notice-late" in text(page(mine, act)), act
    assert state(mine) == "in_visit"


def test_yesterdays_link(cast: Cast, page: Any) -> None:
    where = opened(cast)
    mine = ticket(cast, where)
    told = text(page(mine, after=24 * 60))
    assert "这个号已经过时" in told or "本场已结束" in told
    assert 'data-key=""' in told and "/leave/" not in told and "ticket.js" not in told
    actions.close_sitting(sitting=where, by=cast.li.actor(), at=minutes(91))
    told = text(page(mine, after=24 * 60))
    assert "时间到了还没轮到您" in told and "下一场一排定" in told


def test_a_link_of_last_season_says_nothing(cast: Cast, page: Any) -> None:
    mine = ticket(cast, opened(cast))
    assert page(mine, after=31 * 24 * 60).status_code == 404


def test_unheard_has_a_first_place_next_time(cast: Cast, page: Any) -> None:
    morning, evening = opened(cast), sitting(SEVEN + timedelta(hours=12))
    mine = ticket(cast, morning)
    actions.close_sitting(sitting=morning, by=cast.li.actor(), at=minutes(91))
    after = Ticket.objects.get(sitting=evening)
    told = text(page(mine, after=92))
    assert after.token in told and f"看 {after.label} 号" in told
    assert "今天 19:00" in text(page(after, after=92))


def test_a_stranger_finds_nothing(cast: Cast, client: Client) -> None:
    ticket(cast, opened(cast))
    for token in ("made-up", "1", "A001", "' OR 1=1"):
        assert client.get(f"/reception/ticket/{token}/").status_code == 404
        assert client.post(f"/reception/ticket/{token}/leave/", {"idempotency_key": ids.token()}).status_code == 404
    found = Ticket.objects.get()
    assert len(found.token) >= 32
    assert client.post(f"/reception/ticket/{found.token}/steal/", {"idempotency_key": "k"}).status_code == 404


def test_it_is_kept_by_nobody_and_found_by_nobody(cast: Cast, page: Any) -> None:
    answer = page(ticket(cast, opened(cast)))
    assert "no-store" in answer["Cache-Control"] and "noindex" in answer["X-Robots-Tag"]
    assert 'http-equiv="refresh"' in text(answer)


def test_its_own_part_for_the_script(cast: Cast, page: Any) -> None:
    answer = page(ticket(cast, opened(cast)), **{"HX-Request": "true"})
    told = text(answer)
    assert "<html" not in told and 'data-state="waiting"' in told


def test_it_costs_the_same_in_a_short_line_and_a_long_one(cast: Cast, page: Any) -> None:
    where = opened(cast)
    mine = ticket(cast, where)
    page(mine)
    one = count(lambda: page(mine))
    for n in range(4):
        ticket(cast, where, n / 10)
    assert count(lambda: page(mine)) == one <= 4
    assert Sitting.objects.count() == 1
