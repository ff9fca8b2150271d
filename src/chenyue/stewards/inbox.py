"""Words left at a door, read and answered by who looks after the building. A number only by a look that is kept."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chenyue.core import text
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotFound, Refusal
from chenyue.people.models import Member
from chenyue.stewards import numbers, reach
from chenyue.stewards.lifecycle import RelayState
from chenyue.stewards.models import RelayedWord, Steward
from chenyue.timeline import actions as timeline

WAITING = (RelayState.NEW.value, RelayState.READ.value)
LONGEST = 1000  # characters of an answer


def left(building_ids: Collection[int]) -> QuerySet[RelayedWord]:
    """Words left at these buildings, the newest first."""
    return RelayedWord.objects.filter(building_id__in=building_ids).select_related("building").order_by("-at", "-pk")


def waiting(building_ids: Collection[int]) -> QuerySet[RelayedWord]:
    """Those that nobody has answered."""
    return left(building_ids).filter(state__in=WAITING)


def word_for(member: Member, pk: int, *, lock: bool = False) -> RelayedWord:
    """Words at a building the member looks after. Raises NotFound otherwise."""
    rows = RelayedWord.objects.select_for_update(of=("self",)) if lock else RelayedWord.objects.all()
    found = rows.select_related("building", "resident").filter(pk=pk).first()
    if found is None or not reach.serves(member, found.building_id):
        raise NotFound
    return found


def read(*, word: RelayedWord, by: Actor, at: datetime) -> RelayedWord:
    """It was opened by who should. Read twice, nothing changes."""
    with transaction.atomic():
        row = word_for(by.user, word.pk, lock=True)
        if row.state == RelayState.NEW:
            _change(row, RelayState.READ, "relayed.read", by, at)
    return row


def reveal(*, word: RelayedWord, reason: str, by: Actor, at: datetime) -> RelayedWord:
    """Show the number of who asked to be telephoned; see `numbers.reveal`."""
    row = word_for(by.user, word.pk)
    numbers.reveal(row, reason=reason, by=by, at=at)
    return row


def answer(*, word: RelayedWord, words: str, by: Actor, at: datetime) -> RelayedWord:
    """Answer; who left the words reads it under their receipt. Raises Refusal at `words`, Conflict if it is done."""
    said = text.clean(words)
    if len(said) < 2:
        raise Refusal(_("Write what they shall read."), field="words", code="empty")
    if len(said) > LONGEST:
        raise Refusal(_("At most 1000 characters."), field="words", code="long")
    with transaction.atomic():
        row = word_for(by.user, word.pk, lock=True)
        if row.state not in WAITING:
            raise Conflict
        row.answer, row.answered_at, row.answered_by = said, at, by.user
        _change(row, RelayState.DONE, "relayed.answered", by, at, "answer", "answered_at", "answered_by")
        Steward.objects.filter(member=by.user).update(last_active_at=at)
    return row


def filed(*, word: RelayedWord, number: str, by: Actor, at: datetime) -> RelayedWord:
    """A case was made of the words. Raises Conflict if something else was done with them."""
    with transaction.atomic():
        row = word_for(by.user, word.pk, lock=True)
        if row.state not in WAITING:
            raise Conflict
        row.case_number, row.answered_at, row.answered_by = number, at, by.user
        _change(row, RelayState.FILED, "relayed.filed", by, at, "case_number", "answered_at", "answered_by")
    return row


def set_aside(*, word: RelayedWord, aside: bool, by: Actor, at: datetime) -> RelayedWord:
    """Not meant for anybody, such as advertising; or back again. What has been answered stays."""
    with transaction.atomic():
        row = word_for(by.user, word.pk, lock=True)
        if aside and row.state in WAITING:
            _change(row, RelayState.SPAM, "relayed.aside", by, at)
        elif not aside and row.state == RelayState.SPAM:
            _change(row, RelayState.READ, "relayed.back", by, at)
    return row


def _change(row: RelayedWord, state: str, verb: str, by: Actor, at: datetime, *fields: str) -> None:
    row.state = state
    row.save(update_fields=["state", *fields])
    data = {"building": row.building_id} | ({"number": row.case_number} if row.case_number else {})
    timeline.record(subject=row.subject, verb=verb, by=by, at=at, data=data)
