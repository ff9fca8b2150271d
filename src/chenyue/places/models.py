"""Places of the office: one tree from community to home, with roads and public spots beside it.

One table with a kind, so that anything may point at any place by one key; `Community`, `Estate`,
`Building`, `Entrance` and `Home` are its proxies. `community`, `estate` and `building` are kept on
each row, so that scopes and lists need no walk through the tree. See docs/adr.
"""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    COMMUNITY = "community", _("Community")
    ESTATE = "estate", _("Estate")
    BUILDING = "building", _("Building")
    ENTRANCE = "entrance", _("Entrance")
    HOME = "home", _("Home")
    ROAD = "road", _("Road")
    SPOT = "spot", _("Public spot")


class Place(models.Model):
    """One place. `name` is its own (`3幢`), `full_name` what people read (`金桂苑3幢`)."""

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(_("name"), max_length=60)
    full_name = models.CharField(max_length=160)
    community = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    estate = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    building = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    village = models.BooleanField(_("village"), default=False)  # a village community: no property firm
    homes = models.PositiveIntegerField(_("homes"), default=0)
    built_year = models.PositiveIntegerField(_("built in"), null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)  # WGS-84, degrees
    longitude = models.FloatField(null=True, blank=True)
    initials = models.CharField(max_length=60, blank=True, default="")  # pinyin, see core.text
    code = models.CharField(max_length=12, unique=True)  # in the QR code on the door: /q/<code>/
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["parent", "kind", "name"], name="one_place_per_name")]
        indexes = [models.Index(fields=["kind", "name"])]

    def __str__(self) -> str:
        return self.full_name


class Alias(models.Model):
    """What people also call a place (`北门那栋`); unique within a parent, often not beyond."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="aliases")
    text = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "text"], name="one_alias_per_place")]

    def __str__(self) -> str:
        return self.text


class OfKind(models.Manager[Any]):
    """Only the places of one kind."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(kind=self.kind)


class Community(Place):
    objects: ClassVar[OfKind] = OfKind(Kind.COMMUNITY)

    class Meta:
        proxy = True


class Estate(Place):
    objects: ClassVar[OfKind] = OfKind(Kind.ESTATE)

    class Meta:
        proxy = True


class Building(Place):
    objects: ClassVar[OfKind] = OfKind(Kind.BUILDING)

    class Meta:
        proxy = True


class Entrance(Place):
    objects: ClassVar[OfKind] = OfKind(Kind.ENTRANCE)

    class Meta:
        proxy = True


class Home(Place):
    objects: ClassVar[OfKind] = OfKind(Kind.HOME)

    class Meta:
        proxy = True


class Footprint(models.Model):
    """The outline of a building for the office's plan. A table of its own: places are read often, outlines seldom."""

    building = models.OneToOneField(Place, models.CASCADE, related_name="footprint")
    ring = models.JSONField()  # [[longitude, latitude], …], WGS-84, not closed
    system = models.CharField(max_length=10)  # coordinates.System: what the file was in
    told = models.JSONField()  # the same ring as the file had it
    source = models.CharField(max_length=120, blank=True)  # the file's name
    made_at = models.DateTimeField()
