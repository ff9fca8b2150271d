"""Small vocabularies of volunteering: states, grades of evidence, kinds of accounts and postings. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class VolunteerState(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("volunteer", "Active")
    RESTING = "resting", pgettext_lazy("volunteer", "Resting")
    LEFT = "left", pgettext_lazy("volunteer", "Left")


class NeedState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("need", "Asked for")
    VERIFIED = "verified", pgettext_lazy("need", "Verified")
    PLANNED = "planned", pgettext_lazy("need", "Somebody comes")
    MET = "met", pgettext_lazy("need", "Met")
    DECLINED = "declined", pgettext_lazy("need", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("need", "Withdrawn")


NEED_MOVES: dict[str, tuple[str, ...]] = {
    "asked": ("verified", "declined", "withdrawn"),
    "verified": ("planned", "declined", "withdrawn"),
    "planned": ("met", "verified", "withdrawn"),
    "met": (),
    "declined": ("asked",),
    "withdrawn": ("asked",),
}


class ActivityState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("activity", "Draft")
    OPEN = "open", pgettext_lazy("activity", "Open for sign-up")
    CANCELLED = "cancelled", pgettext_lazy("activity", "Called off")
    DONE = "done", pgettext_lazy("activity", "Done")


ACTIVITY_MOVES: dict[str, tuple[str, ...]] = {
    "draft": ("open", "cancelled"),
    "open": ("done", "cancelled"),
    "cancelled": (),
    "done": (),
}


class ActivityKind(models.TextChoices):
    PATROL = "patrol", pgettext_lazy("activity", "Patrol and order")
    CARE = "care", pgettext_lazy("activity", "Care for the old and the ill")
    CHILDREN = "children", pgettext_lazy("activity", "Children and learning")
    CLEANING = "cleaning", pgettext_lazy("activity", "Cleaning and sorting")
    REPAIR = "repair", pgettext_lazy("activity", "Repairs and skills")
    CULTURE = "culture", pgettext_lazy("activity", "Culture and sport")
    MEDIATION = "mediation", pgettext_lazy("activity", "Talking and mediating")
    EMERGENCY = "emergency", pgettext_lazy("activity", "Storm, snow and emergencies")
    OTHER = "other", pgettext_lazy("activity", "Other")


class SignUpState(models.TextChoices):
    GOING = "going", pgettext_lazy("sign-up", "Coming")
    WAITING = "waiting", pgettext_lazy("sign-up", "On the waiting list")
    WITHDRAWN = "withdrawn", pgettext_lazy("sign-up", "Withdrawn")
    CAME = "came", pgettext_lazy("sign-up", "Came")
    ABSENT = "absent", pgettext_lazy("sign-up", "Didn't come")


class Mode(models.TextChoices):
    """How the hours of an activity are evidenced."""

    QR = "qr", pgettext_lazy("evidence", "Rotating code, in and out")
    LIST = "list", pgettext_lazy("evidence", "List of the organiser, confirmed")


class Grade(models.TextChoices):
    """A: scanned in and out. B: list, second person, and the one served confirms. C: attested later: hours only."""

    A = "A", pgettext_lazy("evidence", "A: scanned in and out")
    B = "B", pgettext_lazy("evidence", "B: list, approved and confirmed")
    C = "C", pgettext_lazy("evidence", "C: attested later")


class ClaimState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("claim", "Waits for a second person")
    APPROVED = "approved", pgettext_lazy("claim", "Approved")
    REFUSED = "refused", pgettext_lazy("claim", "Refused")


class AccountKind(models.TextChoices):
    """Only issuance may stand below zero: what it lacks is what was ever issued."""

    ISSUANCE = "issuance", pgettext_lazy("account", "Issued")
    PERSON = "person", pgettext_lazy("account", "To spend")
    HELD = "held", pgettext_lazy("account", "Held for bookings")
    FROZEN = "frozen", pgettext_lazy("account", "Frozen until decided")
    POOL = "pool", pgettext_lazy("account", "Donated, for those who can't earn")
    BURNT = "burnt", pgettext_lazy("account", "Spent")
    EXPIRED = "expired", pgettext_lazy("account", "Expired")
    VOIDED = "voided", pgettext_lazy("account", "Taken back")


OWNED = (AccountKind.PERSON, AccountKind.HELD, AccountKind.FROZEN)  # one of each for a resident


class PostingKind(models.TextChoices):
    EARN = "earn", pgettext_lazy("posting", "Earned by hours")
    GRANT = "grant", pgettext_lazy("posting", "Granted")
    HOLD = "hold", pgettext_lazy("posting", "Held for a booking")
    RELEASE = "release", pgettext_lazy("posting", "Given back")
    BURN = "burn", pgettext_lazy("posting", "Spent")
    EXPIRE = "expire", pgettext_lazy("posting", "Expired")
    TRANSFER = "transfer", pgettext_lazy("posting", "Passed on in the family")
    DONATE = "donate", pgettext_lazy("posting", "Donated")
    FREEZE = "freeze", pgettext_lazy("posting", "Frozen")
    THAW = "thaw", pgettext_lazy("posting", "Freed again")
    VOID = "void", pgettext_lazy("posting", "Taken back")


class ProposalKind(models.TextChoices):
    """What may be asked for by hand."""

    GRANT = "grant", pgettext_lazy("proposal", "Grant new credits")
    POOL = "pool", pgettext_lazy("proposal", "Give donated credits")
    TAKE = "take", pgettext_lazy("proposal", "Take credits back")


class ProposalState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("proposal", "Waits for a second person")
    APPROVED = "approved", pgettext_lazy("proposal", "Approved")
    REFUSED = "refused", pgettext_lazy("proposal", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "Withdrawn")


class Rounding(models.TextChoices):
    """Of the minutes of one activity, before they become credits; always down."""

    NONE = "none", pgettext_lazy("rounding", "To the minute")
    HALF = "half", pgettext_lazy("rounding", "Half hours")
    WHOLE = "whole", pgettext_lazy("rounding", "Whole hours")


class Expiry(models.TextChoices):
    NONE = "none", pgettext_lazy("expiry", "Never")
    YEAR_END = "year_end", pgettext_lazy("expiry", "At the end of the year")
    YEARS = "years", pgettext_lazy("expiry", "Some years after the day they were earned")


class Kin(models.TextChoices):
    SPOUSE = "spouse", pgettext_lazy("kin", "Spouse")
    PARENT = "parent", pgettext_lazy("kin", "Parent")
    CHILD = "child", pgettext_lazy("kin", "Child")
    GRANDPARENT = "grandparent", pgettext_lazy("kin", "Grandparent")
    GRANDCHILD = "grandchild", pgettext_lazy("kin", "Grandchild")
    IN_LAW = "in_law", pgettext_lazy("kin", "Parent of the spouse")


class ContractState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("contract", "Draft")
    RUNNING = "running", pgettext_lazy("contract", "Running")
    CUT = "cut", pgettext_lazy("contract", "Cut short")
    ENDED = "ended", pgettext_lazy("contract", "Ended")


class SlotState(models.TextChoices):
    OPEN = "open", pgettext_lazy("slot", "Open")
    CALLED_OFF = "called_off", pgettext_lazy("slot", "Called off by the supplier")
    DONE = "done", pgettext_lazy("slot", "Over")


class BookingState(models.TextChoices):
    HELD = "held", pgettext_lazy("booking", "Booked")
    ATTENDED = "attended", pgettext_lazy("booking", "Taken")
    CANCELLED = "cancelled", pgettext_lazy("booking", "Cancelled in time")
    LATE = "late", pgettext_lazy("booking", "Cancelled late")
    MISSED = "missed", pgettext_lazy("booking", "Didn't come")
    CALLED_OFF = "called_off", pgettext_lazy("booking", "Called off by the supplier")


class Via(models.TextChoices):
    """Through which door a booking or a sign-up came."""

    WEB = "web", pgettext_lazy("volunteering", "Online")
    WINDOW = "window", pgettext_lazy("volunteering", "At the window")
    PHONE = "phone", pgettext_lazy("volunteering", "By telephone")


class WaitState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("waiting list", "Waiting")
    CALLED = "called", pgettext_lazy("waiting list", "A place is free for you")
    TAKEN = "taken", pgettext_lazy("waiting list", "Booked")
    LAPSED = "lapsed", pgettext_lazy("waiting list", "Not answered in time")
    LEFT = "left", pgettext_lazy("waiting list", "Left the list")


class PleaState(models.TextChoices):
    """An appeal against a missed or late booking, or a complaint about hours."""

    OPEN = "open", pgettext_lazy("plea", "To be decided")
    UPHELD = "upheld", pgettext_lazy("plea", "Upheld")
    REFUSED = "refused", pgettext_lazy("plea", "Refused")


class SettlementState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("settlement", "Draft")
    AGREED = "agreed", pgettext_lazy("settlement", "Agreed with the supplier")
    PAID = "paid", pgettext_lazy("settlement", "Paid")


class CertificateState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("certificate", "Asked for")
    NOTICE = "notice", pgettext_lazy("certificate", "On notice")
    ISSUED = "issued", pgettext_lazy("certificate", "Issued")
    WITHDRAWN = "withdrawn", pgettext_lazy("certificate", "Withdrawn")
    REFUSED = "refused", pgettext_lazy("certificate", "Refused")


class PleaKind(models.TextChoices):
    HOURS = "hours", _("Complaint about hours")
    BOOKING = "booking", _("Appeal about a booking")
    SERVICE = "service", _("Complaint about a service")
