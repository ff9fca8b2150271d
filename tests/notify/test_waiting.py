"""The outbox with its channels: rates, the night, the next way, what is given up and what is forgotten."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection

import cast as players
from chenyue.core import office
from chenyue.core.actors import SYSTEM
from chenyue.notify import actions, channels, delivery, quiet, routes
from chenyue.notify.actions import Person
from chenyue.notify.models import Message
from notify.channel_stage import AT, PHONE, http, service, state, tell, told_texts
from notify.fakes import Service

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told_texts")]
__all__ = ["service", "told_texts"]


class TestOutbox:
    """What waits, what goes on, what ends."""

    def test_a_rate_holds_back_and_loses_nothing(self, service: Service) -> None:
        http(service, a_minute=2)
        for n in range(5):
            tell(f"k{n}", phone=f"1380000000{n}")
        at, sent = AT, []
        for _n in range(3):
            sent.append(delivery.deliver_due(at)["sent"])
            at += timedelta(minutes=1)
        assert sent == [2, 2, 1]
        assert not Message.objects.exclude(state="sent").exists()
        assert {m.attempts for m in Message.objects.all()} == {1}

    def test_one_number_gets_so_many_a_day(self, service: Service) -> None:
        http(service, a_day_each=2)
        for n in range(3):
            tell(f"k{n}")
        tell("other", phone="13900000002")
        assert delivery.deliver_due(AT)["sent"] == 3
        assert delivery.deliver_due(AT + timedelta(hours=3))["sent"] == 0
        assert delivery.deliver_due(AT + timedelta(days=1, minutes=1))["sent"] == 1

    def test_the_night_waits_for_the_morning_unless_urgent(self, service: Service) -> None:
        http(service)
        night = AT.replace(hour=22)
        tell("a", at=night)
        tell("b", at=night, urgent=True)
        assert delivery.deliver_due(night) == {"sent": 1, "failed": 0, "dead": 0, "waits": 1}
        waiting = Message.objects.get(key="a")
        assert (waiting.held, waiting.attempts) == ("night", 0)
        assert waiting.next_attempt_at == AT.replace(hour=8) + timedelta(days=1)
        assert Message.objects.get(key="b").state == "sent"
        assert delivery.deliver_due(waiting.next_attempt_at)["sent"] == 1

    @pytest.mark.parametrize(
        ("hours", "at", "until"),
        [
            (["21:00", "08:00"], "07:59", "08:00"),
            (["21:00", "08:00"], "08:00", None),
            (["21:00", "08:00"], "20:59", None),
            (["00:00", "06:30"], "00:00", "06:30"),
            (["12:00", "14:00"], "13:00", "14:00"),
            (["08:00", "08:00"], "08:00", None),
        ],
    )
    def test_quiet_hours(self, hours: list[str], at: str, until: str | None) -> None:
        office.put(quiet_hours=hours)
        hour, minute = map(int, at.split(":"))
        ends = quiet.ends(AT.replace(hour=hour, minute=minute))
        assert (ends.strftime("%H:%M") if ends else None) == until

    def test_what_fails_for_good_goes_by_the_next_way(self, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
        http(service)
        tell(email="chen@example.org")
        assert state().other_addresses == [PHONE]

        def never(letter: EmailMessage) -> None:
            raise smtplib.SMTPRecipientsRefused({"chen@example.org": (550, b"no")})

        monkeypatch.setattr(EmailMessage, "send", never)
        delivery.deliver_due(AT)
        first, second = Message.objects.order_by("pk")
        assert (first.state, first.channel, second.channel) == ("passed", "email", "sms")
        assert second.body.startswith("您的")
        delivery.deliver_due(AT)
        second.refresh_from_db()
        assert second.state == "sent"
        assert Message.objects.count() == 2

    def test_the_order_is_the_office_s(self, service: Service) -> None:
        http(service)
        office.put(text_routes={"test.told": ["sms", "email"], "other": []})
        tell(email="chen@example.org")
        assert state().channel == "sms"
        assert routes.order("other") == []
        assert routes.ways("other", Person(email="a@example.org")) == []

    @pytest.mark.parametrize("phone", ["", "0510-1234567", "12345", "1380000000", "138000000012"])
    def test_no_short_message_to_what_is_no_mobile(self, service: Service, phone: str) -> None:
        http(service)
        tell(phone=phone)
        assert not Message.objects.exists()

    def test_switched_off_is_given_up_and_can_be_sent_again(self, service: Service, cast: players.Cast) -> None:
        http(service)
        tell()
        channels.change(code="sms", by=SYSTEM, at=AT, on=False)
        delivery.deliver_due(AT)
        assert (state().state, state().last_error) == ("dead", "switched off")
        channels.change(code="sms", by=SYSTEM, at=AT, on=True)
        assert actions.resend(message=state(), by=cast.li.actor(), at=AT)
        assert delivery.deliver_due(AT)["sent"] == 1

    def test_a_service_that_is_away_does_not_hold_the_others_up(self, service: Service) -> None:
        http(service)
        service.answer = lambda: (500, "")
        for n in range(6):
            tell(f"k{n}", phone=f"1380000000{n}")
        tell("mail", phone="", email="chen@example.org")
        done = delivery.deliver_due(AT)
        assert (done["failed"], done["waits"], done["sent"]) == (3, 3, 1)
        assert len(service.seen) == 3
        assert len(mail.outbox) == 1

    def test_what_waits_for_days_is_given_up(self, service: Service) -> None:
        http(service)
        service.answer = lambda: (429, "")
        tell()
        delivery.deliver_due(AT)
        delivery.deliver_due(AT + timedelta(days=3, minutes=2))
        assert state().state == "dead"

    def test_addresses_and_words_are_encrypted(self, service: Service) -> None:
        http(service)
        tell(email="chen@example.org")
        with connection.cursor() as cursor:
            cursor.execute("SELECT address, body, others, blanks FROM notify_message")
            raw = repr(cursor.fetchall())
            cursor.execute("SELECT code, secrets FROM notify_channelsetup")
            kept = repr(cursor.fetchall())
        assert "chen@" not in raw
        assert PHONE not in raw
        assert "k&y" not in kept

    def test_whoever_is_forgotten_is_forgotten_in_what_waits(self, service: Service) -> None:
        http(service)
        tell(email="chen@example.org")
        assert actions.forget({PHONE}, ["case:x"]) == 1
        assert (state().state, state().address, state().others) == ("dead", "", "")
