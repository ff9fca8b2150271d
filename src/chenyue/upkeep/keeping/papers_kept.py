"""Letters that went out, and contact data of parties whose mediation is over: what the record doesn't need goes."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from chenyue.cases.lifecycle import OPEN
from chenyue.cases.models import Case
from chenyue.core import keeping
from chenyue.core.keeping import Found
from chenyue.mediation.lifecycle import ENDED, ConfirmationState, Stage
from chenyue.mediation.lifecycle import OPEN as GOING_ON
from chenyue.mediation.models import Complaint, Dossier, JudicialConfirmation, Mediation, Party
from chenyue.notify.models import Message
from chenyue.upkeep.models import KeepHold

LETTERS, PARTIES = "notify.letters", "mediation.contacts"
BATCH = 1000  # of a turn
EMPTY: dict[str, Any] = {"address": "", "title": "", "body": "", "last_error": "", "blanks": "", "others": ""}
CONTACT = {"phone": "", "phone_index": "", "address": "", "account": "", "id_number": "", "id_index": ""}
_GONE = (Message.State.SENT, Message.State.DEAD, Message.State.PASSED)


# Letters


def _letters(before: datetime) -> "QuerySet[Message]":
    """With words in them still. That one was sent, when, and about what stays."""
    return Message.objects.filter(created_at__lt=before, state__in=_GONE).exclude(address="", body="")


def _about(kind: str, rows: Any) -> Exists:
    named = rows.annotate(about_=Concat(Value(f"{kind}:"), "number", output_field=CharField()))
    return Exists(named.filter(about_=OuterRef("about")))


def _running() -> Q:
    cases = Case.objects.filter(Q(state__in=[s.value for s in OPEN]) | Q(number__in=KeepHold.numbers()))
    quarrels = Mediation.objects.filter(Q(stage__in=GOING_ON) | Q(number__in=KeepHold.numbers()))
    return Q(_about("case", cases)) | Q(_about("mediation", quarrels))


def look_at_letters(before: datetime, at: datetime) -> Found:
    """Three statements."""
    rows = _letters(before)
    return keeping.counted(rows.exclude(_running()), "created_at", rows.filter(_running()).count())


def empty_letters(before: datetime, at: datetime) -> Found:
    """Address and words go."""
    due = list(_letters(before).exclude(_running()).order_by("pk").values_list("pk", flat=True)[:BATCH])
    return Found(Message.objects.filter(pk__in=due).update(**EMPTY))


# Parties of mediations


def _parties(before: datetime) -> "QuerySet[Party]":
    kept = ~Q(phone="", address="", account="", id_number="")
    return Party.objects.filter(kept, mediation__stage__in=ENDED, mediation__ended_at__lt=before)


def _claimed() -> Q:
    """Its dossier isn't in the archive yet, a court has it, somebody complains, or a person has put a hand on it."""
    mediated = Q(mediation__stage__in=(Stage.PERFORMED, Stage.TERMINATED))
    filed = Exists(Dossier.objects.filter(mediation=OuterRef("mediation_id"), archived_at__isnull=False))
    court = JudicialConfirmation.objects.filter(
        agreement__mediation=OuterRef("mediation_id"), state=ConfirmationState.APPLIED
    )
    complained = Complaint.objects.filter(mediation=OuterRef("mediation_id"), answered_at=None)
    return (
        (mediated & ~Q(filed)) | Q(Exists(court)) | Q(Exists(complained)) | Q(mediation__number__in=KeepHold.numbers())
    )


def look_at_parties(before: datetime, at: datetime) -> Found:
    """Three statements."""
    rows = _parties(before)
    return keeping.counted(rows.exclude(_claimed()), "mediation__ended_at", rows.filter(_claimed()).count())


@transaction.atomic
def empty_parties(before: datetime, at: datetime) -> Found:
    """Numbers, addresses and accounts go; names, and the papers of the dossier, stay as long as the dossier."""
    due = list(_parties(before).exclude(_claimed()).order_by("pk").values_list("pk", flat=True)[:BATCH])
    return Found(Party.objects.filter(pk__in=due).update(**CONTACT))


keeping.register(LETTERS, days=365, least=90, look=look_at_letters, remove=empty_letters)
keeping.register(PARTIES, days=3 * 365, least=365, look=look_at_parties, remove=empty_parties)
