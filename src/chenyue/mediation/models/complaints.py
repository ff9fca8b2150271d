"""Complaints against mediators (art. 15): read by who runs mediation, and by the party that complained."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from chenyue.core.fields import EncryptedText
from chenyue.mediation.lifecycle import Found, How, Wrong
from chenyue.mediation.models.matters import Mediation
from chenyue.mediation.models.mediators import Mediator
from chenyue.mediation.models.parties import Party
from chenyue.people.models import Member


class Complaint(models.Model):
    """What somebody says a mediator did wrong, and the committee's answer in writing. No paper of the dossier."""

    mediation = models.ForeignKey(Mediation, models.CASCADE, related_name="complaints")
    mediator = models.ForeignKey(Mediator, models.PROTECT, related_name="complaints")
    party = models.ForeignKey(Party, models.CASCADE, related_name="+")
    wrong = models.CharField(_("what the mediator did"), max_length=10, choices=Wrong.choices)
    words = EncryptedText(_("what happened"))
    how = models.CharField(max_length=8, choices=How.choices)
    at = models.DateTimeField()
    taken_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    found = models.CharField(_("what was found"), max_length=12, choices=Found.choices, blank=True, default="")
    answer = EncryptedText(_("answer in writing"), blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["answered_at", "-id"])]

    def __str__(self) -> str:
        return f"{self.mediation_id}-{self.pk}"
