"""What all acts of volunteering share: the locked row in one transaction, the entry at the end, words to be stored."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.cases.doors import transaction_of_its_own
from chenyue.core import text
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotFound, Refusal
from chenyue.timeline import actions as timeline
from chenyue.timeline.models import VisibleTo

M = TypeVar("M", bound=Model)
LONGEST_WORDS = 4000


@contextmanager
def locked(row: M, version: int | None = None, *beside: str) -> Iterator[M]:
    """The row as it is now, locked, inside one transaction; several of these within each other are one.

    `version`: what the form was drawn from; `beside`: related rows read with it. Raises NotFound, Conflict for a form
    that is stale.
    """
    with transaction_of_its_own():
        rows = type(row)._default_manager.select_for_update(of=("self",)).select_related(*beside)
        found = rows.filter(pk=row.pk).first() if beside else rows.select_related(None).filter(pk=row.pk).first()
        if found is None:
            raise NotFound
        if version is not None and version != getattr(found, "version", version):
            raise Conflict
        yield found


def touch(row: Any, *fields: str) -> None:
    """Write these fields of a locked row, and count its version: forms drawn before are stale from now on."""
    row.version += 1
    row.save(update_fields=[*fields, "version"])


def record(
    subject: str,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    data: dict[str, Any] | None = None,
    visible_to: str = VisibleTo.OFFICE,
    said: str = "",
) -> None:
    """An entry; `verb` without its `volunteering.`. `data` holds no name and no number of anybody: entries stay for
    ever. What was said goes into `said`. RESIDENT: the person whom it is about reads it as well.
    """
    held = dict(data or {})
    if said:
        held["words"] = said
    timeline.record(subject=subject, verb=f"volunteering.{verb}", by=by, at=at, data=held, visible_to=visible_to)


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
