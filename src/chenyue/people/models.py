"""Units and their members, what members may do and where, and residents with protected contact data."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core.actors import Actor
from chenyue.core.fields import EncryptedText
from chenyue.places.models import Place


class UnitKind(models.TextChoices):
    DEPARTMENT = "department", _("Department")
    STATION = "station", _("Station")
    COMMUNITY = "community", _("Residents' committee")
    VILLAGE = "village", _("Village committee")
    PROPERTY_FIRM = "property_firm", _("Property firm")
    POLICE = "police", _("Police")
    UTILITY = "utility", _("Utility")
    OTHER = "other", _("Other")


class Unit(models.Model):
    """Whoever work can be given to. A placeholder (`community`, `property`) stands for the one of the place."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=20, choices=UnitKind.choices)
    note = models.CharField(_("note"), max_length=200, blank=True)
    placeholder = models.BooleanField(default=False)
    community = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="committees")
    estates = models.ManyToManyField(Place, blank=True, related_name="property_firms")
    phone = models.CharField(_("duty telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    initials = models.CharField(max_length=60, blank=True, default="")
    active = models.BooleanField(_("active"), default=True)

    def __str__(self) -> str:
        return self.name


class MemberManager(BaseUserManager["Member"]):
    def create_member(self, username: str, password: str | None, **fields: Any) -> "Member":
        member = self.model(username=username, **fields)
        member.set_password(password)
        member.save(using=self._db)
        return member


class Member(AbstractBaseUser):
    """A member of staff (or a steward, mediator, volunteer) who signs in."""

    username = models.CharField(_("user name"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="members", null=True, blank=True)
    title = models.CharField(_("position"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = EncryptedText(_("telephone"), blank=True, default="")
    is_active = models.BooleanField(_("active"), default=True)
    must_change_password = models.BooleanField(default=True)
    second_factor = models.BooleanField(default=False)  # has a confirmed device, asked for at sign-in
    epoch = models.PositiveIntegerField(default=0)  # counting up ends all sessions
    joined_at = models.DateTimeField(auto_now_add=True)
    # Saved with the member so that the choice follows them to another desk.
    preferences = models.JSONField(default=dict, blank=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[MemberManager] = MemberManager()

    class Meta:
        indexes = [models.Index(fields=["unit", "is_active"])]

    def __str__(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Sessions end when the password or the second factor changes, or by `epoch`."""
        return salted_hmac(
            "people.session", f"{self.password}:{self.epoch}", secret=secret, algorithm="sha256"
        ).hexdigest()

    def actor(self) -> Actor:
        """This member as the `by` of an action."""
        return Actor("member", str(self.pk), self.name, user=self)


class Role(models.Model):
    """A named set of permission words. Roles are data: no code knows their names."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=40)
    permissions = models.JSONField(_("permissions"), default=list)  # words of people.permissions.WORDS

    def __str__(self) -> str:
        return self.name


class Sensitivity(models.TextChoices):
    """How closely a matter is kept. Each level may be seen only by a grant that names it or a higher one."""

    NORMAL = "normal", pgettext_lazy("sensitivity", "Normal")
    PRIVATE = "private", pgettext_lazy("sensitivity", "Private")
    SEALED = "sealed", pgettext_lazy("sensitivity", "Sealed")


class Grant(models.Model):
    """A role given to a member, within a unit and a place (None: everywhere), up to a sensitivity."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="grants")
    role = models.ForeignKey(Role, models.PROTECT, related_name="grants")
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True, related_name="+")
    place = models.ForeignKey(Place, models.CASCADE, null=True, blank=True, related_name="+")
    sensitivity = models.CharField(max_length=10, choices=Sensitivity.choices, default=Sensitivity.NORMAL)

    def __str__(self) -> str:
        return f"{self.member}: {self.role}"


class Resident(models.Model):
    """A person who is not staff. No account; contact data encrypted, found by blind index only."""

    name = EncryptedText(_("name"), blank=True, default="")
    name_index = models.CharField(max_length=32, blank=True, default="", db_index=True)
    phone = EncryptedText(_("telephone"), blank=True, default="")
    phone_index = models.CharField(max_length=32, blank=True, default="", db_index=True)
    id_number = EncryptedText(_("ID number"), blank=True, default="")
    id_index = models.CharField(max_length=32, blank=True, default="", db_index=True)
    address = EncryptedText(_("address"), blank=True, default="")
    email = EncryptedText(_("e-mail"), blank=True, default="")
    home = models.ForeignKey(Place, models.SET_NULL, null=True, blank=True, related_name="residents")
    birth_year = models.PositiveIntegerField(null=True, blank=True)
    dialect = models.CharField(max_length=20, blank=True, default="")
    created_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True, blank=True)  # processing stopped, stored only (PIPL 47)
    erased_at = models.DateTimeField(null=True, blank=True)  # a tombstone: contact data gone

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["phone_index", "name_index"],
                condition=~models.Q(phone_index=""),
                name="one_resident_per_phone_and_name",
            )
        ]

    def __str__(self) -> str:
        return f"Resident {self.pk}"  # never the name: this ends up in logs


class ConsentText(models.Model):
    """A version of what residents are asked to agree to. Never edited: a change is a new version."""

    purpose = models.CharField(max_length=40)  # such as "contact", "publish"
    version = models.PositiveIntegerField()
    text = models.TextField()
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["purpose", "version"], name="one_text_per_version")]


class Consent(models.Model):
    """A resident agreed to a version of a text, or took it back."""

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="consents")
    text = models.ForeignKey(ConsentText, models.PROTECT)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)


class DataRequest(models.Model):
    """A resident asks to inspect, copy, correct or delete their data (PIPL 44–50); refusal needs a reason."""

    class Kind(models.TextChoices):
        INSPECT = "inspect", pgettext_lazy("request", "Inspect")
        COPY = "copy", pgettext_lazy("request", "Copy")
        CORRECT = "correct", pgettext_lazy("request", "Correct")
        DELETE = "delete", pgettext_lazy("request", "Delete")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("request", "Open")
        DONE = "done", pgettext_lazy("request", "Done")
        REFUSED = "refused", pgettext_lazy("request", "Refused")

    class Identity(models.TextChoices):
        """How it was made sure that it is the person themselves who asks."""

        CARD = "card", _("Looked at an ID card")
        CALLED = "called", _("Called back the number that was known before")
        KNOWN = "known", _("Somebody of the office knows them by sight")

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="requests")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    words = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    identity = models.CharField(max_length=10, choices=Identity.choices, blank=True, default="")
    identity_at = models.DateTimeField(null=True, blank=True)
    identity_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"])]


class Look(models.Model):
    """A member looked at somebody's contact data, and why. Also an entry on the timeline."""

    member = models.ForeignKey(Member, models.PROTECT)
    resident = models.ForeignKey(Resident, models.CASCADE)
    reason = models.CharField(max_length=200)
    subject = models.CharField(max_length=60)
    at = models.DateTimeField()
    until = models.DateTimeField()  # shown unmasked to this member until then

    class Meta:
        indexes = [models.Index(fields=["member", "subject", "until"])]


class PhoneCode(models.Model):
    """A code sent to a mobile number, to prove that who asks holds it. Neither code nor number stands here in clear.

    Bound to the browser that asked: its cookie holds a token of which only the print is kept, and the code's own
    print is made of both. Who reads this table can't find the code by trying a million of them.
    """

    key = models.CharField(max_length=32, unique=True)  # blind index of the browser's token
    phone = EncryptedText()
    phone_index = models.CharField(max_length=32)
    code = models.CharField(max_length=32)  # blind index of token and code
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)
    proved_at = models.DateTimeField(null=True, blank=True)  # the code was typed: now the name is asked
    names = models.PositiveSmallIntegerField(default=0)  # names tried

    class Meta:
        indexes = [models.Index(fields=["phone_index"])]


class ResidentSession(models.Model):
    """A resident has proved number and name in a browser; its cookie holds a token of which the print is kept."""

    key = models.CharField(max_length=32, unique=True)
    resident = models.ForeignKey(Resident, models.CASCADE, related_name="sessions")
    phone_index = models.CharField(max_length=32)  # proved then: ends when it's no longer the resident's
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    device = models.CharField(max_length=32, blank=True, default="")  # print of the browser
