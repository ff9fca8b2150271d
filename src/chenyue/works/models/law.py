"""Law as data: what a joint decision of owners needs, from when to when, by which article."""

from django.db import models
from django.utils.translation import pgettext_lazy


class ThresholdRule(models.Model):
    """A version of a quorum and a majority. Fractions are exact: numerator and denominator."""

    code = models.SlugField(max_length=40)  # such as civil_code_278
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=120)
    matters = models.JSONField(default=list)  # numbers of the matters of its article, and what they are
    quorum_area = models.CharField(max_length=12)  # "2/3" of the exclusive area takes part
    quorum_heads = models.CharField(max_length=12)
    agree_area = models.CharField(max_length=12)
    agree_heads = models.CharField(max_length=12)
    inclusive = models.BooleanField(default=True)  # those agreeing: 以上 (at least) or 过半数 (more than)
    quorum_inclusive = models.BooleanField(default=True)  # the same of those taking part; a quorum of "0" asks for none
    of_participants = models.BooleanField(default=True)  # agreeing ÷ those taking part; else ÷ all
    source = models.CharField(max_length=300)
    since = models.DateField(pgettext_lazy("rule", "since"))
    until = models.DateField(pgettext_lazy("rule", "until"), null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="one_threshold_per_version")]
        ordering = ["code", "version"]

    def __str__(self) -> str:
        return self.title
