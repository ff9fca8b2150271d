"""What is forgotten with a resident whose data is deleted, and what a copy for them holds. Connected in wiring.

The record of what was handled stays: words, answers, figures. What would still name the person goes, the
photographs that came with the appeals go, and words on the timeline that name them are blanked.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import ngettext

from chenyue.cases import search
from chenyue.cases.models import (
    Addition,
    Answer,
    Appeal,
    Assignment,
    Attachment,
    Case,
    Extension,
    Note,
    Pause,
    Return,
)
from chenyue.notify import actions as notify
from chenyue.people import masking
from chenyue.people.events import ResidentErased
from chenyue.people.models import Resident
from chenyue.timeline import actions as timeline
from chenyue.timeline.verbs import register

HANDLING: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Answer, ("done", "told")),
    (Note, ("words",)),
    (Assignment, ("task", "report", "reason")),
    (Return, ("words", "review_words")),
    (Pause, ("reason",)),
    (Extension, ("reason", "decision_words")),
)


def _files_gone(data: dict[str, Any]) -> str:
    n = int(data["count"])
    return ngettext(
        "%(count)d photo was deleted with a person's data", "%(count)d photos were deleted with a person's data", n
    ) % {"count": n}


register("case.files_forgotten", _files_gone)


def on_erased(event: ResidentErased) -> None:
    """Addresses, nicknames and letters go; in the words numbers and the person's own name are masked."""
    appeals = list(Appeal.objects.filter(reporter=event.resident).select_related("case"))
    addresses = {address for address in (event.email, event.phone, *(a.email for a in appeals)) if address}
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
        _forget_handling(case, event.name)
        search.index(case)
    _forget_files(appeals, event)
    for case in cases.values():
        timeline.forget_words(case.subject, _names(event), by=event.by, at=event.at)
    if addresses:
        notify.forget(addresses, [case.subject for case in cases.values()])


def _names(event: ResidentErased) -> Callable[[str], bool]:
    """Whether words name the person, or give any number or address."""
    return lambda words: masking.forget_person(words, event.name) != words


def _forget_handling(case: Case, name: str) -> None:
    """In what units and the office wrote about the case, the person is masked; the rest stays."""
    for model, fields in HANDLING:
        for row in model.objects.filter(case=case):
            changed = [f for f in fields if masking.forget_person(getattr(row, f), name) != getattr(row, f)]
            for field in changed:
                wanted = masking.forget_person(getattr(row, field), name)
                setattr(row, field, wanted[: model._meta.get_field(field).max_length])
            if changed:
                row.save(update_fields=changed)


def _forget_files(appeals: list[Appeal], event: ResidentErased) -> None:
    """Photographs that came with the appeals are deleted; that there were some stays on the timeline."""
    files = list(Attachment.objects.filter(appeal__in=appeals, stage=Attachment.Stage.REPORT).select_related("case"))
    if not files:
        return
    counts = Counter(file.case.subject for file in files)
    paths = [path for file in files for path in (file.file.name, file.preview.name) if path]
    Attachment.objects.filter(pk__in=[file.pk for file in files]).delete()
    drafts = [timeline.Draft(subject, "case.files_forgotten", {"count": n}) for subject, n in sorted(counts.items())]
    timeline.record_many(drafts, by=event.by, at=event.at)

    def delete() -> None:
        for path in paths:
            default_storage.delete(path)

    transaction.on_commit(delete)


def _forget_title(case: Case, name: str) -> None:
    title = masking.forget_person(case.title, name)[:120]
    if title != case.title:
        case.title = title
        case.save(update_fields=["title"])
    waiting = masking.forget_person(case.waiting_reason, name)
    if waiting != case.waiting_reason:
        case.waiting_reason = waiting[: Case._meta.get_field("waiting_reason").max_length]
        case.save(update_fields=["waiting_reason"])


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
