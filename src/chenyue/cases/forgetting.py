"""What is forgotten with a resident whose data is deleted, and what a copy for them holds. Connected in wiring.

The record of what was handled stays: words, answers, figures. What would still name the person goes.
"""

from typing import Any

from chenyue.cases import search
from chenyue.cases.models import Addition, Answer, Appeal, Case
from chenyue.notify import actions as notify
from chenyue.people import masking
from chenyue.people.events import ResidentErased
from chenyue.people.models import Resident


def on_erased(event: ResidentErased) -> None:
    """Addresses, nicknames and letters go; in the words numbers and the person's own name are masked."""
    appeals = list(Appeal.objects.filter(reporter=event.resident).select_related("case"))
    addresses = {address for address in (event.email, *(a.email for a in appeals)) if address}
    for appeal in appeals:
        appeal.email = appeal.nickname = ""
        appeal.suggestion = {}  # what triage read out of the words
        for name in ("words", "title", "place_told"):
            setattr(appeal, name, masking.forget_person(getattr(appeal, name), event.name))
        appeal.save(update_fields=["email", "nickname", "suggestion", "words", "title", "place_told"])
    for addition in Addition.objects.filter(appeal__in=appeals):
        addition.words = masking.forget_person(addition.words, event.name)
        addition.save(update_fields=["words"])
    cases = {appeal.case_id: appeal.case for appeal in appeals}
    for case in cases.values():
        _forget_title(case, event.name)
        search.index(case)
    if addresses:
        notify.forget(addresses, [case.subject for case in cases.values()])


def _forget_title(case: Case, name: str) -> None:
    title = masking.forget_person(case.title, name)[:120]
    if title != case.title:
        case.title = title
        case.save(update_fields=["title"])


def copy_of(resident: Resident) -> list[dict[str, Any]]:
    """A resident's appeals with what was answered, for their copy (PIPL 45). Nothing of other reporters."""
    appeals = list(Appeal.objects.filter(reporter=resident).select_related("case", "place").order_by("received_at"))
    answers: dict[int, list[dict[str, str]]] = {}
    for row in Answer.objects.filter(case__in=[a.case_id for a in appeals]).order_by("at"):
        answers.setdefault(row.case_id, []).append({"at": row.at.isoformat(), "told": row.told})
    return [
        {
            "number": appeal.number,
            "received": appeal.received_at.isoformat(),
            "channel": appeal.channel,
            "title": appeal.title,
            "words": appeal.words,
            "added": list(appeal.additions.order_by("at").values_list("words", flat=True)),
            "files": list(appeal.attachments.order_by("pk").values_list("name", flat=True)),
            "place": appeal.place.full_name if appeal.place else appeal.place_told,
            "email": appeal.email,
            "nickname": appeal.nickname,
            "agreed_to_contact": appeal.consent_contact,
            "confidential": appeal.confidential,
            "taken_back": appeal.withdrawn_at.isoformat() if appeal.withdrawn_at else None,
            "state": appeal.case.state,
            "answers": answers.get(appeal.case_id, []),
        }
        for appeal in appeals
    ]
