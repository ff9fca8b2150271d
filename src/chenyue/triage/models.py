"""Versions of the learner: what was trained when, how it scored, and which one speaks."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TriageModel(models.Model):
    """One trained version. Its arrays lie in the file store; at most one is active, none means cold start."""

    class State(models.TextChoices):
        CANDIDATE = "candidate", _("Not promoted")
        ACTIVE = "active", _("Active")
        RETIRED = "retired", _("Retired")

    version = models.PositiveIntegerField(unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CANDIDATE)
    trained_at = models.DateTimeField()
    promoted_at = models.DateTimeField(null=True, blank=True)
    examples = models.PositiveIntegerField()  # confirmed cases it was trained on
    held_back = models.PositiveIntegerField()  # confirmed cases it was scored on and never saw
    categories = models.PositiveIntegerField()
    scores = models.JSONField(default=dict)  # its own, those of cold start and of the version it met
    blend = models.JSONField(default=dict)  # see blend.Blend
    file = models.CharField(max_length=120)
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state="active"), name="one_active_triage_model"
            )
        ]

    def __str__(self) -> str:
        return f"v{self.version}"
