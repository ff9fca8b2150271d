"""What the gateway keeps for itself: by which sign a message that came before is known again."""

from django.db import models

from chenyue.cases.models import Appeal


class ChatLine(models.Model):
    """A message of a group chat that became part of an appeal. Of the message only its fingerprint is kept."""

    fingerprint = models.CharField(max_length=64, unique=True)
    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.fingerprint[:12]
