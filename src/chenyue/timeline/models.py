"""The append-only history: what happened to what, by whom, when, and who may see it.

Each subject has its own chain: an entry carries the hash of the one before it, and `Chain` keeps
the head, so that a changed, dropped or inserted entry shows. Triggers refuse updates and deletes.
A nightly `Seal` fixes all entries so far, so that a whole chain that is dropped shows as well.
"""

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.utils.translation import pgettext_lazy


class VisibleTo(models.TextChoices):
    RESIDENT = "resident", pgettext_lazy("visible to", "Resident")  # and everyone below
    UNIT = "unit", pgettext_lazy("visible to", "Unit")  # units that work on it, and the office
    OFFICE = "office", pgettext_lazy("visible to", "Office")  # the office's own staff
    SEALED = "sealed", pgettext_lazy("visible to", "Sealed")  # only through queries of its owner


class Frozen(models.QuerySet[Any]):
    """Rows that can be added and read, nothing else. The database's triggers say the same."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("timeline rows are never changed")

    def delete(self) -> NoReturn:
        raise TypeError("timeline rows are never deleted")

    update.alters_data = True  # type: ignore[attr-defined]
    delete.alters_data = True  # type: ignore[attr-defined]


class FrozenModel(models.Model):
    """A row that is written once."""

    objects: ClassVar[models.Manager[Any]] = Frozen.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("timeline rows are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("timeline rows are never deleted")


class Chain(models.Model):
    """The head of one subject's chain; its row is what two writers queue for."""

    subject = models.CharField(max_length=60, primary_key=True)  # `case:2026-1122-0007`
    length = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, default="")


class Entry(FrozenModel):
    """One act. Never changed, never deleted; only `said` may be blanked (see `saying`)."""

    subject = models.CharField(max_length=60)
    position = models.PositiveIntegerField()
    verb = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=10)
    actor_key = models.CharField(max_length=60, blank=True)
    actor_label = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)
    visible_to = models.CharField(max_length=10, choices=VisibleTo.choices)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    said = models.JSONField(null=True, default=None)  # words and salt of what `data` commits to

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "position"], name="one_entry_per_position")]
        indexes = [
            models.Index(fields=["at"]),
            models.Index(fields=["verb", "-id"], name="entries_by_verb"),
            models.Index(fields=["actor_kind", "actor_key", "-id"], name="entries_by_actor"),
        ]


class Seal(FrozenModel):
    """All entries up to `last_id` as they were at one moment: a count and a fingerprint.

    `mac` is made with a key that isn't in the database, so that who can only write to the
    database can't seal a changed history anew.
    """

    at = models.DateTimeField()
    first_id = models.BigIntegerField()  # this seal covers first_id..last_id
    last_id = models.BigIntegerField()
    entries = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)  # mac of the seal before
    mac = models.CharField(max_length=64)
