"""The outbox: once, by attempts, never twice; texts as data; notices on the desk."""

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection, transaction

import cast as players
from chenyue.core.errors import Refusal
from chenyue.notify import actions, channels, delivery, queries, texts
from chenyue.notify.actions import Address, Letter
from chenyue.notify.models import Message, Notice
from helpers import count, one_and_three

AT = players.NOW
TO = Address("email", "chen@example.org")
pytestmark = pytest.mark.django_db


@pytest.fixture
def _steady(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a slow machine the versions of cached data would be read again in the middle of counting."""
    from chenyue.core import snapshots

    monkeypatch.setattr(snapshots, "CHECK_EVERY", 3600.0)


@pytest.fixture(autouse=True)
def _texts() -> Any:
    texts.register(
        "test.told", "email", "关于{number}", "您好，{number}已有答复：{told}", {"number": "0007", "told": "已修"}
    )
    texts.register("test.told", "in_app", "", "{number}有新进展", {"number": "0007"})
    yield
    for channel in ("email", "in_app"):
        texts._shipped.pop(("test.told", channel))


def send(key: str = "k", **more: Any) -> None:
    context = {"number": "2026-1122-0007", "told": "水管已修好"}
    more = {"to": TO, "context": context, "about": "case:x", "at": AT} | more
    actions.send(template="test.told", key=key, **more)


def test_sent_once_in_one_statement() -> None:
    texts.get("test.told")
    assert count(send) == 1
    send()
    message = Message.objects.get()
    assert (message.title, message.state) == ("关于2026-1122-0007", "queued")
    assert mail.outbox == []
    assert delivery.deliver_due(AT) == {"sent": 1, "failed": 0, "dead": 0}
    assert delivery.deliver_due(AT) == {"sent": 0, "failed": 0, "dead": 0}
    [sent] = mail.outbox
    assert sent.to == ["chen@example.org"]
    assert "水管已修好" in sent.body
    message.refresh_from_db()
    assert (message.state, message.sent_at) == ("sent", AT)


def test_address_and_words_are_encrypted() -> None:
    send()
    with connection.cursor() as cursor:
        cursor.execute("SELECT address, body FROM notify_message")
        raw = repr(cursor.fetchall())
    assert "chen@" not in raw
    assert "水管" not in raw


def test_not_sent_if_the_act_is_rolled_back() -> None:
    with transaction.atomic():
        send()
        transaction.set_rollback(True)
    assert not Message.objects.exists()


def test_no_address_no_message_and_urgent_goes_at_once() -> None:
    send(to=Address("email", ""))
    assert not Message.objects.exists()
    send(urgent=True, at=AT - timedelta(days=400))
    assert len(mail.outbox) == 1


def test_many_cost_two_statements(cast: players.Cast) -> None:
    context = {"number": "7", "told": "好"}
    letters = [Letter("test.told", Address("email", f"a{n}@example.org"), context, f"k{n}") for n in range(9)]
    letters += [Letter("test.told", Address("in_app", member=cast.li), context, f"n{n}") for n in range(9)]
    texts.get("test.told")
    channels.of("email")
    assert count(lambda: actions.send_many(letters, about="case:x", at=AT)) == 2
    assert (Message.objects.count(), Notice.objects.count()) == (9, 9)


def break_mail(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(letter: EmailMessage) -> None:
        raise error

    monkeypatch.setattr(EmailMessage, "send", fail)


def test_attempts_grow_apart_and_end(monkeypatch: pytest.MonkeyPatch) -> None:
    send()
    break_mail(monkeypatch, ConnectionRefusedError(111, "no answer from chen@example.org"))
    at, gaps = AT, []
    for _n in range(5):
        assert delivery.deliver_due(at - timedelta(seconds=1)) == {"sent": 0, "failed": 0, "dead": 0}
        assert delivery.deliver_due(at)["failed"] == 1
        message = Message.objects.get()
        gaps.append((message.next_attempt_at - at).total_seconds() / 60)
        at = message.next_attempt_at
    assert gaps == [1, 5, 30, 120, 720]
    assert delivery.deliver_due(at)["dead"] == 1
    message = Message.objects.get()
    assert (message.state, message.attempts, message.next_attempt_at) == ("dead", 6, None)
    assert message.last_error == "ConnectionRefusedError 111"


def test_errors_repeat_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    send()
    break_mail(monkeypatch, smtplib.SMTPRecipientsRefused({"chen@example.org": (550, b"no chen@example.org here")}))
    assert delivery.deliver_due(AT)["dead"] == 1, "a server that says never is believed"
    assert Message.objects.get().last_error == "SMTPRecipientsRefused 550"


def test_resend(cast: players.Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    send()
    with monkeypatch.context() as patched:
        break_mail(patched, smtplib.SMTPDataError(554, b"spam"))
        delivery.deliver_due(AT)
    message = Message.objects.get()
    assert message.state == "dead"
    assert actions.resend(message=message, by=cast.li.actor(), at=AT)
    assert not actions.resend(message=message, by=cast.li.actor(), at=AT), "it is on its way"
    assert delivery.deliver_due(AT)["sent"] == 1
    assert not actions.resend(message=message, by=cast.li.actor(), at=AT), "it was sent"
    assert len(mail.outbox) == 1


def test_two_workers_never_send_the_same() -> None:
    send()
    mine, theirs = Message.objects.get(), Message.objects.get()
    assert delivery.attempt(mine, AT) == "sent"
    assert delivery.attempt(theirs, AT) is None
    assert len(mail.outbox) == 1


def test_a_claim_holds_while_a_worker_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    send()
    seen: list[Any] = []
    monkeypatch.setattr(delivery, "_send", lambda message, at: seen.append(delivery.deliver_due(AT)))
    delivery.deliver_due(AT)
    assert seen == [{"sent": 0, "failed": 0, "dead": 0}]


def test_all_attempts_carry_one_message_id() -> None:
    send()
    delivery.deliver_due(AT)
    Message.objects.update(state="failed", next_attempt_at=AT)
    delivery.deliver_due(AT)
    assert len({m.extra_headers["Message-ID"] for m in mail.outbox}) == 1


def test_no_header_can_be_smuggled_in() -> None:
    send(context={"number": "7\r\nBcc: all@example.org", "told": "x"})
    delivery.deliver_due(AT)
    assert "\n" not in mail.outbox[0].subject
    assert mail.outbox[0].recipients() == ["chen@example.org"]


def test_blanks_are_named_and_nothing_else_is_understood() -> None:
    with pytest.raises(Refusal, match="told"):
        texts.render("{number}: {told}", {"number": "7"})
    assert texts.render("{number} {{x}}".replace("{{x}}", ""), {"number": "{told}"}) == "{told} "
    for attack in ("{number.__class__}", "{0}", "{number!r}", "{}"):
        with pytest.raises(Refusal):
            texts.render(attack, {"number": "7"})


def test_texts_are_changed_with_a_preview(cast: players.Cast) -> None:
    by = cast.admin.actor()
    assert texts.preview("test.told", "email", "{number}", "{told}！").body == "已修！"
    with pytest.raises(Refusal) as refused:
        actions.save_text(code="test.told", channel="email", subject="x", body="{nobody}", by=by, at=AT)
    assert refused.value.field == "body"
    with pytest.raises(KeyError):
        actions.save_text(code="test.other", channel="email", subject="x", body="y", by=by, at=AT)
    saved = actions.save_text(code="test.told", channel="email", subject="新：{number}", body="{told}", by=by, at=AT)
    saved = actions.save_text(code="test.told", channel="email", subject="新：{number}", body="{told}。", by=by, at=AT)
    assert saved.version == 2
    send()
    assert Message.objects.get().title == "新：2026-1122-0007"
    assert [t.version for t in texts.all_texts() if t.code == "test.told"] == [2, 0]
    actions.restore_text(code="test.told", channel="email", by=by, at=AT)
    assert texts.get("test.told").version == 0


def test_notices_once_each_and_capped(cast: players.Cast) -> None:
    ids = [cast.li.pk, cast.zhao.pk, cast.li.pk]
    channels.of("email")
    assert count(lambda: actions.notice(ids, "新到一件", "/desk/", "case:x:new", AT)) == 1
    actions.notice(ids, "新到一件", "/desk/", "case:x:new", AT)
    assert Notice.objects.count() == 2
    for n in range(120):
        actions.notice([cast.li.pk], "长" * 400, "/desk/", f"n{n}", AT)
    assert count(lambda: queries.unread(cast.li.pk)) == 1
    assert queries.unread(cast.li.pk) == 99
    assert actions.mark_read(member=cast.li, at=AT) == 121
    assert queries.unread(cast.li.pk) == 0


def test_only_my_notices(cast: players.Cast) -> None:
    actions.notice([cast.li.pk], "给李敏的话", "/account/", "k", AT, urgent=True)
    mine = Notice.objects.get()
    assert "给李敏的话" in players.client_of(cast.li).get("/desk/notices/").content.decode()
    stranger = players.client_of(cast.zhou)
    assert "给李敏的话" not in stranger.get("/desk/notices/").content.decode()
    assert stranger.post(f"/desk/notices/{mine.pk}/open/").status_code == 404
    stranger.post("/desk/notices/read/")
    assert queries.unread(cast.li.pk) == 1
    assert players.client_of(cast.li).get(f"/desk/notices/{mine.pk}/open/").status_code == 405
    assert players.client_of(cast.li).post(f"/desk/notices/{mine.pk}/open/")["Location"] == "/account/"
    assert queries.unread(cast.li.pk) == 0


def test_a_notice_leads_nowhere_else(cast: players.Cast) -> None:
    actions.notice([cast.li.pk], "x", "https://evil.example/", "k", AT)
    answer = players.client_of(cast.li).post(f"/desk/notices/{Notice.objects.get().pk}/open/")
    assert answer["Location"] == "/desk/notices/"


@pytest.mark.usefixtures("_steady")
def test_notices_page_costs_the_same_with_one_and_three(cast: players.Cast) -> None:
    client = players.client_of(cast.li)
    made: list[int] = []

    def add() -> None:
        made.append(1)
        actions.notice([cast.li.pk], "话", "/desk/", f"k{len(made)}", AT)

    client.get("/desk/notices/")
    one_and_three(lambda: client.get("/desk/notices/"), add, 4)
