"""Stewards, their terms at buildings, load, proposals of re-assignment, visits, care, relayed words."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core.fields import EncryptedText
from chenyue.people.models import Grant, Member, Resident
from chenyue.places.models import Place
from chenyue.stewards.lifecycle import (
    EndReason,
    Outcome,
    PlanState,
    RelayState,
    StewardKind,
    StewardState,
    TermRole,
    Weather,
)


class Steward(models.Model):
    """Answers for some buildings: a resident volunteer, or a member of staff where there is none."""

    kind = models.CharField(
        pgettext_lazy("steward", "kind"), max_length=10, choices=StewardKind.choices, default=StewardKind.RESIDENT
    )
    member = models.OneToOneField(Member, models.PROTECT, null=True, blank=True, related_name="steward")  # signs in
    resident = models.ForeignKey(Resident, models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField(
        pgettext_lazy("person", "name"), max_length=40
    )  # a public office: stands on the door if `shows_name`
    shows_name = models.BooleanField(_("name stands on the door"), default=True)
    phone = EncryptedText(_("telephone"), blank=True, default="")  # never on a door: words are relayed
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    home = models.ForeignKey(Place, models.SET_NULL, null=True, blank=True, related_name="+")  # building lived in
    dialects = models.JSONField(_("dialects"), default=list, blank=True)
    share = models.PositiveSmallIntegerField(_("share of a full load"), default=100)  # percent; staff often 50
    most_buildings = models.PositiveSmallIntegerField(null=True, blank=True)
    keeps = models.JSONField(default=list, blank=True)  # buildings (ids) that must stay theirs
    avoids = models.JSONField(default=list, blank=True)  # buildings (ids) not to give: a quarrel, kin
    state = models.CharField(max_length=10, choices=StewardState.choices, default=StewardState.ACTIVE)
    since = models.DateField(pgettext_lazy("term", "since"))
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=10, choices=EndReason.choices, blank=True)
    moved_on = models.DateField(_("moved away on"), null=True, blank=True)
    last_active_at = models.DateTimeField(null=True, blank=True)  # a visit, a report, an answer
    note = models.CharField(_("note"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["state", "name"])]
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """Its name on the timeline."""
        return f"steward:{self.pk}"


class Term(models.Model):
    """A steward answers for a building from a day to a day. Never deleted: an appeal keeps the one of its day."""

    steward = models.ForeignKey(Steward, models.PROTECT, related_name="terms")
    building = models.ForeignKey(Place, models.PROTECT, related_name="steward_terms")
    role = models.CharField(max_length=10, choices=TermRole.choices, default=TermRole.MAIN)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)  # the last day, if it is known beforehand
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=10, choices=EndReason.choices, blank=True)
    grant = models.ForeignKey(Grant, models.SET_NULL, null=True, blank=True, related_name="+")  # what it lets them see
    made_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["building"], condition=Q(role="main", ended_at__isnull=True), name="one_steward_per_building"
            ),
            models.UniqueConstraint(
                fields=["building", "steward", "role"], condition=Q(ended_at__isnull=True), name="one_open_term_each"
            ),
        ]
        indexes = [
            models.Index(fields=["building", "since"]),
            models.Index(fields=["until"], name="term_to_end", condition=Q(ended_at__isnull=True, until__isnull=False)),
        ]
        ordering = ["building_id", "-since", "-pk"]


class BuildingFacts(models.Model):
    """What makes a building heavy: homes of elderly people living alone, of disabled people, of tenants."""

    building = models.OneToOneField(Place, models.CASCADE, related_name="steward_facts")
    elderly_alone = models.PositiveSmallIntegerField(_("elderly living alone (homes)"), default=0)
    disabled = models.PositiveSmallIntegerField(_("disabled (homes)"), default=0)
    tenants = models.PositiveSmallIntegerField(_("rented (homes)"), default=0)
    dialect = models.CharField(_("dialect most speak"), max_length=20, blank=True)
    counted_on = models.DateField(null=True, blank=True)


class HandOver(models.Model):
    """What goes from one steward to the next with a building, and that it was received."""

    building = models.ForeignKey(Place, models.PROTECT, related_name="+")
    ended = models.OneToOneField(Term, models.PROTECT, related_name="hand_over")
    begun = models.ForeignKey(Term, models.PROTECT, null=True, blank=True, related_name="taken_over")
    made_at = models.DateTimeField()
    words = EncryptedText(blank=True, default="")  # what the leaving one wants the next to know
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")


class Plan(models.Model):
    """A proposal of re-assignment: asked for, worked out by a job, looked at, carried out or dropped."""

    reason = models.CharField(max_length=20)  # balance, vacancy, resignation, all
    asks = models.JSONField(default=dict)  # who leaves, which estates, weights: input of stewards.solving
    state = models.CharField(max_length=12, choices=PlanState.choices, default=PlanState.ASKED)
    progress = models.PositiveSmallIntegerField(default=0)  # percent
    result = models.JSONField(default=dict, blank=True)  # changes with reasons, loads before and after, proof
    stop_asked = models.BooleanField(default=False)
    made_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-made_at", "-pk"]

    @property
    def subject(self) -> str:
        """Its name on the timeline."""
        return f"stewards_plan:{self.pk}"


class CareEntry(models.Model):
    """A home that is looked after closely. Only its steward and those who may see contact data read it."""

    building = models.ForeignKey(Place, models.PROTECT, related_name="+")
    room = models.CharField(_("home"), max_length=20)
    resident = models.ForeignKey(Resident, models.SET_NULL, null=True, blank=True, related_name="+")
    name = EncryptedText(pgettext_lazy("person", "name"), blank=True, default="")
    phone = EncryptedText(_("telephone"), blank=True, default="")
    reasons = models.JSONField(default=list)  # of CareReason
    heat = models.BooleanField(_("on hot days"), default=True)
    cold = models.BooleanField(_("on cold days"), default=True)
    birthday = models.CharField(_("birthday"), max_length=5, blank=True)  # MM-DD
    note = EncryptedText(_("note"), blank=True, default="")
    every_days = models.PositiveSmallIntegerField(_("visit every so many days"), default=30)
    next_on = models.DateField(null=True, blank=True)
    active = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["building", "room"], condition=Q(active=True), name="one_care_entry_a_home")
        ]
        indexes = [models.Index(fields=["building", "next_on"])]

    @property
    def subject(self) -> str:
        """Its name on the timeline."""
        return f"care:{self.pk}"


class WeatherCall(models.Model):
    """The office calls a hot, cold or stormy day: each steward goes through the care list of it."""

    weather = models.CharField(max_length=10, choices=Weather.choices)
    since = models.DateField()
    until = models.DateField()
    words = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    @property
    def subject(self) -> str:
        """Its name on the timeline."""
        return f"weather:{self.pk}"


class DoorVisit(models.Model):
    """A steward was at a door. The people of the home may say that it is so, or that it isn't."""

    # Empty where somebody of the office went round who is nobody's steward.
    steward = models.ForeignKey(Steward, models.PROTECT, null=True, blank=True, related_name="visits")
    made_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    building = models.ForeignKey(Place, models.PROTECT, related_name="+")
    room = models.CharField(max_length=20)
    care = models.ForeignKey(CareEntry, models.SET_NULL, null=True, blank=True, related_name="visits")
    call = models.ForeignKey(WeatherCall, models.SET_NULL, null=True, blank=True, related_name="visits")
    at = models.DateTimeField()  # when at the door
    sent_at = models.DateTimeField()  # when it reached us: later, if there was no network
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    words = EncryptedText(blank=True, default="")
    next_on = models.DateField(null=True, blank=True)
    photo = models.CharField(max_length=200, blank=True)
    preview = models.CharField(max_length=200, blank=True)
    confirm_code = models.CharField(max_length=24, unique=True)  # /v/<code>/ on the card left at the door
    confirmed_at = models.DateTimeField(null=True, blank=True)
    disputed_at = models.DateTimeField(null=True, blank=True)
    answer = EncryptedText(blank=True, default="")  # what the home added
    flags = models.JSONField(default=list, blank=True)  # such as too_fast: looked at by a person, never punished
    case_number = models.CharField(max_length=20, blank=True)  # what came of it

    class Meta:
        indexes = [models.Index(fields=["made_by", "at"]), models.Index(fields=["building", "room", "at"])]
        ordering = ["-at", "-pk"]

    @property
    def subject(self) -> str:
        """Its name on the timeline."""
        return f"visit:{self.pk}"


class RelayedWord(models.Model):
    """Words for a steward, left by the code on the door: neither side sees the other's telephone number."""

    building = models.ForeignKey(Place, models.PROTECT, related_name="+")
    steward = models.ForeignKey(Steward, models.PROTECT, null=True, related_name="relayed")  # of that day
    receipt = models.CharField(max_length=24, unique=True)  # under which the answer is read
    name = EncryptedText(blank=True, default="")
    phone = EncryptedText(blank=True, default="")
    resident = models.ForeignKey(Resident, models.SET_NULL, null=True, blank=True, related_name="+")
    room = models.CharField(max_length=20, blank=True)
    words = EncryptedText()
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=RelayState.choices, default=RelayState.NEW)
    answer = EncryptedText(blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    case_number = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [models.Index(fields=["steward", "state"]), models.Index(fields=["building", "at"])]

    @property
    def subject(self) -> str:
        """Its name on the timeline."""
        return f"relayed:{self.pk}"


class PrintJob(models.Model):
    """Door posters or contact cards by the hundred as one PDF, made by a job."""

    kind = models.CharField(max_length=10)  # poster, card
    buildings = models.JSONField(default=list)
    state = models.CharField(max_length=10, default="asked")  # asked, running, ready, failed
    done = models.PositiveIntegerField(default=0)
    file = models.CharField(max_length=200, blank=True)
    pages = models.PositiveIntegerField(default=0)
    base = models.CharField(max_length=200, blank=True)  # address in the codes: https://…, as it was when asked for
    missing = models.CharField(max_length=120, blank=True)  # characters that could not be drawn
    words = models.CharField(max_length=200, blank=True)  # why it failed
    made_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
