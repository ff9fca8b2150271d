"""The calling screen: numbers and windows, at most a family name, never a matter; by a link that can be renewed."""

from typing import Any

import pytest
import time_machine
from django.test import Client

from cast import Cast
from chenyue.core import ids
from chenyue.reception import frames, live
from chenyue.reception.models import Sitting, Venue
from chenyue.reception.queue import actions
from chenyue.timeline.models import Entry
from reception.queue_stage import SEVEN, minutes, opened, sitting, ticket, venue


@pytest.fixture
def wall(cast: Cast, client: Client) -> Any:
    """`wall(10)` is the page ten minutes after seven."""

    def look(after: float = 5, token: str | None = None) -> str:
        with time_machine.travel(minutes(after), tick=False):
            page = client.get(f"/screen/{venue().screen_token if token is None else token}/")
        assert page.status_code == 200, page.status_code
        return str(page.content.decode())

    return look


def called(cast: Cast, where: Sitting, name: str, window: int = 1) -> Any:
    ticket(cast, where, called_as=name)
    return actions.call_next(sitting=where, window=window, by=cast.li.actor(), at=minutes(1))


def test_who_is_called_stands_there_with_the_window_and_the_family_name(cast: Cast, wall: Any) -> None:
    where = opened(cast)
    called(cast, where, "陈大明")
    page = wall()
    assert "A001" in page and "1 号窗口" in page and "陈*" in page
    assert "大明" not in page


@pytest.mark.parametrize(
    ("name", "shown"),
    [("陈大明", "陈*"), ("欧阳明月", "欧阳*"), ("Chen", "C*"), ("", ""), ("<b>王</b>", ""), ("13800000001", ""),
     ("\u202e陈大明", ""), ("A005 请离开", "A*"), ("  李 明 ", "李*")],
)  # fmt: skip
def test_a_name_is_a_family_name_at_most(name: str, shown: str) -> None:
    assert frames.family_name(name) == shown


def test_markup_in_a_name_stays_words(cast: Cast, wall: Any) -> None:
    where = opened(cast)
    called(cast, where, "<script>alert(1)</script>")
    page = wall()
    assert "alert(1)" not in page


def test_the_matter_and_the_telephone_are_never_there(cast: Cast, wall: Any) -> None:
    from chenyue.cases.intake import ReporterData

    where = opened(cast)
    ticket(cast, where, reporter=ReporterData(name="陈大明", phone="13800000001"), priority="urgent")
    actions.call_next(sitting=where, window=1, by=cast.li.actor(), at=minutes(1))
    told = str(frames.build(where.venue_id, minutes(2))) + wall()
    assert "13800000001" not in told and "大明" not in told and "urgent" not in told


def test_holders_of_tickets_are_sent_no_names_at_all(cast: Cast) -> None:
    where = opened(cast)
    called(cast, where, "陈大明")
    ticket(cast, where, called_as="李敏")
    line = frames.build(where.venue_id, minutes(2))[live.LINE]
    assert line["called"] == {"A001": [1, "called", 1]} and list(line["line"]) == ["A002"]
    assert "陈" not in str(line) and "李" not in str(line)


def test_before_after_and_when_it_is_called_off(cast: Cast, wall: Any) -> None:
    where, by = sitting(), cast.li.actor()
    assert "07:00 开始接待" in wall(-20)
    actions.open_sitting(sitting=where, by=by, at=minutes(0))
    assert "还没有叫号" in wall(1)
    actions.cancel_sitting(sitting=where, reason="停电检修", by=by, at=minutes(2))
    page = wall(3)
    assert "本场取消" in page and "停电检修" in page
    Sitting.objects.all().delete()
    assert "近几天没有安排接待" in wall(4)


def test_who_receives_is_shown_once_it_is_published(cast: Cast, wall: Any) -> None:
    from chenyue.reception.models import Shift
    from reception.venue_rows import person

    where = opened(cast)
    Shift.objects.create(sitting=where, person=person(cast.zhao), lead=True)
    assert cast.zhao.name not in wall()
    Sitting.objects.filter(pk=where.pk).update(published_at=SEVEN)
    assert cast.zhao.name in wall()


def test_the_page_is_kept_by_nobody_and_found_by_nobody(cast: Cast, client: Client) -> None:
    page = client.get(f"/screen/{venue().screen_token}/")
    assert "no-store" in page["Cache-Control"] and "noindex" in page["X-Robots-Tag"]
    assert 'http-equiv="refresh"' in page.content.decode()  # without JavaScript


def test_a_renewed_link_shuts_the_old_one(cast: Cast, client: Client, client_of: Any) -> None:
    room, old = venue(), venue().screen_token
    key = live.key_of_screen(room)
    seen = client.get("/reception/now/", {"key": key})
    assert seen.status_code == 200
    answer = client_of(cast.zhao).post(f"/desk/venues/{room.pk}/screens/", {"idempotency_key": ids.token()})
    assert answer.status_code == 303
    new = Venue.objects.get(pk=room.pk).screen_token
    assert new != old and len(new) >= 32
    gone = client.get(f"/screen/{old}/")
    assert gone.status_code == 404 and "链接已更换" in gone.content.decode()
    assert client.get(f"/kiosk/{old}/").status_code == 404
    assert client.get("/reception/now/", {"key": key}).status_code == 404
    assert client.get(f"/screen/{new}/").status_code == 200
    assert Entry.objects.get(subject=room.subject).verb == "venue.screen_renewed"


def test_renewing_twice_with_one_key_renews_once(cast: Cast, client_of: Any) -> None:
    room, zhao, key = venue(), client_of(cast.zhao), {"idempotency_key": ids.token()}
    zhao.post(f"/desk/venues/{room.pk}/screens/", key)
    once = Venue.objects.get(pk=room.pk).screen_token
    zhao.post(f"/desk/venues/{room.pk}/screens/", key)
    assert Venue.objects.get(pk=room.pk).screen_token == once
    assert once in zhao.get(f"/desk/venues/{room.pk}/screens/").content.decode()


def test_a_venue_that_is_closed_for_good_shows_nothing(cast: Cast, client: Client) -> None:
    room = venue(active=False)
    assert client.get(f"/screen/{room.screen_token}/").status_code == 404
    assert frames.news([room.pk], SEVEN) == {}


def test_asking_from_time_to_time(cast: Cast, client: Client) -> None:
    where = opened(cast)
    key = live.key_of_line(where.venue_id, where.day)
    with time_machine.travel(minutes(5), tick=False):
        first = client.get("/reception/now/", {"key": key})
        assert first.json()["frame"]["sitting"] == where.pk and "no-store" in first["Cache-Control"]
        again = {"key": key, "seen": first.json()["seen"]}
        assert client.get("/reception/now/", again).status_code == 204
    with time_machine.travel(minutes(5), tick=False):
        ticket(cast, where, 5)
        newer = client.get("/reception/now/", again)
        assert list(newer.json()["frame"]["line"]) == ["A001"]
    with time_machine.travel(minutes(24 * 60), tick=False):
        assert client.get("/reception/now/", {"key": key}).status_code == 404  # yesterday's
    assert client.get("/reception/now/", {"key": "made-up"}).status_code == 404
    assert client.get("/reception/now/").status_code == 404
