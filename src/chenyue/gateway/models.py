"""What the gateway keeps for itself: what came before and is known again, and tables of the hotline."""

import json
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.cases.models import Appeal
from chenyue.catalogue.models import Category
from chenyue.core.fields import EncryptedText
from chenyue.gateway import models_machines, models_mail, models_wecom  # noqa: F401 – their tables are ours too
from chenyue.people.models import Member


class ChatLine(models.Model):
    """A message of a group chat that became part of an appeal. Of the message only its fingerprint is kept."""

    fingerprint = models.CharField(max_length=64, unique=True)
    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.fingerprint[:12]


class HotlineSource(models.Model):
    """Who sends tables of work orders, and what its headings mean: remembered from one import to the next."""

    name = models.CharField(_("sender"), max_length=60, unique=True)
    columns = models.JSONField(default=dict)  # field → heading
    sheet = models.CharField(max_length=100, blank=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class HotlineBatch(models.Model):
    """One table on its way in: read, looked at, filed row by row, and undone within a day if it was the wrong one."""

    class State(models.TextChoices):
        READING = "reading", pgettext_lazy("import", "Being read")
        READ = "read", pgettext_lazy("import", "Read, nothing filed yet")
        FILING = "filing", pgettext_lazy("import", "Being filed")
        STOPPED = "stopped", pgettext_lazy("import", "Stopped")
        DONE = "done", pgettext_lazy("import", "Filed")
        UNDOING = "undoing", pgettext_lazy("import", "Being undone")
        UNDONE = "undone", pgettext_lazy("import", "Undone")
        REFUSED = "refused", pgettext_lazy("import", "Can't be read")
        FAILED = "failed", pgettext_lazy("import", "Failed")
        DROPPED = "dropped", pgettext_lazy("import", "Dropped")

    class Known(models.TextChoices):
        """What becomes of an order that was filed before."""

        SKIP = "skip", _("Leave it as it is")
        UPDATE = "update", _("Add what is new to it")
        ANEW = "anew", _("Take it as a new event")

    source = models.ForeignKey(HotlineSource, models.PROTECT, related_name="batches")
    filename = models.CharField(max_length=120)
    file = models.CharField(max_length=80, blank=True)  # name in the private folder; "" when it was swept
    digest = models.CharField(max_length=64)
    sheet = models.CharField(max_length=100, blank=True)
    sheets = models.JSONField(default=list)
    headings = models.JSONField(default=list)
    columns = models.JSONField(default=dict)  # field → heading, as chosen for this table
    known = models.CharField(max_length=10, choices=Known.choices, default=Known.SKIP)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    whole = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    wrong = EncryptedText(blank=True, default="")  # JSON of `errors`: a sentence quotes what stands in the cell
    preview = EncryptedText(blank=True, default="")  # JSON of the first rows as they were understood
    sentence = models.CharField(max_length=300, blank=True)  # why it was refused or failed
    language = models.CharField(max_length=10, default="zh-hans")
    made_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]

    @property
    def subject(self) -> str:
        """Its name on the timeline."""
        return f"hotline:{self.pk}"

    @property
    def errors(self) -> list[list[Any]]:
        """Row, heading and sentence of each wrong row, in the language of who imports."""
        return json.loads(self.wrong or "[]")  # type: ignore[no-any-return]

    @errors.setter
    def errors(self, found: list[list[Any]]) -> None:
        self.wrong = json.dumps(found, ensure_ascii=False) if found else ""


class HotlineItem(models.Model):
    """What became of one row. The row itself is kept encrypted, to be handed back in the sender's columns."""

    class Outcome(models.TextChoices):
        FILED = "filed", pgettext_lazy("order", "Filed")
        HISTORY = "history", pgettext_lazy("order", "Filed as history, with its answer")
        ADDED = "added", pgettext_lazy("order", "New words added")
        SAME = "same", pgettext_lazy("order", "Known, nothing new")
        SKIPPED = "skipped", pgettext_lazy("order", "Known, left as it is")
        REFUSED = "refused", pgettext_lazy("order", "Refused")
        UNDONE = "undone", pgettext_lazy("order", "Undone")
        KEPT = "kept", pgettext_lazy("order", "Not undone: somebody works on it")

    batch = models.ForeignKey(HotlineBatch, models.CASCADE, related_name="items")
    row = models.PositiveIntegerField()
    number = models.CharField(max_length=60, blank=True)
    appeal = models.ForeignKey(Appeal, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    digest = models.CharField(max_length=64, blank=True)  # of its words: whether a later table says something new
    due_at = models.DateTimeField(null=True)
    told = EncryptedText(blank=True, default="")  # JSON: heading → cell

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "row"], name="one_item_per_row")]
        indexes = [models.Index(fields=["number", "-id"])]


class OpenService(models.Model):
    """A category that other systems may use: to file (Open311), and, if it is public, to read."""

    class Kind(models.TextChoices):
        REALTIME = "realtime", _("A number at once")
        BATCH = "batch", _("A number after triage")
        BLACKBOX = "blackbox", _("No number: received, and never to be queried")

    category = models.OneToOneField(Category, models.PROTECT, related_name="open_service")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.REALTIME)
    public = models.BooleanField(default=False)  # its requests can be read by anybody
    notice = models.CharField(max_length=120, blank=True)  # such as 24小时内上门
    keywords = models.CharField(max_length=200, blank=True)
    attributes = models.JSONField(default=list)  # definitions, see open311.rules
    active = models.BooleanField(default=True)
    changed_at = models.DateTimeField()


class PartnerKey(models.Model):
    """A key with a named owner: which system may file here, what, how much and until when. Only its hash is kept."""

    name = models.CharField(_("system"), max_length=60)
    owner = models.CharField(_("who answers for it"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8)  # its last characters
    services = models.JSONField(default=list)  # category codes; empty: all that are open
    test = models.BooleanField(default=False)  # rehearses: everything is checked, nothing is kept
    hourly = models.PositiveIntegerField(default=200)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    retired = models.CharField(max_length=200, blank=True)  # what is told to whoever still uses it
    made_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["revoked_at", "name", "pk"]

    @property
    def subject(self) -> str:
        """Its name on the timeline."""
        return f"partner_key:{self.pk}"


class OpenRequest(models.Model):
    """An appeal that another system filed: under which token, with which attributes; a repeated call finds it."""

    appeal = models.OneToOneField(Appeal, models.PROTECT, related_name="open_request")
    key = models.ForeignKey(PartnerKey, models.PROTECT, related_name="requests")
    service = models.ForeignKey(OpenService, models.PROTECT, related_name="+")
    token = models.CharField(max_length=40, unique=True)
    digest = models.CharField(max_length=64)  # of the call, so that a retry files nothing twice
    attributes = models.JSONField(default=dict)
    media_url = models.URLField(max_length=500, blank=True)  # told to people, never fetched
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["key", "digest", "at"])]


class PublishedWords(models.Model):
    """The words of an appeal as the office lets them be read outside: looked through by a person."""

    appeal = models.OneToOneField(Appeal, models.PROTECT, related_name="published_words")
    words = models.TextField()
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    at = models.DateTimeField()
