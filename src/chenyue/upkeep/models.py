"""What became of each backup."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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
