"""Listeners that write down, in the transaction of the act, what is to be told. Connected in wiring.

Without a webhook that wants an event, nothing is asked of the database: which want what is kept in memory. Whether
its owner sees the case is asked when it is sent.
"""

from datetime import datetime
from typing import Any

from chenyue.cases import events as cases
from chenyue.cases.models import Case
from chenyue.core import ids, rows, snapshots
from chenyue.followup.events import AnswerRated, AnswerRefused
from chenyue.gateway.models_machines import Webhook, WebhookDelivery
from chenyue.notify.actions import is_quiet

NAME = "webhooks"


def _load() -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    listening = Webhook.objects.filter(taken_at__isnull=False, ended_at=None, paused_at=None).order_by("pk")
    for pk, events in listening.values_list("pk", "events"):
        for event in events:
            found.setdefault(event, []).append(pk)
    return found


_wanted: snapshots.Snapshot[dict[str, list[int]]] = snapshots.Snapshot(NAME, _load)


def tell(event: str, data: dict[str, Any], at: datetime) -> int:
    """Write a delivery for each webhook that wants this event; how many. One statement, none for none."""
    wanted = _wanted.get().get(event)
    if not wanted or is_quiet():
        return 0
    rows.insert_many([delivery(pk, event, data, at) for pk in wanted])
    return len(wanted)


def delivery(webhook_id: int, event: str, data: dict[str, Any], at: datetime) -> WebhookDelivery:
    """A row of one event for one webhook, due at once."""
    return WebhookDelivery(
        webhook_id=webhook_id, key=f"msg_{ids.token()}"[:40], type=event, case_number=data.get("case", ""), data=data,
        at=at, next_at=at,
    )  # fmt: skip


def _of(case: Case) -> dict[str, Any]:
    return {"case": case.number, "state": str(case.state), "round": case.round, "version": case.version}


def on_filed(event: cases.AppealFiled) -> None:
    """An appeal arrived."""
    more = {"appeal": event.appeal.number, "joined": event.joined, "channel": event.appeal.channel}
    tell("appeal.filed", _of(event.case) | more, event.at)


def on_words(event: cases.WordsAdded) -> None:
    """Words were added."""
    tell("appeal.words_added", _of(event.case), event.at)


def on_moved(event: cases.CaseMoved) -> None:
    """Any move."""
    tell("case.moved", _of(event.case) | {"move": str(event.move)}, event.at)


def on_dispatched(event: cases.CaseDispatched) -> None:
    """Units were given the case."""
    tell("case.dispatched", _of(event.case), event.at)


def on_answered(event: cases.CaseAnswered) -> None:
    """An answer was given."""
    tell("case.answered", _of(event.case) | {"result": event.answer.result}, event.at)


def on_closed(event: cases.CaseClosed) -> None:
    """Closed."""
    tell("case.closed", _of(event.case) | {"result": event.result}, event.at)


def on_reopened(event: cases.CaseReopened) -> None:
    """A new round."""
    tell("case.reopened", _of(event.case), event.at)


def on_joined(event: cases.CaseJoined) -> None:
    """Joined. The other case isn't named: it may be kept more closely."""
    tell("case.joined", _of(event.case), event.at)


def on_split(event: cases.CaseSplit) -> None:
    """Split."""
    tell("case.split", _of(event.case), event.at)


def on_due(event: cases.CaseDue) -> None:
    """A clock reached a step."""
    tell("case.due", _of(event.case) | {"clock": event.clock, "step": event.step}, event.at)


def on_part_ended(event: cases.PartEnded) -> None:
    """An assisting part ended."""
    tell("case.part_ended", _of(event.case), event.at)


def on_rated(event: AnswerRated) -> None:
    """An answer was rated: the grade, no words."""
    said = {"grade": event.rating.grade, "solved": event.rating.solved}
    tell("answer.rated", _of(event.rating.case) | said, event.at)


def on_refused(event: AnswerRefused) -> None:
    """An answer wasn't taken."""
    tell("answer.refused", _of(event.refusal.case), event.at)
