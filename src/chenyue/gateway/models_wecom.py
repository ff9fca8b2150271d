"""What WeCom needs: connections, who is who there, what came in and isn't worked on yet. Part of `gateway.models`."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.cases.models import Appeal, Case
from chenyue.core.errors import Sentence
from chenyue.core.fields import EncryptedText
from chenyue.people.models import Member
from chenyue.places.models import Place


class WecomLink(models.Model):
    """One connection: an app, customer service, residents' reports or a smart robot.

    Off until somebody switches it on. Secrets are encrypted and never shown again.
    """

    class Kind(models.TextChoices):
        APP = "app", pgettext_lazy("wecom", "App of one's own")
        SERVICE = "kf", pgettext_lazy("wecom", "Customer service")
        REPORT = "report", pgettext_lazy("wecom", "Residents' reports")
        BOT = "bot", pgettext_lazy("wecom", "Smart robot")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=60)
    code = models.CharField(max_length=40, unique=True)  # of its callback
    host = models.CharField(max_length=200, blank=True)  # https://… of a private WeCom; "": the public one
    corp_id = models.CharField(max_length=64, blank=True)
    agent_id = models.CharField(max_length=20, blank=True)
    account = models.CharField(max_length=64, blank=True)  # open_kfid, or the robot's id
    secret = EncryptedText(blank=True, default="")
    token = EncryptedText(blank=True, default="")
    aes_key = EncryptedText(blank=True, default="")
    on = models.BooleanField(default=False)
    cursor = models.TextField(blank=True, default="")  # where pulling goes on
    since = models.DateTimeField(null=True)  # reports and messages before it aren't taken
    access = EncryptedText(blank=True, default="")  # the access token of the moment
    access_until = models.DateTimeField(null=True)
    asking_until = models.DateTimeField(null=True)  # somebody is fetching a new one
    pause_until = models.DateTimeField(null=True)  # WeCom said: too often
    held_by = models.CharField(max_length=60, blank=True)  # which process holds the robot's one connection
    held_until = models.DateTimeField(null=True)
    worked_at = models.DateTimeField(null=True)  # last time that something went well
    trouble = models.CharField(max_length=200, blank=True)
    trouble_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["kind", "name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """Its name on the timeline."""
        return f"wecom:{self.pk}"


class WecomPerson(models.Model):
    """Who of the members somebody in WeCom is."""

    corp_id = models.CharField(max_length=64)
    userid = models.CharField(max_length=64)
    member = models.ForeignKey(Member, models.CASCADE, related_name="wecom")
    bound_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")  # None: by a code
    bound_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["corp_id", "userid"], name="one_member_per_userid")]


class WecomCode(models.Model):
    """A code by which a member says in WeCom who they are; works once."""

    member = models.OneToOneField(Member, models.CASCADE, related_name="wecom_code")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()


class WecomInbound(models.Model):
    """Something that WeCom sent, kept until it is worked on; afterwards only that it came."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("wecom", "Waits")
        TALK = "talk", pgettext_lazy("wecom", "Gathered for an appeal")
        ADDED = "added", pgettext_lazy("wecom", "Added to an appeal")
        FORWARD = "forward", pgettext_lazy("wecom", "Group chat kept for its steward")
        BOUND = "bound", pgettext_lazy("wecom", "Member known now")
        ACTED = "acted", pgettext_lazy("wecom", "Acted on a case")
        FILED = "filed", pgettext_lazy("wecom", "Filed as an appeal")
        PASSED = "passed", pgettext_lazy("wecom", "Nothing to do")
        REFUSED = "refused", pgettext_lazy("wecom", "Refused")
        FAILED = "failed", pgettext_lazy("wecom", "Failed")

    link = models.ForeignKey(WecomLink, models.CASCADE, related_name="inbound")
    key = models.CharField(max_length=160)
    kind = models.CharField(max_length=40)  # text, image, event …
    body = EncryptedText(blank=True, default="")  # "" once it is done
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    why = models.CharField(max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)  # None: done, or given up

    KINDS = {
        "text": pgettext_lazy("wecom", "Text"),
        "image": pgettext_lazy("wecom", "Picture"),
        "voice": pgettext_lazy("wecom", "Voice"),
        "place": pgettext_lazy("wecom", "Place"),
        "forward": pgettext_lazy("wecom", "Forwarded chat"),
        "report": pgettext_lazy("wecom", "Report"),
        "picture": pgettext_lazy("wecom", "Picture of a report"),
        "template_card_event": pgettext_lazy("wecom", "Button of a card"),
        "kf_msg_or_event": pgettext_lazy("wecom", "There is something to fetch"),
        "enter_session": pgettext_lazy("wecom", "Opened a conversation"),
    }

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["link", "key"], name="one_wecom_message_each")]
        indexes = [models.Index(fields=["next_at"], name="wecom_waiting", condition=models.Q(next_at__isnull=False))]

    @property
    def kind_word(self) -> Sentence:
        """What it is, in words."""
        return self.KINDS.get(self.kind) or pgettext_lazy("wecom", "Something else")


class WecomGuest(models.Model):
    """Somebody who writes to us there: found by a fingerprint, answered under an encrypted address."""

    link = models.ForeignKey(WecomLink, models.CASCADE, related_name="guests")
    who = models.CharField(max_length=32)  # blind index of the address
    address = EncryptedText()
    called = EncryptedText(blank=True, default="")
    member = models.ForeignKey(Member, models.SET_NULL, null=True, related_name="+")
    place = models.ForeignKey(Place, models.SET_NULL, null=True, related_name="+")  # by the code that was scanned
    heard_at = models.DateTimeField()
    sent = models.PositiveSmallIntegerField(default=0)  # our messages since then

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "who"], name="one_guest_per_link")]


class WecomTalk(models.Model):
    """What somebody writes in a row, gathered until they pause, then one appeal."""

    guest = models.ForeignKey(WecomGuest, models.CASCADE, related_name="talks")
    words = EncryptedText(blank=True, default="")  # "" once it is filed
    media = models.JSONField(default=list)  # what is still to be fetched
    place = models.ForeignKey(Place, models.SET_NULL, null=True, related_name="+")
    told = EncryptedText(blank=True, default="")  # where, in the sender's words
    began_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # next step: filing, or fetching media again
    tries = models.PositiveSmallIntegerField(default=0)
    appeal = models.ForeignKey(Appeal, models.PROTECT, null=True, related_name="wecom_talks")

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="wecom_talks_due", condition=models.Q(due_at__isnull=False))]


class WecomForward(models.Model):
    """A group chat that a steward forwarded; kept a few days, for that steward to tick."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="wecom_forwards")
    title = models.CharField(max_length=80, blank=True)
    body = EncryptedText()
    messages = models.PositiveIntegerField()
    at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]


class WecomCard(models.Model):
    """A card with buttons that was sent to a member; a press counts once."""

    task = models.CharField(max_length=64, unique=True)
    link = models.ForeignKey(WecomLink, models.CASCADE, related_name="cards")
    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    round = models.PositiveIntegerField(default=1)
    sent_at = models.DateTimeField()
    pressed_at = models.DateTimeField(null=True)
    pressed = models.CharField(max_length=10, blank=True)
    asked_until = models.DateTimeField(null=True)  # so long, what the member writes is the answer to residents
    words = EncryptedText(blank=True, default="")  # that answer, until it is confirmed
