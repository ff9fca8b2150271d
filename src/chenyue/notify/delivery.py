"""Sending what is in the outbox, with attempts.

A worker claims a message by moving its next attempt forward, guarded by the number of attempts it
saw: of two workers one wins, and no message is sent twice at the same time. If a worker dies while
sending, the message is tried again at its next moment; it carries one Message-ID for all attempts.
"""

import hashlib
import logging
import smtplib
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import Q
from django.utils import timezone

from chenyue.core import jobs, office, ticks
from chenyue.notify.models import Channel, Message

log = logging.getLogger(__name__)
PAUSES = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12)]
BATCH = 100
_OPEN = Q(state__in=[Message.State.QUEUED, Message.State.FAILED])


def deliver_due(at: datetime) -> dict[str, int]:
    """Try every message that is due; how many were sent, failed, or were given up."""
    done = {"sent": 0, "failed": 0, "dead": 0}
    due = Message.objects.filter(_OPEN, next_attempt_at__lte=at).order_by("next_attempt_at")
    for message in due[:BATCH]:
        state = attempt(message, at)
        if state is not None:
            done[state] += 1
    return done


def attempt(message: Message, at: datetime) -> str | None:
    """Try one message once; its new state, or None if another worker has it."""
    number = message.attempts + 1
    pause = PAUSES[number - 1] if number <= len(PAUSES) else None
    claimed = Message.objects.filter(_OPEN, pk=message.pk, attempts=message.attempts, next_attempt_at__lte=at).update(
        attempts=number, next_attempt_at=at + (pause or PAUSES[-1])
    )
    if not claimed:
        return None
    mine = Message.objects.filter(pk=message.pk, attempts=number)
    try:
        _send(message)
    except Exception as error:
        dead = pause is None or _hopeless(error)
        state = Message.State.DEAD if dead else Message.State.FAILED
        mine.update(state=state, last_error=_describe(error), **({"next_attempt_at": None} if dead else {}))
        log.warning("message %s: attempt %s failed: %s", message.pk, number, _describe(error))
        return str(state)
    mine.update(state=Message.State.SENT, sent_at=at, next_attempt_at=None, last_error="")
    return str(Message.State.SENT)


def _send(message: Message) -> None:
    if message.channel != Channel.EMAIL:
        raise ValueError(f"no way to send by {message.channel}")
    same = hashlib.sha256(f"{settings.SECRET_KEY}:{message.key}".encode()).hexdigest()[:32]
    EmailMessage(
        subject=message.title,
        body=message.body,
        from_email=f"{office.get('short_name')} <{settings.DEFAULT_FROM_EMAIL}>",
        to=[message.address],
        headers={"Message-ID": f"<{same}@chenyue>", "Auto-Submitted": "auto-generated"},
        connection=get_connection(timeout=20),
    ).send()


def _hopeless(error: Exception) -> bool:
    """The receiving server says that it will never take this."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 550 for code, _words in error.recipients.values())
    return isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError) and error.smtp_code >= 550


def _describe(error: Exception) -> str:
    """What went wrong, without words of a server: those repeat the address."""
    code = getattr(error, "smtp_code", None)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next(iter(error.recipients.values()))[0] if error.recipients else None
    if code is None and isinstance(error, OSError):
        code = error.errno
    return type(error).__name__ + (f" {code}" if code else "")


@ticks.every(60, "notify.deliver")
def tick(at: datetime) -> dict[str, int]:
    """Each minute."""
    return deliver_due(at)


@jobs.job("notify.deliver")
def job() -> None:
    """At once, for what is urgent."""
    deliver_due(timezone.now())
