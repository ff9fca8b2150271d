"""Where people are received, and when."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.people.models import Unit
from chenyue.places.models import Place
from chenyue.reception import lifecycle
from chenyue.reception.lifecycle import SittingState
from chenyue.reception.timetable import weekday_words


class Venue(models.Model):
    """A reception room, or a point at renewal works that lives as long as they do."""

    class Kind(models.TextChoices):
        ROOM = "room", _("Reception room")
        ON_SITE = "on_site", _("On-site point")

    name = models.CharField(_("name"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.ROOM)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    address = models.CharField(pgettext_lazy("venue", "address"), max_length=160, blank=True)  # as people find it
    how_to_reach = models.CharField(_("how to get there"), max_length=200, blank=True)  # steps, lift, low counter
    letter = models.CharField(_("letter of its tickets"), max_length=1, default="A")
    windows = models.PositiveSmallIntegerField(_("windows"), default=2)
    members_needed = models.PositiveSmallIntegerField(_("members for each sitting"), default=2)
    capacity = models.PositiveSmallIntegerField(_("at most so many tickets a sitting"), default=30)
    bookable_share = models.PositiveSmallIntegerField(default=50)  # percent of the capacity that may be booked ahead
    dialect = models.CharField(_("dialect that somebody must speak"), max_length=20, blank=True)
    # An on-site point: which works, who builds them, and from when to when it stands.
    works = models.CharField(_("works it belongs to"), max_length=80, blank=True)
    contractor = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    since = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    active = models.BooleanField(_("active"), default=True)
    feed_token = models.CharField(max_length=40, unique=True)  # calendar feed of who receives; can be renewed
    screen_token = models.CharField(max_length=40, unique=True)  # opens the calling screen and the kiosk
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """Its name on the timeline."""
        return f"venue:{self.pk}"


class Opening(models.Model):
    """A weekly opening: on these weekdays, from `starts` to `ends`, between two dates."""

    venue = models.ForeignKey(Venue, models.CASCADE, related_name="openings")
    weekdays = models.JSONField(default=list)  # 0 = Monday … 6 = Sunday
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))
    on_holidays = models.BooleanField(_("also on public holidays"), default=False)
    members_needed = models.PositiveSmallIntegerField(null=True, blank=True)  # None: as the venue says
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["starts"]

    @property
    def days(self) -> str:
        """Its weekdays in words."""
        return weekday_words(self.weekdays)


class DayChange(models.Model):
    """A day that differs: closed (with the reason that people read), or open at other hours."""

    venue = models.ForeignKey(Venue, models.CASCADE, null=True, blank=True, related_name="changes")  # None: all
    day = models.DateField()
    closed = models.BooleanField(default=True)
    starts = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    reason = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["day"])]


class Sitting(models.Model):
    """One opening of a venue on one day, such as 07:00–08:30. Its queue begins when it opens."""

    venue = models.ForeignKey(Venue, models.PROTECT, related_name="sittings")
    day = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=lifecycle.choices("sitting"), default=SittingState.PLANNED.value)
    members_needed = models.PositiveSmallIntegerField(default=2)
    capacity = models.PositiveSmallIntegerField(default=30)
    issued = models.PositiveIntegerField(default=0)  # tickets given so far: the last number
    published_at = models.DateTimeField(null=True, blank=True)  # who receives is on the residents' pages since then
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)  # no more tickets: the last-ticket rule, or a person
    stopped_by_hand = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True)  # of a cancellation, for those who came
    by_timetable = models.BooleanField(default=False)  # cancelled by a change of hours: comes back with them
    epoch = models.PositiveIntegerField(default=0)  # counts every change of its queue; live pages compare it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["venue", "starts_at"], name="one_sitting_per_venue_and_start")]
        indexes = [models.Index(fields=["day", "venue"]), models.Index(fields=["state", "starts_at"])]
        ordering = ["starts_at", "pk"]

    @property
    def subject(self) -> str:
        """Its name on the timeline."""
        return f"sitting:{self.pk}"
