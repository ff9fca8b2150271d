"""What the desk keeps itself: exports that take a while."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from chenyue.people.models import Member


class Export(models.Model):
    """A list on its way to Excel. The file is its asker's alone and is gone after a day."""

    class State(models.TextChoices):
        WAITING = "waiting", _("In the queue")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)  # of the form and what it asked for: the same asked twice is one
    query = models.CharField(max_length=500, blank=True)
    numbers = models.JSONField(default=list)  # of the ticked cases; empty: all that match
    what = models.CharField(max_length=300)  # the filters in words
    language = models.CharField(max_length=12)
    count = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "key"], name="one_export_per_form")]
