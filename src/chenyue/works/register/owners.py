"""Owners while a register is read: found again by identity number, else new; doubtful pairs for a person."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import combinations

from django.utils.translation import gettext_lazy as _

from chenyue.people.models import Resident
from chenyue.works.models import DoubtfulPair, Owner, Ownership
from chenyue.works.register.rows import OwnerTold, Wrong

CHUNK = 500
FULL_PAIRS = 6  # of one name: beyond it each is compared with the first only


class Owners:
    """The owners of an estate in memory, with those that a table adds or changes."""

    def __init__(self, estate_id: int, told: Iterable[OwnerTold], at: datetime) -> None:
        self.at = at
        self.new: list[Owner] = []
        self.changed: dict[int, Owner] = {}
        self.of_home: dict[int, list[Owner]] = defaultdict(list)
        self.by_id: dict[str, Owner] = {}
        self.firms: dict[str, Owner] = {}
        self.named: dict[int, int] = {}  # id() of an owner → the first row that named it
        held = Ownership.objects.filter(home__estate=estate_id, until=None).select_related("owner").order_by("pk")
        for row in held:
            self._know(row.owner)
            self.of_home[row.home_id].append(row.owner)
        unknown = {o.id_index for o in told if o.id_index} - self.by_id.keys()
        for chunk in _chunks(sorted(unknown)):
            for owner in Owner.objects.filter(id_index__in=chunk):
                self._know(owner)

    def _know(self, owner: Owner) -> None:
        if owner.id_index:
            self.by_id.setdefault(owner.id_index, owner)
        if owner.kind != Owner.Kind.PERSON and owner.name_index:
            self.firms.setdefault(owner.name_index, owner)

    def find(self, told: OwnerTold, home_id: int | None, row: int) -> Owner:
        """The owner that a row means: by identity number, a firm by its name, the one this home has already, or new.

        Raises `Wrong` where one identity number comes with two names.
        """
        found = self.by_id.get(told.id_index) if told.id_index else None
        if found is None and told.kind != Owner.Kind.PERSON:
            found = self.firms.get(told.name_index)
        if found is None and home_id is not None:
            found = next((o for o in self.of_home[home_id] if self._fits(o, told)), None)
        if found is None:
            found = Owner(made_at=self.at)
            self.new.append(found)
        elif told.id_index and found.name_index and found.name_index != told.name_index:
            first = self.named.get(id(found))
            if first is not None:
                raise Wrong("id_numbers", _("Row %(row)d gives this ID number to another name.") % {"row": first})
            raise Wrong("id_numbers", _("The register has this ID number under another name."))
        self.named.setdefault(id(found), row)
        self._fill(found, told)
        self._know(found)
        return found

    def _fits(self, owner: Owner, told: OwnerTold) -> bool:
        if owner.name_index != told.name_index:
            return False
        return not (owner.id_index and told.id_index) or owner.id_index == told.id_index

    def _fill(self, owner: Owner, told: OwnerTold) -> None:
        """Take over what the row tells; what it leaves empty stays."""
        before = (owner.kind, owner.name_index, owner.id_index, owner.phone_index)
        if owner.kind != Owner.Kind.DEVELOPER:
            owner.kind = Owner.Kind(told.kind)
        owner.name, owner.name_index = told.name, told.name_index
        if told.id_index:
            owner.id_number, owner.id_index = told.id_number, told.id_index
        if told.phone_index:
            owner.phone, owner.phone_index = told.phone, told.phone_index
        if owner.pk and before != (owner.kind, owner.name_index, owner.id_index, owner.phone_index):
            self.changed[owner.pk] = owner

    def save(self, used: Iterable[Owner]) -> None:
        """Write what is new and what differs of these, in few statements whatever the number.

        An owner whom only a refused row named isn't among them.
        """
        wanted = {id(owner) for owner in used}
        self.new = [owner for owner in self.new if id(owner) in wanted]
        self.changed = {pk: owner for pk, owner in self.changed.items() if id(owner) in wanted}
        self._link_residents([*self.new, *self.changed.values()])
        Owner.objects.bulk_create(self.new, batch_size=CHUNK)
        fields = ["kind", "name", "name_index", "id_number", "id_index", "phone", "phone_index", "resident"]
        Owner.objects.bulk_update(self.changed.values(), fields, batch_size=CHUNK)

    def _link_residents(self, owners: Collection[Owner]) -> None:
        """An owner whose name and telephone a resident has is that resident: their requests reach what is kept here."""
        wanted = [o for o in owners if o.phone_index and not o.resident_id]
        found: dict[tuple[str, str], int] = {}
        for chunk in _chunks(sorted({o.phone_index for o in wanted})):
            rows = Resident.objects.filter(phone_index__in=chunk, erased_at=None)
            found |= {(p, n): pk for pk, p, n in rows.values_list("pk", "phone_index", "name_index")}
        for owner in wanted:
            owner.resident_id = found.get((owner.phone_index, owner.name_index))


def find_doubts(estate_id: int) -> int:
    """Note pairs of people of one name in an estate that nobody has decided; how many are new. Three statements."""
    people: dict[str, dict[int, Owner]] = defaultdict(dict)
    held = Ownership.objects.filter(home__estate=estate_id, until=None, owner__kind=Owner.Kind.PERSON)
    for row in held.exclude(owner__name_index="").select_related("owner").order_by("owner_id"):
        owner = row.owner
        people[owner.name_index].setdefault(owner.same_as_id or owner.pk, owner)
    pairs = [pair for namesakes in people.values() for pair in _pairs(list(namesakes.values()))]
    ids = {owner.pk for pair in pairs for owner in pair}
    known = set(DoubtfulPair.objects.filter(one__in=ids).values_list("one_id", "other_id")) if ids else set()
    fresh = [
        DoubtfulPair(one=one, other=other, why="same_phone" if _same_phone(one, other) else "same_name")
        for one, other in pairs
        if (one.pk, other.pk) not in known
    ]
    DoubtfulPair.objects.bulk_create(fresh, batch_size=CHUNK, ignore_conflicts=True)
    return len(fresh)


def _pairs(namesakes: list[Owner]) -> list[tuple[Owner, Owner]]:
    """Two who both have an identity number are two: no doubt."""
    couples = list(combinations(namesakes, 2))
    if len(namesakes) > FULL_PAIRS:
        couples = [(namesakes[0], other) for other in namesakes[1:]]
    return [(a, b) for a, b in couples if not (a.id_index and b.id_index)]


def _same_phone(one: Owner, other: Owner) -> bool:
    return bool(one.phone_index) and one.phone_index == other.phone_index


def _chunks(values: list[str]) -> Iterable[list[str]]:
    return (values[n : n + CHUNK] for n in range(0, len(values), CHUNK))
