"""Changing the register by hand: a home, its owners, two owners who are one; looking at owners with a reason."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chenyue.core import ids
from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed, NotFound, Refusal
from chenyue.people import masking
from chenyue.people.rules import may
from chenyue.timeline.actions import record
from chenyue.works import acts
from chenyue.works.boards import OwnerShown, owners_of
from chenyue.works.lifecycle import AreaSource, HomeStatus, VersionState
from chenyue.works.models import Ballot, DoubtfulPair, Owner, Ownership, RegisteredHome
from chenyue.works.register.importing import one_at_a_time
from chenyue.works.register.owners import Owners, find_doubts
from chenyue.works.register.rows import Wrong, told
from chenyue.works.site import permits
from chenyue.works.stances import open_dispute, settle_dispute

__all__ = ["decide_pair", "new_code", "open_dispute", "retire_home", "reveal_owners", "save_home", "set_owners"]
__all__ += ["settle_dispute"]
SHORTEST_REASON, LONGEST_REASON = 2, 200


def save_home(
    *, home: RegisteredHome, area: int, area_source: str, status: str, by: Actor, at: datetime, line: str = "",
    use: str = "", rented: bool = False,
) -> RegisteredHome:  # fmt: skip
    """Put a home's entry right; `area` in 0.01 m². Raises Refusal at its field."""
    permits.only(permits.manages(by))
    with acts.of_home(home, by, at) as entry:
        row = RegisteredHome.objects.get(pk=home.pk)
        if area <= 0:
            raise Refusal(_("An area is more than nothing."), field="area", code="area")
        row.area, row.area_source = area, acts.one_of(AreaSource.values, area_source, "area_source")
        row.status = acts.one_of(HomeStatus.values, status, "status")
        row.line = acts.short(line, "line", 20, needed=False)
        row.use = acts.short(use, "use", 20, needed=False)
        row.rented = rented
        row.save(update_fields=["area", "area_source", "status", "line", "use", "rented"])
        entry.say("home_changed", home=row.pk)
    return row


def retire_home(*, home: RegisteredHome, by: Actor, at: datetime) -> None:
    """Take a home off the register (it was joined with another, or never was one). Refused while its ballot counts."""
    permits.only(permits.manages(by))
    with acts.of_home(home, by, at) as entry:
        if Ballot.objects.filter(home=home, revoked_at=None, plan__state=VersionState.PUBLISHED).exists():
            raise Refusal(_("A valid ballot of this home counts. Revoke it first, with the reason."), code="ballot")
        RegisteredHome.objects.filter(pk=home.pk).update(active=False)
        entry.say("home_changed", home=home.pk)


def new_code(*, home: RegisteredHome, by: Actor, at: datetime) -> RegisteredHome:
    """Give a home another code: the letter with the old one was lost, or seen by others; the old one opens nothing."""
    with acts.of_home(home, by, at) as entry:
        home.code = ids.receipt_code()
        home.save(update_fields=["code"])
        entry.say("home_changed", home=home.pk)
    return home


def set_owners(*, home: RegisteredHome, owners: Sequence[tuple[str, str, str]], by: Actor, at: datetime) -> None:
    """Say who owns a home now: name, ID number, telephone of each. Who isn't named owned it until today.

    Raises Refusal at `owners`, `id_numbers` or `phones`.
    """
    permits.only(permits.manages(by))
    with acts.of_home(home, by, at) as entry:
        one_at_a_time()
        try:
            named = [told(*one, developer=home.status == HomeStatus.UNSOLD) for one in owners if one[0].strip()]
            people = Owners(home.estate_id, named, at)
            found = [people.find(one, home.pk, 1) for one in named]
        except Wrong as wrong:
            raise Refusal(wrong.sentence, field=wrong.column, code="owner") from wrong
        people.save(found)
        today = acts.local_day(at)
        Ownership.objects.filter(home=home, until=None).exclude(owner__in=found).update(until=today)
        kept = set(Ownership.objects.filter(home=home, until=None).values_list("owner_id", flat=True))
        fresh = {owner.pk: owner for owner in found if owner.pk not in kept}
        Ownership.objects.bulk_create(Ownership(home=home, owner=owner, since=today) for owner in fresh.values())
        find_doubts(home.estate_id)
        entry.say("home_changed", home=home.pk)


def decide_pair(*, pair: DoubtfulPair, same: bool, by: Actor, at: datetime) -> DoubtfulPair:
    """Say whether two owners of one name are one person; may be decided again the other way.

    One is counted as the other from then on; both rows stay. Refused where both have identity numbers that differ.
    """
    permits.only(permits.manages(by))
    with transaction.atomic():
        row = DoubtfulPair.objects.select_for_update().filter(pk=pair.pk).first()
        if row is None:
            raise NotFound
        both = Owner.objects.select_for_update().filter(pk__in=(row.one_id, row.other_id)).order_by("pk")
        people = {owner.pk: owner for owner in both}
        one, other = people[row.one_id], people[row.other_id]
        if same and one.id_index and other.id_index and one.id_index != other.id_index:
            raise Refusal(_("They have different ID numbers: they are two."), code="two")
        (_join if same else _part)(one, other)
        row.same, row.decided_by, row.decided_at = same, by.user, at
        row.save(update_fields=["same", "decided_by", "decided_at"])
        estate = (
            Ownership.objects.filter(owner__in=people, until=None).values_list("home__estate_id", flat=True).first()
        )
        verb = "works.owners_merged" if same else "works.owners_parted"
        data = {"one": row.one_id, "other": row.other_id}
        record(subject=f"register:{estate or 0}", verb=verb, by=by, at=at, data=data)
    return row


def _join(one: Owner, other: Owner) -> None:
    """The one with an identity number is whom the other counts as, else the older row; with all who count as it."""
    roots = [one.same_as_id or one.pk, other.same_as_id or other.pk]
    if roots[0] == roots[1]:
        return
    keep, give = (roots[1], roots[0]) if other.id_index and not one.id_index else (roots[0], roots[1])
    Owner.objects.filter(same_as=give).update(same_as=keep)
    Owner.objects.filter(pk=give).update(same_as=keep)


def _part(one: Owner, other: Owner) -> None:
    """Undo a joining of these two; what others decided about either stays."""
    if other.same_as_id and other.same_as_id in (one.pk, one.same_as_id):
        Owner.objects.filter(pk=other.pk).update(same_as=None)
    elif one.same_as_id == other.pk:
        Owner.objects.filter(pk=one.pk).update(same_as=None)


def reveal_owners(*, home: RegisteredHome, reason: str, by: Actor, at: datetime) -> list[OwnerShown]:
    """Show the owners of a home with name and telephone to a member who says why. Each look is written down."""
    around = permits.around(home.building_id)
    if by.kind != "member" or not (permits.records(by, around) and may(by.user, "contact.see", place_ids=around)):
        raise NotAllowed
    why = acts.short(reason, "reason", LONGEST_REASON)
    if len(why) < SHORTEST_REASON:
        raise Refusal(_("Say why you need to see this."), field="reason", code="no_reason")
    with acts.of_home(home, by, at) as entry:
        entry.say("owner_seen", home=home.pk, words=masking.mask_words(why))
    return owners_of([home.pk], unmasked=True).get(home.pk, [])
