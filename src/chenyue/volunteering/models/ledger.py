"""The ledger of credits. Amounts are hundredths of a credit, whole numbers, never floats.

A move takes an amount out of one account and puts it into another: the sum of a posting is zero by its form. Holdings
(what an account has of a lot) follow by triggers in the same statement, and a check keeps them from falling below
zero: no code, no console and no race can overspend. Postings and moves are never changed or deleted.
"""

from django.db import models
from django.db.models import F, Q

from chenyue.people.models import Member, Resident
from chenyue.volunteering.lifecycle import AccountKind, Expiry, Kin, PostingKind, ProposalKind, ProposalState, Rounding
from chenyue.volunteering.models.evidence import HourEntry

HUNDREDTHS = 100  # of a credit


class ConversionRule(models.Model):
    """From a day on, so many credits for an hour. A changed rate touches only later conversions."""

    version = models.PositiveIntegerField(unique=True)
    starts_on = models.DateField()
    per_hour = models.PositiveIntegerField()  # hundredths of a credit
    rounding = models.CharField(max_length=6, choices=Rounding.choices, default=Rounding.NONE)
    grades = models.JSONField(default=list)  # which evidence converts, such as ["A", "B"]
    activity_minutes = models.PositiveSmallIntegerField(null=True, blank=True)  # at most of one activity
    day_minutes = models.PositiveSmallIntegerField(null=True, blank=True)  # at most in a day
    year_minutes = models.PositiveIntegerField(null=True, blank=True)  # at most in a calendar year
    threshold_minutes = models.PositiveIntegerField(default=0)  # hours from which credits may be spent
    expiry = models.CharField(max_length=8, choices=Expiry.choices, default=Expiry.NONE)
    expiry_years = models.PositiveSmallIntegerField(default=0)
    # A lot that comes late (hours certified long after) or comes back late (a booking that the office or the supplier
    # called off) may be spent for so many days at least.
    grace_days = models.PositiveSmallIntegerField(default=30)
    balance_cap = models.PositiveBigIntegerField(null=True, blank=True)  # what is earned above becomes a donation
    family_year_cap = models.PositiveBigIntegerField(null=True, blank=True)  # passed on by one person in a year
    words = models.CharField(max_length=500, blank=True)  # why, as the office published it
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)  # a second person's; before it the rule doesn't hold
    dropped_at = models.DateTimeField(null=True, blank=True)  # a proposal that was never approved
    dropped_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)  # why dropped

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["starts_on"], condition=Q(dropped_at=None), name="one_rule_from_a_day"),
            models.CheckConstraint(
                condition=Q(dropped_at=None) | Q(approved_at=None), name="an_approved_rule_is_never_dropped"
            ),
        ]
        ordering = ["-starts_on", "-pk"]

    def __str__(self) -> str:
        return f"rule {self.version}"


class Account(models.Model):
    """Where credits lie. A resident has one of each owned kind; the others belong to the office."""

    kind = models.CharField(max_length=10, choices=AccountKind.choices)
    resident = models.ForeignKey(Resident, models.PROTECT, null=True, blank=True, related_name="credit_accounts")
    issues = models.BooleanField(default=False)  # may stand below zero: issuance only
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "resident"], condition=Q(resident__isnull=False), name="one_account_of_a_kind"
            ),
            models.UniqueConstraint(fields=["kind"], condition=Q(resident=None), name="one_office_account_of_a_kind"),
            models.CheckConstraint(
                condition=Q(resident__isnull=False, kind__in=["person", "held", "frozen"])
                | Q(resident=None, kind__in=["issuance", "pool", "burnt", "expired", "voided"]),
                name="owned_accounts_have_an_owner",
            ),
            models.CheckConstraint(condition=Q(issues=False) | Q(kind="issuance"), name="only_issuance_issues"),
        ]


class Lot(models.Model):
    """Credits that came together and expire together. Never changed."""

    rule = models.ForeignKey(ConversionRule, models.PROTECT, null=True, blank=True, related_name="+")
    entry = models.OneToOneField(HourEntry, models.PROTECT, null=True, blank=True, related_name="lot")
    resident = models.ForeignKey(Resident, models.PROTECT, null=True, blank=True, related_name="+")  # who earned it
    earned_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)  # last day on which it may be spent
    amount = models.PositiveBigIntegerField()  # hundredths issued
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)  # of its hour entry that counted, after all caps

    class Meta:
        indexes = [models.Index(fields=["expires_on"])]


class Posting(models.Model):
    """One event of the ledger, with at least one move. Its key makes it happen once."""

    kind = models.CharField(max_length=10, choices=PostingKind.choices)
    key = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)  # kind:key of the actor
    second = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")  # who approved
    reference = models.CharField(max_length=60, blank=True)  # hours:12, booking:B…, plea:3, rule:2
    reason = models.CharField(max_length=300, blank=True)
    rule = models.ForeignKey(ConversionRule, models.PROTECT, null=True, blank=True, related_name="+")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by")

    class Meta:
        indexes = [models.Index(fields=["reference"])]
        ordering = ["pk"]


class Move(models.Model):
    """An amount of a lot leaves one account and enters another."""

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="moves")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="moves")
    source = models.ForeignKey(Account, models.PROTECT, related_name="outgoing", db_index=False)
    target = models.ForeignKey(Account, models.PROTECT, related_name="incoming", db_index=False)
    amount = models.PositiveBigIntegerField()  # hundredths

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="move_of_something"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="move_between_two"),
        ]
        indexes = [
            models.Index(fields=["source", "-posting"]),
            models.Index(fields=["target", "-posting"]),
        ]
        ordering = ["pk"]


class Holding(models.Model):
    """What an account has of a lot. Written by triggers only; `prove` counts it anew from the moves."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="holdings")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="holdings")
    amount = models.BigIntegerField()
    issues = models.BooleanField(default=False)  # as the account's

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "lot"], name="one_holding_of_a_lot"),
            models.CheckConstraint(condition=Q(amount__gte=0) | Q(issues=True), name="nothing_below_zero"),
        ]


class LedgerSeal(models.Model):
    """A hash over all postings from one to another and the seal before it: history can't be rewritten unseen."""

    first = models.BigIntegerField()
    last = models.BigIntegerField(unique=True)
    count = models.PositiveIntegerField()
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]


class Proposal(models.Model):
    """A change of somebody's credits by hand: one person asks for it, another decides."""

    kind = models.CharField(max_length=6, choices=ProposalKind.choices)
    state = models.CharField(max_length=10, choices=ProposalState.choices, default=ProposalState.WAITING)
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="+")
    amount = models.PositiveBigIntegerField()  # hundredths
    expires_on = models.DateField(null=True, blank=True)  # last day on which a grant may be spent
    reason = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    words = models.CharField(max_length=300, blank=True)  # why refused
    posting = models.OneToOneField(Posting, models.PROTECT, null=True, blank=True, related_name="proposal")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="proposal_of_something"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")) | Q(state="withdrawn"),
                name="nobody_approves_their_own_proposal",
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"])]
        ordering = ["-pk"]


class FamilyTie(models.Model):
    """A relative who may use the credits of another, with the consent of both (绍兴居家养老 18: lineal relatives)."""

    giver = models.ForeignKey(Resident, models.PROTECT, related_name="gives_to")
    receiver = models.ForeignKey(Resident, models.PROTECT, related_name="receives_from")
    kin = models.CharField(max_length=12, choices=Kin.choices)  # what the receiver is to the giver
    giver_at = models.DateTimeField(null=True, blank=True)  # consents
    receiver_at = models.DateTimeField(null=True, blank=True)
    proof = models.CharField(max_length=200, blank=True)  # what was shown: household register, …
    approved_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["giver", "receiver"], condition=Q(ended_at=None), name="one_tie_between_two"
            ),
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="nobody_is_kin_of_themselves"),
        ]
