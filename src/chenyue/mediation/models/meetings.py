"""Meetings with their minutes, and what was laid on the table."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from chenyue.core.fields import EncryptedText
from chenyue.mediation.lifecycle import EvidenceKind, MeetingKind, MeetingState, Minutes
from chenyue.mediation.models.matters import Mediation
from chenyue.mediation.models.mediators import Appointment, Invitation
from chenyue.mediation.models.parties import Party, Representative
from chenyue.people.models import Member
from chenyue.places.models import Place


class Meeting(models.Model):
    """A mediation meeting, an inquiry or a look at the place: documents 5 and 7 of the dossier are made of it."""

    mediation = models.ForeignKey(Mediation, models.CASCADE, related_name="meetings")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=8, choices=MeetingKind.choices, default=MeetingKind.JOINT)
    state = models.CharField(max_length=10, choices=MeetingState.choices, default=MeetingState.PLANNED)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    room = models.CharField(_("where"), max_length=120)
    is_open = models.BooleanField(_("open to the public"), default=False)
    asked = models.CharField(_("who is asked"), max_length=120, blank=True)  # of an inquiry
    agenda = EncryptedText(_("agenda"), blank=True, default="")
    minutes = models.CharField(max_length=6, choices=Minutes.choices, default=Minutes.NONE)
    result = EncryptedText(_("result"), blank=True, default="")
    agreed = models.BooleanField(null=True)  # 达成 / 未达成; None: open
    recorder = models.CharField(_("recorder"), max_length=40, blank=True)
    broken_off_why = models.CharField(max_length=200, blank=True)
    notices_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["mediation", "number"], name="one_meeting_per_number")]
        indexes = [models.Index(fields=["state", "starts_at"])]


class Attendance(models.Model):
    """Who was asked to a meeting and who came. Exactly one of the four is named, or `name` alone."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    party = models.ForeignKey(Party, models.CASCADE, null=True, blank=True, related_name="+")
    representative = models.ForeignKey(Representative, models.CASCADE, null=True, blank=True, related_name="+")
    appointment = models.ForeignKey(Appointment, models.CASCADE, null=True, blank=True, related_name="+")
    invitation = models.ForeignKey(Invitation, models.CASCADE, null=True, blank=True, related_name="+")
    name = EncryptedText(blank=True, default="")
    came = models.BooleanField(null=True)
    late_minutes = models.PositiveSmallIntegerField(default=0)
    words = models.CharField(max_length=120, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)  # under the final minutes


class MinutesText(models.Model):
    """A version of the minutes of a meeting; the last is what parties are asked about."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="texts")
    number = models.PositiveSmallIntegerField()
    words = EncryptedText()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="one_minutes_per_number")]


class MinutesWord(models.Model):
    """A party on a version of the minutes: right, or what is wrong."""

    text = models.ForeignKey(MinutesText, models.CASCADE, related_name="answers")
    party = models.ForeignKey(Party, models.CASCADE, related_name="+")
    agrees = models.BooleanField()
    words = EncryptedText(blank=True, default="")
    at = models.DateTimeField()
    taken_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["text", "party"], name="one_word_per_text_and_party")]


class Evidence(models.Model):
    """A paper, photograph or measurement, with its hash. `party` is who handed it in; None: the mediators."""

    mediation = models.ForeignKey(Mediation, models.CASCADE, related_name="evidence")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=12, choices=EvidenceKind.choices)
    title = models.CharField(_("title"), max_length=120)
    source = models.CharField(_("source"), max_length=120, blank=True)
    party = models.ForeignKey(Party, models.SET_NULL, null=True, blank=True, related_name="+")
    shared = models.BooleanField(_("all parties see it"), default=False)
    path = models.CharField(max_length=200, blank=True)  # as core.kept_files keeps it; empty: paper only
    preview = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=120, blank=True)
    content_type = models.CharField(max_length=60, blank=True)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    pages = models.PositiveSmallIntegerField(default=1)
    original = models.CharField(_("where the original is"), max_length=80, blank=True)
    original_returned_at = models.DateTimeField(null=True, blank=True)
    original_lost_at = models.DateTimeField(null=True, blank=True)
    original_lost_why = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["mediation", "number"], name="one_evidence_per_number")]
