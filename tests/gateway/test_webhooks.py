"""Webhooks: signed as the specification says, guarded, tried again, stopped, and silent about what nobody may know."""

import json
import socket
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

import stories
from cast import Cast, client_of
from chenyue.cases.actions import move
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Case
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.core.ids import token as key
from chenyue.followup import actions as followup
from chenyue.followup.models import Callback
from chenyue.gateway.models_machines import Webhook, WebhookDelivery
from chenyue.gateway.webhooks import keeping, sending, signing
from chenyue.gateway.webhooks.events import EVENTS
from chenyue.notify.models import Notice
from chenyue.people import actions as people
from chenyue.timeline.models import Entry
from gateway.webhook_stage import Other, connected, offered, other_side, verified
from helpers import count, one_and_three

pytestmark = pytest.mark.django_db
State = WebhookDelivery.State
# The specification's own sample.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID, AT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.fixture
def there(settings: Any) -> Any:
    """The other side, which the operator of this installation has named."""
    with other_side() as found:
        settings.OUTBOUND_HOSTS = [found.address.split("/")[2]]
        yield found


def test_the_vector_of_the_specification() -> None:
    assert signing.sign(SECRET, ID, AT, BODY) == SIGNATURE
    headers = {"webhook-id": ID, "webhook-timestamp": str(AT), "webhook-signature": SIGNATURE}
    assert verified(SECRET, headers, BODY, AT + 10)
    assert not verified(SECRET, headers, BODY + b" ", AT + 10)
    assert not verified(SECRET, headers, BODY, AT + 301), "an old message played again"
    assert not verified(SECRET, headers | {"webhook-id": "msg_other"}, BODY, AT)
    assert not verified(signing.new_secret(), headers, BODY, AT)


def test_two_secrets_sign_while_one_replaces_the_other() -> None:
    old, new = signing.new_secret(), signing.new_secret()
    found = signing.headers([new, old], "msg_1", AT, BODY)
    assert len(found["webhook-signature"].split(" ")) == 2
    assert verified(old, found, BODY, AT) and verified(new, found, BODY, AT)


def test_what_happens_arrives_signed_and_thin(cast: Cast, there: Other) -> None:
    hook, secret = connected(cast, cast.li, there.address)
    at = timezone.now()
    filed = stories.filed(cast, at)
    assert sending.send_due(at + timedelta(seconds=1)) == {State.SENT: 1}
    headers, body = there.arrived[0]
    assert verified(secret, headers, body, at.timestamp())
    assert headers["content-type"] == "application/json; charset=utf-8" and "authorization" not in headers
    found = json.loads(body)
    assert found["type"] == "appeal.filed" and found["timestamp"] == timezone.localtime(at).isoformat()
    assert found["data"]["case"] == filed.case.number and found["data"]["appeal"] == filed.appeal.number
    said = body.decode()
    for secret_thing in (cast.chen.name, cast.chen.phone, stories.WORDS[:8], filed.appeal.receipt, cast.li.name):
        assert secret_thing not in said
    assert len(body) < 20_000
    hook.refresh_from_db()
    assert hook.worked_at is not None and hook.failing_since is None


def test_every_event_of_a_road_is_told(cast: Cast, there: Other) -> None:
    connected(cast, cast.zhao, there.address)
    at = timezone.now()
    case = stories.answered(cast, at - timedelta(hours=2))
    followup.rate(
        callback=Callback.objects.get(case=case), grade="dissatisfied", solved=False, words="没人来",
        by=cast.li.actor(), at=at,
    )  # fmt: skip
    move(case=case, move=Move.REOPEN, by=cast.zhao.actor(), at=at, words="再办一次")
    told = set(WebhookDelivery.objects.values_list("type", flat=True))
    assert {
        "appeal.filed", "case.moved", "case.dispatched", "case.answered", "answer.rated", "answer.refused",
        "case.reopened",
    } <= told <= set(EVENTS)  # fmt: skip
    assert "没人来" not in str(list(WebhookDelivery.objects.values_list("data", flat=True)))


def test_nobody_listening_costs_no_statement_and_each_listener_none_more(cast: Cast, there: Other) -> None:
    stories.filed(cast, timezone.now())
    none = count(lambda: stories.filed(cast, timezone.now(), words="金桂苑1幢路灯坏了", reporter=None))
    for _turn in range(3):
        connected(cast, cast.li, there.address, events=["appeal.filed"])
    stories.filed(cast, timezone.now(), words="金桂苑1幢垃圾没人收", reporter=None)
    three = count(lambda: stories.filed(cast, timezone.now(), words="金桂苑1幢电梯停了", reporter=None))
    assert three == none + 1


def test_only_what_its_owner_sees(cast: Cast, there: Other) -> None:
    connected(cast, cast.sun, there.address)
    connected(cast, cast.zhou, there.address)
    at = timezone.now()
    stories.filed(cast, at)
    sealed = stories.filed(cast, at, words="举报某某收受好处", reporter=None)
    Case.objects.filter(pk=sealed.case.pk).update(sensitivity="sealed")
    assert sending.send_due(at) == {State.WITHHELD: 4} and there.arrived == []
    connected(cast, cast.li, there.address)
    stories.filed(cast, at, words="金桂苑1幢路灯坏了", reporter=None)
    WebhookDelivery.objects.filter(case_number=sealed.case.number).update(next_at=at, state=State.WAITING, attempts=0)
    sending.send_due(at)
    assert sealed.case.number not in str(there.arrived) and len(there.arrived) == 1


def test_who_leaves_tells_nothing_any_more(cast: Cast, there: Other) -> None:
    connected(cast, cast.li, there.address)
    at = timezone.now()
    stories.filed(cast, at)
    people.deactivate_member(member=cast.li, by=cast.admin.actor(), at=at)
    assert sending.send_due(at) == {State.WITHHELD: 1} and there.arrived == []


def test_a_failure_is_tried_again_later_and_later_then_given_up(cast: Cast, there: Other) -> None:
    connected(cast, cast.li, there.address)
    at = timezone.now()
    stories.filed(cast, at)
    there.status = 500
    for number, pause in enumerate(sending.PAUSES, start=1):
        assert sending.send_due(at) == {State.FAILED: 1}
        assert sending.send_due(at) == {}, "not again at once"
        row = WebhookDelivery.objects.get()
        assert (row.attempts, row.status, row.next_at) == (number, 500, at + pause)
        at += pause
    assert sending.send_due(at) == {State.DEAD: 1}
    ids = {headers["webhook-id"] for headers, _body in there.arrived}
    assert ids == {row.key} and len(there.arrived) == len(sending.PAUSES) + 1, "one id for all attempts"


def test_it_waits_as_long_as_it_is_asked(cast: Cast, there: Other) -> None:
    connected(cast, cast.li, there.address)
    at = timezone.now()
    stories.filed(cast, at)
    there.status, there.headers = 503, {"Retry-After": "7200"}
    sending.send_due(at)
    assert WebhookDelivery.objects.get().next_at == at + timedelta(hours=2)
    there.headers = {"Retry-After": "99999999999999"}
    WebhookDelivery.objects.update(next_at=at)
    sending.send_due(at)
    assert WebhookDelivery.objects.get().next_at == at + sending.PAUSES[1], "nonsense changes nothing"


@pytest.mark.parametrize("gone", [True, False])
def test_who_never_answers_is_paused_and_its_people_told(cast: Cast, there: Other, gone: bool) -> None:
    hook, _secret = connected(cast, cast.li, there.address)
    at = timezone.now()
    stories.filed(cast, at)
    there.status = 410 if gone else 500
    if not gone:
        Webhook.objects.update(failing_since=at - sending.PATIENCE)
    sending.send_due(at)
    hook.refresh_from_db()
    assert hook.paused_at == at and hook.pause_reason
    told = Notice.objects.filter(key__startswith="webhook-stopped")
    assert set(told.values_list("member_id", flat=True)) == {cast.li.pk, cast.admin.pk}
    assert Entry.objects.filter(subject=hook.subject, verb="gateway.webhook_stopped").count() == 1
    stories.filed(cast, at, words="金桂苑1幢路灯坏了", reporter=None)
    assert WebhookDelivery.objects.count() == 1, "a paused one is told nothing"
    with pytest.raises(NotFound):
        keeping.resume(webhook=hook, by=cast.admin.actor(), at=at)
    keeping.resume(webhook=hook, by=cast.li.actor(), at=at)
    hook.refresh_from_db()
    assert hook.paused_at is None and hook.failing_since is None


def test_one_that_hangs_holds_nobody_up(cast: Cast, there: Other, monkeypatch: pytest.MonkeyPatch) -> None:
    connected(cast, cast.li, there.address)
    at = timezone.now()
    for word in ("路灯坏了", "垃圾没人收", "电梯停了"):
        stories.filed(cast, at, words=f"金桂苑1幢{word}", reporter=None)
    monkeypatch.setattr(sending, "SECONDS", 0.05)
    there.hang = 5  # nobody waits for its end
    assert sending.send_due(at) == {State.FAILED: 1}, "the others aren't tried in this turn"
    assert WebhookDelivery.objects.get(attempts=1).error
    monkeypatch.setattr(sending, "BUDGET", -1.0)
    assert sending.send_due(at) == {}


def test_a_redirect_is_not_followed(cast: Cast, there: Other) -> None:
    connected(cast, cast.li, there.address)
    with other_side() as inside:
        there.status, there.headers = 302, {"Location": inside.address}
        stories.filed(cast, timezone.now())
        sending.send_due(timezone.now())
        assert inside.arrived == [] and WebhookDelivery.objects.get().status == 302


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/hook", "https://127.0.0.1/", "https://localhost/x", "https://10.0.0.8/", "https://[::1]/",
        "https://169.254.169.254/latest/meta-data/", "https://0x7f.1/", "https://2130706433/", "https://[::ffff:10.0.0.1]/",
        "https://user:pass@example.org/", "ftp://example.org/", "https://", "not an address", "https://intranet/x",
        "https://example.org/#part", "https://[64:ff9b::a00:1]/",
    ],
)  # fmt: skip
def test_addresses_inside_are_refused_at_their_field(cast: Cast, address: str) -> None:
    with pytest.raises(Refusal) as caught:
        offered(cast, cast.li, address)
    assert caught.value.field == "address" and not Webhook.objects.exists()


def test_a_name_that_leads_inside_is_found_out_when_it_is_called(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the name was fine when it was typed, and leads inside when it is called."""
    connected(cast, cast.li, "https://hook.example.org/in")
    stories.filed(cast, timezone.now())

    def inside(*args: Any, **kwargs: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("169.254.169.254", 443))]

    monkeypatch.setattr(socket, "getaddrinfo", inside)
    assert sending.send_due(timezone.now()) == {State.FAILED: 1}
    row = WebhookDelivery.objects.get()
    assert row.status is None and row.error


def test_a_long_answer_is_cut_off(cast: Cast, there: Other) -> None:
    connected(cast, cast.li, there.address)
    stories.filed(cast, timezone.now())
    there.status, there.body = 200, b"x" * 400_000
    assert sending.send_due(timezone.now()) == {State.FAILED: 1}


def test_a_new_secret_and_a_day_with_both(cast: Cast, there: Other) -> None:
    hook, old = connected(cast, cast.li, there.address)
    at = timezone.now()
    with pytest.raises(NotFound):
        keeping.rotate(webhook=hook, by=cast.admin.actor(), at=at)
    new = keeping.rotate(webhook=hook, by=cast.li.actor(), at=at)
    stories.filed(cast, at)
    sending.send_due(at)
    headers, body = there.arrived[-1]
    assert verified(old, headers, body, at.timestamp()) and verified(new, headers, body, at.timestamp())
    later = at + keeping.BOTH + timedelta(minutes=1)
    stories.filed(cast, later, words="金桂苑1幢路灯坏了", reporter=None)
    sending.send_due(later)
    headers, body = there.arrived[-1]
    assert verified(new, headers, body, later.timestamp()) and not verified(old, headers, body, later.timestamp())
    sending.sweep(later)
    hook.refresh_from_db()
    assert hook.former_secret == "" and hook.former_until is None


def test_nobody_takes_or_ends_what_isnt_theirs(cast: Cast) -> None:
    hook = offered(cast, cast.zhao, "https://hook.example.org/in?key=geheim")
    at = timezone.now()
    for who in (cast.li, cast.zhou, cast.admin):
        with pytest.raises(NotFound):
            keeping.take(webhook=hook, by=who.actor(), at=at)
    for who in (cast.li, cast.zhou):
        assert client_of(who).get(f"/desk/machines/webhooks/{hook.pk}/").status_code == 404
        for act in ("take", "end", "pause", "test"):
            found = client_of(who).post(f"/desk/machines/webhooks/{hook.pk}/{act}/", {"idempotency_key": key()})
            assert found.status_code == 404
        with pytest.raises(NotFound):
            keeping.end(webhook=hook, by=who.actor(), at=at)
        with pytest.raises(NotAllowed):
            keeping.offer(
                name="x", purpose="", owner=who, address="https://example.org/", events=["case.moved"], by=who.actor(),
                at=at,
            )  # fmt: skip
    assert "geheim" not in client_of(cast.admin).get(f"/desk/machines/webhooks/{hook.pk}/").content.decode()
    assert "geheim" in client_of(cast.zhao).get(f"/desk/machines/webhooks/{hook.pk}/").content.decode()
    stories.filed(cast, at)
    assert not WebhookDelivery.objects.exists(), "nothing is told before it is taken"


def test_the_pages(cast: Cast, there: Other) -> None:
    admin, li = client_of(cast.admin), client_of(cast.li)
    form = {"name": "市平台", "owner": cast.li.pk, "address": there.address, "events": ["case.moved", "appeal.filed"]}
    assert admin.post("/desk/set-up/machines/webhook/", form | {"idempotency_key": key()}).status_code == 303
    hook = Webhook.objects.get()
    page = f"/desk/machines/webhooks/{hook.pk}/"
    assert Notice.objects.get(member=cast.li).url == page
    assert "市平台" in admin.get("/desk/set-up/machines/").content.decode()
    assert "市平台" in li.get(page).content.decode()
    once = {"idempotency_key": key()}
    shown = li.post(f"{page}take/", once).content.decode()
    hook.refresh_from_db()
    assert hook.secret in shown and hook.secret not in li.get(page).content.decode()
    assert li.post(f"{page}take/", once).status_code == 303, "sent twice shows nothing"
    assert li.post(f"{page}take/", {"idempotency_key": key()}).status_code == 409
    found = li.post(f"{page}test/", {"idempotency_key": key()}, follow=True)
    assert json.loads(there.arrived[0][1])["type"] == "ping" and "测试" in found.content.decode()
    there.status = 500
    assert "500" in li.post(f"{page}test/", {"idempotency_key": key()}, follow=True).content.decode()
    first = WebhookDelivery.objects.get(state=State.SENT)
    assert li.post(f"{page}log/{first.pk}/", {"idempotency_key": key()}).status_code == 303
    there.status = 204
    at = timezone.now() + timedelta(seconds=1)
    sending.send_due(at)
    assert there.arrived[-1][0]["webhook-id"] == first.key, "sent again under the same id"
    assert li.post(f"{page}rotate/", {"idempotency_key": key()}).status_code == 200
    for act, status in (("pause", 303), ("pause", 409), ("resume", 303), ("nothing", 404), ("end", 303), ("end", 409)):
        assert li.post(f"{page}{act}/", {"idempotency_key": key()}).status_code == status, act
    hook.refresh_from_db()
    assert hook.secret == "" and hook.ended_at
    with pytest.raises(Conflict):
        keeping.ping(webhook=hook, by=cast.li.actor(), at=at)


def test_the_log_costs_the_same_with_three(cast: Cast, there: Other) -> None:
    hook, _secret = connected(cast, cast.li, there.address)
    li = client_of(cast.li)
    one_and_three(
        lambda: li.get(f"/desk/machines/webhooks/{hook.pk}/"),
        lambda: keeping.ping(webhook=hook, by=cast.li.actor(), at=timezone.now()),
        5,
    )


def test_the_log_is_swept(cast: Cast, there: Other) -> None:
    hook, _secret = connected(cast, cast.li, there.address)
    at = timezone.now()
    old, new = (keeping.ping(webhook=hook, by=cast.li.actor(), at=at - ago) for ago in (sending.KEPT * 2, timedelta(0)))
    WebhookDelivery.objects.update(next_at=None)
    assert sending.sweep(at) == 1 and list(WebhookDelivery.objects.all()) == [new] and old.pk
