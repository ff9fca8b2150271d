"""Boards: right numbers, lists behind them, the same statements whatever there is, nothing for who may not see it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from cast import NOW, Cast, client_of
from chenyue.cases.filters import FILTERS, Context
from chenyue.cases.models import Case
from chenyue.catalogue.models import Category
from chenyue.insight import board_counts, boards, following
from chenyue.insight.boards import Board
from chenyue.insight.lifecycle import Axis, Measure
from chenyue.insight.models import DayCount, Follow
from chenyue.places.models import Place
from chenyue.timeline.models import Entry
from helpers import count
from stories import answered, dispatched, filed

TODAY = timezone.localtime(NOW).date()
DAY = timedelta(days=1)
LATER = NOW + timedelta(hours=6)


@pytest.fixture(autouse=True)
def counted(cast: Cast) -> None:
    following.follow(NOW)


def office(at: Any = LATER, shows: str = "office", **more: Any) -> Board:
    whose = boards.subject(shows)
    assert whose is not None
    following.follow(at)
    return boards.board(whose, at, **more)


def tiles(board: Board) -> list[int]:
    return [tile.value for tile in board.tiles]


def drainage(cast: Cast) -> str:
    return f"unit:{cast.units['drainage'].pk}"


def test_an_office_without_a_case_has_a_board(cast: Cast) -> None:
    found = office()
    assert tiles(found) == [0, 0, 0, 0, 0, 0]
    assert all(rate.figure.value is None and rate.figure.small for rate in found.rates)
    assert found.days is not None and found.days.picture == ""
    assert found.outages == []


def test_one_case_is_one_and_marked_as_few(cast: Cast) -> None:
    answered(cast, NOW)
    found = office()
    assert tiles(found)[:3] == [1, 1, 0]
    assert all(rate.figure.small for rate in found.rates)
    community, unit = cast.place("金桂苑1幢").community_id, drainage(cast)
    assert tiles(office(shows=f"community:{community}"))[:2] == [1, 1]
    assert tiles(office(shows=unit))[1] == 1
    assert tiles(office(shows=f"unit:{cast.units['greening'].pk}"))[:2] == [0, 0]


def test_private_and_sealed_matters_are_on_no_board(cast: Cast) -> None:
    filed(cast, NOW)
    before = office()
    secret = filed(cast, NOW, words="调解员收了烟酒，偏袒对方。", category_code="1202").case
    assert secret.sensitivity != "normal"
    sealed = filed(cast, NOW, words="举报一件事。").case
    Case.objects.filter(pk=sealed.pk).update(sensitivity="sealed")
    assert tiles(office()) == tiles(before)
    assert tiles(before)[0] == tiles(before)[2] == 1


def test_it_takes_the_same_statements_whatever_there_is(cast: Cast) -> None:
    def ask(shows: str) -> int:
        whose = boards.subject(shows)
        assert whose is not None
        boards.board(whose, LATER)
        return count(lambda: boards.board(whose, LATER))

    community = f"community:{cast.place('金桂苑1幢').community_id}"
    kinds = ("office", community, drainage(cast))
    answered(cast, NOW)
    following.follow(LATER)
    one = [ask(shows) for shows in kinds]
    for words in ("灯坏了。", "树倒了。", "井盖没了。"):
        filed(cast, NOW, words=words)
    following.follow(LATER)
    assert one == [ask(shows) for shows in kinds] == [13, 10, 8]


def test_each_number_opens_as_many_cases(cast: Cast) -> None:
    for words in ("灯坏了。", "树倒了。"):
        filed(cast, NOW, words=words)
    answered(cast, NOW)
    found = office()
    context = Context(cast.zhao, LATER)
    for tile in found.tiles[:2]:
        name, _is, value = tile.query.partition("=")
        assert FILTERS[name].apply(Case.objects.all(), [value], context).count() == tile.value
    assert [row[0] for row in found.flow.rows][:2] == ["受理", "交办"] if found.flow else False
    page = client_of(cast.zhao).get(reverse("desk:cases") + "?" + found.tiles[0].query)
    assert page.status_code == 200


@pytest.mark.parametrize(
    "measure", ["received", "sent", "returned", "reopened", "at_once", "contacted", "contact_kept"]
)
def test_lists_hold_what_was_counted(cast: Cast, measure: str) -> None:
    case = dispatched(cast, filed(cast, NOW), NOW)
    following.follow(LATER)
    whole = DayCount.objects.filter(grain="d", axis=Axis.ALL, measure=measure, day=TODAY).values_list(
        "value", flat=True
    )
    value = f"{measure}.{TODAY}.{TODAY + DAY}"
    rows = FILTERS["counted"].apply(Case.objects.all(), [value], Context(cast.zhao, LATER))
    if measure != "contacted":
        assert rows.count() == sum(whole)
    assert set(rows) <= {case}
    assert FILTERS["counted"].say(value)


MADE_UP = (
    "", "received", "received.x.y", "nothing.2026-01-01.2026-02-01", "received.0001-01-01.2026-01-01",
    "sent.2026-01-01.2026-02-01.-1", "sent.2026-01-01.2026-02-01.99999999999", "sent.2026-01-01.2026-02-01.1.2",
)  # fmt: skip


@pytest.mark.parametrize("value", MADE_UP)
def test_a_made_up_list_is_refused(cast: Cast, value: str) -> None:
    answer = client_of(cast.zhao).get(reverse("desk:cases"), {"counted": value})
    assert answer.status_code in (200, 422)
    with pytest.raises(ValueError):
        FILTERS["counted"].apply(Case.objects.all(), [value], Context(cast.zhao, LATER))


def put(day: Any, value: int, measure: str = Measure.APPEALS, axis: str = Axis.ALL, key: str = "") -> None:
    for grain, when in (("d", day), ("m", day.replace(day=1))):
        row, _new = DayCount.objects.get_or_create(grain=grain, day=when, axis=axis, key=key, measure=measure)
        DayCount.objects.filter(pk=row.pk).update(value=row.value + value)


def test_an_outage_is_marked_and_no_zero(cast: Cast) -> None:
    out = TODAY - DAY * 5
    for n in range(60, 0, -1):
        if TODAY - DAY * n != out:
            put(TODAY - DAY * n, 20)
            put(TODAY - DAY * n, 18, Measure.RECEIVED)
    found = office()
    assert found.outages == [out]
    assert found.days is not None and "hatched" in found.days.picture
    assert (boards.short(out), "无数据") in [row[:2] for row in found.days.rows]
    page = client_of(cast.zhao).get(reverse("insight:board")).content.decode()
    assert "无数据（不是零）" in page or timezone.localdate() - TODAY > DAY * 25


def test_days_before_the_first_are_no_outage(cast: Cast) -> None:
    put(TODAY - DAY, 20)
    gaps = board_counts.gaps(TODAY - DAY * 10, TODAY)
    assert gaps.outages == () and len(gaps.days) == 9


def test_rates_of_past_days_take_the_stock_of_those_days(cast: Cast) -> None:
    put(TODAY - DAY * 40, 3, Measure.OVERDUE_IN)
    put(TODAY - DAY * 20, 2, Measure.OVERDUE_OUT)
    put(TODAY - DAY * 40, 1, Measure.CLOSED_ON_TIME)
    found = office()
    rate = next(rate for rate in found.rates if rate.figure.code == "on_time")
    weeks = {row[0]: row[3] for row in rate.weeks.rows}
    early, late = (boards.short(day - DAY * day.weekday()) for day in (TODAY - DAY * 40, TODAY - DAY * 20))
    assert ">4<" in str(weeks[early])  # one closed in time, three overdue at the end of that week
    assert ">1<" in str(weeks[late])


def test_a_renamed_unit_and_a_split_category_keep_their_numbers(cast: Cast) -> None:
    from chenyue.core.actors import SYSTEM
    from chenyue.people import actions

    answered(cast, NOW)
    unit = cast.units["drainage"]
    actions.save_unit(code=unit.code, name="排水养护中心", kind=unit.kind, by=SYSTEM, at=NOW)
    found = office(shows=drainage(cast))
    assert found.subject.name == "排水养护中心" and tiles(found)[1] == 1
    Category.objects.filter(code="0102").update(active=False)
    groups = office().groups
    assert groups is not None and [str(row[1]).endswith("1</a>") or row[1] == 1 for row in groups.rows] == [True]


def test_counts_that_stand_still_are_called_so(cast: Cast) -> None:
    filed(cast, NOW)
    whose = boards.subject("office")
    assert whose is not None
    assert not boards.board(whose, NOW + timedelta(minutes=1)).fresh.stale
    assert boards.board(whose, NOW + timedelta(minutes=9)).fresh.stale
    following.follow(NOW + timedelta(minutes=9))
    Entry.objects.exists()
    quiet = boards.board(whose, NOW + timedelta(days=2)).fresh  # a quiet night is not a stand-still
    assert quiet.counted and not quiet.stale and quiet.at == NOW + timedelta(days=2)


def test_before_the_first_count_no_number_is_shown(cast: Cast) -> None:
    Follow.objects.update(whole_at=None)
    page = client_of(cast.zhao).get(reverse("insight:board")).content.decode()
    assert "第一次统计正在进行" in page and "今日受理" not in page


def test_who_sees_what(cast: Cast) -> None:
    board = reverse("insight:board")
    own = client_of(cast.lin).get(board).content.decode()
    assert cast.units["drainage"].name in own
    community = next(str(pk) for pk in Place.objects.filter(kind="community").values_list("pk", flat=True))
    for show in ("office", f"community:{community}", f"unit:{cast.units['greening'].pk}"):
        assert client_of(cast.lin).get(board, {"show": show}).status_code == 404, show
    assert client_of(cast.zhou).get(board).status_code in (403, 404)
    for show in ("unit:0", "unit:9999999", "community:", "community:x'--", "x" * 500, ""):
        assert client_of(cast.zhao).get(board, {"show": show}).status_code == 404, show


def test_nobody_is_ranked(cast: Cast) -> None:
    """Communities stand in the order of the places, whatever their numbers."""
    filed(cast, NOW)
    heat = office().heat
    assert heat is not None
    names = re.findall(r'<th scope="row">([^<]+)</th>', heat.picture)
    assert names == [name for _show, name in boards.subjects() if _show.startswith("community:")]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL chooses by its statistics")
def test_what_is_open_is_read_from_the_few_that_are(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1) as asked:
        board_counts.open_now(Axis.COMMUNITY, "1", NOW, LATER)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {asked[0]['sql']}")
        assert "case_open_community" in str(cursor.fetchall())
