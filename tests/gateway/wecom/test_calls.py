"""Calling WeCom's server: tokens, errors, patience, and a server that is late, broken, or lies."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cast import Cast
from chenyue.gateway.models_wecom import WecomLink
from chenyue.gateway.wecom import api
from chenyue.notify import channels
from chenyue.notify.models import Message
from gateway.wecom import fake as fakes
from gateway.wecom.stage import bound, deliver, link

pytestmark = pytest.mark.django_db
AT = timezone.now()


@pytest.fixture
def app(cast: Cast, wecom: Any) -> WecomLink:
    return link(cast, host=wecom[1])


def ask(row: WecomLink, at: Any = AT) -> dict[str, Any]:
    return api.call(row, "/cgi-bin/kf/account/list", {"offset": 0}, at=at)


def trouble(row: WecomLink, at: Any = AT) -> api.Trouble:
    with pytest.raises(api.Trouble) as caught:
        ask(row, at)
    return caught.value


def fresh(row: WecomLink) -> WecomLink:
    return WecomLink.objects.get(pk=row.pk)


def test_one_token_for_many_calls_and_all_processes(app: WecomLink, wecom: Any) -> None:
    fake, _address = wecom
    ask(app), ask(app), ask(fresh(app))
    assert fake.tokens == 1
    ask(fresh(app), AT + timedelta(hours=1, minutes=56))  # five minutes before it runs out
    assert fake.tokens == 2


@pytest.mark.parametrize("code", [40014, 42001])
def test_a_stale_token_is_renewed_once(app: WecomLink, wecom: Any, code: int) -> None:
    fake, _address = wecom
    ask(app)
    fake.trouble = [code]
    assert ask(app)["errcode"] == 0 and fake.tokens == 2
    fake.trouble = [code, "ok", code]  # and if the new one is called stale too, that is the answer
    assert trouble(app).errcode == code


def test_while_one_process_signs_in_the_others_wait(app: WecomLink, wecom: Any) -> None:
    WecomLink.objects.filter(pk=app.pk).update(asking_until=AT + timedelta(seconds=9))
    found = trouble(app)
    assert found.later and wecom[0].tokens == 0
    assert ask(app, AT + timedelta(seconds=10))["errcode"] == 0  # whoever died while signing in blocks nobody for long


def test_too_often_means_that_nothing_is_asked_for_a_while(app: WecomLink, wecom: Any) -> None:
    fake, _address = wecom
    ask(app)
    fake.trouble = [45009]
    assert trouble(app).later
    asked = len(fake.asked)
    found = trouble(fresh(app))
    assert (found.errcode, len(fake.asked)) == (45009, asked) and found.after is not None
    assert ask(fresh(app), found.after + timedelta(seconds=1))["errcode"] == 0


WRONG: list[tuple[Any, bool]] = [
    ("500", True), ("lie", True), ("page", True), ("away", False), (-1, True), (60020, False), (48002, False),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "later"), WRONG)
def test_what_goes_wrong_is_kept_for_the_page(app: WecomLink, wecom: Any, answer: Any, later: bool) -> None:
    ask(app)
    wecom[0].trouble = [answer]
    found = trouble(app)
    assert found.later is later
    row = fresh(app)
    assert row.trouble and row.trouble_at == AT
    assert fakes.SECRET not in row.trouble and "token-" not in row.trouble
    ask(row)
    assert fresh(app).trouble == ""


def test_a_server_that_lies_about_tokens(app: WecomLink, wecom: Any) -> None:
    wecom[0].trouble = ["lie"]
    assert trouble(app).later
    assert fresh(app).access == "" and fresh(app).asking_until is None


def test_a_server_that_is_late(app: WecomLink, wecom: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "SECONDS", 0.3)
    wecom[0].trouble = ["late"]
    assert trouble(app).later


@pytest.mark.parametrize("secret", ["wrong", fakes.SECRET])
def test_the_secret_never_stands_in_the_log(
    app: WecomLink, wecom: Any, secret: str, caplog: pytest.LogCaptureFixture
) -> None:
    app.secret = secret
    with caplog.at_level("DEBUG", logger="httpx"):
        if secret == "wrong":
            assert trouble(app).errcode == 40001
        else:
            ask(app)
    assert secret not in caplog.text.replace("wrong number", "") and "access_token" not in caplog.text


@pytest.mark.parametrize(
    "host",
    [
        "http://127.0.0.1:1", "https://127.0.0.1", "https://10.0.0.8", "https://169.254.169.254", "https://localhost",
        "https://wecom.local", "http://qyapi.weixin.qq.com", "https://a:b@qyapi.weixin.qq.com",
        "https://qyapi.weixin.qq.com/cgi-bin", "https://[::1]", "ftp://x.example", "file:///etc/passwd", "https://0x7f.1",
    ],
)  # fmt: skip
def test_a_host_inside_isnt_taken(cast: Cast, host: str, settings: Any) -> None:
    from chenyue.core.errors import Refusal

    settings.OUTBOUND_HOSTS = []
    with pytest.raises(Refusal) as caught:
        link(cast, host=host)
    assert caught.value.field == "host"


def test_a_name_that_leads_inside_isnt_called(cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """The name was fine when it was typed, and answers 127.0.0.1 now."""
    import socket

    settings.OUTBOUND_HOSTS = []
    row = link(cast, host="https://wecom.example.org")
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: inside)
    found = trouble(row)
    assert not found.later and "wecom:" in found.code


def robot(cast: Cast, host: str, **more: Any) -> None:
    values = {"key": fakes.ROBOT, "host": host, "alerts": ["emergency", "late", "sitting"]} | more
    channels.change(code="wecom_group", by=cast.admin.actor(), at=AT, on=True, **values)


def alert(number: int, body: str = "1 件超时") -> None:
    Message.objects.create(
        key=f"a{number}", channel="wecom_group", template="alert-late", title="超时", body=body, about="alert:late",
        created_at=AT, next_attempt_at=AT,
    )  # fmt: skip


def test_a_group_robot_says_twenty_things_a_minute_and_loses_none(cast: Cast, wecom: Any) -> None:
    fake, address = wecom
    robot(cast, address)
    for number in range(23):
        alert(number)
    assert deliver(AT)["sent"] == 20
    assert Message.objects.filter(channel="wecom_group", state="queued", attempts=0).count() == 3
    assert deliver(AT + timedelta(seconds=70))["sent"] == 3
    assert len(fake.to("/cgi-bin/webhook/send")) == 23


def test_what_a_group_reads_holds_no_tags_and_fits(cast: Cast, wecom: Any) -> None:
    fake, address = wecom
    robot(cast, address)
    alert(1, "<@all> " + "超" * 3000)
    deliver(AT)
    (body,) = fake.to("/cgi-bin/webhook/send")
    content = body["markdown"]["content"]
    assert "<@all>" not in content and len(content.encode()) <= 4096 and content.endswith("…")


def test_a_wrong_key_of_a_robot_is_given_up_and_can_be_sent_again(cast: Cast, wecom: Any) -> None:
    from chenyue.notify import actions

    _fake, address = wecom
    robot(cast, address, key="wrong-key-0123456789")
    alert(1)
    deliver(AT)
    row = Message.objects.get(key="a1")
    assert (row.state, row.last_error) == ("dead", "wecom 93000")
    robot(cast, address)
    actions.resend(message=row, by=cast.admin.actor(), at=AT)
    deliver(AT)
    assert Message.objects.get(key="a1").state == "sent"


def test_a_member_who_isnt_known_gets_nothing_and_nothing_breaks(cast: Cast, wecom: Any) -> None:
    row = link(cast, host=wecom[1])
    assert row.on and channels.is_on("wecom_app")
    bound(cast, "lin")
    for name in ("lin", "sun"):
        Message.objects.create(
            key=name, channel="wecom_app", template="notice", address=str(getattr(cast, name).pk), body="请看一下",
            about="x", created_at=AT, next_attempt_at=AT,
        )  # fmt: skip
    deliver(AT)
    assert [m["touser"] for m in wecom[0].to("/cgi-bin/message/send")] == ["lin"]
    assert Message.objects.get(key="sun").last_error == "nobody bound"
