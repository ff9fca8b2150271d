"""Small vocabularies of mediation: stages, sides, kinds, results. Pure. Sources: 人民调解法 (2010)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Stage(models.TextChoices):
    """Where a mediation stands."""

    SCREENING = "screening", pgettext_lazy("mediation", "Being screened")
    CONSENT = "consent", pgettext_lazy("mediation", "Asking the parties")
    MEDIATING = "mediating", pgettext_lazy("mediation", "Mediating")
    AGREED = "agreed", pgettext_lazy("mediation", "Agreement being signed")
    PERFORMING = "performing", pgettext_lazy("mediation", "Being performed")
    PERFORMED = "performed", pgettext_lazy("mediation", "Performed")
    TERMINATED = "terminated", pgettext_lazy("mediation", "Ended without agreement")
    REFUSED = "refused", pgettext_lazy("mediation", "A party refuses")
    NOT_ACCEPTED = "not_accepted", pgettext_lazy("mediation", "Not accepted")


MOVES: dict[str, tuple[str, ...]] = {  # which stage may follow which
    "screening": ("consent", "not_accepted", "refused"),
    "consent": ("mediating", "refused", "not_accepted", "terminated"),
    "mediating": ("agreed", "terminated", "refused", "consent"),
    "agreed": ("performing", "mediating", "terminated"),
    "performing": ("performed", "terminated"),
    "performed": (),
    "terminated": (),
    "refused": ("consent",),  # asked again later, when the party comes of its own will
    "not_accepted": ("screening",),  # the obstacle is gone
}
OPEN = (Stage.SCREENING, Stage.CONSENT, Stage.MEDIATING, Stage.AGREED, Stage.PERFORMING)
ENDED = (Stage.PERFORMED, Stage.TERMINATED, Stage.REFUSED, Stage.NOT_ACCEPTED)


class Source(models.TextChoices):
    """案件来源: who brought it (art. 17, 18)."""

    APPLICATION = "application", _("A party applies")
    INITIATIVE = "initiative", _("The committee's own initiative")
    POLICE = "police", _("Handed over by the police")
    COURT = "court", _("Entrusted by the court")
    PETITION = "petition", _("Handed over by the petition office")
    GOVERNMENT = "government", _("Named by the government")


class Dispute(models.TextChoices):
    """纠纷类型: the nineteen of the statistics."""

    FAMILY = "family", _("Marriage and family")
    NEIGHBOURS = "neighbours", _("Neighbours")
    HOUSING = "housing", _("House and homestead")
    CONTRACT = "contract", _("Contract")
    BUSINESS = "business", _("Production and business")
    DAMAGES = "damages", _("Damages")
    FOREST_LAND = "forest_land", _("Mountain, forest and land")
    EXPROPRIATION = "expropriation", _("Land taken and houses moved")
    ENVIRONMENT = "environment", _("Pollution")
    MIGRANT_WAGES = "migrant_wages", _("Wages owed to migrant workers")
    LABOUR = "labour", _("Labour")
    TOURISM = "tourism", _("Tourism")
    E_COMMERCE = "e_commerce", _("Online trade")
    CONSUMER = "consumer", _("Other consumption")
    MEDICAL = "medical", _("Medical treatment")
    TRAFFIC = "traffic", _("Road traffic accident")
    PROPERTY = "property", _("Property management")
    VILLAGE = "village", _("Village affairs")
    OTHER = "other", pgettext_lazy("dispute", "Other")


class Side(models.TextChoices):
    APPLICANT = "applicant", _("Applicant")
    RESPONDENT = "respondent", _("Other side")
    THIRD = "third", _("Third party")


class PartyKind(models.TextChoices):
    PERSON = "person", pgettext_lazy("party", "Person")
    UNIT = "unit", _("Legal person or organisation")


class Capacity(models.TextChoices):
    """民法典 17–22: who without full capacity acts through a guardian."""

    FULL = "full", _("Full capacity")
    LIMITED = "limited", _("Limited capacity")
    NONE = "none", _("No capacity")


class Acts(models.TextChoices):
    """For whom and as what a representative acts."""

    AGENT = "agent", _("Agent by power of attorney")
    GUARDIAN = "guardian", _("Guardian")
    LEGAL = "legal", _("Legal representative")
    ELECTED = "elected", _("Elected for several")
    HEIR = "heir", _("Heir of a party who died")


class Question(models.TextChoices):
    """What a consent is about: always one party, one question, one moment."""

    MEDIATION = "mediation", _("To be mediated")
    RIGHTS = "rights", _("Told of rights and duties")
    MEDIATOR = "mediator", _("A mediator")
    INVITATION = "invitation", _("An invited body or person")
    OPEN = "open", _("An open meeting")
    STORY = "story", _("Told in public, without names")
    EXTENSION = "extension", _("More time")
    SCREEN = "screen", _("Signing on a screen")
    SURVEY = "survey", _("A look or test at the place")
    CONFIRMATION = "confirmation", _("Judicial confirmation")


class How(models.TextChoices):
    """How something was said."""

    PAPER = "paper", pgettext_lazy("said", "On paper")
    ORAL = "oral", pgettext_lazy("said", "By word of mouth, recorded")
    PHONE = "phone", pgettext_lazy("said", "By telephone, recorded")
    WEB = "web", pgettext_lazy("said", "On the party's own page")


class Tie(models.TextChoices):
    """Why a mediator should not mediate (art. 15, 23; local rules on disclosure)."""

    KIN = "kin", _("Kin of a party")
    HOUSEHOLD = "household", _("Lives in the same home as a party")
    BUILDING = "building", _("Lives in the same building as a party")
    UNIT = "unit", _("Works for a party or beside one")
    EARLIER = "earlier", _("Was in a dispute with a party")
    OWNER = "owner", _("Has a home or right of their own in the matter")
    OTHER = "other", pgettext_lazy("tie", "Another tie")


class MeetingKind(models.TextChoices):
    JOINT = "joint", pgettext_lazy("meeting", "Mediation meeting")
    INQUIRY = "inquiry", pgettext_lazy("meeting", "Inquiry")
    SURVEY = "survey", pgettext_lazy("meeting", "Look at the place")
    SIGNING = "signing", pgettext_lazy("meeting", "Signing")


class MeetingState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("meeting", "Planned")
    HELD = "held", pgettext_lazy("meeting", "Held")
    BROKEN_OFF = "broken_off", pgettext_lazy("meeting", "Broken off")
    CANCELLED = "cancelled", pgettext_lazy("meeting", "Cancelled")


class Minutes(models.TextChoices):
    NONE = "none", pgettext_lazy("minutes", "Not yet written")
    DRAFT = "draft", pgettext_lazy("minutes", "Draft")
    ASKED = "asked", pgettext_lazy("minutes", "With the parties")
    FINAL = "final", pgettext_lazy("minutes", "Final")


class EvidenceKind(models.TextChoices):
    DOCUMENT = "document", _("Document")
    PHOTO = "photo", _("Photograph")
    MEASUREMENT = "measurement", _("Measurement at the place")
    ARCHIVE = "archive", _("Copy from an archive")
    STATEMENT = "statement", _("Statement of a witness")
    RECEIPT = "receipt", _("Receipt or transfer")
    IDENTITY = "identity", _("Proof of identity")
    AUTHORITY = "authority", _("Power of attorney")
    RULING = "ruling", _("Paper of a court or office")
    OTHER = "other", pgettext_lazy("evidence", "Other")


class Form(models.TextChoices):
    WRITTEN = "written", pgettext_lazy("agreement", "Written")
    ORAL = "oral", pgettext_lazy("agreement", "Oral, registered")


class AgreementState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("agreement", "Draft")
    SIGNING = "signing", pgettext_lazy("agreement", "Being signed")
    IN_EFFECT = "in_effect", pgettext_lazy("agreement", "In effect")
    REPLACED = "replaced", pgettext_lazy("agreement", "Replaced")
    VOID = "void", pgettext_lazy("agreement", "Void")


class Mark(models.TextChoices):
    """How a person binds themselves: signature, finger-print or seal on paper; or on a screen."""

    SIGNATURE = "signature", _("Signature")
    FINGERPRINT = "fingerprint", _("Finger-print")
    SEAL = "seal", _("Seal")
    SCREEN = "screen", _("Signature on a screen")


class Signer(models.TextChoices):
    PARTY = "party", _("Party")
    REPRESENTATIVE = "representative", _("Representative")
    MEDIATOR = "mediator", _("Mediator")
    RECORDER = "recorder", _("Recorder")
    COMMITTEE = "committee", _("Seal of the committee")


class ObligationState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("obligation", "Not due yet")
    OVERDUE = "overdue", pgettext_lazy("obligation", "Overdue")
    DONE = "done", pgettext_lazy("obligation", "Performed")
    EXCUSED = "excused", pgettext_lazy("obligation", "Excused by the other side")
    BROKEN = "broken", pgettext_lazy("obligation", "Broken")


class ConfirmationState(models.TextChoices):
    """司法确认: joint application within 30 days of effect (art. 33)."""

    OPEN = "open", pgettext_lazy("confirmation", "May be applied for")
    WAIVED = "waived", pgettext_lazy("confirmation", "Not wanted by the parties")
    APPLIED = "applied", pgettext_lazy("confirmation", "Applied for")
    CONFIRMED = "confirmed", pgettext_lazy("confirmation", "Confirmed")
    REFUSED = "refused", pgettext_lazy("confirmation", "Refused by the court")
    EXPIRED = "expired", pgettext_lazy("confirmation", "Too late")


class VisitKind(models.TextChoices):
    FIRST_DUE = "first_due", _("The day after the first due date")
    DAYS_30 = "days_30", _("After 30 days")
    DAYS_180 = "days_180", _("After 180 days")
    OVERDUE = "overdue", _("After a broken promise")
    OTHER = "other", pgettext_lazy("visit", "At another time")


class Grade(models.TextChoices):
    """A party's word on the mediation, as for every callback."""

    SATISFIED = "satisfied", _("Satisfied")
    BASICALLY = "basically", _("Basically satisfied")
    DISSATISFIED = "dissatisfied", _("Dissatisfied")


class Risk(models.TextChoices):
    """Art. 25: what calls for preventive measures, or for the police."""

    ESCALATION = "escalation", _("The quarrel may escalate")
    VIOLENCE = "violence", _("Violence or threats")
    OFFENCE = "offence", _("A possible offence")
    SELF_HARM = "self_harm", _("Somebody may harm themselves")
    CROWD = "crowd", _("Many people gather")


class Calculator(models.TextChoices):
    LAND = "land", _("Land compensation")
    INSTALMENTS = "instalments", _("Instalments")
    INTEREST = "interest", _("Interest")
    LEAK = "leak", _("Costs of a leak between neighbours")
    SHARES = "shares", _("Shares of one sum")


class Wrong(models.TextChoices):
    """What a mediator may be complained of (art. 15)."""

    FAVOURS = "favours", _("Favours one side")
    INSULTS = "insults", _("Insults a party")
    TAKES = "takes", _("Asks for or takes money or gifts")
    TELLS = "tells", _("Tells private matters or trade secrets")
    OTHER = "other", pgettext_lazy("complaint", "Something else")


class Found(models.TextChoices):
    """What came of a complaint (art. 15: criticised and told to do right; in grave cases dismissed)."""

    UNFOUNDED = "unfounded", pgettext_lazy("complaint", "Not borne out")
    EXPLAINED = "explained", pgettext_lazy("complaint", "Explained, a misunderstanding")
    CORRECTED = "corrected", pgettext_lazy("complaint", "Borne out: criticised and told to do right")
    DISMISSED = "dismissed", pgettext_lazy("complaint", "Borne out and grave: dismissed as mediator")


class Handed(models.TextChoices):
    """How a copy of an agreement reached a party (art. 29: one each, the committee keeps one)."""

    HAND = "hand", pgettext_lazy("copy", "Given into their hands")
    REPRESENTATIVE = "representative", pgettext_lazy("copy", "To who acts for them")
    POST = "post", pgettext_lazy("copy", "By post")
    LEFT = "left", pgettext_lazy("copy", "Left at their home, a witness signed")
    FILE = "file", pgettext_lazy("copy", "As a file that they asked for")
