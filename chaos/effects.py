"""What is in the database now, by the marks of the acts. `python -m chaos.effects OUT`, with no server running."""

import contextlib
import hashlib
import io
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MARK = re.compile(r"（([0-9a-f]{12})）")
Found = dict[str, dict[str, list[str]]]
MOVES = {"case.dispatched": "dispatch", "case.accepted": "accept", "case.answered": "answer"}


def effects() -> Found:
    """Each effect under its kind and mark."""
    from chenyue.cases.models import Addition
    from chenyue.followup.models import Rating
    from chenyue.timeline.models import Entry
    from chenyue.volunteering.models import Booking, Posting, Proposal

    found: Found = defaultdict(lambda: defaultdict(list))
    appeals(found)
    for words in Addition.objects.order_by("pk").values_list("words", flat=True):
        for mark in MARK.findall(words):
            found["words"][mark].append("")
    for subject, verb in Entry.objects.filter(verb__in=MOVES).order_by("pk").values_list("subject", "verb"):
        found[MOVES[verb]][subject.partition(":")[2]].append("")
    for receipt in Rating.objects.order_by("pk").values_list("callback__appeal__receipt", flat=True):
        found["rate"][receipt].append("")
    for kind, model in (("asked", Proposal), ("grant", Posting)):
        for reason in model.objects.order_by("pk").values_list("reason", flat=True):
            for mark in MARK.findall(reason):
                found[kind][mark].append("")
    for slot, resident, number in Booking.objects.order_by("pk").values_list("slot_id", "resident_id", "number"):
        found["book"][f"{slot}:{resident}"].append(number)
    return found


def appeals(found: Found) -> None:
    """Appeals by the channel they came through; those with a photo count only if the photo is there."""
    from chenyue.cases.models import Appeal, Attachment

    pictures: dict[int, int] = defaultdict(int)
    for appeal in Attachment.objects.filter(stage="report").values_list("appeal_id", flat=True):
        pictures[appeal] += 1
    for pk, channel, words, number, receipt in Appeal.objects.order_by("pk").values_list(
        "pk", "channel", "words", "number", "receipt"
    ):
        for mark in MARK.findall(words):
            if channel == "phone":
                found["taken"][mark].append(number)
                continue
            found["tell"][mark].append(receipt)
            found["photo"][mark] += [receipt] * pictures[pk]


def codes() -> dict[str, str]:
    """Codes that were given for an appeal which had been filed already under another one: given → filed."""
    from chenyue.core.models import IdempotencyKey

    rows = IdempotencyKey.objects.filter(scope="portal.kept").values_list("key", "result")
    return {key: str(result["receipt"]) for key, result in rows}


def half_done() -> Iterator[str]:
    """Whatever doesn't agree with itself."""
    yield from damaged()
    for command in ("verify_timeline", "prove_ledger", "recount"):
        yield from _said(command)
    if "--without-files" not in sys.argv:
        yield from files()
    yield from slots()
    yield from cases()


def damaged() -> Iterator[str]:
    """What SQLite says about its file."""
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            yield from (f"integrity: {row[0]}" for row in cursor.fetchall() if row[0] != "ok")
            cursor.execute("PRAGMA foreign_key_check")
            yield from (f"foreign key: {row}" for row in cursor.fetchmany(5))


def _said(command: str) -> Iterator[str]:
    """What a command that proves something finds wrong."""
    from django.core.management import CommandError, call_command

    out = io.StringIO()
    options: dict[str, Any] = {"check": True} if command == "recount" else {"verbosity": 0}
    with contextlib.redirect_stdout(out):
        try:
            call_command(command, stdout=out, stderr=out, **options)
        except CommandError as error:
            yield f"{command}: {error} {out.getvalue()[-300:]}"


def files() -> Iterator[str]:
    """Attachments whose file is gone, cut or changed."""
    from chenyue.cases.models import Attachment

    for row in Attachment.objects.order_by("pk"):
        try:
            with row.file.open("rb") as file:
                content = file.read()
            if hashlib.sha256(content).hexdigest() != row.sha256:
                yield f"attachment {row.pk}: {len(content)} of {row.size} bytes, or other ones"
            if row.preview:
                with row.preview.open("rb") as file:
                    if not file.read(2):
                        yield f"attachment {row.pk}: empty preview"
        except OSError as error:
            yield f"attachment {row.pk}: {error}"


def slots() -> Iterator[str]:
    """Slots whose count of places isn't that of their bookings."""
    from django.db.models import Count

    from chenyue.volunteering.models import Slot

    for row in Slot.objects.annotate(held=Count("bookings")):
        if row.taken != row.held:
            yield f"slot {row.pk}: {row.taken} taken, {row.held} bookings"


def cases() -> Iterator[str]:
    """Cases whose parts don't fit together: no appeal, an answer without being asked, a rating left open."""
    from django.db.models import Count

    from chenyue.cases.models import Appeal, Case
    from chenyue.followup.models import Callback
    from chenyue.timeline.models import Chain

    for row in Case.objects.annotate(there=Count("appeals")).exclude(state="joined"):
        if not row.there or row.there != row.appeals_count:
            yield f"case {row.number}: {row.there} appeals, {row.appeals_count} counted"
    chains = set(Chain.objects.values_list("subject", flat=True))
    answered = set(Callback.objects.values_list("appeal_id", flat=True))
    for pk, number, state in Appeal.objects.values_list("pk", "case__number", "case__state"):
        if f"case:{number}" not in chains:
            yield f"case {number}: no history"
        if state == "answered" and pk not in answered:
            yield f"case {number}: answered, and nobody is asked"


def jobs() -> dict[str, int]:
    """What waits in the queue of jobs, and what failed for good."""
    from django.utils import timezone
    from django_q.models import Failure, OrmQ

    at = timezone.now()
    return {
        "waiting": OrmQ.objects.filter(lock__lte=at).count(), "taken": OrmQ.objects.filter(lock__gt=at).count(),
        "failed": Failure.objects.count(),
    }  # fmt: skip


def everything() -> dict[str, Any]:
    """All of it, as JSON holds it. No server runs: the turn of a counter that was killed is free at once."""
    from chenyue.insight.models import Follow

    Follow.objects.update(held=False)
    return {"effects": effects(), "codes": codes(), "half_done": list(half_done()), "jobs": jobs()}


if __name__ == "__main__":
    from chaos.office import setup

    setup()
    Path(sys.argv[1]).write_text(json.dumps(everything(), ensure_ascii=False), "utf-8")
