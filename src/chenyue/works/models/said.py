"""What homes say: stances, ballots, objections and their answers; defects; the cases that works gave birth to."""

from django.db import models
from django.db.models import Q

from chenyue.cases.models import Case
from chenyue.core.fields import EncryptedText
from chenyue.people.models import Member, Unit
from chenyue.places.models import Place
from chenyue.works.lifecycle import Decision, DefectState, How, ObjectionState, Speaker, Step, Vote
from chenyue.works.models.projects import PlanVersion, Project, WorksFile
from chenyue.works.models.register import RegisteredHome


class Stance(models.Model):
    """One home's position on one plan version at one moment. A later one supersedes, never overwrites."""

    home = models.ForeignKey(RegisteredHome, models.PROTECT, related_name="stances")
    plan = models.ForeignKey(PlanVersion, models.PROTECT, related_name="stances")
    step = models.CharField(max_length=14, choices=Step.choices)
    reasons = models.JSONField(default=list, blank=True)
    words = EncryptedText(blank=True, default="")
    parts = models.JSONField(default=list, blank=True)  # keys of the parts that it is about
    speaker = models.CharField(max_length=10, choices=Speaker.choices, default=Speaker.OWNER)
    how = models.CharField(max_length=10, choices=How.choices)
    at = models.DateTimeField()
    taken_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    scan = models.ForeignKey(WorksFile, models.PROTECT, null=True, blank=True, related_name="+")
    counts = models.BooleanField(default=True)  # False: a tenant's, or overridden by one taken in person
    superseded_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    carried_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    ask_again = models.BooleanField(default=False)  # the new version changes what concerns this home
    changed_by = models.ForeignKey("ObjectionAnswer", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["home", "plan"],
                condition=Q(counts=True, superseded_at__isnull=True),
                name="one_counting_stance",
            )
        ]
        indexes = [models.Index(fields=["plan", "at"]), models.Index(fields=["home", "at"])]
        ordering = ["at", "pk"]


class Ballot(models.Model):
    """The legal act of a home on a plan version, signed. A stance is opinion, this is a vote."""

    home = models.ForeignKey(RegisteredHome, models.PROTECT, related_name="ballots")
    plan = models.ForeignKey(PlanVersion, models.PROTECT, related_name="ballots")
    vote = models.CharField(max_length=10, choices=Vote.choices)
    how = models.CharField(max_length=10, choices=How.choices)
    signed_by = EncryptedText(blank=True, default="")  # the names under it
    signed_on = models.DateField()
    at = models.DateTimeField()
    taken_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    scan = models.ForeignKey(WorksFile, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoke_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["home", "plan"], condition=Q(revoked_at__isnull=True), name="one_valid_ballot"
            )
        ]
        ordering = ["at", "pk"]


class Objection(models.Model):
    """A reasoned stance that needs an answer by somebody with a name."""

    number = models.CharField(max_length=24, unique=True)  # Y2026-1122-0003
    project = models.ForeignKey(Project, models.PROTECT, related_name="objections")
    plan = models.ForeignKey(PlanVersion, models.PROTECT, null=True, blank=True, related_name="+")
    home = models.ForeignKey(RegisteredHome, models.PROTECT, null=True, blank=True, related_name="objections")
    stance = models.ForeignKey(Stance, models.SET_NULL, null=True, blank=True, related_name="+")
    speaker = models.CharField(max_length=10, choices=Speaker.choices, default=Speaker.OWNER)
    parts = models.JSONField(default=list, blank=True)
    reasons = models.JSONField(default=list)
    words = EncryptedText()
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")  # who must answer
    answerer = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")  # by name
    state = models.CharField(max_length=10, choices=ObjectionState.choices, default=ObjectionState.OPEN)
    at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="+")  # passed on to it

    class Meta:
        indexes = [models.Index(fields=["project", "state"]), models.Index(fields=["state", "due_at"])]
        ordering = ["-pk"]


class ObjectionAnswer(models.Model):
    """An answer with a name and a date; every one stays visible to the home."""

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="answers")
    decision = models.CharField(max_length=10, choices=Decision.choices)
    words = models.TextField()
    changes = models.JSONField(default=list, blank=True)  # keys of the parts of the plan that change
    plan = models.ForeignKey(PlanVersion, models.PROTECT, null=True, blank=True, related_name="+")  # the one that does
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    accepted = models.BooleanField(null=True)  # by the home; None: not said yet
    accepted_at = models.DateTimeField(null=True, blank=True)
    response = EncryptedText(blank=True, default="")

    class Meta:
        ordering = ["at", "pk"]


class Defect(models.Model):
    """A defect of the works or a complaint about the contractor, with a deadline."""

    number = models.CharField(max_length=24, unique=True)  # D2026-1122-0003
    project = models.ForeignKey(Project, models.PROTECT, related_name="defects")
    building = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    home = models.ForeignKey(RegisteredHome, models.PROTECT, null=True, blank=True, related_name="+")
    spot = models.CharField(max_length=120, blank=True)
    complaint = models.BooleanField(default=False)  # about how people were treated, not about the works
    words = models.TextField()
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=DefectState.choices, default=DefectState.OPEN)
    at = models.DateTimeField()
    by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    mended_at = models.DateTimeField(null=True, blank=True)
    mended_words = models.TextField(blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    rounds = models.PositiveSmallIntegerField(default=0)  # how often it was sent back
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["project", "state"]), models.Index(fields=["state", "due_at"])]
        ordering = ["-pk"]


class CaseLink(models.Model):
    """A case that was born of the works, and how it is known."""

    class Known(models.TextChoices):
        SITE = "site", "site"  # the code on the site board, or the project's page
        STAFF = "staff", "staff"
        OBJECTION = "objection", "objection"
        DEFECT = "defect", "defect"

    project = models.ForeignKey(Project, models.PROTECT, related_name="case_links")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    how = models.CharField(max_length=10, choices=Known.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "case"], name="one_link_per_case")]
