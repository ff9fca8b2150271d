"""Maintained counts, findings, root-cause projects, briefs, wall screens and open data."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chenyue.cases.models import Case
from chenyue.catalogue.models import Category
from chenyue.insight.lifecycle import (
    Axis,
    BriefKind,
    BriefState,
    OpenDataState,
    PainKind,
    PainState,
    RootState,
)
from chenyue.people.models import Member, Unit
from chenyue.places.models import Place


class Follow(models.Model):
    """How far the timeline has been read into the counts, and who counts."""

    name = models.CharField(max_length=20, primary_key=True)
    entry = models.BigIntegerField(default=0)
    entry_at = models.DateTimeField(null=True, blank=True)  # when that entry was read
    at = models.DateTimeField(null=True, blank=True)  # everything up to then is counted
    whole_at = models.DateTimeField(null=True, blank=True)  # last full recount; None: there was none yet
    counting_at = models.DateTimeField(null=True, blank=True)  # a full recount is under way since
    case = models.BigIntegerField(default=0)  # the last one that it counted
    rule = models.PositiveSmallIntegerField(default=1)  # of what a case adds, see `facts.RULE`
    turn = models.PositiveBigIntegerField(default=0)  # the number of the last turn, see `turns`
    held = models.BooleanField(default=False)
    seen_at = models.DateTimeField(null=True, blank=True)  # the last sign of life of who counts

    def alive(self, since: datetime) -> bool:
        """Whether who counts has given a sign of life since."""
        return self.seen_at is not None and self.seen_at >= since


class CaseFact(models.Model):
    """What a case adds to the counts as it stands, in short (see `facts`), so that a change can be taken back."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="fact")
    adds = models.TextField(blank=True)


class DayCount(models.Model):
    """A count of a day, or a month, on one axis. `manage.py recount --check` proves it equal to one of all cases."""

    grain = models.CharField(max_length=1, choices=[("d", "day"), ("m", "month")])
    day = models.DateField()  # of a month: its first
    axis = models.CharField(max_length=10, choices=Axis.choices)
    key = models.CharField(max_length=20, blank=True)  # id or channel; empty on the axis of all
    measure = models.CharField(max_length=32)  # a `Measure`, of callbacks with ".reason" for those left out
    value = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["grain", "axis", "measure", "day", "key"], name="one_count_of_a_day"),
        ]


class PainRun(models.Model):
    """One look for small pains: what was asked, how many tests were made, what it cost."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=8, choices=PainKind.choices)
    since = models.DateField()
    until = models.DateField()  # the last day looked at
    settings = models.JSONField(default=dict)  # window, base line, false discovery rate, fewest cases
    tests = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
    words = models.CharField(max_length=300, blank=True)
    seconds = models.FloatField(default=0)

    class Meta:
        ordering = ["-pk"]


class Pain(models.Model):
    """A finding, kept under one key from run to run, with what a person decided about it."""

    kind = models.CharField(max_length=8, choices=PainKind.choices)
    key = models.CharField(max_length=120)  # place × category × time, door, or fingerprint of a topic
    state = models.CharField(max_length=10, choices=PainState.choices, default=PainState.NEW)
    run = models.ForeignKey(PainRun, models.PROTECT, related_name="pains")  # the last that saw it
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    community = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")
    room = models.CharField(max_length=20, blank=True)
    when = models.CharField(max_length=20, blank=True)  # part of the week: "weekday-evening", "" any
    title = models.CharField(max_length=120)
    words = models.JSONField(default=list, blank=True)  # of a topic: the words that make it
    sentences = models.JSONField(default=list, blank=True)  # [case id, sentence without personal data]
    cases = models.JSONField(default=list)  # ids, newest first
    count = models.PositiveIntegerField(default=0)
    expected = models.FloatField(default=0)
    p_value = models.FloatField(null=True, blank=True)
    q_value = models.FloatField(null=True, blank=True)  # after control of false discoveries
    growth = models.FloatField(null=True, blank=True)  # against the stretch before
    reporters = models.PositiveIntegerField(default=0)  # different people
    copies = models.PositiveIntegerField(default=0)  # further ones, word for word the same: not in `count`
    first_on = models.DateField()
    last_on = models.DateField()
    seen_at = models.DateTimeField()
    decided_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_count = models.PositiveIntegerField(null=True, blank=True)  # how many there were then
    reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="one_pain_under_a_key")]
        indexes = [models.Index(fields=["kind", "state", "-last_on"])]
        ordering = ["-last_on", "-pk"]


class RootProject(models.Model):
    """A small pain solved at its source: owner, measure, before, after."""

    number = models.CharField(max_length=20, unique=True)  # R2026-0003
    title = models.CharField(_("title"), max_length=120)
    state = models.CharField(max_length=10, choices=RootState.choices, default=RootState.OPEN)
    pain = models.ForeignKey(Pain, models.PROTECT, null=True, blank=True, related_name="projects")
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    owner = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    cause = models.TextField(_("the cause"), blank=True)
    measure = models.TextField(_("what is done about it"), blank=True)
    counted = models.JSONField(default=dict)  # what counts as "again": place, category, words
    before_from = models.DateField()
    before_until = models.DateField()
    before_count = models.PositiveIntegerField(default=0)
    target = models.PositiveIntegerField(default=0)  # at most so many in a stretch of the same length
    due_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)  # from the day after it is counted again
    after_count = models.PositiveIntegerField(null=True, blank=True)
    count_on = models.DateField(null=True, blank=True)  # when it is counted next; None: not any more
    proof = models.JSONField(default=dict, blank=True)  # of the last count: see `insight.proof`
    cost = models.PositiveBigIntegerField(null=True, blank=True)  # fen
    works = models.CharField(max_length=20, blank=True)  # number of a works project
    files = models.JSONField(default=list, blank=True)  # photographs before and after, as kept files
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    proved_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(before_until__gte=F("before_from")), name="root_project_before_ends_later"
            )
        ]
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        """Its name on the timeline."""
        return f"root:{self.number}"


class Brief(models.Model):
    """A report written from definitions. Its figures are frozen; a person may change sentences before release."""

    kind = models.CharField(max_length=8, choices=BriefKind.choices)
    since = models.DateField()
    until = models.DateField()  # the last day
    community = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")  # None: the office
    state = models.CharField(max_length=10, choices=BriefState.choices, default=BriefState.WAITING)
    figures = models.JSONField(default=dict)  # code → numerator, denominator, value, definition, before
    sentences = models.JSONField(default=list)  # [key, text as written, text as changed]
    changes = models.JSONField(default=list)  # against the brief before: [key, before, now]
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")  # None: on schedule
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    files = models.JSONField(default=dict, blank=True)  # docx, pdf, xlsx: kept files
    reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "since", "community"],
                condition=Q(community__isnull=False),
                name="one_brief_of_a_community",
            ),
            models.UniqueConstraint(
                fields=["kind", "since"], condition=Q(community=None), name="one_brief_of_the_office"
            ),
        ]
        ordering = ["-since", "-pk"]


class WallScreen(models.Model):
    """A screen on a wall that shows a board without anybody signed in; opened by its code, revocable."""

    code = models.CharField(max_length=43, unique=True)
    name = models.CharField(_("name"), max_length=60)
    board = models.CharField(max_length=12, default="office")  # office, community, unit
    community = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]


class OpenDataMonth(models.Model):
    """A month of cases for everybody: no words, no place smaller than a community, at least k alike in each row."""

    month = models.DateField(unique=True)  # its first day
    state = models.CharField(max_length=10, choices=OpenDataState.choices, default=OpenDataState.DRAFT)
    k = models.PositiveSmallIntegerField()
    rows = models.JSONField(default=list)
    suppressed = models.PositiveIntegerField(default=0)  # cases that stand in no row or a coarser one
    total = models.PositiveIntegerField(default=0)
    checks = models.JSONField(default=list, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")  # second person
    reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-month"]
