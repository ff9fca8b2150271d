"""Who receives: the people of the roster, what binds them, and what was planned, swapped and done."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.people.models import Member
from chenyue.reception import lifecycle
from chenyue.reception.lifecycle import PlanState, SwapState
from chenyue.reception.models.venues import Sitting, Venue
from chenyue.reception.timetable import WEEKDAYS

PARTS = {"early": _("in the morning"), "evening": _("in the evening")}


class RosterPerson(models.Model):
    """A member who takes turns."""

    member = models.OneToOneField(Member, models.PROTECT, related_name="roster")
    lead = models.BooleanField(_("leading cadre"), default=False)
    skills = models.JSONField(default=list)  # words such as "law", "mediation"
    dialects = models.JSONField(default=list)  # such as "溧阳话"
    venues = models.ManyToManyField(Venue, blank=True, related_name="familiar")  # knows the people there
    min_turns = models.PositiveSmallIntegerField(default=0)  # a month
    max_turns = models.PositiveSmallIntegerField(default=8)  # a month
    share = models.PositiveSmallIntegerField(_("part of a full load, in percent"), default=100)
    barred = models.JSONField(default=list)  # times that are impossible: "0:early" (Mondays), "*:evening" (any day)
    active = models.BooleanField(default=True)
    feed_token = models.CharField(max_length=40, unique=True)  # secret calendar feed; can be renewed

    def __str__(self) -> str:
        return str(self.member)


class RosterRules(models.Model):
    """A version of the office's roster rules and prices. Dated, never edited; `data` is read by `rostering.rules`."""

    version = models.PositiveIntegerField(unique=True)
    data = models.JSONField(default=dict)
    since = models.DateTimeField()
    by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")


class Leave(models.Model):
    """Days on which a person can't be planned."""

    class Kind(models.TextChoices):
        LEAVE = "leave", pgettext_lazy("absence", "Leave")
        ILLNESS = "illness", _("Illness")
        TRAINING = "training", _("Training")
        TRAVEL = "travel", _("On official travel")
        OTHER = "other", pgettext_lazy("absence", "Other")

    person = models.ForeignKey(RosterPerson, models.CASCADE, related_name="leaves")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.LEAVE)
    first = models.DateField()
    last = models.DateField()
    words = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["last", "first"])]


class Wish(models.Model):
    """Rather, or rather not: on a day, or on a weekday; mornings, evenings or both."""

    person = models.ForeignKey(RosterPerson, models.CASCADE, related_name="wishes")
    day = models.DateField(null=True, blank=True)
    weekday = models.PositiveSmallIntegerField(null=True, blank=True)
    part = models.CharField(max_length=10, blank=True)  # "early", "evening" or both
    wanted = models.BooleanField(default=False)
    weight = models.PositiveSmallIntegerField(default=1)  # 1 … 3
    at = models.DateTimeField()

    @property
    def weekday_word(self) -> str:
        """Its weekday in words."""
        return "" if self.weekday is None else str(WEEKDAYS[self.weekday])

    @property
    def part_word(self) -> str:
        """Its time of day in words; nothing for both."""
        return str(PARTS.get(self.part, ""))


class Plan(models.Model):
    """A roster being made for some days: asked for, computed as a job, looked at, published."""

    first = models.DateField()
    last = models.DateField()
    state = models.CharField(max_length=12, choices=lifecycle.choices("plan"), default=PlanState.ASKED.value)
    replans = models.BooleanField(default=False)  # changes as little as possible of what is published
    seconds = models.PositiveSmallIntegerField(default=60)
    progress = models.JSONField(default=dict)  # objective, bound, elapsed, and how it is solved
    draft = models.JSONField(default=dict)  # sitting id → [[person id, lead?], …]
    pins = models.JSONField(default=list)  # [sitting id, person id] that must stay
    findings = models.JSONField(default=list)  # why it is impossible, and priced repairs
    rules = models.ForeignKey(RosterRules, models.PROTECT, null=True, related_name="+")
    stop_asked = models.BooleanField(default=False)  # the best so far is kept
    asked_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    @property
    def subject(self) -> str:
        """Its name on the timeline."""
        return f"roster:{self.pk}"


class Shift(models.Model):
    """A person receives at a sitting."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="shifts")
    person = models.ForeignKey(RosterPerson, models.PROTECT, related_name="shifts")
    lead = models.BooleanField(default=False)
    pinned = models.BooleanField(default=False)  # survives re-planning
    source = models.CharField(max_length=10, default="plan")  # plan, hand, swap, stand_in
    absent_at = models.DateTimeField(null=True, blank=True)  # said or was found not to come
    absent_words = models.CharField(max_length=120, blank=True)
    replaces = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="replaced_by")
    reminded = models.JSONField(default=list)  # hours before for which a reminder went out

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sitting", "person"], name="one_shift_per_sitting_and_person"),
            models.UniqueConstraint(
                fields=["sitting"],
                condition=models.Q(lead=True, absent_at__isnull=True),
                name="one_lead_per_sitting",
            ),
        ]


class Swap(models.Model):
    """One asks another to take a shift, perhaps for one of theirs; a person approves."""

    shift = models.ForeignKey(Shift, models.CASCADE, related_name="swaps")
    other = models.ForeignKey(RosterPerson, models.PROTECT, related_name="+")
    other_shift = models.ForeignKey(Shift, models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=lifecycle.choices("swap"), default=SwapState.ASKED.value)
    words = models.CharField(max_length=120, blank=True)
    asked_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shift"], condition=models.Q(state__in=["asked", "agreed"]), name="one_open_swap_per_shift"
            )
        ]


class LedgerCorrection(models.Model):
    """Weighted turns that a person brings along or is given by hand, with the reason everybody may read."""

    person = models.ForeignKey(RosterPerson, models.CASCADE, related_name="corrections")
    year = models.PositiveSmallIntegerField()
    turns = models.DecimalField(max_digits=5, decimal_places=1)
    words = models.CharField(max_length=120)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    at = models.DateTimeField()
