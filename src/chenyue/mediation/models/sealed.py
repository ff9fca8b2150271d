"""What one party said behind closed doors. Only `mediation.sealing` reads these rows; nothing joins them.

A row says whose it is and when it was written. Everything else — words, figures, topic, whether it's a limit — stands
in `sealed`, so that the table tells nothing that its key doesn't open.
"""

from django.db import models

from chenyue.mediation.models.parties import Party
from chenyue.people.models import Member


class CaucusNote(models.Model):
    """A note of a caucus (背对背), encrypted with the key of this party alone."""

    party = models.ForeignKey(Party, models.CASCADE, related_name="+")
    sealed = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)


class Offer(models.Model):
    """A figure named in confidence, or the limit a party would go to. Others learn only whether a gap closes."""

    party = models.ForeignKey(Party, models.CASCADE, related_name="+")
    sealed = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
