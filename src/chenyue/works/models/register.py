"""The register of homes of an estate: areas, owners, and what is doubtful about them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core.fields import EncryptedText
from chenyue.people.models import Member, Resident
from chenyue.places.models import Place
from chenyue.works.lifecycle import AreaSource, HomeStatus


class RegisteredHome(models.Model):
    """One exclusive part (专有部分) with its area in hundredths of a square metre."""

    estate = models.ForeignKey(Place, models.PROTECT, related_name="registered_homes")
    building = models.ForeignKey(Place, models.PROTECT, related_name="+")
    entrance = models.CharField(_("entrance"), max_length=20, blank=True)  # 1单元
    room = models.CharField(_("home"), max_length=20)  # 401
    floor = models.SmallIntegerField(null=True, blank=True)
    line = models.CharField(_("vertical line"), max_length=20, blank=True)  # homes above one another: a riser
    area = models.PositiveIntegerField(_("area"))  # 0.01 m²
    area_source = models.CharField(max_length=10, choices=AreaSource.choices, default=AreaSource.REGISTER)
    status = models.CharField(max_length=12, choices=HomeStatus.choices, default=HomeStatus.SOLD)
    use = models.CharField(max_length=20, blank=True)  # as registered: 住宅, 商铺 …
    rented = models.BooleanField(default=False)
    code = models.CharField(max_length=24, unique=True)  # on the letter to the owners: opens the page of this home
    active = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["building", "entrance", "room"], name="one_registered_home_per_room"),
            models.CheckConstraint(condition=Q(area__gt=0), name="area_above_zero"),
        ]
        indexes = [models.Index(fields=["estate", "building"])]
        ordering = ["building_id", "entrance", "room"]

    @property
    def door(self) -> str:
        """Entrance and room as people say them: 1单元401."""
        return f"{self.entrance}{self.room}"


class Owner(models.Model):
    """Who owns homes. Merged by identity number; doubtful matches are a person's decision."""

    class Kind(models.TextChoices):
        PERSON = "person", pgettext_lazy("owner", "Person")
        COMPANY = "company", _("Company")
        DEVELOPER = "developer", _("Developer")

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PERSON)
    name = EncryptedText(pgettext_lazy("person", "name"), blank=True, default="")
    name_index = models.CharField(max_length=32, blank=True, default="", db_index=True)
    id_number = EncryptedText(pgettext_lazy("owner", "ID number"), blank=True, default="")
    id_index = models.CharField(max_length=32, blank=True, default="")
    phone = EncryptedText(_("telephone"), blank=True, default="")
    phone_index = models.CharField(max_length=32, blank=True, default="")
    resident = models.ForeignKey(Resident, models.SET_NULL, null=True, blank=True, related_name="+")
    same_as = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")  # counted as that one
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["id_index"], condition=~Q(id_index=""), name="one_owner_per_identity")
        ]


class Ownership(models.Model):
    """An owner owns a home, alone or with others, from a day to a day."""

    home = models.ForeignKey(RegisteredHome, models.CASCADE, related_name="ownerships")
    owner = models.ForeignKey(Owner, models.PROTECT, related_name="ownerships")
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["home", "owner"], condition=Q(until__isnull=True), name="one_ownership_each"
            )
        ]


class DoubtfulPair(models.Model):
    """Two owners of one name, at least one without an identity number: one person or two? A person decides."""

    one = models.ForeignKey(Owner, models.CASCADE, related_name="+")
    other = models.ForeignKey(Owner, models.CASCADE, related_name="+")
    why = models.CharField(max_length=40)  # same_name, same_phone
    same = models.BooleanField(null=True)  # None: not decided
    decided_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="one_doubt_per_pair")]


class HomeDispute(models.Model):
    """Co-owners disagree: until they agree, the home casts no ballot."""

    home = models.ForeignKey(RegisteredHome, models.CASCADE, related_name="disputes")
    words = EncryptedText(blank=True, default="")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["home"], condition=Q(settled_at__isnull=True), name="one_open_dispute")
        ]
