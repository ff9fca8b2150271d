"""Small vocabularies of seeing. Pure."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Measure(models.TextChoices):
    """What is counted on a day; figures are made of these by their definitions. Dates are days on the office's wall."""

    RECEIVED = "received", pgettext_lazy("measure", "Received")
    APPEALS = "appeals", pgettext_lazy("measure", "Appeals")
    REPEATED = "repeated", pgettext_lazy("measure", "Came again")
    CLOSED_ON_TIME = "closed_on_time", pgettext_lazy("measure", "Closed on time")
    CLOSED_LATE = "closed_late", pgettext_lazy("measure", "Closed late")
    CLOSED_FREE = "closed_free", pgettext_lazy("measure", "Closed without a promise")
    OVERDUE_IN = "overdue_in", pgettext_lazy("measure", "Became overdue")
    OVERDUE_OUT = "overdue_out", pgettext_lazy("measure", "Answered after being overdue")
    DECLINED = "declined", pgettext_lazy("measure", "Declined")
    ANSWERED = "answered", pgettext_lazy("measure", "Answered")
    AT_ONCE = "at_once", pgettext_lazy("measure", "Settled at once")
    CONTACT_KEPT = "contact_kept", pgettext_lazy("measure", "First contact in time")
    CONTACT_LATE = "contact_late", pgettext_lazy("measure", "First contact late")
    SENT = "sent", pgettext_lazy("measure", "Given to a unit")
    RETURNED = "returned", pgettext_lazy("measure", "Returned by a unit")
    REOPENED = "reopened", pgettext_lazy("measure", "Opened again")
    ASKED = "asked", pgettext_lazy("measure", "Called back")
    CONTACTED = "contacted", pgettext_lazy("measure", "Contacted in time")
    SOLVED = "solved", pgettext_lazy("measure", "Said it was solved")
    SATISFIED = "satisfied", pgettext_lazy("measure", "Satisfied")
    BASICALLY = "basically", pgettext_lazy("measure", "Basically satisfied")
    DISSATISFIED = "dissatisfied", pgettext_lazy("measure", "Dissatisfied")


class Axis(models.TextChoices):
    """By what a day's count is split; ALL: the whole office."""

    ALL = "all", pgettext_lazy("axis", "Whole office")
    COMMUNITY = "community", pgettext_lazy("axis", "Community")
    CATEGORY = "category", pgettext_lazy("axis", "Category")
    CHANNEL = "channel", pgettext_lazy("axis", "Channel")
    LEAD = "lead", pgettext_lazy("axis", "Lead unit")


class PainState(models.TextChoices):
    """Of a hot spot, a door with many cases, or an emerging topic."""

    NEW = "new", pgettext_lazy("pain", "New")
    SEEN = "seen", pgettext_lazy("pain", "Seen")
    DISMISSED = "dismissed", pgettext_lazy("pain", "No trouble of its own")
    PROJECT = "project", pgettext_lazy("pain", "Being solved at its source")
    GONE = "gone", pgettext_lazy("pain", "Gone")


class PainKind(models.TextChoices):
    SPOT = "spot", pgettext_lazy("pain", "Hot spot")
    DOOR = "door", pgettext_lazy("pain", "One door again and again")
    TOPIC = "topic", pgettext_lazy("pain", "Emerging topic")


class RootState(models.TextChoices):
    """Of a root-cause project."""

    OPEN = "open", pgettext_lazy("root", "Being worked on")
    PROVING = "proving", pgettext_lazy("root", "Done, being proved")
    PROVED = "proved", pgettext_lazy("root", "Proved")
    FAILED = "failed", pgettext_lazy("root", "Didn't help")
    STOPPED = "stopped", pgettext_lazy("root", "Stopped")


ROOT_MOVES: dict[str, tuple[str, ...]] = {
    "open": ("proving", "stopped"),
    "proving": ("proved", "failed", "open"),
    "proved": ("open",),
    "failed": ("open", "stopped"),
    "stopped": ("open",),
}


class BriefKind(models.TextChoices):
    DAILY = "daily", pgettext_lazy("brief", "Daily sheet")
    WEEKLY = "weekly", pgettext_lazy("brief", "Weekly brief")
    MONTHLY = "monthly", pgettext_lazy("brief", "Monthly brief")


class BriefState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("brief", "Being written")
    DRAFT = "draft", pgettext_lazy("brief", "Draft")
    RELEASED = "released", pgettext_lazy("brief", "Released")
    FAILED = "failed", pgettext_lazy("brief", "Failed")


BRIEF_MOVES: dict[str, tuple[str, ...]] = {
    "waiting": ("draft", "failed"),
    "draft": ("waiting", "released"),
    "failed": ("waiting",),
    "released": ("draft",),
}


class OpenDataState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("open data", "Draft")
    PUBLISHED = "published", pgettext_lazy("open data", "Published")
    WITHDRAWN = "withdrawn", pgettext_lazy("open data", "Withdrawn")
