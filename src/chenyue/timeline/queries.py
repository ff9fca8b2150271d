"""Reading the timeline. The resident's page and the auditor's are this, with other filters."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from chenyue.core.prepared import prepared
from chenyue.timeline import saying, verbs
from chenyue.timeline.models import Entry, VisibleTo

_LEVELS = [str(VisibleTo.RESIDENT), str(VisibleTo.UNIT), str(VisibleTo.OFFICE), str(VisibleTo.SEALED)]


def visible_for(level: str) -> set[str]:
    """The levels of entries that a reader of this level may see: `unit` sees resident's and unit's."""
    return set(_LEVELS[: _LEVELS.index(str(level)) + 1])


SHOWN = ("id", "subject", "position", "verb", "at", "data", "said", "actor_kind", "actor_label", "visible_to")
SEALED = "timeline.sealed"  # how an entry reads for who may know only that it exists


@dataclass(frozen=True)
class EntryLine:
    """One entry as a reader sees it. For residents, staff and other residents have no names."""

    id: int
    subject: str
    position: int
    verb: str
    at: datetime
    sentence: str
    words: str
    tone: str
    icon: str
    actor_kind: str
    actor_label: str
    visible_to: str


def entries(
    subject: str | Collection[str],
    visible: Collection[str],
    limit: int = 50,
    before: int | None = None,
) -> list[EntryLine]:
    """The newest entries first, one statement. `before`: only entries with a smaller id."""
    levels = tuple(sorted(str(v) for v in visible))
    for_residents = set(levels) <= {str(VisibleTo.RESIDENT)}
    if isinstance(subject, str) and before is None:
        return [_line(*row, for_residents=for_residents) for row in _newest(levels, limit, subject=subject)]
    rows: QuerySet[Entry] = Entry.objects.filter(visible_to__in=levels)
    rows = rows.filter(subject=subject) if isinstance(subject, str) else rows.filter(subject__in=list(subject))
    if before is not None:
        rows = rows.filter(id__lt=before)
    order = "-position" if isinstance(subject, str) else "-id"
    return [line(entry, for_residents) for entry in rows.order_by(order)[:limit]]


@prepared
def _newest(levels: tuple[str, ...], limit: int, *, subject: Any) -> QuerySet[Any]:
    rows = Entry.objects.filter(visible_to__in=levels, subject=subject)
    return rows.order_by("-position").values_list(*SHOWN)[:limit]


def line(entry: Entry, for_residents: bool = False) -> EntryLine:
    """An entry as a line."""
    return _line(*(getattr(entry, name) for name in SHOWN), for_residents=for_residents)


def _line(
    pk: int, subject: str, position: int, name: str, at: datetime, data: dict[str, Any], said: dict[str, str] | None,
    kind: str, label: str, visible_to: str, *, for_residents: bool,
) -> EntryLine:  # fmt: skip
    verb, data = verbs.verb(name), saying.told(data, said)
    sentence, words = verbs.sentence(name, data), verbs.words(name, data)
    label = "" if for_residents else label
    return EntryLine(pk, subject, position, name, at, sentence, words, verb.tone, verb.icon, kind, label, visible_to)


def audit(
    *,
    subject: str = "",
    verb: str = "",
    actor_key: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    sealed: bool = False,
) -> QuerySet[Entry]:
    """Entries for the auditor, newest first; `subject` and `verb` may be beginnings (`case:`).

    Sealed ones are among them, so that nothing happens that nobody could count. Who wasn't granted what is
    `sealed` reads only that they exist (`for_auditor`), and can't find them by what they say or whose they are.
    """
    rows: QuerySet[Entry] = Entry.objects.order_by("-id")
    if not sealed and (verb or actor_key):
        rows = rows.exclude(visible_to=VisibleTo.SEALED)
    if subject:
        rows = rows.filter(subject__startswith=subject)
    if verb:
        rows = rows.filter(verb__startswith=verb)
    if actor_key:
        rows = rows.filter(actor_kind="member", actor_key=actor_key)
    if since:
        rows = rows.filter(at__gte=since)
    if until:
        rows = rows.filter(at__lt=until)
    return rows if before is None else rows.filter(id__lt=before)


def for_auditor(entry: Entry, sealed: bool) -> Entry:
    """The entry as an auditor may read it: of a sealed one, unless granted, only that it exists, where and when."""
    if sealed or entry.visible_to != VisibleTo.SEALED:
        return entry
    entry.verb, entry.data, entry.said = SEALED, {}, None
    entry.actor_kind = entry.actor_key = entry.actor_label = ""
    return entry


def export_rows(rows: QuerySet[Entry], sealed: bool = False) -> Iterator[dict[str, Any]]:
    """Entries as plain rows with their hashes, for JSONL, CSV or a sheet. Words that were said come with their salt."""
    for found in rows.iterator(chunk_size=2000):
        entry = for_auditor(found, sealed)
        yield {
            "id": entry.pk,
            "subject": entry.subject,
            "position": entry.position,
            "at": entry.at.isoformat(),
            "verb": entry.verb,
            "sentence": verbs.sentence(entry.verb, saying.told(entry.data, entry.said)),
            "actor_kind": entry.actor_kind,
            "actor_key": entry.actor_key,
            "actor_label": entry.actor_label,
            "visible_to": entry.visible_to,
            "data": entry.data,
            "said": entry.said,
            "previous": entry.previous,
            "hash": entry.hash,
        }
