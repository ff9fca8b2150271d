"""Seals: what the whole timeline was at one moment, so that a chain that is dropped whole shows."""

import hashlib
import hmac
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from chenyue.core import ticks
from chenyue.timeline.hashing import canonical, moment
from chenyue.timeline.models import Entry, Seal

DAY = 24 * 3600


@ticks.every(DAY, "timeline.seal")
def seal(at: datetime) -> str:
    """Seal all entries since the last seal; nothing new needs no seal."""
    last = Seal.objects.order_by("-pk").first()
    first_id, last_id = (last.last_id + 1 if last else 1), _settled_end()
    if last_id < first_id:
        return "nothing new"
    entries, digest = fingerprint(first_id, last_id)
    made = Seal(
        at=at,
        first_id=first_id,
        last_id=last_id,
        entries=entries,
        digest=digest,
        previous=last.mac if last else "",
    )
    made.mac = mac(made)
    made.save()
    return f"{entries} entries"


def _settled_end() -> int:
    """The last id below which no entry can appear any more.

    On PostgreSQL a writer may hold a smaller id than one that is committed. Writers lock their
    chain's row before they take an id; so a lock against writers of that table waits for all of them.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE timeline_chain IN SHARE MODE")
        return Entry.objects.aggregate(last=Max("pk"))["last"] or 0


def fingerprint(first_id: int, last_id: int) -> tuple[int, str]:
    """How many entries there are in this range of ids, and a hash over theirs in order."""
    digest = hashlib.sha256()
    count = 0
    rows = Entry.objects.filter(pk__gte=first_id, pk__lte=last_id).order_by("pk").values_list("subject", "hash")
    for subject, entry_hash in rows.iterator(chunk_size=5000):
        digest.update(f"{subject}\n{entry_hash}\n".encode())
        count += 1
    return count, digest.hexdigest()


def mac(seal: Seal) -> str:
    """The seal's own proof, with a key that isn't in the database."""
    parts = [moment(seal.at), seal.first_id, seal.last_id, seal.entries, seal.digest, seal.previous]
    key = bytes.fromhex(settings.SECRETS["index_key"])
    return hmac.new(key, b"timeline.seal:" + canonical(parts), hashlib.sha256).hexdigest()
