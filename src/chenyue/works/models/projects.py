"""Projects with their plans, calendar, notices and files."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from chenyue.people.models import Member, Unit
from chenyue.places.models import Place
from chenyue.works.lifecycle import FileKind, PhaseKind, PhaseState, PostingKind, ProjectState, VersionState
from chenyue.works.models.law import ThresholdRule


class Project(models.Model):
    """Works on an estate. Which rule of joint decisions applies is stated; without one nothing ever "passes"."""

    number = models.CharField(max_length=20, unique=True)  # W2026-0003
    title = models.CharField(_("title"), max_length=80)
    state = models.CharField(max_length=12, choices=ProjectState.choices, default=ProjectState.PLANNED)
    estates = models.ManyToManyField(Place, related_name="projects")
    community = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")  # of the estates
    buildings = models.JSONField(default=list, blank=True)  # ids; empty: all of the estates
    contractor = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    supervisor = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    owner_unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")  # answers for it
    manager = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    phone = models.CharField(_("telephone for questions"), max_length=40, blank=True)
    what = models.TextField(_("what is done"), blank=True)
    why = models.TextField(_("why"), blank=True)
    rule = models.ForeignKey(ThresholdRule, models.PROTECT, null=True, blank=True, related_name="+")
    matter = models.CharField(max_length=10, blank=True)  # number of the matter in the rule's article
    noise_hours = models.JSONField(default=list, blank=True)  # [["08:00", "12:00"], ["14:00", "18:00"]]
    stop_notice_hours = models.PositiveSmallIntegerField(default=24)  # before water or power goes off
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    stale_days = models.PositiveSmallIntegerField(default=90)  # a stance older than that is shown as stale
    answer_within = models.CharField(max_length=12, default="5wd")  # an objection is answered by then
    defect_within = models.CharField(max_length=12, default="3wd")
    published_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    keep_until = models.DateField(null=True, blank=True)  # then reasons are anonymised and counts kept
    anonymised_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["state", "-id"])]
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        """Its name on the timeline."""
        return f"project:{self.number}"


class PlanVersion(models.Model):
    """A text with parts that homes speak about. Published ones are never edited: a change is a new version."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)
    words = models.TextField(blank=True)  # what is new in it, for people
    state = models.CharField(max_length=10, choices=VersionState.choices, default=VersionState.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="one_plan_per_number")]
        ordering = ["number"]


class PlanPart(models.Model):
    """A part of a plan, kept under one key from version to version, and whom it concerns."""

    plan = models.ForeignKey(PlanVersion, models.CASCADE, related_name="parts")
    key = models.SlugField(max_length=40, allow_unicode=True)
    title = models.CharField(max_length=80)
    text = models.TextField()
    # Whom it concerns: all homes, or some buildings (ids), vertical lines ("building id:line") or homes (ids).
    everyone = models.BooleanField(default=True)
    buildings = models.JSONField(default=list, blank=True)
    lines = models.JSONField(default=list, blank=True)
    homes = models.JSONField(default=list, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "key"], name="one_part_per_key")]
        ordering = ["order", "pk"]


class Phase(models.Model):
    """A stretch of the works' calendar: works, noise, or water and power off."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="phases")
    kind = models.CharField(max_length=10, choices=PhaseKind.choices, default=PhaseKind.WORK)
    title = models.CharField(max_length=80)
    buildings = models.JSONField(default=list, blank=True)  # ids; empty: all of the project
    starts_on = models.DateField()
    ends_on = models.DateField()
    from_time = models.TimeField(null=True, blank=True)
    to_time = models.TimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=PhaseState.choices, default=PhaseState.PLANNED)
    words = models.CharField(max_length=300, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)  # when people could first read it

    class Meta:
        ordering = ["starts_on", "pk"]


class Posting(models.Model):
    """A notice: posted, displayed from a day to a day that the calendar computes, with proof."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="postings")
    plan = models.ForeignKey(PlanVersion, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=10, choices=PostingKind.choices)
    title = models.CharField(max_length=120)
    text = models.TextField()
    display = models.CharField(max_length=12, blank=True)  # span such as 15d or 10wd; empty: not a display
    posted_at = models.DateTimeField(null=True, blank=True)
    display_from = models.DateField(null=True, blank=True)
    display_until = models.DateField(null=True, blank=True)  # the last day
    places = models.JSONField(default=list, blank=True)  # where it hangs: ids of buildings, or words
    made_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-pk"]


class WorksFile(models.Model):
    """A photograph, scan or drawing of a project. Files are kept as those of appeals are."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="files")
    kind = models.CharField(max_length=10, choices=FileKind.choices)
    # What it belongs to: "posting:3", "defect:W…-7", "home:12", "stance:9", "" for the project itself.
    of = models.CharField(max_length=40, blank=True, default="")
    public = models.BooleanField(default=False)  # may stand on residents' pages
    words = models.CharField(max_length=120, blank=True)
    path = models.CharField(max_length=200)
    preview = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["project", "of"])]
