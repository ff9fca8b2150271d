"""Small vocabularies of works: states, the five steps of a stance, reasons, kinds. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProjectState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("works", "Planned")
    ASKING = "asking", pgettext_lazy("works", "Asking every home")
    SHOWN = "shown", pgettext_lazy("works", "On display")
    BUILDING = "building", pgettext_lazy("works", "Being built")
    ACCEPTANCE = "acceptance", pgettext_lazy("works", "Acceptance")
    CLOSED = "closed", pgettext_lazy("works", "Closed")
    STOPPED = "stopped", pgettext_lazy("works", "Stopped")


MOVES: dict[str, tuple[str, ...]] = {  # which state may follow which; back only with a reason
    "planned": ("asking", "building", "stopped"),
    "asking": ("shown", "building", "planned", "stopped"),
    "shown": ("asking", "building", "stopped"),
    "building": ("acceptance", "asking", "stopped"),
    "acceptance": ("building", "closed", "stopped"),
    "closed": ("acceptance",),
    "stopped": ("planned",),
}


class VersionState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("plan", "Draft")
    PUBLISHED = "published", pgettext_lazy("plan", "Published")
    REPLACED = "replaced", pgettext_lazy("plan", "Replaced")


class Step(models.TextChoices):
    """A stance: an opinion that may change any day, never a vote."""

    SUPPORT = "support", _("Support")
    RATHER_SUPPORT = "rather_support", _("Rather support")
    UNDECIDED = "undecided", _("Undecided")
    RATHER_AGAINST = "rather_against", _("Rather against")
    AGAINST = "against", _("Against")


class How(models.TextChoices):
    """How a stance or a ballot was taken. Those in person come before those from afar."""

    DOOR = "door", _("At the door")
    MEETING = "meeting", _("At a meeting")
    PAPER = "paper", _("On paper")
    PHONE = "phone", _("By telephone")
    WEB = "web", pgettext_lazy("stance", "Online")


IN_PERSON = (How.DOOR, How.MEETING, How.PAPER)


class Speaker(models.TextChoices):
    """Who spoke for a home. Tenants are heard and don't count."""

    OWNER = "owner", _("Owner")
    FAMILY = "family", _("Family, for the owner")
    TENANT = "tenant", _("Tenant")


class Vote(models.TextChoices):
    """The legal act, with a signature."""

    AGREE = "agree", _("Agree")
    DISAGREE = "disagree", _("Disagree")
    ABSTAIN = "abstain", _("Abstain")


class Reason(models.TextChoices):
    NOISE = "noise", _("Noise and hours")
    DUST = "dust", _("Dust")
    COST = "cost", _("Share of the costs")
    LIGHT = "light", _("Light and view")
    INSIDE = "inside", _("Work inside the home")
    GREEN = "green", _("Green and gardens lost")
    PARKING = "parking", _("Parking")
    TRUST = "trust", _("Trust in the contractor")
    QUALITY = "quality", _("Quality of earlier works")
    HEALTH = "health", _("Health")
    COMPENSATION = "compensation", _("Compensation")
    SHED = "shed", _("Sheds and extensions")
    OTHER = "other", pgettext_lazy("objection", "Other")


class ObjectionState(models.TextChoices):
    OPEN = "open", pgettext_lazy("objection", "Waiting for an answer")
    ANSWERED = "answered", pgettext_lazy("objection", "Answered")
    ACCEPTED = "accepted", pgettext_lazy("objection", "The home accepts the answer")
    KEPT = "kept", pgettext_lazy("objection", "The home keeps its objection")
    WITHDRAWN = "withdrawn", pgettext_lazy("objection", "Withdrawn")
    PASSED_ON = "passed_on", pgettext_lazy("objection", "Passed on")  # to a case: harm, danger, a dispute of rights


class Decision(models.TextChoices):
    ACCEPT = "accept", _("Accepted: the plan changes")
    PART = "part", _("Accepted in part")
    REJECT = "reject", _("Not accepted, with the reason")


class HomeStatus(models.TextChoices):
    """Heads by SPC 区分所有权解释 9: unsold and undelivered parts count together as one, the developer's."""

    SOLD = "sold", _("Sold and handed over")
    UNSOLD = "unsold", _("Not sold")
    UNDELIVERED = "undelivered", _("Sold, not handed over")


class AreaSource(models.TextChoices):
    REGISTER = "register", _("Property register")
    SURVEY = "survey", _("Survey")
    CONTRACT = "contract", _("Contract")


class PhaseKind(models.TextChoices):
    WORK = "work", _("Works")
    NOISE = "noise", _("Loud works")
    WATER_OFF = "water_off", _("Water off")
    POWER_OFF = "power_off", _("Power off")
    GAS_OFF = "gas_off", _("Gas off")
    ROAD = "road", _("Road or entrance closed")
    INSIDE = "inside", _("Work inside homes")


class PhaseState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("phase", "Planned")
    RUNNING = "running", pgettext_lazy("phase", "Under way")
    DONE = "done", pgettext_lazy("phase", "Done")
    CANCELLED = "cancelled", pgettext_lazy("phase", "Cancelled")


class PostingKind(models.TextChoices):
    MEETING = "meeting", _("Notice of a meeting")
    PLAN = "plan", _("Display of a plan")
    RESULT = "result", _("Result")
    STOP = "stop", _("Water, power or road closed")
    START = "start", _("Start of works")
    CLOSING = "closing", _("Closing report")
    OTHER = "other", pgettext_lazy("posting", "Other")


class DefectState(models.TextChoices):
    OPEN = "open", pgettext_lazy("defect", "Open")
    MENDED = "mended", pgettext_lazy("defect", "Said to be mended")
    CHECKED = "checked", pgettext_lazy("defect", "Checked and good")
    DISPUTED = "disputed", pgettext_lazy("defect", "Not accepted by the contractor")


class FileKind(models.TextChoices):
    BEFORE = "before", pgettext_lazy("photo", "Before")
    AFTER = "after", pgettext_lazy("photo", "After")
    SCAN = "scan", _("Signed sheet")
    PROOF = "proof", _("Proof of posting")
    PLAN = "plan", pgettext_lazy("file", "Plan")
    DEFECT = "defect", _("Defect")
