"""Tables that belong to no office: the register, hand-overs and counts. They stand in the public schema."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_tenants.models import DomainMixin, TenantMixin


class Office(TenantMixin):  # type: ignore[misc]
    """An office of the city: its schema (`schema_name`) holds all its tables."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("office", "Open")
        CLOSED = "closed", pgettext_lazy("office", "Closed")  # nobody gets in; its data stays

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    is_city = models.BooleanField(default=False)  # the city's own: its people see the counts of all
    made_at = models.DateTimeField()
    auto_create_schema = False  # see `making`
    objects: ClassVar[Any] = models.Manager()

    class Meta:
        app_label = "city"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Host(DomainMixin):  # type: ignore[misc]
    """A name by which an office is asked for, in small letters and without a port."""

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        app_label = "city"


class HandOver(models.Model):
    """A case on its way from one office to another: the message, and its receipt."""

    class State(models.TextChoices):
        SENT = "sent", _("On its way")
        RECEIVED = "received", _("Taken in")
        FAILED = "failed", _("Could not be taken in")

    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sender = models.CharField(max_length=30)  # codes of offices
    receiver = models.CharField(max_length=30)
    number = models.CharField(max_length=20)  # of the case at the sender
    # What the receiver needs, encrypted under the receiver's key; empty once it has been taken in.
    sealed = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENT)
    sent_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    taken_as = models.CharField(max_length=20, blank=True)  # number of the case at the receiver
    told_at = models.DateTimeField(null=True, blank=True)  # when the sender's history was told
    tries = models.PositiveSmallIntegerField(default=0)
    objects: ClassVar[Any] = models.Manager()

    class Meta:
        app_label = "city"
        indexes = [
            models.Index(fields=["receiver", "state", "sent_at"], name="hand_over_waiting"),
            models.Index(fields=["sender", "-sent_at"], name="hand_over_sent"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["sender", "number"], condition=~models.Q(state="failed"), name="one_hand_over_of_a_case"
            )
        ]

    def __str__(self) -> str:
        return str(self.key)


class MonthCount(models.Model):
    """How much of a kind an office counted in a month. Numbers only: nothing of any case or person."""

    office = models.CharField(max_length=30)
    month = models.DateField()  # its first day
    measure = models.CharField(max_length=20)  # insight.lifecycle.Measure
    value = models.PositiveIntegerField()
    objects: ClassVar[Any] = models.Manager()

    class Meta:
        app_label = "city"
        constraints = [models.UniqueConstraint(fields=["office", "month", "measure"], name="one_month_count")]

    def __str__(self) -> str:
        return f"{self.office} {self.month} {self.measure}"
