"""Backlog, workload, and figures where the office changed meanwhile: new categories, names and rules, outages."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from cast import NOW, Cast, client_of
from chenyue.cases.models import Case
from chenyue.catalogue.models import Category
from chenyue.core import snapshots
from chenyue.core.actors import SYSTEM
from chenyue.followup.models import RateDefinition
from chenyue.insight import backlog, following, pictures, proving, shown, whole, workload
from chenyue.insight.figures import counts, figures, overdue_now
from chenyue.insight.lifecycle import Axis
from chenyue.insight.models import DayCount
from chenyue.stewards.models import Steward, Term
from chenyue.timeline.actions import record
from helpers import count, one_and_three
from stories import dispatched, filed

TODAY = timezone.localdate(NOW)
DAY = timedelta(days=1)


def cases(cast: Cast, days: list[int]) -> list[Case]:
    """A case received so many days before, each."""
    return [filed(cast, NOW - DAY * n, words=f"路灯{n}不亮，{'很黑' * (n % 7 + 1)}。").case for n in days]


def test_open_cases_stand_in_the_band_of_their_age(cast: Cast) -> None:
    cases(cast, [0, 1, 3, 4, 15, 16, 91])
    closed, private, free = cases(cast, [2, 5, 30])
    Case.objects.filter(pk=closed.pk).update(state="closed")
    Case.objects.filter(pk=private.pk).update(sensitivity="private")
    Case.objects.exclude(pk=free.pk).update(resolve_due_at=NOW + DAY)
    Case.objects.filter(received_at__lt=NOW - DAY * 90).update(resolve_due_at=NOW - DAY)
    Case.objects.filter(pk=free.pk).update(resolve_due_at=None)
    found = backlog.backlog(NOW)[""]
    assert found == backlog.Backlog(8, 1, 1, (1, 2, 1, 1, 2, 0, 1), 91)
    assert found.late == overdue_now(NOW)[""]
    community = cast.place("金桂苑1幢").community_id
    assert backlog.backlog(NOW, Axis.COMMUNITY) == {str(community): found}
    assert backlog.whole(backlog.rows(NOW, Axis.COMMUNITY, None)) == found
    assert backlog.rows(NOW, Axis.COMMUNITY, ("0",)) == []


def test_each_number_of_the_backlog_opens_a_list_of_as_many(cast: Cast) -> None:
    for case in cases(cast, [0, 2, 9, 9, 40]):
        Case.objects.filter(pk=case.pk).update(received_at=timezone.now() - (NOW - case.received_at))
    row = next(row for row in backlog.rows(timezone.now(), Axis.COMMUNITY, None))
    client = client_of(cast.li)
    for part, _words, n in [*row.parts[1:4:2], ("all", "", row.held.all)]:
        page = client.get(f"{reverse('desk:cases')}?state=open&backlog={part}{row.within}")
        assert len(page.context["page"].rows) == n
    odd = client.get(f"{reverse('desk:cases')}?backlog=nonsense")
    assert odd.status_code == 200 and "nonsense" in odd.content.decode()


def test_units_stand_in_the_order_of_the_list_with_what_they_were_given(cast: Cast) -> None:
    for n in (0, 1):
        dispatched(cast, filed(cast, NOW - DAY * n, words=f"井盖{n}松动，{'响' * (n + 1)}。"), NOW - DAY * n)
    filed(cast, words="楼道灯坏了，没有派出去。")
    whole.recount()
    mine = str(cast.units["drainage"].pk)
    rows = workload.units(TODAY - DAY, TODAY + DAY, None, NOW)
    names = [row.name for row in rows]
    assert names == [name for name in shown.names(Axis.LEAD).values() if name in names]
    (row,) = workload.units(TODAY - DAY, TODAY + DAY, (mine,), NOW)
    given = row.counted[0]
    assert (given[1], row.now.all) == (2, 2) and given[2] == f"counted=sent.{TODAY - DAY}.{TODAY + DAY}.{mine}"
    page = client_of(cast.li).get(f"{reverse('desk:cases')}?{given[2]}")
    assert len(page.context["page"].rows) == 2


def test_a_steward_carries_weighted_homes_and_the_open_cases_of_the_buildings(cast: Cast) -> None:
    buildings = [cast.place(name) for name in ("金桂苑1幢", "金桂苑3幢")]
    for building, name in zip(buildings, ("周伯", "吴姨"), strict=True):
        steward = Steward.objects.create(name=name, since=TODAY)
        Term.objects.create(steward=steward, building=building, role="main", since=TODAY, made_at=NOW)
    cases(cast, [0, 2])
    rows = workload.stewards(NOW)
    assert sorted(row.steward.name for row in rows) == [row.steward.name for row in rows]
    first = next(row for row in rows if row.steward.name == "周伯")
    assert (first.buildings, first.open, first.query) == (1, 2, f"&building={buildings[0].pk}")
    assert sum(row.open for row in rows) == 2


def test_pages_of_numbers_cost_the_same_with_one_row_and_with_three(cast: Cast) -> None:
    client, n = client_of(cast.zhao), iter(range(9))

    def show() -> None:
        for name, args in (("backlog", ["community"]), ("workload", [])):
            assert client.get(reverse(f"insight:{name}", args=args)).status_code == 200

    def add() -> None:
        at = timezone.now() - timedelta(hours=1)
        case = filed(cast, at, words=f"第{next(n)}盏路灯不亮。").case
        unit = list(cast.units.values())[case.pk % 3]
        Case.objects.filter(pk=case.pk).update(lead=unit)
        whole.recount()

    one_and_three(show, add, statements=17)


def test_a_figure_takes_the_same_statements_for_any_stretch(cast: Cast) -> None:
    whole.recount()
    old = TODAY - timedelta(days=900)
    assert count(lambda: figures(["on_time"], old, TODAY - DAY, Axis.CATEGORY, at=NOW)) == 3
    assert count(lambda: figures(["on_time"], TODAY - DAY, TODAY + DAY, Axis.CATEGORY, at=NOW)) == 3


# --- The office changes


def changed(case: Case, **fields: Any) -> None:
    Case.objects.filter(pk=case.pk).update(**fields)
    record(subject=case.subject, verb="case.triaged", by=SYSTEM, at=NOW)


def test_a_category_that_was_split_keeps_its_name_and_counts_move_with_cases(cast: Cast) -> None:
    old, new, other = Category.objects.filter(active=True, lead__isnull=False).order_by("code")[:3]
    first, second = cases(cast, [3, 1])
    changed(first, category=old)
    changed(second, category=old)
    whole.recount()
    Category.objects.filter(pk=old.pk).update(active=False)
    snapshots.forget_all()
    changed(second, category=new)
    following.follow(NOW)
    received = counts(TODAY - DAY * 9, TODAY + DAY, Axis.CATEGORY, ["received"])
    assert received == {str(old.pk): {"received": 1}, str(new.pk): {"received": 1}}
    names = list(shown.names(Axis.CATEGORY))
    assert {str(old.pk), str(new.pk), str(other.pk)} <= set(names)
    Category.objects.filter(pk=new.pk).update(active=False)  # merged again
    changed(first, category=other)
    changed(second, category=other)
    following.follow(NOW)
    assert counts(TODAY - DAY * 9, TODAY + DAY, Axis.CATEGORY, ["received"])[str(other.pk)] == {"received": 2}
    assert proving.differences() == []
    rows = shown.compared("repeat", TODAY - DAY * 9, TODAY + DAY, Axis.CATEGORY, None, at=NOW)
    assert [row.figure.denominator for row in rows] == [2]


def definition(**fields: Any) -> None:
    first = RateDefinition.objects.get(code="on_time", version=1)
    first.pk = None
    for name, value in fields.items():
        setattr(first, name, value)
    first.save(force_insert=True)


def test_a_rule_that_changed_in_mid_year_is_said_with_every_figure_over_both(cast: Cast) -> None:
    whole.recount()
    since = TODAY - DAY * 5
    definition(version=2, since=since, rule_zh="按期率（二版）")

    def seen(first: date, until: date) -> tuple[int, bool]:
        figure = figures(["on_time"], first, until, at=NOW)["on_time"][""]
        return figure.version, figure.mixed

    assert seen(since - DAY * 9, since) == (1, False)
    assert seen(since - DAY * 9, TODAY + DAY) == (2, True)
    assert seen(since, TODAY + DAY) == (2, False)
    points = shown.trend(["on_time"], TODAY + DAY, at=NOW)["on_time"]
    assert [point.figure.version for point in points][-1] == 2 and sum(point.changed for point in points) == 1
    page = client_of(cast.zhao).get(reverse("insight:figures"), {"since": since - DAY * 9, "until": TODAY})
    assert "这段时间内口径有变化" in page.content.decode() or "口径" in page.content.decode()


def test_a_unit_that_was_renamed_or_closed_keeps_its_counts(cast: Cast) -> None:
    dispatched(cast, filed(cast))
    whole.recount()
    unit = cast.units["drainage"]
    type(unit).objects.filter(pk=unit.pk).update(name="清源排水集团")
    assert counts(TODAY, TODAY + DAY, Axis.LEAD, ["sent"]) == {str(unit.pk): {"sent": 1}}


def test_a_day_without_data_is_a_frame_and_not_a_zero() -> None:
    counted = {TODAY - DAY * n: 5 for n in range(30) if n != 4}
    gap = TODAY - DAY * 4
    picture = pictures.days(counted, TODAY - DAY * 29, TODAY + DAY, {gap}, "受理")
    assert picture.count("day-gap") == 1 and f'{gap.isoformat()}</th><td class="number">0' not in picture
    assert pictures.days(counted, TODAY - DAY * 400, TODAY, set(), "受理") == ""


def test_the_page_names_the_days_of_an_outage(cast: Cast) -> None:
    whole.recount()
    today = timezone.localdate()
    for n in range(1, 29):
        if n != 6:
            for measure in ("appeals", "received"):
                DayCount.objects.create(grain="d", axis="all", key="", measure=measure, day=today - DAY * n, value=20)
    page = client_of(cast.zhao).get(reverse("insight:figures"))
    assert page.context["outages"] == (today - DAY * 6,)
    assert page.content.decode().count("day-gap") >= 1


@pytest.mark.parametrize("values", [[], [None], [None, 50.0, None, 101.0], [0.0, 100.0]])
def test_a_line_breaks_where_nothing_was_counted(values: list[float | None]) -> None:
    picture = pictures.line(values, "按期率")
    assert picture.count("<circle") == sum(value is not None for value in values)


def test_a_year_before_the_end_of_february_is_its_last_day() -> None:
    assert shown.year_before(date(2028, 2, 29), date(2028, 3, 1)) == (date(2027, 2, 28), date(2027, 3, 1))
    assert shown.before(date(2026, 3, 1), date(2026, 3, 31)) == (date(2026, 1, 30), date(2026, 3, 1))
