"""The heart: appeals, cases, who works on them, what was answered, and the three clocks."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from chenyue.cases.lifecycle import OPEN, STATE_WORDS, State
from chenyue.catalogue.models import Category, Handling, Urgency
from chenyue.core.fields import EncryptedText
from chenyue.people.models import Member, Resident, Sensitivity, Unit
from chenyue.places.models import Place

STATE_CHOICES = [(state.value, STATE_WORDS[state]) for state in State]


class Channel(models.TextChoices):
    RECEPTION = "reception", _("Reception")
    STEWARD = "steward", _("Steward")
    WEB = "web", _("Web")
    WECOM = "wecom", _("WeCom")
    PHONE = "phone", _("Telephone")
    HOTLINE = "hotline", _("Hotline")
    OPEN311 = "open311", _("Open311")
    PAPER = "paper", _("Letter")


class Result(models.TextChoices):
    """How a case ended. Closed is never "solved": the two are counted apart."""

    RESOLVED = "resolved", _("Resolved")
    EXPLAINED = "explained", _("Explained")
    NOT_OURS = "not_ours", _("Not within our duty")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    MERGED = "merged", _("Merged")


IS_OPEN = models.Q(state__in=[s.value for s in OPEN])
# One case in a hundred is open after some years: who looks for a neighbour's reads only those.
OPEN_INDEXES = {
    "case_open_estate": ["estate", "received_at"],
    "case_open_community": ["community", "received_at"],
    "case_open_category": ["category", "received_at"],
}


class Case(models.Model):
    """What has to be put right. Written only by `cases.actions`."""

    number = models.CharField(max_length=20, unique=True)  # 2026-1122-0007
    title = models.CharField(max_length=120)
    category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="+", db_index=False)
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    room = models.CharField(max_length=20, blank=True)  # the home behind the place, such as 401
    community = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", db_index=False)
    estate = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", db_index=False)
    building = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", db_index=False)
    urgency = models.CharField(max_length=10, choices=Urgency.choices, default=Urgency.NORMAL)
    handling = models.CharField(max_length=10, choices=Handling.choices, default=Handling.DIRECT)
    state = models.CharField(max_length=10, choices=STATE_CHOICES, default=State.RECEIVED.value)
    round = models.PositiveSmallIntegerField(default=1)
    sensitivity = models.CharField(max_length=10, choices=Sensitivity.choices, default=Sensitivity.NORMAL)
    channel = models.CharField(max_length=10, choices=Channel.choices)  # of its first appeal
    lead = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    officer = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+")
    appeals_count = models.PositiveIntegerField(default=1)
    result = models.CharField(max_length=10, choices=Result.choices, blank=True)
    joined_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="joined_cases")
    before_join = models.JSONField(default=dict, blank=True)  # state, appeals and parts, for undoing the join
    # The unit that a private matter is about: it never sees the case and is never given it.
    accused_unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    waiting_reason = models.CharField(max_length=200, blank=True)
    waiting_until = models.DateTimeField(null=True, blank=True)

    received_at = models.DateTimeField()
    triage_due_at = models.DateTimeField(null=True, blank=True)  # by then a person has looked at it
    triaged_at = models.DateTimeField(null=True, blank=True)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    # The three promises of this round: as spans (`4wh`), as due moments, and when they were kept.
    accept_by = models.CharField(max_length=12, blank=True)
    contact_by = models.CharField(max_length=12, blank=True)
    resolve_by = models.CharField(max_length=12, blank=True)
    clock_started_at = models.DateTimeField(null=True, blank=True)
    accept_due_at = models.DateTimeField(null=True, blank=True)
    contact_due_at = models.DateTimeField(null=True, blank=True)
    resolve_due_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    contacted_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    promise_provisional = models.BooleanField(default=False)  # computed with a year not yet announced
    # What the clock job asks for: the next moment at which something must happen, and what.
    next_at = models.DateTimeField(null=True, blank=True)
    next_step = models.CharField(max_length=20, blank=True)
    # A short row of what has been escalated in this round: `accept:warned`, `resolve:overdue` …
    steps_done = models.JSONField(default=list)
    returns_count = models.PositiveSmallIntegerField(default=0)
    review_due_at = models.DateTimeField(null=True, blank=True)  # of the open return, if there is one
    version = models.PositiveIntegerField(default=1)  # a form that shows an older one is stale
    touched_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["-received_at", "-id"], name="case_newest"),
            models.Index(fields=["state", "-id"], name="case_state"),
            models.Index(fields=["lead", "-id"], name="case_lead"),
            models.Index(fields=["category", "-id"], name="case_category"),
            models.Index(fields=["community", "-id"], name="case_community"),
            models.Index(fields=["estate", "-id"], name="case_estate"),
            models.Index(fields=["building", "-id"], name="case_building"),
            models.Index(fields=["urgency", "-id"], name="case_urgency"),
            models.Index(fields=["channel", "-id"], name="case_channel"),
            # Of a category between two days, in the order of the day.
            models.Index(fields=["category", "-received_at", "-id"], name="case_category_day"),
            *(models.Index(fields=fields, name=name, condition=IS_OPEN) for name, fields in OPEN_INDEXES.items()),
            models.Index(fields=["next_at"], name="case_next", condition=models.Q(next_at__isnull=False)),
            models.Index(fields=["closed_at"], name="case_closed", condition=models.Q(closed_at__isnull=False)),
            models.Index(fields=["answered_at"], name="case_answered", condition=models.Q(answered_at__isnull=False)),
            models.Index(
                fields=["resolve_due_at"], name="case_open_due", condition=models.Q(state__in=[s.value for s in OPEN])
            ),
            models.Index(
                fields=["lead", "resolve_due_at"],
                name="case_lead_due",
                condition=models.Q(state__in=[s.value for s in OPEN]),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """Its name on the timeline."""
        return f"case:{self.number}"


class Appeal(models.Model):
    """One person's words, through one channel, at one moment. Never edited; corrections are added."""

    number = models.CharField(max_length=22, unique=True)  # A2026-1122-0007
    case = models.ForeignKey(Case, models.PROTECT, related_name="appeals", db_index=False)
    first_case = models.ForeignKey(Case, models.PROTECT, related_name="+")  # where it began, for undoing a join
    channel = models.CharField(max_length=10, choices=Channel.choices)
    external_number = models.CharField(max_length=60, blank=True)
    reporter = models.ForeignKey(Resident, models.PROTECT, null=True, blank=True, related_name="appeals")
    nickname = models.CharField(max_length=60, blank=True)  # how an anonymous reporter is called
    taken_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    # A message with several matters: each further one is an appeal that quotes these sentences of the first.
    part_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    part_lines = models.JSONField(default=list, blank=True)  # places of the sentences, see triage.matters.sentences
    title = models.CharField(max_length=120, blank=True)
    words = models.TextField()
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    place_told = models.CharField(max_length=200, blank=True)
    # Where letters about this appeal go: given with it, never taken from what somebody else told of the same person.
    email = EncryptedText(_("e-mail"), blank=True, default="")
    consent_contact = models.BooleanField(default=False)
    confidential = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)  # its reporter no longer asks for anything
    receipt = models.CharField(max_length=20, unique=True)
    suggestion = models.JSONField(default=dict)  # what triage suggested, to compare with what was chosen
    received_at = models.DateTimeField()
    filed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "received_at"]), models.Index(fields=["received_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "external_number"],
                condition=~models.Q(external_number=""),
                name="one_appeal_per_external_number",
            )
        ]

    def __str__(self) -> str:
        return self.number


class Addition(models.Model):
    """Words added to an appeal later, by its reporter or by staff; the appeal's own words stay."""

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="additions")
    words = models.TextField()
    by_resident = models.BooleanField(default=True)
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()


class Attachment(models.Model):
    """A file given with an appeal or an answer: photographs re-encoded, everything sniffed."""

    class Stage(models.TextChoices):
        REPORT = "report", _("With the appeal")
        BEFORE = "before", _("Before")
        AFTER = "after", _("After")
        NOTE = "note", _("Internal")

    case = models.ForeignKey(Case, models.PROTECT, related_name="attachments")
    appeal = models.ForeignKey(Appeal, models.PROTECT, null=True, blank=True, related_name="attachments")
    stage = models.CharField(max_length=10, choices=Stage.choices)
    file = models.FileField(upload_to="attachments/%Y/%m")
    preview = models.FileField(upload_to="attachments/%Y/%m", blank=True)
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    latitude = models.FloatField(null=True)  # from EXIF, offered once, stripped from the file
    longitude = models.FloatField(null=True)
    token = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()


class AssignmentRole(models.TextChoices):
    LEAD = "lead", _("Lead")
    ASSIST = "assist", _("Assisting")


class Assignment(models.Model):
    """A unit's part in a case, in one round."""

    class State(models.TextChoices):
        SENT = "sent", _("Awaiting acceptance")
        ACCEPTED = "accepted", _("Accepted")
        DONE = "done", _("Done")
        RETURNED = "returned", _("Returned")
        EXCUSED = "excused", _("Excused")
        REPLACED = "replaced", _("Replaced")

    case = models.ForeignKey(Case, models.PROTECT, related_name="assignments")
    round = models.PositiveSmallIntegerField(default=1)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="assignments", db_index=False)
    role = models.CharField(max_length=8, choices=AssignmentRole.choices)
    officer = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENT)
    active = models.BooleanField(default=True)  # may this unit see and work on the case now
    task = models.CharField(max_length=200, blank=True)
    report = models.TextField(blank=True)  # what an assisting unit did
    reason = models.CharField(max_length=200, blank=True)  # why excused or replaced
    sent_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "active", "-case"]),
            models.Index(fields=["unit"], name="assignments_sent", condition=models.Q(active=True, state="sent")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "unit"], condition=models.Q(active=True), name="one_active_assignment_per_unit"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(active=True, role="lead"), name="one_active_lead"
            ),
        ]


class ReturnReason(models.TextChoices):
    NOT_OUR_DUTY = "not_our_duty", _("Not our duty")
    WRONG_PLACE = "wrong_place", _("Wrong place")
    NEEDS_ANOTHER_UNIT = "needs_another_unit", _("Needs another unit")
    LEGAL_PATH = "legal_path", _("Belongs on a legal path")
    DUPLICATE = "duplicate", _("Duplicate")
    FACTS_MISSING = "facts_missing", _("Facts are missing")


class Return(models.Model):
    """A unit's objection to an assignment. A dispatcher reviews it within its own promise."""

    class State(models.TextChoices):
        OPEN = "open", _("Under review")
        UPHELD = "upheld", _("Upheld")
        REFUSED = "refused", _("Refused")

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="returns")
    case = models.ForeignKey(Case, models.PROTECT, related_name="returns")
    reason = models.CharField(max_length=20, choices=ReturnReason.choices)
    words = models.TextField()
    proposed = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")  # who objected
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    review_due_at = models.DateTimeField()
    review_words = models.TextField(blank=True)
    at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=models.Q(state="open"), name="one_open_return")
        ]


class Pause(models.Model):
    """A stretch in which the clock stands still: reason, until when, who approved it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="pauses")
    round = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")


class Extension(models.Model):
    """A moved promise: asked for with a reason, decided by somebody else, told to the reporters."""

    class State(models.TextChoices):
        ASKED = "asked", _("Asked for")
        GRANTED = "granted", _("Approved")
        REFUSED = "refused", _("Refused")
        LAPSED = "lapsed", _("Lapsed")  # nobody decided before the work had ended

    case = models.ForeignKey(Case, models.PROTECT, related_name="extensions")
    round = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=300)
    was_due_at = models.DateTimeField(null=True)
    new_due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_words = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=models.Q(state="asked"), name="one_open_extension")
        ]


class Answer(models.Model):
    """What the unit did, and what the reporters are told, exactly as it was sent."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="answers")
    round = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    done = models.TextField()  # what was done, for the office
    told = models.TextField()  # what the reporters read
    result = models.CharField(max_length=10, choices=Result.choices)
    at = models.DateTimeField()


class Note(models.Model):
    """An internal note: never shown to a resident."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="notes")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    words = EncryptedText()
    at = models.DateTimeField()


class AnswerTemplate(models.Model):
    """A standard text by category (None: any) and result; `{name}` marks a blank, `{{…}}` one to fill in by hand."""

    category = models.ForeignKey(Category, models.CASCADE, null=True, blank=True, related_name="answer_templates")
    result = models.CharField(max_length=10, choices=Result.choices, blank=True)
    name = models.CharField(max_length=60)
    body = models.TextField()
    active = models.BooleanField(default=True)


class SavedView(models.Model):
    """A list's filters under a name: one's own, or shared with the unit or everyone."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=500)  # the list's query string
    shared = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)
