"""Who quarrels, who speaks for them, and what each has agreed to."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chenyue.core.fields import EncryptedText
from chenyue.mediation.lifecycle import Acts, Capacity, How, PartyKind, Question, Side
from chenyue.mediation.models.matters import Mediation
from chenyue.people.models import Member, Resident, Unit
from chenyue.places.models import Place


class Party(models.Model):
    """A person or body on one side. Personal data are encrypted; `code` opens the party's own page."""

    mediation = models.ForeignKey(Mediation, models.CASCADE, related_name="parties")
    order = models.PositiveSmallIntegerField()  # 1, 2, … as named in documents
    side = models.CharField(_("side"), max_length=10, choices=Side.choices)
    kind = models.CharField(_("person or organisation"), max_length=8, choices=PartyKind.choices)
    name = EncryptedText(_("name"))
    name_index = models.CharField(max_length=32, db_index=True)
    gender = models.CharField(_("sex"), max_length=4, blank=True)  # 男, 女
    ethnicity = models.CharField(_("ethnic group"), max_length=20, blank=True)
    born_on = models.DateField(_("born on"), null=True, blank=True)
    occupation = models.CharField(_("occupation or post"), max_length=60, blank=True)
    id_number = EncryptedText(_("identity or registration number"), blank=True, default="")
    id_index = models.CharField(max_length=32, blank=True, default="", db_index=True)
    phone = EncryptedText(_("telephone"), blank=True, default="")
    phone_index = models.CharField(max_length=32, blank=True, default="", db_index=True)
    address = EncryptedText(_("unit or address"), blank=True, default="")
    account = EncryptedText(_("account for payments"), blank=True, default="")
    head = models.CharField(_("legal representative or head"), max_length=60, blank=True)
    home = models.ForeignKey(Place, models.SET_NULL, null=True, blank=True, related_name="+")
    resident = models.ForeignKey(Resident, models.SET_NULL, null=True, blank=True, related_name="parties")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    capacity = models.CharField(_("capacity"), max_length=8, choices=Capacity.choices, default=Capacity.FULL)
    code = models.CharField(max_length=20, unique=True)  # readable, of core.ids.receipt_code: the party's own page
    key_salt = models.CharField(max_length=32)  # hex; the party's caucus key is made of it (mediation.sealing)
    phone_only = models.BooleanField(_("served by telephone"), default=False)
    dialect = models.CharField(_("dialect"), max_length=20, blank=True, default="")
    died_on = models.DateField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)  # no longer part of it, with the reason on the timeline
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["mediation", "order"], name="one_party_per_order")]


class Representative(models.Model):
    """Somebody who acts for one party, or for several who elected them (at most five for a side)."""

    mediation = models.ForeignKey(Mediation, models.CASCADE, related_name="representatives")
    parties = models.ManyToManyField(Party, related_name="representatives")
    acts = models.CharField(_("acts as"), max_length=8, choices=Acts.choices)
    name = EncryptedText(_("name"))
    name_index = models.CharField(max_length=32, db_index=True)
    id_number = EncryptedText(_("identity number"), blank=True, default="")
    phone = EncryptedText(_("telephone"), blank=True, default="")
    relation = models.CharField(_("relation to the party"), max_length=40, blank=True)
    scope = models.CharField(_("what they may do"), max_length=200, blank=True)
    may_settle = models.BooleanField(_("may agree, waive and sign"), default=False)  # special authority
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    proof = models.ForeignKey("mediation.Evidence", models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)


class Consent(models.Model):
    """One party's answer to one question at one moment. A new answer is a new row; withdrawing marks the old one."""

    mediation = models.ForeignKey(Mediation, models.CASCADE, related_name="consents")
    party = models.ForeignKey(Party, models.CASCADE, related_name="consents")
    question = models.CharField(max_length=14, choices=Question.choices)
    matter = models.CharField(max_length=40, blank=True, default="")  # mediator:3, invitation:2, extension:1
    given = models.BooleanField()
    how = models.CharField(max_length=8, choices=How.choices)
    words = EncryptedText(blank=True, default="")
    at = models.DateTimeField()
    taken_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    by_representative = models.ForeignKey(Representative, models.PROTECT, null=True, blank=True, related_name="+")
    scan = models.ForeignKey("mediation.Evidence", models.PROTECT, null=True, blank=True, related_name="+")
    superseded_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party", "question", "matter"],
                condition=Q(superseded_at__isnull=True),
                name="one_standing_consent",
            )
        ]
