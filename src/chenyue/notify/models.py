"""What is told to whom: texts as data, the outbox with its attempts, and notices on the desk."""

import json

from django.db import models
from django.utils.translation import gettext_lazy as _

from chenyue.core.fields import EncryptedText
from chenyue.people.models import Member


class Channel(models.TextChoices):
    """Codes of the channels that this package brings; others register more (see `notify.channels`)."""

    IN_APP = "in_app", _("On the desk")
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("SMS")
    DINGTALK = "dingtalk", _("DingTalk robot")
    FEISHU = "feishu", _("Feishu robot")


class ChannelSetup(models.Model):
    """The settings of one channel; what is secret apart and encrypted. Read through `notify.channels.of`."""

    code = models.SlugField(max_length=20, primary_key=True)
    on = models.BooleanField(default=False)
    driver = models.CharField(max_length=20, blank=True)
    values = models.JSONField(default=dict)
    secrets = EncryptedText(blank=True, default="")  # JSON
    changed_at = models.DateTimeField()


class TextTemplate(models.Model):
    """A text of the office: `{name}` marks a blank. Changed on a page with a preview; versions count up."""

    code = models.SlugField(max_length=60)
    channel = models.CharField(max_length=20)
    subject = models.CharField(max_length=120, blank=True)
    body = models.TextField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "channel"], name="one_text_per_channel")]


class Message(models.Model):
    """One message to one address. `key` makes it once only; the text is rendered when it is queued."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed, will be tried again")
        DEAD = "dead", _("Given up")
        PASSED = "passed", _("Sent another way")

    key = models.CharField(max_length=120, unique=True)
    channel = models.CharField(max_length=20)
    template = models.CharField(max_length=60)
    address = EncryptedText()
    title = models.CharField(max_length=160, blank=True)
    body = EncryptedText()
    about = models.CharField(max_length=60, db_index=True)  # `case:2026-1122-0007`
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    urgent = models.BooleanField(default=False)  # doesn't wait for the morning
    blanks = EncryptedText(blank=True, default="")  # JSON: what the blanks were filled with, where a channel needs it
    others = EncryptedText(blank=True, default="")  # JSON: the ways that are tried if this one fails
    held = models.CharField(max_length=20, blank=True, default="")  # why it waits, a word of `channels.WHY_WAITS`
    held_since = models.DateTimeField(null=True)
    sent_as = models.CharField(max_length=80, blank=True, default="")  # what the other side calls it

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at"], name="messages_due", condition=models.Q(state__in=["queued", "failed"])
            ),
            models.Index(fields=["sent_as"], name="messages_sent_as", condition=~models.Q(sent_as="")),
        ]

    @property
    def filled(self) -> dict[str, str]:
        """What the blanks were filled with, where it was kept."""
        return dict(json.loads(self.blanks or "{}"))

    @property
    def other_addresses(self) -> list[str]:
        """Where it would go if this way failed."""
        return [other["address"] for other in json.loads(self.others or "[]")]


class Notice(models.Model):
    """A line on a member's desk."""

    key = models.CharField(max_length=120, unique=True)
    member = models.ForeignKey(Member, models.CASCADE, related_name="notices")
    text = models.CharField(max_length=300)
    url = models.CharField(max_length=200, blank=True)
    urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["member", "-created_at"], name="unread_notices", condition=models.Q(read_at=None))
        ]
