"""What was agreed, who signed it, what has to be done by when, and the court's word."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chenyue.core.fields import EncryptedText
from chenyue.mediation.lifecycle import (
    AgreementState,
    ConfirmationState,
    Form,
    Handed,
    Mark,
    ObligationState,
    Signer,
)
from chenyue.mediation.models.matters import Mediation
from chenyue.mediation.models.mediators import Appointment
from chenyue.mediation.models.meetings import Evidence, Meeting
from chenyue.mediation.models.parties import Party, Representative
from chenyue.people.models import Member


class ModelClause(models.Model):
    """A sample clause of the library; an office adds its own. Blanks stand as {付款人}."""

    code = models.SlugField(max_length=40, unique=True)
    dispute = models.CharField(max_length=16, blank=True)  # empty: for every kind
    title = models.CharField(_("title"), max_length=60)
    words = models.TextField(_("words"))
    order = models.PositiveSmallIntegerField(default=100)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["order", "pk"]


class Agreement(models.Model):
    """An agreement, written (art. 29) or oral (art. 28, 30). A change after signing is a new one that replaces it."""

    mediation = models.ForeignKey(Mediation, models.CASCADE, related_name="agreements")
    number = models.PositiveSmallIntegerField()
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    form = models.CharField(max_length=8, choices=Form.choices, default=Form.WRITTEN)
    state = models.CharField(max_length=10, choices=AgreementState.choices, default=AgreementState.DRAFT)
    partial = models.BooleanField(_("settles a part"), default=False)
    facts = EncryptedText(_("main facts"), blank=True, default="")
    dispute = EncryptedText(_("matters in dispute"), blank=True, default="")
    duties = EncryptedText(_("who is responsible for what"), blank=True, default="")
    total = models.DecimalField(_("sum in all"), max_digits=16, decimal_places=2, null=True, blank=True)
    total_words = models.CharField(_("sum in words"), max_length=80, blank=True)  # 大写
    breach = EncryptedText(_("if it is not kept"), blank=True, default="")
    copies = models.PositiveSmallIntegerField(_("copies"), default=3)
    meeting = models.ForeignKey(Meeting, models.SET_NULL, null=True, blank=True, related_name="+")
    why_oral = models.CharField(max_length=200, blank=True)
    reached_on = models.DateField(null=True, blank=True)  # of an oral one
    seal_on = models.DateField(null=True, blank=True)
    effect_on = models.DateField(null=True, blank=True)  # last of signatures, mediator's and seal
    frozen = EncryptedText(blank=True, default="")  # the words as they are signed, as JSON (mediation.wording)
    text_sha256 = models.CharField(max_length=64, blank=True)  # of these words
    scan = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, related_name="+")
    original_lost_at = models.DateTimeField(null=True, blank=True)
    original_lost_why = models.CharField(max_length=200, blank=True)
    void_why = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["mediation", "number"], name="one_agreement_per_number")]


class Clause(models.Model):
    """One numbered sentence of an agreement; what it obliges to stands in `Obligation`."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="clauses")
    order = models.PositiveSmallIntegerField()
    words = EncryptedText(_("words"))
    model = models.ForeignKey(ModelClause, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["order", "pk"]


class Obligation(models.Model):
    """Who owes what to whom, how much, by when, in what manner."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="obligations")
    order = models.PositiveSmallIntegerField()
    clause = models.ForeignKey(Clause, models.SET_NULL, null=True, blank=True, related_name="obligations")
    debtor = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    creditor = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    what = EncryptedText(_("what is to be done"))
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2, null=True, blank=True)
    amount_words = models.CharField(_("amount in words"), max_length=80, blank=True)
    due_on = models.DateField(_("by"), null=True, blank=True)
    manner = EncryptedText(_("account or manner"), blank=True, default="")
    breach = EncryptedText(_("if it is not kept"), blank=True, default="")
    state = models.CharField(max_length=8, choices=ObligationState.choices, default=ObligationState.WAITING)

    class Meta:
        ordering = ["order", "pk"]


class Instalment(models.Model):
    """A due part of an obligation; one that isn't paid in parts has exactly one."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField(null=True, blank=True)
    amount = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    state = models.CharField(max_length=8, choices=ObligationState.choices, default=ObligationState.WAITING)
    paid = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    done_on = models.DateField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    overdue_step = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True, db_index=True)  # reminder or overdue step

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["obligation", "number"], name="one_instalment_per_number")]


class Receipt(models.Model):
    """Proof that something was performed: a transfer, cash before the mediator, a photograph."""

    instalment = models.ForeignKey(Instalment, models.CASCADE, related_name="receipts")
    amount = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    on = models.DateField()
    words = models.CharField(max_length=120, blank=True)
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)  # by who was to get it
    disputed_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)  # entered by mistake; a counter-entry says why


class Signature(models.Model):
    """A mark under an agreement: on paper with its day, or on a screen with its drawing and the text's hash."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="signatures")
    signer = models.CharField(max_length=14, choices=Signer.choices)
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    representative = models.ForeignKey(Representative, models.PROTECT, null=True, blank=True, related_name="+")
    appointment = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    name = EncryptedText(blank=True, default="")
    mark = models.CharField(max_length=12, choices=Mark.choices)
    on = models.DateField()
    drawing = EncryptedText(blank=True, default="")  # strokes of a screen signature, as JSON
    text_sha256 = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "party", "mark"],
                condition=Q(removed_at__isnull=True, party__isnull=False),
                name="one_mark_each",
            )
        ]


class Copy(models.Model):
    """A copy of an agreement that somebody got: a party, or the committee where none is named (art. 29)."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="handed")
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    how = models.CharField(_("how"), max_length=14, choices=Handed.choices, default=Handed.HAND)
    to = EncryptedText(_("who took it"), blank=True, default="")
    on = models.DateField(_("on"))
    certified = models.BooleanField(_("a certified copy of a lost original"), default=False)
    at = models.DateTimeField()
    by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)  # entered by mistake

    class Meta:
        ordering = ["on", "pk"]


class JudicialConfirmation(models.Model):
    """司法确认 of an agreement: the last day, the application, the ruling."""

    agreement = models.OneToOneField(Agreement, models.CASCADE, related_name="confirmation")
    state = models.CharField(max_length=10, choices=ConfirmationState.choices, default=ConfirmationState.OPEN)
    thirtieth_day = models.DateField()
    last_day = models.DateField()
    provisional = models.BooleanField(default=False)  # the year's calendar isn't announced
    court = models.CharField(_("court"), max_length=80, blank=True)
    applied_on = models.DateField(null=True, blank=True)
    together = models.BooleanField(default=True)  # both came to the court
    number = models.CharField(_("number of the ruling"), max_length=60, blank=True)
    ruled_on = models.DateField(null=True, blank=True)
    words = EncryptedText(blank=True, default="")
    ruling = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, related_name="+")
    warned = models.PositiveSmallIntegerField(default=0)  # the smallest of 30, 10, 3 days that was told
