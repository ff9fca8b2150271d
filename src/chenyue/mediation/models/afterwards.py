"""Visits afterwards, the dossier, and calculations that both sides can replay."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chenyue.core.fields import EncryptedText
from chenyue.mediation.lifecycle import Calculator, Grade, VisitKind
from chenyue.mediation.models.agreements import Agreement
from chenyue.mediation.models.matters import Mediation
from chenyue.mediation.models.meetings import Evidence, Meeting
from chenyue.mediation.models.parties import Party
from chenyue.people.models import Member


class FollowUpVisit(models.Model):
    """回访: asked of one party; due on a day, made or tried."""

    mediation = models.ForeignKey(Mediation, models.CASCADE, related_name="visits")
    agreement = models.ForeignKey(Agreement, models.CASCADE, null=True, blank=True, related_name="+")
    party = models.ForeignKey(Party, models.CASCADE, related_name="visits")
    kind = models.CharField(max_length=10, choices=VisitKind.choices)
    due_on = models.DateField()
    told_at = models.DateTimeField(null=True, blank=True)  # the mediators, that it is due
    made_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    by_party = models.BooleanField(default=False)  # answered on the party's own page
    performed = models.BooleanField(null=True)
    grade = models.CharField(max_length=14, choices=Grade.choices, blank=True)
    signs = models.JSONField(default=list, blank=True)  # relapse, escalation, danger, wrong
    words = EncryptedText(_("what was found"), blank=True, default="")
    measures = EncryptedText(_("what is done about it"), blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "agreement", "kind"],
                condition=Q(kind__in=["first_due", "days_30", "days_180"]),
                name="one_visit_of_a_kind",
            )
        ]


class Dossier(models.Model):
    """卷宗: the ordered, page-numbered file. A new filing is a new row; hashes tell them apart."""

    mediation = models.ForeignKey(Mediation, models.CASCADE, related_name="dossiers")
    number = models.PositiveSmallIntegerField()
    file_number = models.CharField(max_length=60)  # 卷号
    title = models.CharField(max_length=120)  # 卷名
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    filed_on = models.DateField(null=True, blank=True)
    filed_by = models.CharField(max_length=40, blank=True)
    retention = models.CharField(max_length=12, blank=True)  # permanent, long, short
    keep_until = models.DateField(null=True, blank=True)
    note = EncryptedText(_("notes on the file"), blank=True, default="")
    path = models.CharField(max_length=200, blank=True)  # the whole as one PDF
    pages = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, default="asked")  # asked, made, failed, archived
    progress = models.PositiveSmallIntegerField(default=0)  # documents done
    trouble = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["mediation", "number"], name="one_dossier_per_number")]


class DossierDocument(models.Model):
    """One document of a dossier as it was made: Word and PDF with their hashes, and its pages in the whole."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="documents")
    order = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=30)  # in mediation.dossier.documents
    title = models.CharField(max_length=120)
    meeting = models.ForeignKey(Meeting, models.SET_NULL, null=True, blank=True, related_name="+")
    evidence = models.ForeignKey(Evidence, models.SET_NULL, null=True, blank=True, related_name="+")
    word_path = models.CharField(max_length=200, blank=True)
    word_sha256 = models.CharField(max_length=64, blank=True)
    pdf_path = models.CharField(max_length=200, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    first_page = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["order", "pk"]


class Calculation(models.Model):
    """A calculation with everything that went in and came out: a draft, never a decision. Both sides can replay it."""

    mediation = models.ForeignKey(Mediation, models.CASCADE, related_name="calculations")
    kind = models.CharField(max_length=12, choices=Calculator.choices)
    title = models.CharField(_("title"), max_length=80)
    given = EncryptedText()  # JSON
    result = EncryptedText()  # JSON
    sha256 = models.CharField(max_length=64)  # of both, so that a replay is proved equal
    shared_at = models.DateTimeField(null=True, blank=True)  # then every party sees it
    at = models.DateTimeField()
    by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
