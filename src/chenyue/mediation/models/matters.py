"""The matter itself: who mediates what, for how long, and what its screening found."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from chenyue.cases.models import Case
from chenyue.core.fields import EncryptedText
from chenyue.mediation.lifecycle import Dispute, Risk, Source, Stage
from chenyue.people.models import Member, Unit
from chenyue.places.models import Place


class Committee(models.Model):
    """A mediation committee: its term (three years, art. 9) and the seal it puts under agreements."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    address = models.CharField(_("where it sits"), max_length=120, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    file_mark = models.CharField(_("mark in file numbers"), max_length=20, blank=True)  # ( )人调字第 号
    since = models.DateField(_("term since"), null=True, blank=True)
    until = models.DateField(_("term until"), null=True, blank=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class Mediation(models.Model):
    """One dispute under mediation. Opens from a case and ends by moving it. Subject `mediation:M2026-0007`."""

    number = models.CharField(max_length=20, unique=True)  # M2026-0007
    case = models.ForeignKey(Case, models.PROTECT, related_name="mediations")
    committee = models.ForeignKey(Committee, models.PROTECT, related_name="mediations")
    title = models.CharField(_("title"), max_length=80)
    dispute = models.CharField(_("kind of dispute"), max_length=16, choices=Dispute.choices)
    source = models.CharField(_("source"), max_length=14, choices=Source.choices, default=Source.APPLICATION)
    source_body = models.CharField(_("handed over by"), max_length=80, blank=True)
    source_number = models.CharField(_("their number"), max_length=60, blank=True)
    stage = models.CharField(max_length=14, choices=Stage.choices, default=Stage.SCREENING)
    stage_at = models.DateTimeField()
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    community = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    facts = EncryptedText(_("the dispute in short"), blank=True, default="")
    requests = EncryptedText(_("what is asked for"), blank=True, default="")  # one a line
    oral = models.BooleanField(_("applied by word of mouth"), default=False)
    open_meetings = models.BooleanField(_("open meetings"), default=False)  # art. 23: closed unless parties want it
    screening = models.JSONField(default=dict, blank=True)  # question code -> {"answer": bool, "words": str}
    refused_ground = models.CharField(max_length=40, blank=True, default="")  # code in mediation.screening
    registered_on = models.DateField(null=True, blank=True)  # accepted for mediation
    due_on = models.DateField(null=True, blank=True)  # by setting; passes without effect of its own
    due_told = models.PositiveSmallIntegerField(default=0)  # 1: that the day comes near, 2: that it has passed
    extensions = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)  # the next moment that somebody waits for
    next_what = models.CharField(max_length=20, blank=True, default="")  # its kind: meeting, due, confirmation, …
    result_words = EncryptedText(blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    public_story = models.BooleanField(default=False)  # the parties want it told (art. 23.3)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["stage", "-id"]),
            models.Index(fields=["-id"]),
            models.Index(fields=["next_at"]),
        ]
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def subject(self) -> str:
        """Its name on the timeline."""
        return f"mediation:{self.number}"


class Extension(models.Model):
    """More time, only with every party's consent (rows of `Consent` with this as their matter)."""

    mediation = models.ForeignKey(Mediation, models.CASCADE, related_name="more_time")
    until = models.DateField()
    reason = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField(null=True, blank=True)


class RiskReport(models.Model):
    """A danger seen, and to whom it was reported (art. 25). Sealed: no party reads it."""

    mediation = models.ForeignKey(Mediation, models.CASCADE, related_name="risks")
    kind = models.CharField(max_length=12, choices=Risk.choices)
    words = EncryptedText()
    measures = EncryptedText(blank=True, default="")
    told = models.CharField(_("reported to"), max_length=80, blank=True)  # police station, community, family
    told_at = models.DateTimeField(null=True, blank=True)
    receipt = models.CharField(_("number of the report"), max_length=60, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
