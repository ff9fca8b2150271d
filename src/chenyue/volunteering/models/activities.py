"""Volunteers, needs, activities and who comes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from chenyue.cases.models import Case
from chenyue.people.models import Member, Resident, Unit
from chenyue.places.models import Place
from chenyue.volunteering.lifecycle import (
    ActivityKind,
    ActivityState,
    Mode,
    NeedState,
    SignUpState,
    Via,
    VolunteerState,
)


class Skill(models.Model):
    """What somebody can do. Licensed work is done by licensed people only (志愿服务条例 16)."""

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=30)
    licensed = models.BooleanField(_("needs a licence"), default=False)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class Volunteer(models.Model):
    """A resident who serves of free will. Name and telephone stay with the resident."""

    number = models.CharField(max_length=20, unique=True)  # V000123
    resident = models.OneToOneField(Resident, models.PROTECT, related_name="volunteer")
    state = models.CharField(max_length=10, choices=VolunteerState.choices, default=VolunteerState.ACTIVE)
    joined_at = models.DateTimeField()
    terms_at = models.DateTimeField(null=True, blank=True)  # read and agreed to the rules
    via = models.CharField(max_length=8, choices=Via.choices, default=Via.WEB)
    birth_on = models.DateField(null=True, blank=True)  # for limits of age; staff fill in who has none
    # Who is under age serves with a guardian's consent, never in rescue.
    guardian_name = models.CharField(_("guardian"), max_length=40, blank=True)
    guardian_at = models.DateTimeField(null=True, blank=True)
    guardian_how = models.CharField(max_length=200, blank=True)
    skills = models.ManyToManyField(Skill, blank=True, related_name="volunteers")
    licences = models.JSONField(default=dict, blank=True)  # code of a skill: {"number", "until", "seen_by", "seen_on"}
    times = models.JSONField(default=list, blank=True)  # [["mon", "08:00", "11:30"], …] when free
    place = models.ForeignKey(Place, models.SET_NULL, null=True, blank=True, related_name="+")  # from where to walk
    reach_metres = models.PositiveIntegerField(default=1500)
    limits = models.CharField(_("what I can't do"), max_length=200, blank=True)
    insured_until = models.DateField(null=True, blank=True)
    strikes = models.PositiveSmallIntegerField(default=0)  # not come, not told; counted anew by rule
    made_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["state", "-id"])]
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Volunteer {self.number}"  # never the name: this ends up in logs

    @property
    def subject(self) -> str:
        """Its name on the timeline."""
        return f"volunteer:{self.number}"


class Need(models.Model):
    """Help that a resident or the office asks for. The organiser verifies it and answers in time (条例 13)."""

    number = models.CharField(max_length=20, unique=True)  # N2026-0012
    title = models.CharField(_("what is needed"), max_length=80)
    words = models.TextField(_("more about it"), blank=True)
    risks = models.CharField(_("what one should know: stairs, dog, illness"), max_length=300, blank=True)
    kind = models.CharField(max_length=12, choices=ActivityKind.choices, default=ActivityKind.OTHER)
    state = models.CharField(max_length=10, choices=NeedState.choices, default=NeedState.ASKED)
    resident = models.ForeignKey(Resident, models.PROTECT, null=True, blank=True, related_name="needs")  # None: office
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    community = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    people = models.PositiveSmallIntegerField(default=1)
    skills = models.ManyToManyField(Skill, blank=True, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="needs")
    answer_by = models.DateField(null=True, blank=True)
    via = models.CharField(max_length=8, choices=Via.choices, default=Via.WEB)
    reason = models.CharField(max_length=300, blank=True)  # why declined or withdrawn; the asker reads it
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="need_ends_after_start")
        ]
        indexes = [models.Index(fields=["state", "-id"])]
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        """Its name on the timeline."""
        return f"need:{self.number}"


class Activity(models.Model):
    """Something volunteers do together or alone, with true and full information and its risks (条例 12)."""

    number = models.CharField(max_length=20, unique=True)  # V2026-0012
    title = models.CharField(_("title"), max_length=80)
    words = models.TextField(_("what is done"), blank=True)
    kind = models.CharField(max_length=12, choices=ActivityKind.choices, default=ActivityKind.OTHER)
    state = models.CharField(max_length=10, choices=ActivityState.choices, default=ActivityState.DRAFT)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")  # who organises
    manager = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")  # person in charge
    recorder = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")  # records hours
    certifier = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")  # certifies them
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    place_words = models.CharField(_("where to meet"), max_length=120, blank=True)
    community = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    break_minutes = models.PositiveSmallIntegerField(default=0)
    sign_up_until = models.DateTimeField(null=True, blank=True)
    capacity = models.PositiveSmallIntegerField(default=10)
    going = models.PositiveSmallIntegerField(default=0)  # sign-ups that hold a place
    min_age = models.PositiveSmallIntegerField(null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(null=True, blank=True)
    skills = models.ManyToManyField(Skill, blank=True, related_name="+")
    training = models.CharField(_("training before"), max_length=300, blank=True)
    risks = models.CharField(_("risks"), max_length=300, blank=True)
    dangerous = models.BooleanField(_("may be dangerous"), default=False)
    insurance = models.CharField(
        _("accident insurance"), max_length=120, blank=True
    )  # needed where dangerous (条例 17)
    served = models.CharField(_("whom it serves"), max_length=120, blank=True)
    needs = models.ManyToManyField(Need, blank=True, related_name="activities")
    mode = models.CharField(max_length=6, choices=Mode.choices, default=Mode.QR)
    secret = models.CharField(max_length=64)  # of the rotating code; never leaves the server
    earns = models.BooleanField(default=True)  # hours only, where False
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="activities")
    project = models.CharField(max_length=20, blank=True)  # number of works it belongs to
    reason = models.CharField(max_length=300, blank=True)  # why called off
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="activity_ends_later"),
            models.CheckConstraint(condition=models.Q(going__lte=models.F("capacity")), name="activity_not_overfull"),
        ]
        indexes = [models.Index(fields=["state", "starts_at"]), models.Index(fields=["unit", "-id"])]
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        """Its name on the timeline."""
        return f"activity:{self.number}"


class SignUp(models.Model):
    """A volunteer says: I come. Or waits in the order of asking."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="sign_ups")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="sign_ups")
    state = models.CharField(max_length=10, choices=SignUpState.choices)
    via = models.CharField(max_length=8, choices=Via.choices, default=Via.WEB)
    at = models.DateTimeField()
    called_at = models.DateTimeField(null=True, blank=True)  # moved up from the waiting list
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)  # reminded
    by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "volunteer"],
                condition=~models.Q(state="withdrawn"),
                name="one_sign_up_each",
            )
        ]
        indexes = [models.Index(fields=["volunteer", "-id"])]
        ordering = ["at", "pk"]


class ActivityPhoto(models.Model):
    """A photograph of an activity. Files are kept as those of appeals are."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="photos")
    words = models.CharField(max_length=120, blank=True)
    public = models.BooleanField(default=False)
    path = models.CharField(max_length=200)
    preview = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)


class WeekPlan(models.Model):
    """Which volunteer could go to which need in a week: computed, looked at by a person, then taken or dropped."""

    week = models.DateField()  # its Monday
    state = models.CharField(max_length=10, default="waiting")  # waiting, running, ready, taken, dropped, failed
    settings = models.JSONField(default=dict, blank=True)
    result = models.JSONField(default=dict, blank=True)  # pairs with their score in parts, needs left over and why
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
