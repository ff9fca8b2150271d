"""Words in WeCom on their way to an appeal: gathered, at once in danger, with pictures, added to, never twice."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from cast import Cast
from chenyue.cases.models import Addition, Appeal, Attachment, Case
from chenyue.gateway.models_wecom import WecomForward, WecomInbound, WecomLink, WecomTalk
from chenyue.gateway.wecom import conversation, known, talks
from chenyue.gateway.wecom.heard import Heard
from chenyue.notify.models import Message, Notice
from gateway.wecom import fake as fakes
from gateway.wecom.stage import GUEST, bound, came, deliver, link, said, work

pytestmark = pytest.mark.django_db
AT = timezone.now()
CHAT = """晨曦 2026年11月23日 19:02
二单元下水道堵了，水漫到一楼了
清风 2026年11月23日 19:03
我家也是，3幢101
小马 2026年11月23日 19:05
收到[强]"""


@pytest.fixture
def app(cast: Cast, wecom: Any) -> WecomLink:
    return link(cast, host=wecom[1])


@pytest.fixture
def service(cast: Cast, wecom: Any) -> WecomLink:
    return link(cast, "kf", host=wecom[1])


def hear(
    row: WecomLink, words: str = "", *, who: str = GUEST, after: float = 0, kind: str = "text", **more: Any
) -> str:
    at = AT + timedelta(minutes=after)
    return conversation.hear(row, Heard(kind, who, at, words, **more), at)[0]


def after(minutes: float, since: datetime | None = None) -> None:
    """So much time passes for what was written."""
    talks.tick((since or AT) + timedelta(minutes=minutes))


def worked() -> None:
    """What came by the callback just now is worked on, and its writer pauses."""
    work()
    after(3, timezone.now())


def texts(**wanted: Any) -> list[str]:
    return list(Message.objects.filter(channel="wecom", **wanted).order_by("pk").values_list("template", flat=True))


def test_what_is_written_in_a_row_is_one_appeal(service: WecomLink) -> None:
    hear(service, "你好，反映个事")
    hear(service, "金桂苑3幢楼道的灯坏了半个月", after=0.3)
    hear(service, "晚上老人摔了一跤", after=0.9)
    after(1.5)
    assert not Appeal.objects.exists()  # still writing
    after(2)
    appeal = Appeal.objects.get()
    assert appeal.words == "你好，反映个事\n金桂苑3幢楼道的灯坏了半个月\n晚上老人摔了一跤"
    assert (appeal.channel, appeal.case.building_id is not None) == ("wecom", True)
    assert WecomTalk.objects.get().words == ""  # kept once, with its appeal
    assert texts() == ["wecom-received"]
    after(60)
    assert Appeal.objects.count() == 1


def test_where_there_is_danger_nobody_waits(service: WecomLink) -> None:
    hear(service, "金桂苑3幢二单元楼道里煤气味很重，有人晕倒了")
    appeal = Appeal.objects.get()
    assert appeal.case.urgency == "emergency"
    (row,) = Message.objects.filter(template="wecom-danger")
    assert row.urgent and "119" in row.body + "119" and appeal.number in row.body


def test_a_greeting_is_no_appeal_and_is_answered_once_a_day(service: WecomLink) -> None:
    for n, words in enumerate(("你好", "在吗？", "[微笑]", "hello", "谢谢")):
        hear(service, words, after=n)
    after(60)
    assert not Appeal.objects.exists() and texts() == ["wecom-help"]


def test_pictures_wait_for_words_and_come_along(service: WecomLink, wecom: Any) -> None:
    hear(service, kind="image", media=[{"id": "pic-1"}])
    assert texts() == ["wecom-wordless"]
    hear(service, "金桂苑3幢楼道的灯坏了半个月", after=2)
    hear(service, kind="image", media=[{"id": "pic-2"}], after=2.5)
    after(4)
    appeal = Appeal.objects.get()
    assert Attachment.objects.filter(appeal=appeal, content_type="image/jpeg").count() == 2
    hear(service, kind="image", media=[{"id": "pic-3"}], after=10)  # and one more, afterwards
    after(10.1)
    assert Attachment.objects.filter(appeal=appeal).count() == 3 and Appeal.objects.count() == 1


def test_pictures_without_any_words_are_filed_all_the_same(service: WecomLink) -> None:
    hear(service, kind="image", media=[{"id": "pic-1"}])
    after(11)
    assert Appeal.objects.get().words and Attachment.objects.count() == 1


def test_a_picture_that_cant_be_fetched_now_is_fetched_later(service: WecomLink, wecom: Any) -> None:
    hear(service, "金桂苑3幢楼道的灯坏了半个月", media=[{"id": "pic-1"}, {"id": "gone"}])
    wecom[0].trouble = ["ok", "ok", -1]  # the token comes, our answer goes out, the picture fails
    after(2)
    assert Appeal.objects.count() == 1 and Attachment.objects.count() == 0
    after(30)
    case = Case.objects.get()
    assert Attachment.objects.filter(case=case).count() == 1
    from chenyue.timeline.models import Entry

    assert Entry.objects.filter(subject=case.subject, verb="gateway.wecom_media_lost").count() == 1


def test_a_file_that_only_says_it_is_a_picture(service: WecomLink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fakes, "PICTURE", b"MZ this is a programme")
    hear(service, "金桂苑3幢楼道的灯坏了半个月", media=[{"id": "pic-1"}])
    after(2)
    assert Appeal.objects.count() == 1 and Attachment.objects.count() == 0


def test_a_flood_is_gathered_and_nothing_is_lost(service: WecomLink, monkeypatch: pytest.MonkeyPatch) -> None:
    from chenyue.core import limits

    monkeypatch.setattr(talks, "FLOOD", limits.Limit("wecom.filed", 2, timedelta(days=1)))
    for n in range(6):
        hear(service, f"第{n}处路灯不亮", after=n * 3)
        after(n * 3 + 2)
    assert Appeal.objects.count() == 2
    after(120)
    assert Appeal.objects.count() == 3 and "第5处" in Appeal.objects.order_by("-pk")[0].words


def test_added_words(service: WecomLink) -> None:
    hear(service, "金桂苑3幢楼道的灯坏了半个月")
    after(2)
    assert hear(service, "补充：已经有人用木板盖住了", after=9) == "added"
    assert Addition.objects.get().words == "已经有人用木板盖住了" and Appeal.objects.count() == 1
    assert texts() == ["wecom-received", "wecom-added"]
    hear(service, "另外5幢的路灯也不亮", after=20)
    after(22)
    assert Appeal.objects.count() == 2


def test_another_person_cant_add_to_it(service: WecomLink) -> None:
    hear(service, "金桂苑3幢楼道的灯坏了半个月")
    after(2)
    hear(service, "补充：撤销吧", who="wmOTHERxxxxxxxxxxxxxxxxxxxxxxxxx", after=3)
    after(9)
    assert not Addition.objects.exists() and Appeal.objects.count() == 2


def test_the_code_on_a_door_says_where(cast: Cast, service: WecomLink) -> None:
    building = cast.place("金桂苑3幢")
    heard = Heard("event", GUEST, AT, scene=f"q={building.code}")
    conversation.entered(service, heard, AT)
    hear(service, "楼道的灯不亮")
    after(2)
    assert Appeal.objects.get().place_id == building.pk
    for odd in ("", "q=", "q=../etc", "q=" + "A" * 200, "🙂", "q='; drop"):
        assert conversation.place_of(odd) is None


def test_a_voice_note_is_kept_and_its_words_are_asked_for(service: WecomLink) -> None:
    voice = {"id": "voice-1", "kind": "voice"}
    assert hear(service, kind="voice", media=[voice]) == "talk"
    assert texts() == ["wecom-typed"], "said once that nobody turns it into text"
    after(11)
    appeal = Appeal.objects.get()
    assert "语音" in appeal.words
    assert Attachment.objects.get(appeal=appeal).content_type == "audio/amr"


def test_what_is_neither_words_nor_picture_nor_voice(service: WecomLink) -> None:
    assert hear(service, kind="other") == "passed"
    assert texts() == ["wecom-typed"] and not Appeal.objects.exists()


def test_a_steward_writes_in_their_own_name(cast: Cast, app: WecomLink) -> None:
    bound(cast, "wang")
    said(app, "wang", "金桂苑1幢楼道堆了纸箱，占了通道", "1")
    worked()
    appeal = Appeal.objects.get()
    assert (appeal.taken_by, appeal.channel) == (cast.wang, "wecom")


def test_the_stranger_is_only_a_reporter(cast: Cast, app: WecomLink) -> None:
    """A member without any permission may say something, like anybody; nothing is done in their name."""
    bound(cast, "zhou")
    said(app, "zhou", "金桂苑1幢楼道堆了纸箱，占了通道", "1")
    worked()
    assert Appeal.objects.get().taken_by is None


def test_a_steward_forwards_a_group_and_nothing_is_filed(cast: Cast, service: WecomLink, client_of: Any) -> None:
    bound(cast, "wang", GUEST)
    items = [
        {
            "msgtype": "text", "send_time": 1795000000 + n, "sender_name": who,
            "msg_content": json.dumps({"text": {"content": words}}),
        }
        for n, (who, words) in enumerate((("晨曦", "1幢二单元下水道堵了"), ("清风", "我家也是")))
    ]  # fmt: skip
    data = {"merged_msg": {"title": "金桂苑1幢的聊天记录", "item": items}}
    assert hear(service, kind="forward", data=data) == "forward"
    row = WecomForward.objects.get()
    assert (row.member, row.messages, row.title) == (cast.wang, 2, "金桂苑1幢")
    assert not Appeal.objects.exists() and Notice.objects.filter(member=cast.wang).exists()
    page = client_of(cast.wang).get(f"/desk/wecom/chats/{row.pk}/")
    assert page.status_code == 200 and "下水道堵了" in page.content.decode()
    for other in (cast.li, cast.zhao):
        assert client_of(other).get(f"/desk/wecom/chats/{row.pk}/").status_code == 404
    from chenyue.gateway.wecom import forwards

    assert forwards.sweep(AT + timedelta(days=3, minutes=1)) >= 1 and not WecomForward.objects.exists()


def test_a_pasted_group_in_the_app_is_a_forward_too(cast: Cast, app: WecomLink) -> None:
    bound(cast, "wang")
    said(app, "wang", CHAT, "1")
    work()
    assert came(app) == [("text", "forward")] and WecomForward.objects.get().messages == 3


def test_a_forward_of_a_resident_is_their_words(service: WecomLink) -> None:
    data = {
        "merged_msg": {
            "item": [{"msgtype": "text", "sender_name": "甲", "msg_content": '{"content":"5幢电梯停了"}'}] * 2
        }
    }
    hear(service, kind="forward", data=data)
    after(2)
    assert "甲：5幢电梯停了" in Appeal.objects.get().words and not WecomForward.objects.exists()


def test_a_code_binds_once_and_only_for_a_while(cast: Cast, app: WecomLink) -> None:
    code = known.new_code(member=cast.lin, at=AT)
    assert hear(app, f"绑定 {code}", who="lin.t", after=11) == "refused"  # too late
    code = known.new_code(member=cast.lin, at=AT)
    assert hear(app, f"绑定{code}", who="lin.t", after=1) == "bound"
    assert known.member_of(fakes.CORP, "lin.t") == cast.lin
    assert hear(app, f"绑定{code}", who="somebody", after=2) == "refused"
    assert known.member_of(fakes.CORP, "somebody") is None


def test_codes_cant_be_guessed(cast: Cast, app: WecomLink) -> None:
    code = known.new_code(member=cast.zhao, at=AT)
    wrong = f"{(int(code) + 1) % 10**8:08d}"
    assert {hear(app, f"绑定 {wrong}", who="thief", after=n) for n in range(5)} == {"refused"}
    assert hear(app, f"绑定 {code}", who="thief", after=6) == "refused"  # even the right one now
    assert known.member_of(fakes.CORP, "thief") is None


def test_an_account_cant_be_taken_from_a_member(cast: Cast, app: WecomLink) -> None:
    bound(cast, "lin")
    code = known.new_code(member=cast.sun, at=AT)
    assert hear(app, f"绑定 {code}", who="lin") == "refused"
    assert known.member_of(fakes.CORP, "lin") == cast.lin


def test_who_left_the_office_is_nobody(cast: Cast, app: WecomLink) -> None:
    bound(cast, "wang")
    cast.wang.is_active = False
    cast.wang.save()
    said(app, "wang", CHAT, "1")
    work()
    assert not WecomForward.objects.exists()


def test_five_messages_then_silence_until_they_write_again(service: WecomLink, wecom: Any) -> None:
    from chenyue.gateway.models_wecom import WecomGuest
    from chenyue.gateway.wecom import telling

    hear(service, "帮助")
    guest = WecomGuest.objects.select_related("link").get()
    for n in range(6):
        telling.tell(guest, f"第{n}条", f"x{n}", AT)
    deliver(AT + timedelta(seconds=5))
    assert len(wecom[0].to("/cgi-bin/kf/send_msg")) == 5
    assert set(Message.objects.filter(state="dead").values_list("last_error", flat=True)) == {"window closed"}


def test_what_a_guest_is_called_and_wrote_is_encrypted(service: WecomLink) -> None:
    from django.db import connection

    hear(service, "金桂苑3幢楼道的灯坏了半个月")
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM gateway_wecomguest")
        addresses = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT words FROM gateway_wecomtalk")
        words = [row[0] for row in cursor.fetchall()]
    assert all(value.startswith("1:") for value in addresses + words)


def test_what_fails_is_kept_and_tried_again(cast: Cast, app: WecomLink, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: Any) -> Any:
        raise RuntimeError("the database is on fire")

    said(app, "lin", "金桂苑1幢楼道灯坏了", "9")
    with monkeypatch.context() as patch:
        patch.setattr(conversation, "hear", broken)
        at = timezone.now()
        for _try in range(6):
            work(at)
            at += timedelta(hours=4)
    row = WecomInbound.objects.get()
    assert (row.outcome, row.next_at) == ("failed", None) and row.body
    from chenyue.gateway.wecom import inbox

    assert inbox.again(row, at)
    work(at)
    row.refresh_from_db()
    assert (row.outcome, row.body) == ("talk", "")
