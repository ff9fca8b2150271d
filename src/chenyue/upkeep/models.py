"""What became of each backup; who decided how long things are kept, and what is held longer."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.people.models import Member


class BackupRun(models.Model):
    """One backup: when, where to, what came of it. `trouble` says why it isn't proved; see `backups.troubles`."""

    class State(models.TextChoices):
        RUNNING = "running", pgettext_lazy("backup", "Running")
        PROVED = "proved", _("Brought back and proved")
        KEPT = "kept", _("Written, not proved")  # the file is there, and nothing is known against it
        FAILED = "failed", pgettext_lazy("backup", "Failed")

    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    asked_by = models.CharField(max_length=80, blank=True)  # whose wish it was; empty: the hour
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    folder = models.CharField(max_length=300, blank=True)
    name = models.CharField(max_length=60, blank=True)  # of the file; empty: none was written
    size = models.BigIntegerField(default=0)  # bytes, of the file and of what was added beside it
    rows = models.BigIntegerField(default=0)
    files = models.IntegerField(default=0)
    added = models.IntegerField(default=0)  # files that no backup before held
    removed = models.IntegerField(default=0)  # older backups thinned out afterwards
    trouble = models.CharField(max_length=20, blank=True)
    told = models.JSONField(default=dict)  # what the sentence of the trouble names; nothing of anybody
    tries = models.PositiveIntegerField(default=1)  # how often it ended like this, one after the other

    class Meta:
        indexes = [models.Index(fields=["-started_at"], name="backups_by_moment")]

    def __str__(self) -> str:
        return f"{self.state} {self.started_at:%Y-%m-%d %H:%M}"


class KeepRequest(models.Model):
    """Somebody asks that one kind goes after so many days; another person decides. One waits for each kind at most."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("keeping", "Waits for a second person")
        AGREED = "agreed", pgettext_lazy("keeping", "Agreed")
        REFUSED = "refused", pgettext_lazy("keeping", "Refused or taken back")

    kind = models.CharField(max_length=40)
    days = models.PositiveIntegerField()
    reason = models.CharField(max_length=200)
    rows = models.PositiveBigIntegerField(default=0)  # what the trial found when it was asked
    files = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind"], condition=models.Q(state="asked"), name="one_keep_request_waits")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.days} {self.state}"


class KeepHold(models.Model):
    """Nothing about this case or mediation is removed, whatever its time: a lawsuit, an inspection, a complaint."""

    number = models.CharField(max_length=20)  # of a case or a mediation
    reason = models.CharField(max_length=200)
    made_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    lifted_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=models.Q(lifted_at=None), name="one_hold_for_a_number")
        ]

    def __str__(self) -> str:
        return self.number

    @classmethod
    def numbers(cls) -> Any:
        """Numbers that are held now, for a filter."""
        return cls.objects.filter(lifted_at=None).values("number")
