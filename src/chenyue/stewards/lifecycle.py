"""Small vocabularies of stewards: kinds, roles at a building, states of plans and relayed words. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StewardKind(models.TextChoices):
    RESIDENT = "resident", _("Resident volunteer")
    STAFF = "staff", _("Member of staff")


class StewardState(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("steward", "Active")
    AWAY = "away", pgettext_lazy("steward", "Away")  # ill or travelling: a substitute answers
    ENDED = "ended", pgettext_lazy("steward", "Ended")


class TermRole(models.TextChoices):
    """What somebody is for a building. A substitute stands in for the main one between two days."""

    MAIN = "main", pgettext_lazy("steward", "Steward")
    DEPUTY = "deputy", pgettext_lazy("steward", "Deputy")
    SUBSTITUTE = "substitute", pgettext_lazy("steward", "Substitute")


class EndReason(models.TextChoices):
    RESIGNED = "resigned", _("Resigned")
    MOVED = "moved", _("Moved away")
    AGE = "age", _("Handed on for age")
    INACTIVE = "inactive", _("Not active any more")
    EXPIRED = "expired", _("The term is over")
    BALANCED = "balanced", _("Buildings were shared out anew")
    BACK = "back", _("The steward is back")
    DIED = "died", _("Died")
    OTHER = "other", pgettext_lazy("reason", "Other")


class PlanState(models.TextChoices):
    """A proposal of re-assignment."""

    ASKED = "asked", pgettext_lazy("assignment", "Asked for")
    RUNNING = "running", pgettext_lazy("assignment", "Being worked out")
    READY = "ready", pgettext_lazy("assignment", "Ready to be looked at")
    IMPOSSIBLE = "impossible", pgettext_lazy("assignment", "Not possible")
    FAILED = "failed", pgettext_lazy("assignment", "Failed")
    APPLIED = "applied", pgettext_lazy("assignment", "Carried out")
    DROPPED = "dropped", pgettext_lazy("assignment", "Dropped")


class Outcome(models.TextChoices):
    """How a visit at a door went."""

    WELL = "well", _("All is well")
    TALKED = "talked", _("Talked about something")
    HELP = "help", _("Help is needed")
    NOBODY = "nobody", _("Nobody at home")
    REFUSED = "refused", _("Didn't want a visit")


class RelayState(models.TextChoices):
    NEW = "new", pgettext_lazy("relay", "New")
    READ = "read", pgettext_lazy("relay", "Read")
    DONE = "done", pgettext_lazy("relay", "Answered")
    FILED = "filed", pgettext_lazy("relay", "Made a case")
    SPAM = "spam", pgettext_lazy("relay", "Not meant")


class CareReason(models.TextChoices):
    """Why a home is looked after closely. Weights of load know the first two by these words."""

    ALONE = "alone", _("Elderly and living alone")
    DISABLED = "disabled", pgettext_lazy("care", "Disabled")
    ILL = "ill", _("Seriously ill")
    CHILD = "child", _("Children left behind")
    PREGNANT = "pregnant", _("Pregnant or newborn")
    POOR = "poor", _("In need")
    BEREAVED = "bereaved", _("Lost a child or partner")
    OTHER = "other", pgettext_lazy("care", "Other")


class Weather(models.TextChoices):
    HEAT = "heat", _("Heat")
    COLD = "cold", _("Cold")
    STORM = "storm", _("Storm")
