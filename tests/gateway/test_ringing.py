"""What rings in groups: emergencies, what is late, how a sitting went; nobody's words, and nothing twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

import stories
from cast import Cast
from chenyue.cases import ticks
from chenyue.cases.models import Case
from chenyue.gateway import ringing
from chenyue.notify import channels
from chenyue.notify.actions import quietly
from chenyue.notify.models import Message
from reception.queue_stage import opened

pytestmark = pytest.mark.django_db
GAS = "金桂苑3幢二单元楼道里煤气味很重，我姓丁，电话13800000088"


def group(cast: Cast, *kinds: str) -> None:
    """A group robot that takes these kinds."""
    values: dict[str, Any] = {"key": "693a91f6-7e3b-4b6c-a1f1-0123456789ab", "alerts": list(kinds)}
    channels.change(code="wecom_group", by=cast.admin.actor(), at=timezone.now(), on=True, **values)


def rung() -> list[tuple[str, str]]:
    return list(Message.objects.filter(channel="wecom_group").order_by("pk").values_list("template", "body"))


def rung_bodies() -> str:
    return "\n".join(row.title + row.body for row in Message.objects.filter(channel="wecom_group"))


@pytest.fixture(autouse=True)
def _nothing_goes_out(settings: Any) -> None:
    settings.OUTBOUND_HOSTS = []


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages stay in the outbox."""
    from chenyue.core import jobs

    monkeypatch.setattr(jobs, "enqueue", lambda name, **ids: None)


def test_an_emergency_rings_without_anybodys_words(cast: Cast, held: None) -> None:
    group(cast, "emergency")
    case: Case = stories.filed(cast, words=GAS, place_id=cast.place("金桂苑3幢").pk).case
    assert case.urgency == "emergency"
    ((template, body),) = rung()
    assert template == "alert-emergency" and case.number in body
    for private in ("丁", "13800000088", "煤气味很重", cast.chen.name):
        assert private not in rung_bodies()


def test_only_what_the_group_takes(cast: Cast, held: None) -> None:
    group(cast, "late")
    stories.filed(cast, words=GAS)
    assert rung() == []


def test_what_is_late_rings_once(cast: Cast, held: None) -> None:
    group(cast, "late")
    stories.dispatched(cast, stories.filed(cast))
    for days in range(1, 12):
        ticks.run_clocks(cast.now + timedelta(days=days))
    found = [template for template, _body in rung()]
    assert found and set(found) == {"alert-late"}
    assert len({row.key for row in Message.objects.filter(channel="wecom_group")}) == len(found)


def test_what_is_kept_closely_is_only_said_to_be_there(cast: Cast, held: None) -> None:
    group(cast, "emergency")
    case = stories.filed(cast, words=GAS, category_code="1202").case
    Case.objects.filter(pk=case.pk).update(sensitivity="sealed")
    case.refresh_from_db()
    assert case.category.name not in ringing._what(case) and "金桂苑" not in ringing._what(case)


def test_the_past_rings_nowhere(cast: Cast, held: None) -> None:
    group(cast, "emergency")
    with quietly():
        stories.filed(cast, words=GAS)
    assert rung() == []


def test_how_a_sitting_went(cast: Cast, held: None) -> None:
    from chenyue.reception.queue import sittings

    group(cast, "sitting")
    at = timezone.now()
    row = opened(cast, at - timedelta(hours=1))
    sittings.close_sitting(sitting=row, by=cast.li.actor(), at=at)
    assert ringing.sittings(at) == 1
    ringing.sittings(at + timedelta(minutes=5))
    ((template, _body),) = rung()
    assert template == "alert-sitting"
    assert ringing.sittings(at + timedelta(hours=3)) == 0
