"""What is fetched: customer service page by page, residents' reports, each thing once, whatever breaks meanwhile."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cast import Cast
from chenyue.cases.models import Addition, Appeal, Attachment
from chenyue.gateway.models_wecom import WecomInbound, WecomLink
from chenyue.gateway.wecom import api, inbox, reports, service
from chenyue.timeline.models import Entry
from gateway.wecom import fake as fakes
from gateway.wecom.stage import GUEST, call, link, work, xml

pytestmark = pytest.mark.django_db
AT = timezone.now()


@pytest.fixture
def kf(cast: Cast, wecom: Any) -> WecomLink:
    return link(cast, "kf", host=wecom[1])


@pytest.fixture
def report(cast: Cast, wecom: Any) -> WecomLink:
    return link(cast, "report", host=wecom[1])


def message(n: int, words: str = "金桂苑3幢楼道灯坏了", **more: Any) -> dict[str, Any]:
    when = int(AT.timestamp()) - 60 + n
    row = {"msgid": f"k{n}", "open_kfid": fakes.ACCOUNT, "external_userid": GUEST, "send_time": when, "origin": 3}
    return row | {"msgtype": "text", "text": {"content": words}} | more


def order(n: int, **more: Any) -> dict[str, Any]:
    row = {
        "order_id": f"o{n}", "desc": f"第{n}件：金桂苑3幢路灯不亮", "urge_type": 1, "case_name": "市政设施",
        "grid_name": "一网格",
        "reporter_name": "何晓芸", "reporter_mobile": "13912345678", "create_time": int(AT.timestamp()) - 60,
        "image_urls": ["https://127.0.0.1/secret.png"], "location": {"name": "金桂苑", "address": "3幢门口"},
    }  # fmt: skip
    return row | more


def test_page_by_page_and_the_mark_is_kept(kf: WecomLink, wecom: Any) -> None:
    wecom[0].messages = [message(n) for n in range(5)]
    assert service.pull(kf, AT) == 5
    assert len(wecom[0].to("/cgi-bin/kf/sync_msg")) == 3
    assert service.pull(kf, AT) == 0
    wecom[0].messages.append(message(5))
    assert service.pull(kf, AT) == 1
    kf.refresh_from_db()
    assert kf.cursor == "6" and WecomInbound.objects.count() == 6


def test_what_breaks_in_the_middle_goes_on_where_it_was(kf: WecomLink, wecom: Any) -> None:
    wecom[0].messages = [message(n) for n in range(5)]
    wecom[0].trouble = ["ok", "ok", "500"]
    with pytest.raises(api.Trouble):
        service.pull(kf, AT)
    kf.refresh_from_db()
    assert (kf.cursor, WecomInbound.objects.count()) == ("2", 2)
    assert service.pull(kf, AT) == 3 and WecomInbound.objects.count() == 5


def test_our_own_words_and_those_of_servicers_arent_appeals(kf: WecomLink, wecom: Any) -> None:
    wecom[0].messages = [message(1, origin=5), message(2, origin=4, msgtype="event", event={}), message(3)]
    assert service.pull(kf, AT) == 2


def test_what_is_older_than_the_connection_isnt_taken(kf: WecomLink, wecom: Any) -> None:
    wecom[0].messages = [message(1, send_time=int(AT.timestamp()) - 3 * 86400), message(2)]
    assert service.pull(kf, AT) == 1


@pytest.mark.parametrize(
    "rows", [None, "no list", [None, 7, "x"], [{}], [{"origin": 3}], [{"origin": 3, "msgid": ["x"]}]]
)
def test_pages_that_make_no_sense(kf: WecomLink, wecom: Any, rows: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {"errcode": 0, "next_cursor": "9", "has_more": 1, "msg_list": rows}
    monkeypatch.setattr(wecom[0], "_sync", lambda body: found)
    service.pull(kf, AT)
    kf.refresh_from_db()
    assert kf.cursor == "9"


def test_a_server_that_always_has_more(kf: WecomLink, wecom: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "PAGES", 4)
    count = iter(range(100))
    more = {"errcode": 0, "has_more": 1, "msg_list": []}
    monkeypatch.setattr(wecom[0], "_sync", lambda body: more | {"next_cursor": str(next(count))})
    service.pull(kf, AT)
    assert len(wecom[0].to("/cgi-bin/kf/sync_msg")) == 4


def test_a_call_of_wecom_fetches(cast: Cast, kf: WecomLink, wecom: Any) -> None:
    wecom[0].messages = [message(1)]
    fields = {
        "ToUserName": fakes.CORP,
        "CreateTime": int(AT.timestamp()),
        "MsgType": "event",
        "Event": "kf_msg_or_event",
    }
    assert call(kf, xml(**fields, Token="ENC-token", OpenKfId=fakes.ACCOUNT)).content == b""
    work()
    work()
    (body,) = wecom[0].to("/cgi-bin/kf/sync_msg")
    assert (body["token"], body["open_kfid"]) == ("ENC-token", fakes.ACCOUNT)
    assert set(WecomInbound.objects.values_list("kind", "outcome")) == {("kf_msg_or_event", "passed"), ("text", "talk")}


def test_the_tick_fetches_without_being_called(kf: WecomLink, wecom: Any) -> None:
    wecom[0].messages = [message(1)]
    assert service.tick(AT) == 1
    wecom[0].trouble = ["500"]
    assert service.tick(AT) == 0  # and one that fails doesn't stop the tick


def test_reports_become_appeals_once(report: WecomLink, wecom: Any) -> None:
    wecom[0].orders = [order(n) for n in range(60)]
    assert reports.pull(report, AT) == 60
    assert len(wecom[0].to("/cgi-bin/report/resident/get_order_list")) == 2
    assert reports.pull(report, AT + timedelta(minutes=5)) == 0
    appeal = Appeal.objects.get(external_number="report:o7")
    assert (appeal.channel, appeal.reporter.phone, appeal.consent_contact) == ("wecom", "13912345678", True)
    assert appeal.place_told == "金桂苑 3幢门口" and "127.0.0.1" not in appeal.words


def test_a_report_that_says_more_later(report: WecomLink, wecom: Any) -> None:
    wecom[0].orders = [order(1)]
    reports.pull(report, AT)
    wecom[0].orders = [order(1, desc="又坏了两盏")]
    assert reports.pull(report, AT + timedelta(hours=1)) == 0
    assert "又坏了两盏" in Addition.objects.get().words and Appeal.objects.count() == 1


@pytest.mark.parametrize(
    "odd",
    [
        {"order_id": None}, {"desc": None, "case_name": None}, {"location": "no object"}, {"create_time": "x"},
        {"location": {"latitude": "nan", "longitude": "inf"}}, {"location": {"latitude": 999, "longitude": 1}},
        {"reporter_mobile": "12"}, {"reporter_mobile": None, "reporter_name": None}, {"image_urls": 7},
        {"urge_type": "3"},
    ],
)  # fmt: skip
def test_odd_reports_stop_nothing(report: WecomLink, wecom: Any, odd: dict[str, Any]) -> None:
    wecom[0].orders = [order(1, **odd), order(2)]
    reports.pull(report, AT)
    assert Appeal.objects.filter(external_number="report:o2").exists()


def test_reports_before_the_connection_arent_taken(report: WecomLink, wecom: Any) -> None:
    wecom[0].orders = [order(1, create_time=int(AT.timestamp()) - 5 * 86400)]
    assert reports.pull(report, AT) == 0 and not Appeal.objects.exists()


def test_a_refused_connection_says_why(report: WecomLink, wecom: Any) -> None:
    wecom[0].trouble = ["ok", 48002]
    assert reports.tick(AT) == 0
    report.refresh_from_db()
    assert "48002" in report.trouble


def fetched(at: Any = AT) -> list[str]:
    """What became of the pictures that were asked for."""
    inbox.tick(at)
    return list(WecomInbound.objects.filter(kind="picture").order_by("pk").values_list("outcome", flat=True))


def test_pictures_of_a_report_are_fetched_and_kept_with_it(report: WecomLink, wecom: Any) -> None:
    there = [f"{wecom[1]}/pictures/{name}.jpg" for name in "abba"]
    wecom[0].orders = [order(1, image_urls=[*there, 7, "", "x" * 2000], video_media_ids=["v1"])]
    reports.pull(report, AT)
    reports.pull(report, AT + timedelta(minutes=5))
    assert fetched() == ["added", "added"], "each address once"
    appeal = Appeal.objects.get()
    assert Attachment.objects.filter(appeal=appeal, content_type="image/jpeg").count() == 2
    assert "1" in appeal.words.splitlines()[-1], "a film stays there, and is said"
    assert all("access_token" not in query for path, query, _body in wecom[0].asked if path.startswith("/pictures/"))


def test_a_picture_is_never_fetched_from_inside(report: WecomLink, settings: Any, wecom: Any) -> None:
    inside = ["http://10.0.0.7/a.jpg", "https://localhost/a.jpg", "file:///etc/passwd", "https://[::1]/a.jpg"]
    wecom[0].orders = [order(1, image_urls=inside)]
    reports.pull(report, AT)
    assert fetched() == ["refused"] * 4 and not Attachment.objects.exists()
    assert Entry.objects.filter(verb="gateway.wecom_media_lost").count() == 4
    assert not WecomInbound.objects.filter(kind="picture").exclude(body="").exists()


def test_what_is_no_picture_is_said_and_what_is_away_is_tried_again(report: WecomLink, wecom: Any) -> None:
    wecom[0].orders = [order(1, image_urls=[f"{wecom[1]}/pictures/a.exe", f"{wecom[1]}/pictures/b.jpg"])]
    reports.pull(report, AT)
    wecom[0].trouble = ["ok", "500"]
    assert fetched() == ["refused", "waiting"]
    assert fetched(AT + timedelta(minutes=2)) == ["refused", "added"] and Attachment.objects.count() == 1
