"""Proving the timeline: every chain, every hash, every seal. Reads only.

Writers may go on meanwhile: a chain that grew since its head was read is read again.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from chenyue.timeline import saying
from chenyue.timeline.hashing import entry_hash
from chenyue.timeline.models import Chain, Entry, Seal
from chenyue.timeline.seals import fingerprint, mac

BATCH = 500  # chains


@dataclass(frozen=True)
class Fault:
    """What is broken, where. `position` is None where a whole chain or a seal is meant."""

    subject: str
    position: int | None
    sentence: str


def faults() -> Iterator[Fault | int]:
    """The first fault of each broken chain and each broken seal; in between, how many chains were proved."""
    proved = 0
    after = ""
    while chains := list(Chain.objects.filter(subject__gt=after).order_by("subject")[:BATCH]):
        yield from _batch(chains)
        proved += len(chains)
        after = chains[-1].subject
        yield proved
    yield from _without_head()
    yield from _seals()


def _batch(chains: list[Chain]) -> Iterator[Fault]:
    held: dict[str, list[Entry]] = {chain.subject: [] for chain in chains}
    rows = Entry.objects.filter(subject__in=list(held)).order_by("subject", "position")
    for entry in rows.iterator(chunk_size=2000):
        held[entry.subject].append(entry)
    for chain in chains:
        fault = check(chain, held[chain.subject])
        if fault is not None:
            fault = _again(chain.subject)
        if fault is not None:
            yield fault


def _again(subject: str) -> Fault | None:
    """Look once more with the head locked: a writer may have been at work."""
    with transaction.atomic():
        chain = Chain.objects.select_for_update().get(subject=subject)
        return check(chain, list(Entry.objects.filter(subject=subject).order_by("position")))


def check(chain: Chain, entries: list[Entry]) -> Fault | None:
    """The first fault of one chain whose entries are given in order."""
    previous, expected = "", 1
    blank: set[int] = set()  # positions whose words are gone, until an entry says why
    for entry in entries:
        if entry.position != expected:
            return Fault(chain.subject, expected, _("an entry is missing"))
        if entry.previous != previous:
            return Fault(chain.subject, entry.position, _("it doesn't follow the entry before it"))
        if entry.hash != entry_hash(entry):
            return Fault(chain.subject, entry.position, _("its content was changed"))
        if not saying.fits(entry.data, entry.said):
            return Fault(chain.subject, entry.position, _("the words beside it were changed"))
        if saying.is_blank(entry.data, entry.said):
            blank.add(entry.position)
        elif entry.verb == saying.FORGOTTEN:
            blank.difference_update(entry.data.get("positions", []))
        previous, expected = entry.hash, expected + 1
    if expected - 1 < chain.length:
        return Fault(chain.subject, expected, _("the last entries are missing"))
    if expected - 1 > chain.length:
        return Fault(chain.subject, chain.length + 1, _("an entry was slipped in"))
    if chain.head != previous:
        return Fault(chain.subject, chain.length, _("the head isn't the last entry"))
    if blank:
        return Fault(chain.subject, min(blank), _("its words are gone, and no entry says why"))
    return None


def _without_head() -> Iterator[Fault]:
    """Entries whose chain has no head any more."""
    lost = Entry.objects.filter(~Exists(Chain.objects.filter(subject=OuterRef("subject"))))
    for subject in lost.order_by("subject").values_list("subject", flat=True).distinct()[:100]:
        yield Fault(subject, 1, _("the chain has lost its head"))


def _seals() -> Iterator[Fault]:
    previous, next_id = "", 1
    for seal in Seal.objects.order_by("pk"):
        name = f"seal:{seal.at:%Y-%m-%d %H:%M}"
        if seal.mac != mac(seal) or seal.previous != previous or seal.first_id != next_id:
            yield Fault(name, None, _("the seal itself was changed"))
            return
        count, digest = fingerprint(seal.first_id, seal.last_id)
        if count < seal.entries:
            yield Fault(name, None, _("%(count)s sealed entries are missing") % {"count": seal.entries - count})
        elif count > seal.entries:
            yield Fault(name, None, _("%(count)s entries were slipped in") % {"count": count - seal.entries})
        elif digest != seal.digest:
            yield Fault(name, None, _("sealed entries were changed"))
        previous, next_id = seal.mac, seal.last_id + 1
