"""The working calendar as data: one row for each day that differs from Monday–Friday, and each year known."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Year(models.Model):
    """A year whose days are known. Provisional until the State Council's notice is out."""

    year = models.PositiveIntegerField(primary_key=True)
    provisional = models.BooleanField(default=False)
    source = models.CharField(max_length=200, blank=True)


class DayException(models.Model):
    """A weekday off or a weekend day worked."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("Holiday")
        MAKE_UP = "make_up", _("Make-up workday")

    day = models.DateField(primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=40, blank=True)


class WorkingHours(models.Model):
    """A stretch of a working day; times of the wall. Default 08:30–12:00 and 14:00–17:30."""

    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        ordering = ["starts"]
