"""Whose turn it is to count: one at a time, and nobody waits for it in a transaction.

Who counts holds a numbered turn and names the number at each write. Whoever gives no sign of life for some minutes has
died: the next one takes the turn, and from then on the writes of the former find another number and are refused.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from chenyue.insight.models import Follow

NAME = "cases"
SILENT = timedelta(minutes=3)


class Lost(Exception):
    """Somebody else counts now."""


@dataclass(frozen=True)
class Turn:
    """The right to write counts, and the mark as it was when the turn began."""

    number: int
    mark: Follow

    def note(self, **fields: Any) -> None:
        """Put these fields of the mark down and show life; first thing in a transaction that writes counts.

        Raises Lost if the turn is somebody else's by now.
        """
        if not Follow.objects.filter(pk=NAME, turn=self.number).update(seen_at=timezone.now(), **fields):
            raise Lost


@contextmanager
def turn() -> Iterator[Turn | None]:
    """The turn, until the end of the block; None if somebody else has it."""
    Follow.objects.get_or_create(name=NAME)
    now = timezone.now()
    free = Q(held=False) | Q(seen_at=None) | Q(seen_at__lt=now - SILENT)
    if not Follow.objects.filter(free, pk=NAME).update(turn=F("turn") + 1, held=True, seen_at=now):
        yield None
        return
    mark = Follow.objects.get(pk=NAME)
    try:
        yield Turn(mark.turn, mark)
    finally:
        Follow.objects.filter(pk=NAME, turn=mark.turn).update(held=False)
