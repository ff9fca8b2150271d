"""Asking afterwards: a callback for each appeal of an answered case, and what people said."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from chenyue.cases.models import Appeal, Case
from chenyue.people.models import Member


class LeftOut(models.TextChoices):
    """Why somebody is not counted in the rates; always listed with the approver."""

    UNREACHABLE = "unreachable", _("Could not be reached")
    DECLINED = "declined", _("Did not want to rate")
    UNREASONABLE = "unreasonable", _("Unreasonable demand")
    OUTSIDE_DUTY = "outside_duty", _("Outside public duty")
    HISTORY = "history", _("Answered elsewhere, before it was taken over here")  # only imports say this


class Callback(models.Model):
    """One reporter asked about one answer: by link, by printed QR code, or by a member's call."""

    class State(models.TextChoices):
        OPEN = "open", _("To be asked")
        RATED = "rated", _("Rated")
        TRIED = "tried", _("Tried without an answer")
        EXCLUDED = "excluded", _("Left out, with a reason")
        DEAD = "dead", _("Overtaken")  # the case moved on before an answer came

    case = models.ForeignKey(Case, models.PROTECT, related_name="callbacks")
    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="callbacks")
    round = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    token = models.CharField(max_length=40, unique=True)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)  # when a member should call; None: only the link can reach them
    contacted_in_time = models.BooleanField(default=False)  # as the case stood when it was answered
    excluded_reason = models.CharField(max_length=20, choices=LeftOut.choices, blank=True)
    excluded_words = models.CharField(max_length=200, blank=True)
    excluded_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appeal"], condition=models.Q(state="open"), name="one_open_callback_per_appeal"
            )
        ]
        indexes = [
            models.Index(fields=["next_try_at"], name="callbacks_open", condition=models.Q(state="open")),
            models.Index(fields=["ended_at"], name="callbacks_ended", condition=models.Q(ended_at__isnull=False)),
        ]

    @property
    def subject(self) -> str:
        """The case's name on the timeline: what is asked belongs to its history."""
        return self.case.subject


class Attempt(models.Model):
    """A call that was made: who called, when, what was said."""

    callback = models.ForeignKey(Callback, models.PROTECT, related_name="attempts")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    reached = models.BooleanField()
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()


class Grade(models.TextChoices):
    SATISFIED = "satisfied", _("Satisfied")
    BASICALLY = "basically", _("Basically satisfied")
    DISSATISFIED = "dissatisfied", _("Dissatisfied")


class Rating(models.Model):
    """What a reporter said about an answer."""

    callback = models.OneToOneField(Callback, models.PROTECT, related_name="rating")
    case = models.ForeignKey(Case, models.PROTECT, related_name="ratings")
    grade = models.CharField(max_length=12, choices=Grade.choices)
    solved = models.BooleanField()
    contacted = models.BooleanField(null=True)  # were they contacted, in their own memory
    reasons = models.JSONField(default=list)  # words such as "slow", "not_done"
    words = models.TextField(blank=True)
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")  # who took it by telephone
    at = models.DateTimeField()


class Refusal(models.Model):
    """An answer that was not taken: a person decides whether to reopen or to explain."""

    class State(models.TextChoices):
        OPEN = "open", _("To be decided")
        REOPENED = "reopened", _("Reopened")
        EXPLAINED = "explained", _("Explained")

    rating = models.OneToOneField(Rating, models.PROTECT, related_name="refusal")
    case = models.ForeignKey(Case, models.PROTECT, related_name="refusals")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    words = models.TextField(blank=True)
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="refusals_open", condition=models.Q(state="open"))]


class RateDefinition(models.Model):
    """A version of how a rate is counted; printed beside each figure. Dated, never edited."""

    code = models.CharField(max_length=20)  # response, resolution, satisfaction, on_time
    version = models.PositiveIntegerField()
    numerator = models.CharField(max_length=200)  # a word of `rates`: contacted, solved, satisfied, closed_on_time
    denominator = models.CharField(max_length=200)  # a word of `rates`: called_back, closed_or_overdue
    # basically_weight: w in (satisfied + w·basically); exclude: reasons left out; small_below: too few to judge
    parameters = models.JSONField(default=dict)
    rule_zh = models.CharField(max_length=300)
    rule_en = models.CharField(max_length=300)
    source = models.CharField(max_length=200)
    since = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="one_rate_per_version")]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"
