"""What people decide about a finding, with a reason."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from chenyue.core import text
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.insight.lifecycle import PainState, RootState
from chenyue.insight.models import Pain, RootProject
from chenyue.people.models import Member
from chenyue.people.rules import may
from chenyue.timeline.actions import record

MANAGE = "insight.manage"
RUNNING = (RootState.OPEN, RootState.PROVING)


def manager(by: Actor) -> Member:
    """The member behind `by`, if they may decide. Raises NotAllowed."""
    if not isinstance(by.user, Member) or not may(by.user, MANAGE):
        raise NotAllowed
    return by.user


def subject_of(pain: Pain) -> str:
    """Its name on the timeline."""
    return f"pain:{pain.pk}"


@transaction.atomic
def decide(*, pain: Pain, to: str, reason: str, by: Actor, at: datetime, version: int | None = None) -> Pain:
    """Seen, no trouble of its own, or (back) to new. Raises Refusal at `reason` where one is needed, Conflict where
    somebody else decided meanwhile or a project is under way.
    """  # fmt: skip
    member = manager(by)
    row = Pain.objects.select_for_update(of=("self",)).filter(pk=pain.pk).first()
    if row is None:
        raise NotFound
    if to not in (PainState.SEEN, PainState.DISMISSED, PainState.NEW) or row.state == to:
        raise Conflict
    if version is not None and version != row.version:
        raise Conflict
    if RootProject.objects.filter(pain=row, state__in=RUNNING).exists():
        raise Conflict(_("It is being solved at its source. The project says how that ends."))
    words = " ".join(text.clean(reason).split())[:300]
    if to == PainState.DISMISSED and not words:
        raise Refusal(_("Say why it is no trouble of its own: others will ask."), field="reason", code="required")
    row.state, row.reason, row.version = PainState(to), words, row.version + 1
    row.decided_by, row.decided_at, row.decided_count = member, at, row.count
    row.save()
    record(subject=subject_of(row), verb=f"pain.{to}", by=by, at=at, data={"words": words} if words else {})
    return row
