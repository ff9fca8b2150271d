"""Suppliers, contracts, services, slots, bookings, waiting lists and settlements. Money is whole fen."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chenyue.people.models import Member, Resident
from chenyue.places.models import Place
from chenyue.volunteering.lifecycle import (
    BookingState,
    ContractState,
    SettlementState,
    SlotState,
    Via,
    WaitState,
)
from chenyue.volunteering.models.ledger import Posting


class Supplier(models.Model):
    """A provider of services, with the licence its work needs. Opens its own page by a code and a number (PIN)."""

    name = models.CharField(_("name"), max_length=80)
    licence = models.CharField(_("licence"), max_length=80, blank=True)  # kind and number
    licence_until = models.DateField(null=True, blank=True)
    person = models.CharField(_("person to talk to"), max_length=40, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    code = models.CharField(max_length=43, unique=True)  # of its page
    pin = models.CharField(max_length=200, blank=True)  # hashed as passwords are
    active = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """Its name on the timeline."""
        return f"supplier:{self.pk}"


class Contract(models.Model):
    """What the office bought, for how much, from when to when. Item list, price and budget are public (条例 30)."""

    number = models.CharField(max_length=40, unique=True)  # as on paper
    title = models.CharField(_("title"), max_length=80)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="contracts")
    state = models.CharField(max_length=10, choices=ContractState.choices, default=ContractState.DRAFT)
    starts_on = models.DateField()
    ends_on = models.DateField()  # the last day
    budget = models.PositiveBigIntegerField()  # fen
    owed = models.PositiveBigIntegerField(default=0)  # fen of bookings held, attended, or to be paid though missed
    cut_on = models.DateField(null=True, blank=True)  # cut short: the last day that counts
    reason = models.CharField(max_length=300, blank=True)
    # The words of the contract that decide: hours before which cancelling is free, what a missed booking costs.
    cancel_hours = models.PositiveSmallIntegerField(default=24)
    missed_percent = models.PositiveSmallIntegerField(default=0)  # of the price that the office owes for a missed one
    terms = models.JSONField(default=dict, blank=True)  # how late and missed ones are graded; see booking_terms
    file = models.JSONField(default=dict, blank=True)  # kept file: path, name, size, sha256, content_type
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    signed_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")  # second person
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="contract_ends_later"),
            models.CheckConstraint(condition=Q(owed__lte=F("budget")), name="contract_within_budget"),
            models.CheckConstraint(condition=Q(missed_percent__lte=100), name="missed_up_to_whole_price"),
        ]
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        """Its name on the timeline."""
        return f"contract:{self.number}"


class Service(models.Model):
    """A line of a contract: what, at which price, how many; and how many credits it takes."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="services")
    name = models.CharField(_("name"), max_length=60)
    words = models.CharField(_("what it is"), max_length=300, blank=True)
    price = models.PositiveIntegerField()  # fen for one
    quantity = models.PositiveIntegerField()
    used = models.PositiveIntegerField(default=0)  # held + attended (+ missed that is owed)
    credits = models.PositiveIntegerField()  # hundredths of a credit for one
    minutes = models.PositiveSmallIntegerField(default=30)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    place_words = models.CharField(max_length=120, blank=True)
    per_month = models.PositiveSmallIntegerField(default=2)  # for one person in a month; 0: no limit
    elder_hours = models.PositiveSmallIntegerField(default=24)  # first hours after publishing: only from elder_age on
    elder_age = models.PositiveSmallIntegerField(default=60)
    active = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(used__lte=F("quantity")), name="service_within_quantity"),
        ]
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def where(self) -> str:
        """Where it is given, in words; empty if nobody said."""
        return self.place_words or (self.place.full_name if self.place else "")


class Slot(models.Model):
    """A time at which so many may come."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="slots")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    capacity = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=SlotState.choices, default=SlotState.OPEN)
    published_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="slot_not_oversold"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_ends_later"),
            models.UniqueConstraint(fields=["service", "starts_at"], name="one_slot_at_a_time"),
        ]
        indexes = [models.Index(fields=["state", "starts_at"])]
        ordering = ["starts_at", "pk"]


class Booking(models.Model):
    """A place in a slot, for which credits are held. Holds service and slot only: findings stay with the provider."""

    number = models.CharField(max_length=20, unique=True)  # B2026-000123
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="bookings")
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="bookings")  # who comes
    payer = models.ForeignKey(Resident, models.PROTECT, related_name="+")  # whose credits
    state = models.CharField(max_length=10, choices=BookingState.choices, default=BookingState.HELD)
    via = models.CharField(max_length=8, choices=Via.choices, default=Via.WEB)
    credits = models.PositiveIntegerField()  # hundredths held
    price = models.PositiveIntegerField()  # fen, as of the contract on the day of booking
    owed = models.PositiveIntegerField(default=0)  # fen that the contract owes for it
    lost = models.PositiveIntegerField(default=0)  # hundredths that are lost by coming late or not at all
    final_at = models.DateTimeField(null=True, blank=True)  # until then an appeal is possible and the credits stay held
    settled = models.PositiveIntegerField(default=0)  # fen that agreed settlements hold for it
    code = models.CharField(max_length=64, unique=True)  # of the voucher: read once; without personal data
    made_at = models.DateTimeField()
    by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")  # at the window
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    redeemed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")  # second sign
    signed_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    flags = models.JSONField(default=list, blank=True)  # redeemed at an odd time, many within minutes, …
    hold = models.OneToOneField(Posting, models.PROTECT, related_name="+")
    end = models.OneToOneField(Posting, models.PROTECT, null=True, blank=True, related_name="+")
    settlement = models.ForeignKey(
        "volunteering.Settlement", models.PROTECT, null=True, blank=True, related_name="bookings"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "resident"], condition=Q(state__in=["held", "attended"]), name="one_booking_each"
            )
        ]
        indexes = [
            models.Index(fields=["resident", "-id"]),
            models.Index(fields=["payer", "-id"]),
            models.Index(fields=["state", "slot"]),
            models.Index(fields=["final_at"], condition=Q(final_at__isnull=False), name="bookings_to_finish"),
        ]
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """Its name on the timeline."""
        return f"booking:{self.number}"


class WaitingPlace(models.Model):
    """Waits for a place in a slot. Who is called has some hours to say yes."""

    slot = models.ForeignKey(Slot, models.PROTECT, related_name="waiting")
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="+")
    payer = models.ForeignKey(Resident, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=WaitState.choices, default=WaitState.WAITING)
    via = models.CharField(max_length=8, choices=Via.choices, default=Via.WEB)
    at = models.DateTimeField()
    called_at = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "resident"], condition=Q(state__in=["waiting", "called"]), name="one_waiting_place_each"
            )
        ]
        ordering = ["at", "pk"]


class Settlement(models.Model):
    """A month of a contract: what was taken and is owed. Agreed ones never change; a mistake goes into the next."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="settlements")
    month = models.DateField()  # its first day
    state = models.CharField(max_length=8, choices=SettlementState.choices, default=SettlementState.DRAFT)
    lines = models.JSONField(default=list)  # for each service: name, price, attended, missed, fen
    total = models.PositiveBigIntegerField(default=0)  # fen
    claimed = models.PositiveBigIntegerField(null=True, blank=True)  # fen on the supplier's invoice
    invoice = models.CharField(max_length=60, blank=True)
    differences = models.JSONField(default=list, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")  # not who made it
    paid_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contract", "month"], name="one_settlement_a_month")]
        ordering = ["-month", "-pk"]
