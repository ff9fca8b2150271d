"""What machines of others hold and are told: tokens, webhooks, calendars. Part of `gateway.models`."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core.fields import EncryptedText
from chenyue.people.models import Member


class MachineToken(models.Model):
    """Lets a program act as its owner, within the owner's grants and, of these, only with `words`.

    Offered by whoever manages machines, and taken by its owner, who alone ever sees its text: nobody can give
    themselves somebody else's reach. Only a hash is kept.
    """

    name = models.CharField(_("system"), max_length=60)
    purpose = models.CharField(_("what it is for"), max_length=200, blank=True)
    owner = models.ForeignKey(Member, models.PROTECT, related_name="machine_tokens")
    words = models.JSONField(default=list)  # of people.permissions.WORDS
    read_only = models.BooleanField(default=True)
    hourly = models.PositiveIntegerField(default=1000)  # calls
    expires_at = models.DateTimeField()
    made_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    digest = models.CharField(max_length=64, unique=True, null=True)  # null until its owner takes it
    hint = models.CharField(max_length=8, blank=True)  # its last characters
    taken_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["revoked_at", "name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """Its name on the timeline."""
        return f"machine_token:{self.pk}"

    def ended(self, at: datetime) -> bool:
        """Whether it opens nothing any more."""
        return self.revoked_at is not None or self.expires_at <= at or not self.owner.is_active


class Webhook(models.Model):
    """An address outside that is told what happens, signed as Standard Webhooks has it.

    Offered by whoever manages machines; it tells nothing before its owner has taken it, who alone sees its secret,
    and only what happens to cases that its owner sees.
    """

    name = models.CharField(_("system"), max_length=60)
    purpose = models.CharField(_("what it is for"), max_length=200, blank=True)
    owner = models.ForeignKey(Member, models.PROTECT, related_name="webhooks")
    address = EncryptedText()  # such addresses often hold a key
    events = models.JSONField(default=list)  # of webhooks.events.EVENTS
    secret = EncryptedText(blank=True, default="")  # whsec_…
    hint = models.CharField(max_length=8, blank=True)  # its last characters
    former_secret = EncryptedText(blank=True, default="")  # signs too, until `former_until`
    former_until = models.DateTimeField(null=True)
    made_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=200, blank=True)  # "" if a person paused it
    ended_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    worked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["ended_at", "name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """Its name on the timeline."""
        return f"webhook:{self.pk}"


class WebhookDelivery(models.Model):
    """One event on its way to one address. It holds numbers and states, nothing of a person."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("delivery", "On its way")
        SENT = "sent", pgettext_lazy("delivery", "Sent")
        FAILED = "failed", pgettext_lazy("delivery", "Failed, tried again")
        DEAD = "dead", pgettext_lazy("delivery", "Given up")
        WITHHELD = "withheld", pgettext_lazy("delivery", "Not sent: its owner doesn't see it")

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries", db_index=False)
    key = models.CharField(max_length=40, unique=True)  # webhook-id: the same for every attempt
    type = models.CharField(max_length=40)
    case_number = models.CharField(max_length=20, blank=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()  # when it happened
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)  # what the other side answered
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["webhook", "-id"], name="delivery_of_webhook"),
            models.Index(fields=["next_at"], name="delivery_due", condition=models.Q(next_at__isnull=False)),
            models.Index(fields=["at"], name="delivery_at"),
        ]

    def __str__(self) -> str:
        return self.key


class CalendarLink(models.Model):
    """A secret address under which a calendar program reads dates; whoever has it may, until it is ended."""

    class Kind(models.TextChoices):
        MINE = "mine", _("Deadlines of my cases")
        UNIT = "unit", _("Deadlines of my unit's cases")
        WORKS = "works", _("Calendar of a renewal project")

    member = models.ForeignKey(Member, models.CASCADE, related_name="calendar_links")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    about = models.CharField(max_length=40, blank=True)  # number of the project
    token = models.CharField(max_length=40, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}".strip()
