"""The waiting list of a full sitting: who gets a place that becomes free."""

from django.db import models
from django.utils.translation import pgettext_lazy

from chenyue.core.fields import EncryptedText
from chenyue.people.models import Resident
from chenyue.reception.models.queue import Priority, Ticket
from chenyue.reception.models.venues import Sitting


class WaitEntry(models.Model):
    """Somebody who wanted to book a sitting that was full, in the order in which they asked."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("waiting list", "Waiting for a place")
        PLACED = "placed", pgettext_lazy("waiting list", "Got a place")
        WITHDRAWN = "withdrawn", pgettext_lazy("waiting list", "Taken back")
        LAPSED = "lapsed", pgettext_lazy("waiting list", "No place became free")

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="wait_entries")
    token = models.CharField(max_length=40, unique=True)  # the resident's own page
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING.value)
    resident = models.ForeignKey(Resident, models.PROTECT, null=True, blank=True, related_name="+")
    called_as = EncryptedText(blank=True, default="")
    email = EncryptedText(blank=True, default="")  # as given with this wish
    party = models.PositiveSmallIntegerField(default=1)
    priority = models.CharField(max_length=10, choices=Priority.choices, blank=True, default="")
    ticket = models.OneToOneField(Ticket, models.PROTECT, null=True, blank=True, related_name="wait_entry")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["sitting", "id"], name="wait_entries_open", condition=models.Q(state="waiting")),
        ]

    @property
    def subject(self) -> str:
        """Its name on the timeline: it belongs to its sitting."""
        return f"sitting:{self.sitting_id}"
