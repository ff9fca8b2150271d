"""What is told to whom: texts as data, the outbox with its attempts, and notices on the desk."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from chenyue.core.fields import EncryptedText
from chenyue.people.models import Member


class Channel(models.TextChoices):
    IN_APP = "in_app", _("On the desk")
    EMAIL = "email", _("E-mail")


class TextTemplate(models.Model):
    """A text of the office: `{name}` marks a blank. Changed on a page with a preview; versions count up."""

    code = models.SlugField(max_length=60)
    channel = models.CharField(max_length=10, choices=Channel.choices)
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

    key = models.CharField(max_length=120, unique=True)
    channel = models.CharField(max_length=10, choices=Channel.choices)
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

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at"], name="messages_due", condition=models.Q(state__in=["queued", "failed"])
            )
        ]


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
