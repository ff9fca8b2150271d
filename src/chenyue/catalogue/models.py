"""The dispatch catalogue (权责清单): what kinds of matter there are, whose they are, what is promised."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from chenyue.people.models import Unit
from chenyue.places.models import Kind, Place


class Handling(models.TextChoices):
    DIRECT = "direct", _("Handled directly")
    JOINT = "joint", _("Handled jointly")


class Urgency(models.TextChoices):
    NORMAL = "normal", _("Normal")
    URGENT = "urgent", _("Urgent")
    EMERGENCY = "emergency", _("Emergency")


class Category(models.Model):
    """A kind of matter. Only leaves carry units and promises; spans are `15m 4h 4wh 5wd 10d` (workdays)."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    external_code = models.CharField(_("external code"), max_length=30, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(_("name"), max_length=80)
    level = models.PositiveSmallIntegerField(default=2)
    handling = models.CharField(max_length=10, choices=Handling.choices, blank=True)
    lead = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    assists = models.ManyToManyField(Unit, blank=True, related_name="+")
    urgency = models.CharField(max_length=10, choices=Urgency.choices, default=Urgency.NORMAL)
    accept_by = models.CharField(max_length=12, blank=True)
    contact_by = models.CharField(max_length=12, blank=True)
    resolve_by = models.CharField(max_length=12, blank=True)
    route_away = models.CharField(max_length=60, blank=True)  # 110, 119, 诉讼 …: told in addition
    keywords = models.JSONField(default=list)
    examples = models.JSONField(default=list)
    hard_stop = models.TextField(blank=True)  # shown before the form may be sent, such as "call 119 now"
    private = models.BooleanField(default=False)  # matters about staff: never to the one accused
    public = models.BooleanField(default=False)  # may be published, anonymised
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name


class RoutingRule(models.Model):
    """An exception to the catalogue's row: for a category and a place, another lead, assists or promise.

    Ordered; the first that matches wins. A rule whose unit is gone switches itself off and says so.
    """

    name = models.CharField(max_length=80)
    position = models.PositiveIntegerField(default=100)
    category = models.ForeignKey(Category, models.CASCADE, null=True, blank=True, related_name="rules")
    place = models.ForeignKey(Place, models.CASCADE, null=True, blank=True, related_name="+")
    place_kind = models.CharField(max_length=10, choices=Kind.choices, blank=True)  # such as any public spot
    urgency = models.CharField(max_length=10, choices=Urgency.choices, blank=True)
    lead = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    assists = models.ManyToManyField(Unit, blank=True, related_name="+")
    handling = models.CharField(max_length=10, choices=Handling.choices, blank=True)
    accept_by = models.CharField(max_length=12, blank=True)
    contact_by = models.CharField(max_length=12, blank=True)
    resolve_by = models.CharField(max_length=12, blank=True)
    active = models.BooleanField(default=True)
    switched_off_because = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["position", "pk"]
