"""What machines of others hold: tokens of the REST API. Part of `gateway.models`."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from chenyue.people.models import Member


class MachineToken(models.Model):
    """Lets a program act as its owner, within the owner's grants and, of these, only with `words`.

    Offered by whoever manages machines, and taken by its owner, who alone ever sees its text: nobody can give
    themselves somebody else's reach. Only a hash is kept.
    """

    name = models.CharField(_("system"), max_length=60)
    purpose = models.CharField(_("what it is for"), max_length=200, blank=True)
    owner = models.ForeignKey(Member, models.PROTECT, related_name="machine_tokens")
    words = models.JSONField(default=list)  # of people.permissions.WORDS
    read_only = models.BooleanField(default=True)
    hourly = models.PositiveIntegerField(default=1000)  # calls
    expires_at = models.DateTimeField()
    made_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    digest = models.CharField(max_length=64, unique=True, null=True)  # null until its owner takes it
    hint = models.CharField(max_length=8, blank=True)  # its last characters
    taken_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["revoked_at", "name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """Its name on the timeline."""
        return f"machine_token:{self.pk}"

    def ended(self, at: datetime) -> bool:
        """Whether it opens nothing any more."""
        return self.revoked_at is not None or self.expires_at <= at or not self.owner.is_active
