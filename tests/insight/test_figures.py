"""The page of figures: names, rules, numbers that are right, and nobody sees more than their own."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cast import Cast, client_of
from chenyue.insight import following, proving, seeing, shown
from chenyue.insight.figures import CODES, figures
from chenyue.insight.lifecycle import Axis
from chenyue.insight.models import Follow
from stories import answered, filed


@pytest.fixture(autouse=True)
def some(cast: Cast) -> None:
    at = timezone.now() - timedelta(hours=3)
    answered(cast, at)
    filed(cast, at, words="银杏街的路灯三天不亮了，走路害怕。")
    following.follow(timezone.now())


def test_each_figure_stands_with_its_rule_and_its_parts(cast: Cast) -> None:
    page = client_of(cast.zhao).get(reverse("insight:figures")).content.decode()
    for code in CODES:
        assert str(shown.name_of(code)) in page
    assert "首次联系按期率 =" in page


def test_a_head_of_a_unit_sees_the_unit_and_no_other(cast: Cast) -> None:
    reach = seeing.reach(cast.lin)
    assert not reach.whole and reach.keys(Axis.LEAD) == (str(cast.units["drainage"].pk),)
    rows = shown.compared("on_time", *days(), Axis.LEAD, reach.keys(Axis.LEAD))
    assert {row.figure.key for row in rows} <= set(reach.units)
    assert client_of(cast.lin).get(reverse("insight:compared", args=["on_time", "community"])).status_code == 404


def days() -> tuple:  # type: ignore[type-arg]
    today = timezone.localdate()
    return today - timedelta(days=2), today + timedelta(days=1)


def test_what_is_counted_of_a_unit_is_what_was_given_to_it(cast: Cast) -> None:
    found = figures(["return"], *days(), Axis.LEAD)["return"]
    assert found[str(cast.units["drainage"].pk)].denominator == 1


@pytest.mark.parametrize(
    "query",
    [
        {"since": "2026-13-01"},
        {"since": "2026-02-01", "until": "2026-01-01"},
        {"since": "0001-01-01"},
        {"until": "\x00"},
    ],
)
def test_odd_days_are_refused_in_words(cast: Cast, query: dict[str, str]) -> None:
    assert client_of(cast.zhao).get(reverse("insight:figures"), query).status_code == 422


def test_private_matters_are_in_no_count(cast: Cast) -> None:
    before = figures(["on_time"], *days())
    filed(cast, timezone.now(), words="调解员收了烟酒，偏袒对方。", category_code="1202")
    following.follow(timezone.now())
    assert proving.differences() == []
    assert shown.totals(*days())[0].n == 2
    assert figures(["on_time"], *days()) == before


def test_while_nothing_is_counted_yet_no_figure_is_shown(cast: Cast) -> None:
    Follow.objects.update(whole_at=None)
    for name, args in (("insight:figures", []), ("insight:compared", ["on_time", "lead"])):
        page = client_of(cast.zhao).get(reverse(name, args=args)).content.decode()
        assert "第一次统计正在进行" in page
        assert "0.00%" not in page and "÷" not in page
