"""What all acts of mediation share: one transaction, the locked row, the entry at the end, words fit for storing."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.cases.doors import transaction_of_its_own
from chenyue.core import text
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotFound, Refusal
from chenyue.mediation.models import Mediation, Party
from chenyue.timeline import actions as timeline
from chenyue.timeline.models import VisibleTo

LONGEST_WORDS = 8000


@contextmanager
def locked(mediation: Mediation | int, version: int | None = None) -> Iterator[Mediation]:
    """The row as it is now, locked, inside one transaction; several of these within each other are one.

    `version`: what the form was drawn from. Raises NotFound, Conflict for a form that is stale.
    """
    pk = mediation if isinstance(mediation, int) else mediation.pk
    with transaction_of_its_own():
        rows = Mediation.objects.select_for_update(of=("self",)).select_related("case", "committee")
        row = rows.filter(pk=pk).first()
        if row is None:
            raise NotFound
        if version is not None and version != row.version:
            raise Conflict
        yield row


def touch(mediation: Mediation, *fields: str) -> None:
    """Write these fields of a locked row, and count its version: forms drawn before are stale from now on."""
    mediation.version += 1
    mediation.save(update_fields=[*fields, "version"])


def record(
    mediation: Mediation,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    data: dict[str, Any] | None = None,
    visible_to: str = VisibleTo.OFFICE,
    said: str | None = None,
) -> None:
    """An entry on `mediation:<number>`; `verb` without its `mediation.`. RESIDENT: every party reads it.

    `data` holds no name and no number of anybody: entries stay for ever. What was said goes into `said`.
    """
    _record(mediation.subject, verb, by, at, data, visible_to, said)


def record_for(
    party: Party,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    data: dict[str, Any] | None = None,
    visible_to: str = VisibleTo.RESIDENT,
    said: str | None = None,
) -> None:
    """An entry that of all parties only this one may read; see `record`."""
    _record(subject_of(party), verb, by, at, {"party": party.order} | (data or {}), visible_to, said)


def subject_of(party: Party | int) -> str:
    """What only one party reads stands under this name on the timeline."""
    return f"party:{party if isinstance(party, int) else party.pk}"


def _record(
    subject: str, verb: str, by: Actor, at: datetime, data: dict[str, Any] | None, visible_to: str, said: str | None
) -> None:
    held = dict(data or {})
    if said:
        held["words"] = said
    timeline.record(subject=subject, verb=f"mediation.{verb}", by=by, at=at, data=held, visible_to=visible_to)


def words(typed: str, field: str = "words", *, needed: bool = False, most: int = LONGEST_WORDS) -> str:
    """Words fit for storing. Raises Refusal at `field` where there are none but should be, or too many."""
    cleaned = text.clean(typed or "")
    if needed and not cleaned:
        raise Refusal(_("Say it in words."), field=field, code="no_words")
    if len(cleaned) > most:
        raise Refusal(_("Say it in %(n)d characters or less.") % {"n": most}, field=field, code="long")
    return cleaned


def one_of(values: Iterable[str], value: str, field: str) -> str:
    """A choice that exists."""
    if value not in list(values):
        raise Refusal(_("Choose one from the list."), field=field, code="choice")
    return str(value)


def local_day(moment: datetime) -> date:
    """The day on the office's wall."""
    return timezone.localtime(moment).date()
