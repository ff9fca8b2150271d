"""Who mediates, why somebody shouldn't, and who is invited."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chenyue.core.fields import EncryptedText
from chenyue.mediation.lifecycle import Tie
from chenyue.mediation.models.matters import Committee, Mediation
from chenyue.mediation.models.parties import Party
from chenyue.people.models import Member, Unit
from chenyue.places.models import Place


class Mediator(models.Model):
    """A mediator of a committee (art. 13, 14). Revoked ones stay on record and can't be appointed."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="mediators")
    member = models.OneToOneField(Member, models.PROTECT, null=True, blank=True, related_name="mediator")
    name = models.CharField(_("name"), max_length=40)
    gender = models.CharField(_("sex"), max_length=4, blank=True)
    hired = models.BooleanField(_("hired by the committee"), default=False)  # else a member of it (art. 13)
    home = models.ForeignKey(Place, models.SET_NULL, null=True, blank=True, related_name="+")  # for conflicts only
    employer = models.CharField(_("works for"), max_length=80, blank=True)
    skills = models.JSONField(default=list, blank=True)  # 法律, 土地, 婚姻 …
    dialects = models.JSONField(default=list, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    revoked_on = models.DateField(null=True, blank=True)
    revoked_why = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["committee_id", "pk"]

    def __str__(self) -> str:
        return self.name


class DeclaredTie(models.Model):
    """A person that a mediator declared to be close to: found again when that person is a party."""

    mediator = models.ForeignKey(Mediator, models.CASCADE, related_name="ties")
    tie = models.CharField(max_length=10, choices=Tie.choices)
    name = EncryptedText(_("name"))
    name_index = models.CharField(max_length=32, db_index=True)
    id_index = models.CharField(max_length=32, blank=True, default="")
    phone_index = models.CharField(max_length=32, blank=True, default="")
    words = models.CharField(_("relation"), max_length=60, blank=True)
    at = models.DateTimeField()


class Appointment(models.Model):
    """A mediator in one mediation: chosen by the parties, or appointed and accepted by them (art. 19)."""

    class Role(models.TextChoices):
        LEAD = "lead", _("Leads")
        WITH = "with", _("With them")
        RECORDER = "recorder", _("Records")

    mediation = models.ForeignKey(Mediation, models.CASCADE, related_name="appointments")
    mediator = models.ForeignKey(Mediator, models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.LEAD)
    chosen = models.BooleanField(default=False)  # by the parties themselves
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mediation", "mediator"], condition=Q(until__isnull=True), name="one_appointment_each"
            ),
            models.UniqueConstraint(
                fields=["mediation"], condition=Q(until__isnull=True, role="lead"), name="one_leading_mediator"
            ),
        ]


class Conflict(models.Model):
    """A tie between a mediator and a party, found or declared; disclosed, then the parties decide."""

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="conflicts")
    party = models.ForeignKey(Party, models.CASCADE, null=True, blank=True, related_name="+")
    tie = models.CharField(max_length=10, choices=Tie.choices)
    words = EncryptedText(blank=True, default="")
    found_at = models.DateTimeField()
    disclosed_at = models.DateTimeField(null=True, blank=True)
    objected_by = models.ForeignKey(Party, models.SET_NULL, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)  # all parties know and go on, or the mediator withdrew


class Invitation(models.Model):
    """A body or person asked to help, once every party has agreed (art. 20)."""

    class State(models.TextChoices):
        ASKING = "asking", _("Asking the parties")
        INVITED = "invited", _("Invited")
        COMES = "comes", _("Comes")
        DECLINED = "declined", _("Can't come")
        REFUSED = "refused", _("A party refuses")

    mediation = models.ForeignKey(Mediation, models.CASCADE, related_name="invitations")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("name"), max_length=60, blank=True)  # of a person, or who comes for the body
    role = models.CharField(_("in what capacity"), max_length=60, blank=True)  # 村委会, 亲友, 专家, 律师
    why = models.CharField(_("what they can help with"), max_length=200, blank=True)
    phone = EncryptedText(_("telephone"), blank=True, default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKING)
    at = models.DateTimeField()
    by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
