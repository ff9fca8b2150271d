"""What of letters by e-mail is kept: where reading stands, and what became of each. Part of `gateway.models`."""

from django.db import models
from django.utils.translation import pgettext_lazy

from chenyue.cases.models import Appeal


class MailFolder(models.Model):
    """A folder of a mailbox, and up to where it was read."""

    mark = models.CharField(max_length=40, unique=True)  # fingerprint of server, user and folder
    validity = models.CharField(max_length=20, blank=True)  # UIDVALIDITY: another one, and the numbers mean nothing
    last_uid = models.BigIntegerField(default=0)
    looked_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=200, blank=True)  # what went wrong at the last look


class MailIn(models.Model):
    """A letter that came by e-mail and what became of it. Its words are with the appeal, or still in the mailbox."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("mail", "Waits: too many at once")
        FILED = "filed", pgettext_lazy("mail", "Filed as an appeal")
        ADDED = "added", pgettext_lazy("mail", "Added to an appeal")
        AUTO = "auto", pgettext_lazy("mail", "Sent by a machine: left alone")
        BOUNCE = "bounce", pgettext_lazy("mail", "A letter of ours came back")
        REFUSED = "refused", pgettext_lazy("mail", "Not taken")
        FAILED = "failed", pgettext_lazy("mail", "Could not be read")

    key = models.CharField(max_length=64, unique=True)  # fingerprint of its Message-ID, sender and date
    folder = models.ForeignKey(MailFolder, models.CASCADE, related_name="letters")
    uid = models.BigIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    sender = models.CharField(max_length=120, blank=True)  # masked
    appeal = models.ForeignKey(Appeal, models.PROTECT, null=True, related_name="+")
    sentence = models.CharField(max_length=300, blank=True)  # why it wasn't taken; what was left out
    at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)  # when a waiting one is read again

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], name="mail_waiting", condition=models.Q(outcome="waiting")),
        ]
