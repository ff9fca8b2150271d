"""Stewards hear of fresh appeals in their buildings: once, only theirs, nothing that is kept closely."""

from datetime import timedelta
from typing import Any

import pytest

import stories
from cast import NOW
from chenyue.cases.to_stewards import tell_stewards
from chenyue.notify.models import Notice
from stewards.stage import steward, term

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=2)


def told(member: Any) -> list[str]:
    return list(Notice.objects.filter(member=member, key__startswith="steward.appeal").values_list("text", flat=True))


@pytest.fixture
def stewards(cast: Any) -> None:
    term(cast, steward(cast, "王建国", cast.wang), "金桂苑1幢")
    term(cast, steward(cast, "周某", cast.zhou), "金桂苑2幢")


def test_each_hears_of_their_own_building_once(cast: Any, stewards: None) -> None:
    stories.filed(cast, place_id=cast.place("金桂苑1幢").pk)
    assert tell_stewards(SOON) == 0  # the first turn begins with what is filed from then on
    found = stories.filed(cast, words="楼道的灯坏了。", place_id=cast.place("金桂苑1幢").pk)
    tell_stewards(SOON)
    tell_stewards(SOON + timedelta(minutes=1))
    lines = told(cast.wang)
    assert len([line for line in lines if found.case.title in line]) == 1
    assert all("金桂苑1幢" in line for line in lines) and told(cast.zhou) == []


def test_what_is_private_or_their_own_is_not_told(cast: Any, stewards: None) -> None:
    tell_stewards(SOON)
    place = cast.place("金桂苑2幢").pk
    private = stories.filed(cast, words="调解员收了对方的烟酒，我要求换人。", category_code="1202", place_id=place)
    assert private.case.sensitivity != "normal"
    stories.filed(cast, place_id=place, channel="steward", taken_by=cast.zhou, by=cast.zhou.actor())
    old = stories.filed(cast, place_id=place, words="上个月的水管。")
    type(old.appeal).objects.filter(pk=old.appeal.pk).update(received_at=NOW - timedelta(days=20))
    assert tell_stewards(SOON) == 0 and told(cast.zhou) == []


def test_who_was_given_a_role_without_cases_hears_nothing(cast: Any) -> None:
    from chenyue.core import office

    office.put(steward_role="auditor")
    term(cast, steward(cast, "周某", cast.zhou), "金桂苑2幢")
    tell_stewards(SOON)
    stories.filed(cast, place_id=cast.place("金桂苑2幢").pk)
    assert tell_stewards(SOON) == 0
