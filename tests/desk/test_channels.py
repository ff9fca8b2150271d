"""Pages of channels: secrets are written and never shown, tests say what happened, the log shows no person."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

import cast as players
from chenyue.core import office, snapshots
from chenyue.core.actors import SYSTEM
from chenyue.core.errors import NotAllowed
from chenyue.core.ids import token
from chenyue.gateway.models_mail import MailFolder, MailIn
from chenyue.notify import channels
from chenyue.notify.models import ChannelSetup, Message
from chenyue.timeline.models import Entry
from helpers import one_and_three
from notify.fakes import Service

AT = players.NOW
SECRET, HOOK = "SEC-very-long-secret-9876", "https://oapi.dingtalk.com/robot/send?access_token=abcdef0123456789"
pytestmark = pytest.mark.django_db


def page(code: str = "dingtalk", **query: str) -> str:
    address = reverse("desk:set-up-channel", args=[code])
    return address + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")


def form(**values: Any) -> dict[str, Any]:
    return {"idempotency_key": token(), **values}


@pytest.fixture
def admin(cast: players.Cast, client_of: Callable[..., Any]) -> Any:
    return client_of(cast.admin)


def test_a_secret_is_written_and_never_shown(admin: Any, cast: players.Cast) -> None:
    sent = form(on="on", hook=HOOK, secret=SECRET, a_minute="20", alerts=["emergency"])
    answer = admin.post(page(), sent)
    assert answer.status_code == 303
    assert channels.is_on("dingtalk")
    shown = admin.get(page()).content.decode()
    assert "••••9876" in shown
    for secret in (SECRET, "abcdef0123456789", HOOK):
        assert secret not in shown
        assert secret not in admin.get(reverse("desk:set-up-channels")).content.decode()
        assert secret not in repr(channels.of("dingtalk"))
    entry = Entry.objects.get(verb="notify.channel_set")
    assert SECRET not in repr(entry.data)
    assert sorted(entry.data["fields"]) == ["a_minute", "alerts", "hook", "secret"]
    assert SECRET not in repr(ChannelSetup.objects.values_list("values", flat=True).get())


def test_empty_keeps_and_a_tick_forgets(admin: Any) -> None:
    admin.post(page(), form(on="on", hook=HOOK, secret=SECRET, a_minute="20"))
    admin.post(page(), form(on="on", hook="", secret="", a_minute="10"))
    kept = channels.of("dingtalk")
    assert (kept["hook"], kept["secret"], kept["a_minute"]) == (HOOK, SECRET, 10)
    admin.post(page(), form(on="on", hook="", secret="", forget_secret="on", a_minute="10"))
    kept = channels.of("dingtalk")
    assert (kept["hook"], kept["secret"]) == (HOOK, "")
    answer = admin.post(page(), form(on="on", hook="", forget_hook="on", a_minute="10"))
    assert answer.status_code == 422, "it can't work without its address"
    assert channels.of("dingtalk")["hook"] == HOOK


@pytest.mark.parametrize(
    "hook",
    [
        "https://127.0.0.1/x",
        "https://169.254.169.254/",
        "http://oapi.dingtalk.com/x",
        "nonsense",
        "https://a b/",
        "x" * 900,
    ],
)
def test_a_wrong_address_is_said_at_its_field_and_nothing_is_lost(admin: Any, hook: str) -> None:
    answer = admin.post(page(), form(on="on", hook=hook, a_minute="7"))
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert 'value="7"' in shown
    assert re.search(r'id="id_hook_error|aria-invalid="true"', shown)
    assert not ChannelSetup.objects.exists()


def test_incomplete_may_be_kept_but_not_switched_on(admin: Any) -> None:
    assert (
        admin.post(page("sms"), form(driver="aliyun", signature="晨光街道", a_minute="9", a_day_each="3")).status_code
        == 303
    )
    assert (
        admin.post(
            page("sms"), form(driver="aliyun", signature="晨光街道", on="on", a_minute="9", a_day_each="3")
        ).status_code
        == 422
    )
    assert not channels.is_on("sms")
    kept = channels.of("sms")
    assert (kept.driver, kept["signature"], kept["a_day_each"]) == ("aliyun", "晨光街道", 3)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("signature", "字" * 13), ("signature", "<b>"), ("templates", "case-closed"), ("templates", "no = 1 : x"),
        ("aliyun_host", "10.0.0.1"), ("aliyun_host", "a/b?c"), ("a_minute", "-1"), ("a_minute", "many"),
        ("a_day_each", "41"),
    ],
)  # fmt: skip
def test_wrong_settings_of_short_messages(admin: Any, field: str, value: str) -> None:
    given = {"driver": "aliyun", "signature": "晨光街道", "aliyun_key": "K", "a_minute": "9", "a_day_each": "3"}
    answer = admin.post(page("sms"), form(**(given | {field: value})))
    assert answer.status_code == 422
    assert not ChannelSetup.objects.exists()


def test_each_driver_has_its_own_fields(admin: Any) -> None:
    cloud, gateway = (admin.get(page("sms", driver=d)).content.decode() for d in ("tencent", "http"))
    assert "tencent_app" in cloud
    assert "tencent_app" not in gateway
    assert "http_address" in gateway
    assert admin.get(page("sms", driver="nothing")).status_code == 200


def test_the_test_is_one_message_in_the_log(admin: Any, settings: Any) -> None:
    service = Service()
    try:
        settings.OUTBOUND_HOSTS = [service.host]
        admin.post(page(), form(on="on", hook=f"http://{service.host}/x", a_minute="20"))
        url, sent = reverse("desk:set-up-channel-test", args=["dingtalk"]), form()
        assert admin.post(url, sent).status_code == 303
        assert admin.post(url, sent).status_code == 303
        assert len(service.seen) == 1, "a press twice is one message"
        assert Message.objects.get().state == "sent"
        service.answer = lambda: (200, {"errcode": 310000, "errmsg": "sign not match, call 13800000001"})
        answer = admin.post(url, form())
        assert answer.status_code == 422
        said = answer.content.decode()
        assert "errcode 310000" in said
        assert "sign not match, call 138****0001" in said
    finally:
        service.close()
    failed = Message.objects.order_by("-pk").first()
    assert failed is not None
    assert (failed.state, failed.last_error) == ("dead", "errcode 310000")
    assert Entry.objects.filter(verb="notify.channel_tested").count() >= 2


@pytest.mark.parametrize(("code", "address"), [("email", "nobody"), ("email", ""), ("sms", "0510-123"), ("sms", "")])
def test_a_test_goes_to_an_address(admin: Any, code: str, address: str) -> None:
    channels.change(code="sms", by=SYSTEM, at=AT, on=True, driver="console", signature="晨光街道")
    answer = admin.post(reverse("desk:set-up-channel-test", args=[code]), form(address=address))
    assert answer.status_code == 422
    assert not Message.objects.exists()
    assert mail.outbox == []


def test_a_short_message_to_try_it_out(admin: Any, capsys: pytest.CaptureFixture[str]) -> None:
    channels.change(code="sms", by=SYSTEM, at=AT, on=True, driver="console", signature="晨光街道")
    answer = admin.post(reverse("desk:set-up-channel-test", args=["sms"]), form(address="+86 138-0000-0001"))
    assert answer.status_code == 303
    assert "138****0001" in capsys.readouterr().out
    assert Message.objects.get().address == "13800000001"


def test_the_order_and_the_quiet_hours(admin: Any) -> None:
    shown = admin.get(reverse("desk:set-up-order")).content.decode()
    assert "case-answered:0" in shown
    names = set(re.findall(r'name="([\w.-]+:[01])"', shown))
    values = dict.fromkeys(names, "") | {"case-answered:0": "sms", "case-answered:1": "sms"}
    assert admin.post(reverse("desk:set-up-order"), form(begins="22:00", ends="07:30", **values)).status_code == 303
    assert office.get("text_routes")["case-answered"] == ["sms"]
    assert office.get("text_routes")["case-receipt"] == []
    assert office.get("quiet_hours") == ["22:00", "07:30"]
    assert Entry.objects.filter(verb="office.changed").exists()
    wrong = values | {"case-answered:0": "pigeon"}
    assert admin.post(reverse("desk:set-up-order"), form(begins="22:00", ends="7h", **wrong)).status_code == 422


def message(n: int, **more: Any) -> Message:
    values = {
        "channel": "email", "template": "case-closed", "address": f"chen{n}@example.org", "title": f"陈大明{n}",
        "body": "陈大明的话", "about": "case:x", "created_at": AT, "key": f"k{n}",
    }  # fmt: skip
    return Message.objects.create(**(values | more))


def test_the_log_names_nobody(admin: Any, cast: players.Cast, client_of: Callable[..., Any]) -> None:
    message(1, state="dead", last_error="SMTPDataError 554")
    message(2, channel="sms", address="13800000001", held="night", next_attempt_at=AT)
    message(3, channel="wecom_app", address=str(cast.lin.pk), template="notice")
    for client in (admin, client_of(cast.li), client_of(cast.zhao)):
        shown = client.get(reverse("desk:deliveries")).content.decode()
        for secret in ("chen1@", "13800000001", "陈大明"):
            assert secret not in shown
        assert "c***@example.org" in shown
        assert "138****0001" in shown


def test_the_log_is_filtered(admin: Any) -> None:
    message(1, template="case-closed", last_error="one-one")
    message(2, channel="sms", template="case-answered", last_error="two-two", address="13800000001")
    url = reverse("desk:deliveries")
    for query, seen, hidden in [
        ({"channel": "sms"}, "two-two", "one-one"),
        ({"kind": "case-closed"}, "one-one", "two-two"),
        ({"about": "case:x", "state": "queued", "channel": "email"}, "one-one", "two-two"),
    ]:
        shown = admin.get(url, query).content.decode()
        assert seen in shown
        assert hidden not in shown
    assert admin.get(url, {"channel": "'; drop", "state": "x", "kind": "\x00", "before": "9" * 40}).status_code == 200


def test_lists_cost_the_same_with_one_and_three(admin: Any, cast: players.Cast) -> None:
    made: list[int] = []

    def add() -> None:
        made.append(1)
        message(len(made), channel="wecom_app", address=str(cast.lin.pk))

    one_and_three(lambda: admin.get(reverse("desk:deliveries")), add, 5)


def test_letters_cost_the_same_with_one_and_three(admin: Any) -> None:
    folder = MailFolder.objects.create(mark="m", looked_at=AT)
    made: list[int] = []

    def add() -> None:
        made.append(1)
        MailIn.objects.create(
            key=str(len(made)), folder=folder, uid=1, outcome="auto", at=AT + timedelta(minutes=len(made))
        )

    one_and_three(lambda: admin.get(reverse("gateway:mail-in")), add, 5)


def test_a_channel_that_is_not_there(admin: Any) -> None:
    for code in ("nothing", "in_app", "wecom_bot"):
        assert admin.get(page(code)).status_code == 404
        assert admin.post(reverse("desk:set-up-channel-test", args=[code]), form()).status_code == 404


@pytest.mark.parametrize("who", ["wang", "li", "lin", "zhao", "sun", "zhou", ""])
def test_only_who_sets_the_office_up(cast: players.Cast, client_of: Callable[..., Any], who: str) -> None:
    channels.change(code="dingtalk", by=SYSTEM, at=AT, on=True, hook=HOOK, secret=SECRET)
    client = client_of(getattr(cast, who) if who else None)
    for answer in (
        client.get(page()),
        client.post(page(), form(on="on", hook="https://evil.example.org/x", a_minute="1")),
        client.post(reverse("desk:set-up-channel-test", args=["dingtalk"]), form()),
        client.post(reverse("desk:set-up-order"), form(begins="00:00", ends="00:00")),
    ):
        assert answer.status_code in ((302, 303) if not who else (403, 404))
        assert "9876" not in answer.content.decode()
    assert channels.of("dingtalk")["hook"] == HOOK
    assert not Message.objects.exists()
    if who:
        with pytest.raises(NotAllowed):
            channels.change(code="dingtalk", by=getattr(cast, who).actor(), at=AT, hook="https://evil.example.org/")


def test_secrets_of_another_installation_must_be_typed_anew(admin: Any) -> None:
    channels.change(code="dingtalk", by=SYSTEM, at=AT, on=True, hook=HOOK)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notify_channelsetup SET secrets = '1:AAAA'")
    snapshots.forget_all()
    assert admin.get(page()).status_code == 200
    assert not channels.is_on("dingtalk")
    assert admin.get(reverse("desk:set-up-channels")).status_code == 200
