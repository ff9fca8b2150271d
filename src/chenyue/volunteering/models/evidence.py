"""What proves an hour: scans, claims with their second person, the ledger of hours, spot checks and complaints."""

from django.db import models

from chenyue.people.models import Member, Resident
from chenyue.volunteering.lifecycle import ClaimState, Grade, PleaKind, PleaState
from chenyue.volunteering.models.activities import Activity, Volunteer


class Scan(models.Model):
    """One reading of the rotating code. `at` is the server's time; what a phone says stands beside it."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="scans")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="scans")
    way = models.CharField(max_length=3, choices=[("in", "in"), ("out", "out")])
    at = models.DateTimeField()  # counted: the window of the code that was read
    received_at = models.DateTimeField()  # later than `at` where a phone was without network
    device_at = models.DateTimeField(null=True, blank=True)  # the phone's own clock; never counted
    window = models.BigIntegerField()  # number of the code's window
    device = models.CharField(max_length=32, blank=True)  # blind index of the phone
    offline = models.BooleanField(default=False)
    key = models.CharField(max_length=64, unique=True)  # one effect for one reading, however often it is sent

    class Meta:
        indexes = [models.Index(fields=["activity", "volunteer"]), models.Index(fields=["device", "at"])]
        ordering = ["at", "pk"]


class Claim(models.Model):
    """Hours before they count: from two scans or typed. Typed ones wait for a second person, with a reason."""

    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="claims")
    activity = models.ForeignKey(Activity, models.PROTECT, null=True, blank=True, related_name="claims")
    grade = models.CharField(max_length=1, choices=Grade.choices)
    state = models.CharField(max_length=10, choices=ClaimState.choices, default=ClaimState.WAITING)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    break_minutes = models.PositiveSmallIntegerField(default=0)
    minutes = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=300, blank=True)  # what was done; the reason where typed
    served = models.ForeignKey(Resident, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)  # by the one served
    confirmed_how = models.CharField(max_length=10, blank=True)  # page, phone, paper
    confirmed_by = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+"
    )  # who took it down
    flags = models.JSONField(default=list, blank=True)  # what the detectors saw: [{"code", …numbers}]
    closed_by_rule = models.BooleanField(default=False)  # no scan out: ended at the planned end
    key = models.CharField(max_length=80, unique=True)  # source, reference, person
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")  # None: by scans
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)  # why refused, or approved in spite of a flag
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1, minutes__lte=480), name="claim_up_to_eight_hours"
            ),
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="claim_ends_later"),
        ]
        indexes = [models.Index(fields=["state", "-id"]), models.Index(fields=["volunteer", "starts_at"])]
        ordering = ["-pk"]


class HourEntry(models.Model):
    """The ledger of hours. Rows are added, never changed or deleted (triggers); a mistake has its counter-entry."""

    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="hours")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="entries")
    activity = models.ForeignKey(Activity, models.PROTECT, null=True, blank=True, related_name="hours")
    grade = models.CharField(max_length=1, choices=Grade.choices)
    minutes = models.SmallIntegerField()  # below zero in a counter-entry only
    served_on = models.DateField()
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by")
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim"], condition=models.Q(reverses=None), name="one_entry_for_a_claim"),
            models.CheckConstraint(
                condition=models.Q(reverses=None, minutes__gt=0, minutes__lte=480)
                | models.Q(reverses__isnull=False, minutes__lt=0, minutes__gte=-480),
                name="hours_fall_by_counter_entry_only",
            ),
        ]
        indexes = [models.Index(fields=["volunteer", "served_on"])]
        ordering = ["pk"]


class SpotCheck(models.Model):
    """A claim drawn by lot: somebody calls the one served, or who organised, and asks."""

    claim = models.OneToOneField(Claim, models.PROTECT, related_name="spot_check")
    drawn_at = models.DateTimeField()
    seed = models.CharField(max_length=64)  # with it the draw can be made again
    due_on = models.DateField()
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    result = models.CharField(max_length=10, blank=True)  # true, doubtful, false, unreached
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]


class Plea(models.Model):
    """A complaint about hours or a service, or an appeal about a booking. Its credits are frozen until decided."""

    kind = models.CharField(max_length=10, choices=PleaKind.choices)
    state = models.CharField(max_length=10, choices=PleaState.choices, default=PleaState.OPEN)
    entry = models.ForeignKey(HourEntry, models.PROTECT, null=True, blank=True, related_name="pleas")
    booking = models.ForeignKey("volunteering.Booking", models.PROTECT, null=True, blank=True, related_name="pleas")
    resident = models.ForeignKey(Resident, models.PROTECT, null=True, blank=True, related_name="+")  # who says it
    words = models.CharField(max_length=1000)
    at = models.DateTimeField()
    taken_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=models.Q(state="open", kind="hours"), name="one_open_plea_for_an_entry"
            ),
            models.UniqueConstraint(
                fields=["booking"], condition=models.Q(state="open"), name="one_open_plea_for_a_booking"
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"])]
        ordering = ["-pk"]
