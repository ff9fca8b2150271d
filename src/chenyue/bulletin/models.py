"""Pieces of the bulletin with their versions, pictures and views."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.bulletin.lifecycle import Column, PieceState
from chenyue.cases.models import Case
from chenyue.people.models import Member, Resident
from chenyue.places.models import Place


class Piece(models.Model):
    """Something the office publishes. Names of author, correspondent and editor stand below it."""

    number = models.CharField(max_length=20, unique=True)  # G2026-0012
    column = models.CharField(max_length=12, choices=Column.choices, default=Column.NOTICE)
    state = models.CharField(max_length=10, choices=PieceState.choices, default=PieceState.DRAFT)
    title = models.CharField(pgettext_lazy("piece", "title"), max_length=80)
    lead = models.CharField(_("in one sentence"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)  # plain, with blank lines, "## ", "- " and links; never HTML
    source = models.CharField(_("source"), max_length=60, blank=True)
    author = models.CharField(_("author"), max_length=40, blank=True)
    correspondent = models.CharField(_("correspondent"), max_length=40, blank=True)
    editor = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")  # in charge
    original = models.URLField(_("original"), max_length=300, blank=True)
    copyright = models.CharField(_("rights"), max_length=120, blank=True)
    featured = models.BooleanField(default=False)
    communities = models.ManyToManyField(Place, blank=True, related_name="+")  # whom it concerns; none: all
    # An answered case, told without anybody being recognised: text is checked and a second person releases it.
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="pieces")
    works = models.CharField(max_length=20, blank=True)  # numbers of what it is about elsewhere
    activity = models.CharField(max_length=20, blank=True)
    checks = models.JSONField(default=list, blank=True)  # what the leak check saw: [kind, where, excerpt, answered]
    checked_version = models.PositiveIntegerField(default=0)
    publish_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)  # after publishing: shown with what was corrected
    expires_on = models.DateField(null=True, blank=True)  # afterwards only in the archive
    retracted_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)  # why refused or taken back; readers see the latter
    # Handed in by a resident or a correspondent.
    sender = models.ForeignKey(Resident, models.PROTECT, null=True, blank=True, related_name="+")
    sender_member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    consent_at = models.DateTimeField(null=True, blank=True)  # to being published, with which name
    code = models.CharField(max_length=43, blank=True, db_index=True)  # by which a sender sees what became of it
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    released_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["state", "-published_at", "-id"]),
            models.Index(fields=["column", "state", "-published_at"]),
        ]
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        """Its name on the timeline."""
        return f"piece:{self.number}"


class PieceVersion(models.Model):
    """What stood there before a change after publishing."""

    piece = models.ForeignKey(Piece, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=80)
    lead = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    words = models.CharField(max_length=200)  # what was corrected
    at = models.DateTimeField()
    by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["piece", "number"], name="one_version_of_a_piece")]
        ordering = ["-number"]


class PiecePicture(models.Model):
    """A picture with its words for those who don't see it. Kept as files of appeals are, without what a camera adds."""

    piece = models.ForeignKey(Piece, models.PROTECT, related_name="pictures")
    alt = models.CharField(_("what is to be seen"), max_length=200)
    credit = models.CharField(_("photograph by"), max_length=60, blank=True)
    first = models.BooleanField(default=False)  # the one on cards and on top
    consent = models.CharField(max_length=120, blank=True)  # of the people on it
    order = models.PositiveSmallIntegerField(default=0)
    token = models.CharField(max_length=40, unique=True)
    path = models.CharField(max_length=200)
    preview = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["order", "pk"]


class ViewCount(models.Model):
    """How often a piece was opened on a day. No cookie, no address, no reader is kept."""

    piece = models.ForeignKey(Piece, models.CASCADE, related_name="views")
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["piece", "day"], name="one_count_of_views_a_day")]
