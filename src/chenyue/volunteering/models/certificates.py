"""Certificates of voluntary service with the fields of 民发〔2015〕149号."""

from django.db import models

from chenyue.people.models import Member, Unit
from chenyue.volunteering.lifecycle import CertificateState
from chenyue.volunteering.models.activities import Volunteer


class Certificate(models.Model):
    """Free and truthful. Shown inside the unit for seven days or more before it is issued."""

    number = models.CharField(max_length=30, unique=True, null=True, blank=True)  # when issued
    code = models.CharField(max_length=43, unique=True)  # of the page that verifies it
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="certificates")
    state = models.CharField(max_length=10, choices=CertificateState.choices, default=CertificateState.ASKED)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")  # issuer
    head = models.CharField(max_length=40, blank=True)  # responsible person
    clerk = models.CharField(max_length=40, blank=True)  # person handling it
    contact = models.CharField(max_length=80, blank=True)
    from_on = models.DateField()
    until_on = models.DateField()
    minutes = models.PositiveIntegerField()
    content = models.JSONField(default=list)  # lines of what was done, with minutes
    entries = models.JSONField(default=list)  # ids of the hour entries it counts
    remarks = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    notice_from = models.DateField(null=True, blank=True)
    notice_until = models.DateField(null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    issued_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    sha256 = models.CharField(max_length=64, blank=True)  # of the paper as issued
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(until_on__gte=models.F("from_on")), name="certificate_ends_later")
        ]
        ordering = ["-pk"]
