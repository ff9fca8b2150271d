"""The queue of a sitting, the visits made from it, and what was told at its end."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.cases.models import Appeal
from chenyue.core.fields import EncryptedText
from chenyue.people.models import Member, Resident, Unit
from chenyue.places.models import Place
from chenyue.reception import lifecycle
from chenyue.reception.lifecycle import LIVE, TicketState
from chenyue.reception.models.venues import Sitting


class Priority(models.TextChoices):
    """Who goes earlier, by a rule that is printed and shown."""

    NONE = "", _("In order of arrival")
    ELDERLY = "elderly", _("Elderly")
    DISABLED = "disabled", pgettext_lazy("person", "Disabled")
    PREGNANT = "pregnant", _("Pregnant or with an infant")
    URGENT = "urgent", pgettext_lazy("ticket", "Urgent matter")
    UNHEARD = "unheard", _("Was not heard last time")


class Ticket(models.Model):
    """A place in the queue of one sitting, taken at the door, at the kiosk or booked before."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="tickets")
    number = models.PositiveSmallIntegerField()  # 17 of A017, counted within the sitting
    label = models.CharField(max_length=6)  # A017, as called and printed
    token = models.CharField(max_length=40, unique=True)  # the resident's own page
    state = models.CharField(max_length=10, choices=lifecycle.choices("ticket"), default=TicketState.WAITING.value)
    booked_for = models.DateTimeField(null=True, blank=True)  # None: walked in
    priority = models.CharField(max_length=10, choices=Priority.choices, blank=True, default="")
    priority_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")  # None: chosen at the kiosk
    resident = models.ForeignKey(Resident, models.PROTECT, null=True, blank=True, related_name="tickets")
    called_as = EncryptedText(blank=True, default="")  # the name as told; screens show at most the family name
    # Where this visitor is told of changes: the address given with the ticket, never one known of the resident, since
    # anybody can say a neighbour's name and number.
    email = EncryptedText(blank=True, default="")
    party = models.PositiveSmallIntegerField(default=1)  # how many people came together
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")  # from the door's code
    source = models.CharField(max_length=10, default="desk")  # desk, kiosk, web, carried
    line_at = models.DateTimeField()  # where it stands before priority: booked time, or arrival
    window = models.PositiveSmallIntegerField(null=True, blank=True)
    calls = models.PositiveSmallIntegerField(default=0)
    server = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")  # who called it last
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")  # handed to
    carried_from = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="carried_to")
    # What was promised when it was given, to prove how often the interval held. Seconds.
    promised_low = models.PositiveIntegerField(null=True, blank=True)
    promised_high = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sitting", "number"], name="one_number_per_sitting"),
            # Two members who press "next" at once can't both have the same window's visitor in hand.
            models.UniqueConstraint(
                fields=["sitting", "window"],
                condition=models.Q(state__in=["called", "in_visit"]),
                name="one_visitor_per_window",
            ),
        ]
        indexes = [
            models.Index(fields=["sitting", "state"]),
            models.Index(fields=["line_at"], name="tickets_live", condition=models.Q(state__in=sorted(LIVE))),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def subject(self) -> str:
        """Its name on the timeline: what happens to it belongs to its sitting."""
        return f"sitting:{self.sitting_id}"


class CallLog(models.Model):
    """What was called out, where and by whom; the calling screen reads the newest."""

    sitting = models.ForeignKey(Sitting, models.CASCADE, related_name="call_log")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="call_log")
    window = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10)  # call, recall, undo
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["sitting", "-id"])]


class Visit(models.Model):
    """The talk itself: who came, what was said, what was settled at once. It may file several appeals."""

    ticket = models.OneToOneField(Ticket, models.PROTECT, null=True, blank=True, related_name="visit")
    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="visits")
    resident = models.ForeignKey(Resident, models.PROTECT, null=True, blank=True, related_name="visits")
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    window = models.PositiveSmallIntegerField(null=True, blank=True)
    heard_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    said = EncryptedText(blank=True, default="")  # what belongs to no appeal: stays in the room
    settled = models.TextField(blank=True)  # what was settled at once
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["sitting", "started_at"])]


class Party(models.Model):
    """Somebody who came along; at most five representatives speak for a crowd (信访工作条例 20)."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="parties")
    name = EncryptedText(blank=True, default="")
    phone = EncryptedText(blank=True, default="")
    representative = models.BooleanField(default=True)


class VisitAppeal(models.Model):
    """An appeal that was filed at a visit."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="filed")
    appeal = models.OneToOneField(Appeal, models.PROTECT, related_name="visit")
    settled = models.BooleanField(default=False)  # at once, in the same sitting

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "appeal"], name="one_link_per_visit_and_appeal")]


class SittingReport(models.Model):
    """The sheet at the end: visits, waits, settled at once, cases opened, who was not heard."""

    sitting = models.OneToOneField(Sitting, models.PROTECT, related_name="report")
    figures = models.JSONField(default=dict)
    words = models.TextField(blank=True)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    at = models.DateTimeField()
