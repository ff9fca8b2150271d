"""Writing to the timeline."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from chenyue.core import rows
from chenyue.core.actors import Actor
from chenyue.timeline import saying
from chenyue.timeline.hashing import entry_hash, plain
from chenyue.timeline.models import Entry, VisibleTo


@dataclass(frozen=True)
class Draft:
    """One act that is to be written down."""

    subject: str
    verb: str
    data: dict[str, Any] = field(default_factory=dict)
    visible_to: str = VisibleTo.OFFICE


def record(
    *,
    subject: str,
    verb: str,
    by: Actor,
    at: datetime,
    data: dict[str, Any] | None = None,
    visible_to: str = VisibleTo.OFFICE,
) -> Entry:
    """Write one entry down; two statements.

    `data` must hold no contact data: it is never deleted. What somebody said goes under `words`: it can be.
    """
    return record_many([Draft(subject, verb, data or {}, visible_to)], by=by, at=at)[0]


def record_many(drafts: Iterable[Draft], *, by: Actor, at: datetime) -> list[Entry]:
    """Write entries down in the given order; two statements, however many entries and subjects.

    The first locks the heads and says where each chain ends; the second adds the entries, and a
    trigger (migration 0002) moves the heads to them.
    """
    drafts = list(drafts)
    if not drafts:
        return []
    counts: dict[str, int] = defaultdict(int)
    for draft in drafts:
        counts[draft.subject] += 1
    with transaction.atomic(savepoint=False):
        ends = _extend(counts)
        entries = []
        for draft in drafts:
            position, head = ends[draft.subject]
            entry = _entry(draft, position + 1, head, by, at)
            ends[draft.subject] = (entry.position, entry.hash)
            entries.append(entry)
        rows.insert_many(entries)
    return entries


def _extend(counts: dict[str, int]) -> dict[str, tuple[int, str]]:
    """Lock the chains' heads, make room for so many entries; each chain's length and head before."""
    subjects = sorted(counts)  # one order for everyone: two writers of two chains never wait for each other
    values = ", ".join(["(%s, %s, '')"] * len(subjects))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO timeline_chain (subject, length, head) VALUES {values} "  # noqa: S608 – only %s marks
            "ON CONFLICT (subject) DO UPDATE SET length = timeline_chain.length + excluded.length "
            "RETURNING subject, length, head",
            [part for subject in subjects for part in (subject, counts[subject])],
        )
        return {subject: (length - counts[subject], head) for subject, length, head in cursor.fetchall()}


def forget_words(subject: str, names: Callable[[str], bool], *, by: Actor, at: datetime) -> int:
    """Blank the words said in this chain for which `names` is true; how many. An entry says which positions."""
    held = Entry.objects.filter(subject=subject, said__isnull=False).values_list("pk", "position", "said")
    gone = [(pk, position) for pk, position, said in held if names(said["words"])]
    if not gone:
        return 0
    marks = ", ".join(["%s"] * len(gone))
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE timeline_entry SET said = NULL WHERE id IN ({marks})",  # noqa: S608 – only %s marks
            [pk for pk, _position in gone],
        )
        positions = sorted(position for _pk, position in gone)
        record(subject=subject, verb=saying.FORGOTTEN, by=by, at=at, data={"positions": positions})
    return len(gone)


def _entry(draft: Draft, position: int, previous: str, by: Actor, at: datetime) -> Entry:
    data, said = saying.committed(plain(draft.data))
    entry = Entry(
        subject=draft.subject,
        position=position,
        verb=draft.verb,
        actor_kind=by.kind,
        actor_key=str(by.key)[:60],
        actor_label=plain(str(by.label))[:80],
        at=at,
        data=data,
        said=said,
        visible_to=str(draft.visible_to),
        previous=previous,
    )
    entry.hash = entry_hash(entry)
    return entry
