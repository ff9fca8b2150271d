"""Letters by e-mail: each becomes an appeal once, answers are added, machines are left alone, nothing is lost."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from PIL import Image

import cast as players
from chenyue.cases.models import Addition, Appeal, Attachment, Channel
from chenyue.core import calling
from chenyue.core.actors import SYSTEM
from chenyue.gateway.mail_in import imap, turns
from chenyue.gateway.models_mail import MailFolder, MailIn
from chenyue.notify import channels, delivery
from chenyue.notify.models import Message
from gateway.mail.fake import Mailbox, Server, letter

AT = players.NOW
pytestmark = pytest.mark.django_db


@pytest.fixture
def box(settings: Any, cast: players.Cast) -> Iterator[Mailbox]:
    """A mailbox that the office has connected, and that was looked into once."""
    held = Mailbox()
    server = Server(held)
    settings.OUTBOUND_HOSTS = ["127.0.0.1"]
    connect(server.port)
    held.port = server.port  # type: ignore[attr-defined]
    yield held
    server.close()


def connect(port: int, **more: Any) -> None:
    values = {"host": "127.0.0.1", "port": port, "security": "none", "user": "office", "password": "right-horse"}
    channels.change(code="mail_in", by=SYSTEM, at=AT, on=True, **(values | more))


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "grey").save(out, "JPEG")
    return out.getvalue()


def test_old_letters_are_no_news_and_new_ones_are_filed_once(box: Mailbox) -> None:
    box.put(letter("去年的信"))
    assert turns.tick(AT) == 0
    assert not Appeal.objects.exists()
    uid = box.put(letter("金桂苑1幢楼道的灯坏了半个月，晚上很黑。", files=[("灯.jpg", picture())]))
    assert turns.tick(AT) == 1
    assert turns.tick(AT) == 0
    appeal = Appeal.objects.get()
    assert (appeal.channel, appeal.title, appeal.email) == (Channel.PAPER, "反映楼道灯的问题", "chen@example.org")
    assert appeal.words == "金桂苑1幢楼道的灯坏了半个月，晚上很黑。"
    assert appeal.reporter is not None
    assert appeal.reporter.name == "陈大明"
    assert appeal.received_at < AT, "when its server got it"
    assert Attachment.objects.filter(appeal=appeal).count() == 1
    row = MailIn.objects.get()
    assert (row.outcome, row.appeal, row.sender) == ("filed", appeal, "c***@example.org")
    assert box.seen == {uid}
    receipt = Message.objects.get()
    assert (receipt.template, receipt.address) == ("case-receipt", "chen@example.org")


def test_the_same_letter_twice_is_one_appeal(box: Mailbox) -> None:
    turns.tick(AT)
    raw = letter("水管漏水")
    box.put(raw)
    box.put(raw)
    assert turns.tick(AT) == 2
    assert Appeal.objects.count() == 1
    box.validity += 1  # the server built its folder anew: all numbers mean something else
    turns.tick(AT + timedelta(minutes=1))
    assert Appeal.objects.count() == 1


def test_a_letter_between_two_builds_of_the_folder_is_not_lost(box: Mailbox) -> None:
    turns.tick(AT)
    box.validity += 1
    box.put(letter("水管漏水"))
    turns.tick(AT + timedelta(minutes=1))
    assert Appeal.objects.count() == 1


def ours(box: Mailbox) -> Any:
    """The receipt that a reporter got for their letter."""
    turns.tick(AT)
    box.put(letter("水管漏水"))
    turns.tick(AT)
    delivery.deliver_due(AT)
    [sent] = mail.outbox
    return sent


def test_an_answer_to_our_letter_is_added(box: Mailbox) -> None:
    sent = ours(box)
    quoted = "昨天又漏了，请快一点。\n\n> " + sent.body.replace("\n", "\n> ")
    headers = {"In-Reply-To": sent.extra_headers["Message-ID"], "References": "<x@y>"}
    box.put(letter(quoted, subject="回复：" + sent.subject, headers=headers, files=[("漏.jpg", picture())]))
    turns.tick(AT)
    added = Addition.objects.get()
    assert (added.words, added.by_resident) == ("昨天又漏了，请快一点。", True)
    assert Appeal.objects.count() == 1
    assert Attachment.objects.filter(appeal=added.appeal).count() == 1
    assert MailIn.objects.filter(outcome="added", appeal=added.appeal).count() == 1


def test_a_receipt_in_the_words_is_enough_and_a_number_is_not(box: Mailbox) -> None:
    ours(box)
    appeal = Appeal.objects.get()
    box.put(letter(f"回执码 {appeal.receipt.lower()}，补充：厨房也漏。", sender="wife@example.org", message_id="<a@b>"))
    box.put(letter(f"关于{appeal.number}，我是他邻居，请撤销。", sender="chen@example.org", message_id="<b@b>"))
    turns.tick(AT)
    assert Addition.objects.count() == 1
    assert Appeal.objects.count() == 2, "whoever knows a number only, speaks for themselves"


def test_after_the_end_an_answer_is_a_new_appeal(box: Mailbox) -> None:
    sent = ours(box)
    case = Appeal.objects.get().case
    type(case).objects.filter(pk=case.pk).update(state="closed", closed_at=AT)
    box.put(letter("又漏了", headers={"In-Reply-To": sent.extra_headers["Message-ID"]}))
    turns.tick(AT)
    assert Appeal.objects.count() == 2
    assert not Addition.objects.exists()


BOUNCE = """From: MAILER-DAEMON@example.org
To: office@example.org
Subject: Undelivered
Message-ID: <r{n}@example.org>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=B

--B
Content-Type: text/plain

no such user chen@example.org

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; chen@example.org
Action: {action}
Status: {status}

--B
Content-Type: text/rfc822-headers

Message-ID: {mark}
Subject: x

--B--
"""


@pytest.mark.parametrize(("action", "status", "state"), [("failed", "5.1.1", "dead"), ("delayed", "4.4.7", "sent")])
def test_a_letter_that_comes_back_is_known(box: Mailbox, action: str, status: str, state: str) -> None:
    sent = ours(box)
    mark = sent.extra_headers["Message-ID"]
    box.put(BOUNCE.format(n=1, action=action, status=status, mark=mark).encode())
    box.put(BOUNCE.format(n=2, action="failed", status="5.1.1", mark=f"<{'0' * 32}@chenyue>").encode())
    turns.tick(AT)
    message = Message.objects.get()
    assert message.state == state
    assert message.last_error == ("bounced 5.1.1" if state == "dead" else "")
    assert Appeal.objects.count() == 1
    assert MailIn.objects.filter(outcome="bounce").count() == 2


def test_a_letter_that_comes_back_goes_on_as_a_short_message(box: Mailbox) -> None:
    channels.change(code="sms", by=SYSTEM, at=AT, on=True, driver="console", signature="晨光街道")
    sent = ours(box)
    other = {"channel": "sms", "address": "13800000001", "title": "", "body": "已收到", "blanks": ""}
    Message.objects.update(others=json.dumps([other]))
    box.put(BOUNCE.format(n=1, action="failed", status="5.1.1", mark=sent.extra_headers["Message-ID"]).encode())
    turns.tick(AT)
    first, second = Message.objects.order_by("pk")
    assert (first.state, second.state, second.channel, second.address) == ("passed", "queued", "sms", "13800000001")
    assert second.other_addresses == []


MACHINES = [
    {"Auto-Submitted": "auto-replied"},
    {"Precedence": "bulk"},
    {"List-Id": "<news.example.org>"},
    {"X-Autoreply": "yes"},
    {"Return-Path": "<>"},
]


@pytest.mark.parametrize("headers", MACHINES, ids=lambda one: next(iter(one)))
def test_machines_are_left_alone(box: Mailbox, headers: dict[str, str]) -> None:
    turns.tick(AT)
    box.put(letter("我在休假", headers=headers))
    turns.tick(AT)
    assert MailIn.objects.get().outcome == "auto"
    assert not Appeal.objects.exists()
    assert not Message.objects.exists(), "two machines would write to each other for ever"


@pytest.mark.parametrize("subject", ["自动回复：您好", "Automatic reply: away", "Out of Office", "系统退信"])
def test_automatic_answers_by_their_subject(box: Mailbox, subject: str) -> None:
    turns.tick(AT)
    box.put(letter("我在休假", subject=subject))
    turns.tick(AT)
    assert MailIn.objects.get().outcome == "auto"


def test_our_own_letter_led_back_is_no_appeal(box: Mailbox) -> None:
    sent = ours(box)
    box.put(letter("您好", message_id=sent.extra_headers["Message-ID"]))
    turns.tick(AT)
    assert Appeal.objects.count() == 1


def test_a_flood_waits_and_is_not_lost(box: Mailbox) -> None:
    connect(box.port, a_day_each=2)  # type: ignore[attr-defined]
    turns.tick(AT)
    for n in range(4):
        box.put(letter(f"第{n}封：灯坏了", message_id=f"<{n}@x>"))
    box.put(letter("别人的信", sender="other@example.org"))
    turns.tick(AT)
    assert Appeal.objects.count() == 3
    waiting = MailIn.objects.filter(outcome="waiting")
    assert waiting.count() == 2
    assert len(box.seen) == 3, "what waits is unread in the mailbox"
    turns.tick(AT + timedelta(hours=2))
    assert Appeal.objects.count() == 3
    turns.tick(AT + timedelta(days=1, hours=1))
    assert Appeal.objects.count() == 5
    assert not waiting.exists()


def test_files_that_are_not_taken_keep_nothing_out(box: Mailbox) -> None:
    turns.tick(AT)
    files = [("报告.docx", b"PK\x03\x04" + b"x" * 100), ("图.jpg", picture()), ("a.exe", b"MZ" + b"0" * 50)]
    box.put(letter("见附件", files=files))
    box.put(letter("坏图", files=[("坏.jpg", b"\xff\xd8\xff" + b"0" * 20_000)], message_id="<c@c>"))
    turns.tick(AT)
    first, second = Appeal.objects.order_by("pk")
    assert "报告.docx、a.exe" in first.words
    assert Attachment.objects.filter(appeal=first).count() == 1
    assert "坏.jpg" in second.words
    assert not Attachment.objects.filter(appeal=second).exists()


def test_an_empty_letter_says_its_subject_and_nothing_at_all_is_not_taken(box: Mailbox) -> None:
    turns.tick(AT)
    box.put(letter("", subject="路灯坏了"))
    box.put(letter("", subject="", message_id="<n@n>"))
    turns.tick(AT)
    assert Appeal.objects.get().words == "路灯坏了"
    assert MailIn.objects.get(outcome="refused").sentence


@pytest.mark.parametrize("lie", ["literal", "cut", "silent", "size"])
def test_a_server_that_lies_takes_nothing_and_loses_nothing(
    box: Mailbox, lie: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns.tick(AT)
    box.put(letter("水管漏水"))
    box.lie = lie
    monkeypatch.setattr(imap, "SECONDS", 0.3)
    turns.tick(AT)
    assert not Appeal.objects.exists()
    folder = MailFolder.objects.get()
    if lie == "size":
        assert MailIn.objects.get().outcome == "refused"
        return
    assert folder.trouble.startswith("imap:")
    box.lie = ""
    turns.tick(AT)
    assert Appeal.objects.count() == 1
    folder.refresh_from_db()
    assert folder.trouble == ""


def test_wrong_password_is_said_without_it(box: Mailbox) -> None:
    connect(box.port, password="wrong-horse-battery")  # type: ignore[attr-defined]
    assert turns.tick(AT) == 0
    assert MailFolder.objects.get().trouble == "imap: refused"


def test_off_until_it_is_switched_on(box: Mailbox) -> None:
    channels.change(code="mail_in", by=SYSTEM, at=AT, on=False)
    said = len(box.said)
    assert turns.tick(AT) == 0
    assert len(box.said) == said


def test_only_servers_that_may_be_asked(box: Mailbox, settings: Any) -> None:
    settings.OUTBOUND_HOSTS = []
    assert turns.tick(AT) == 0
    assert MailFolder.objects.get().trouble == "guard"
    assert box.said == []


def test_the_connection_goes_to_the_address_that_was_looked_at(
    box: Mailbox, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OUTBOUND_HOSTS = ["mail.example.test"]
    connect(box.port, host="mail.example.test")  # type: ignore[attr-defined]
    monkeypatch.setattr(calling, "resolve", lambda _parts: "127.0.0.1")  # and a moment later the name means another
    box.put(letter())
    turns.tick(AT)
    assert MailFolder.objects.get().trouble == "" and any("SELECT" in line for line in box.said)


def test_the_certificate_must_be_one_of_the_name(box: Mailbox) -> None:
    named = []

    class Context:
        def wrap_socket(self, plain: Any, server_hostname: str) -> Any:
            named.append(server_hostname)
            return plain

    port = box.port  # type: ignore[attr-defined]
    held = imap._Secure("127.0.0.1", "mail.example.test", port, ssl_context=Context(), timeout=5)
    held.login("office", "right-horse")
    held.logout()
    assert named == ["mail.example.test"]
