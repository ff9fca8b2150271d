"""Writing: which version of the learner speaks, chosen by a person."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.people.rules import may
from chenyue.timeline.actions import record
from chenyue.timeline.models import VisibleTo
from chenyue.triage import versions
from chenyue.triage.models import TriageModel

PERMISSION = "triage.choose"
SUBJECT = "office:triage"


def speak(*, version: int, by: Actor, at: datetime) -> int:
    """Let a version speak (0: the first guess alone). Returns the one that spoke before, 0 for none.

    Raises NotAllowed without the permission; Refusal if there is no such version, if its file can't be read, or
    if it speaks already.
    """
    if by.kind == "member" and not may(by.user, PERMISSION):
        raise NotAllowed
    with transaction.atomic():
        now = TriageModel.objects.select_for_update().filter(state=TriageModel.State.ACTIVE).first()
        former = now.version if now else 0
        if former == version:
            raise Refusal(_("This version speaks already."), code="same")
        try:
            versions.roll_back(at, version)
        except (OSError, ValueError, KeyError) as error:
            raise Refusal(_("The file of this version can't be read."), code="unreadable") from error
        data = {"version": version, "former": former}
        record(subject=SUBJECT, verb="triage.version_chosen", by=by, at=at, data=data, visible_to=VisibleTo.OFFICE)
    return former
