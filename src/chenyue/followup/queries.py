"""Reading what was asked and answered afterwards."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from chenyue.cases import queries as cases
from chenyue.cases.lifecycle import State
from chenyue.cases.models import Answer, Appeal, Case
from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed
from chenyue.core.prepared import prepared
from chenyue.followup import rules
from chenyue.followup.models import Callback, Rating, Refusal
from chenyue.people.models import Member


@dataclass(frozen=True)
class Asked:
    """What a rating page shows: the link's state, and the answer that is asked about."""

    state: str  # open, used, expired, overtaken; see rules.link_state
    callback: Callback
    case: Case
    appeal: Appeal
    told: str  # the answer as the reporter read it


def can_be_called(appeal: Appeal) -> bool:
    """Whether the reporter left a number and agreed to be contacted (or spoke to a member in person)."""
    reporter = appeal.reporter
    if reporter is None or reporter.phone_index == "" or reporter.erased_at or reporter.locked_at:
        return False
    return appeal.consent_contact or appeal.taken_by_id is not None


def require(by: Actor, word: str, case: Case) -> None:
    """Raise NotAllowed unless this member has the permission for this case."""
    if by.user is None or not cases.cases_for(by.user, word).filter(pk=case.pk).exists():
        raise NotAllowed()


def callbacks_for(member: Member, word: str = "callback.make") -> QuerySet[Callback]:
    """Callbacks of the cases for which a member may make calls."""
    return Callback.objects.filter(case__in=cases.cases_for(member, word)).select_related(
        "case", "appeal", "appeal__reporter", "case__category"
    )


def due(member: Member, at: datetime) -> QuerySet[Callback]:
    """Calls to make now, the longest waiting first."""
    return callbacks_for(member).filter(state=Callback.State.OPEN, next_try_at__lte=at).order_by("next_try_at", "pk")


def callback_for(member: Member, pk: int, word: str = "callback.make") -> Callback | None:
    """One callback, if this member may make it."""
    return callbacks_for(member, word).filter(pk=pk).first()


def refusals_for(member: Member, word: str = "case.review_answer") -> QuerySet[Refusal]:
    """Refused answers that wait for a decision, oldest first."""
    return (
        Refusal.objects.filter(state=Refusal.State.OPEN, case__in=cases.cases_for(member, word))
        .select_related("case", "rating", "rating__callback", "rating__callback__appeal")
        .order_by("at", "pk")
    )


def asked(token: str, at: datetime) -> Asked | None:
    """What a link asks about; None for a token that was never given out."""
    callback = Callback.objects.select_related("case", "appeal").filter(token=token).first()
    if callback is None:
        return None
    answer = (
        Answer.objects.filter(case_id=callback.case_id, round=callback.round, at__lte=callback.created_at)
        .order_by("-pk")
        .first()
    )
    state = rules.link_state(callback, at)
    if state == "open" and callback.case.state != State.ANSWERED:
        state = "overtaken"
    return Asked(state, callback, callback.case, callback.appeal, answer.told if answer else "")


def latest(appeal_id: int) -> Callback | None:
    """The newest callback of an appeal with its rating and what was decided, in one query."""
    return _latest.first(appeal=appeal_id)


@prepared
def _latest(*, appeal: Any) -> QuerySet[Callback]:
    rows = Callback.objects.filter(appeal_id=appeal).exclude(state=Callback.State.DEAD)
    return rows.select_related("rating", "rating__refusal").order_by("-pk")[:1]


def ready_to_close() -> QuerySet[Case]:
    """Answered cases with nobody left to ask and no refused answer undecided."""
    open_callback = Callback.objects.filter(case=OuterRef("pk"), state=Callback.State.OPEN)
    open_refusal = Refusal.objects.filter(case=OuterRef("pk"), state=Refusal.State.OPEN)
    return (
        Case.objects.filter(state=State.ANSWERED).exclude(Exists(open_callback)).exclude(Exists(open_refusal))
    ).order_by("pk")


def link(callback: Callback) -> str:
    """The path of a reporter's rating page; put the office's address before it."""
    return reverse("portal:rate", args=[callback.token])


def said_of(appeal_ids: Collection[int]) -> dict[int, Rating]:
    """What the reporters of these appeals said last, by appeal; those who said nothing aren't in it."""
    found = Rating.objects.filter(callback__appeal_id__in=appeal_ids).select_related("callback").order_by("pk")
    return {rating.callback.appeal_id: rating for rating in found}
