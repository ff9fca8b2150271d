"""What homes say to works, and what stands on the site, in plain values: never an owner's name or number."""

from datetime import date
from typing import Any

from chenyue.works.models import Ballot, Defect, Objection, ObjectionAnswer, Posting, Stance, WorksFile
from chenyue.works.site import queries as site

Shape = dict[str, Any]


def stance(row: Stance) -> Shape:
    """What a home said to a version."""
    return {
        "id": row.pk, "home_id": row.home_id, "plan": row.plan.number, "step": row.step, "reasons": row.reasons,
        "parts": row.parts, "speaker": row.speaker, "how": row.how, "words": row.words, "at": row.at,
        "counts": row.counts and row.superseded_at is None and row.withdrawn_at is None,
    }  # fmt: skip


def ballot(row: Ballot) -> Shape:
    """A signed ballot, without the names under it."""
    return {
        "id": row.pk, "home_id": row.home_id, "plan": row.plan.number, "vote": row.vote, "how": row.how,
        "signed_on": row.signed_on, "revoked_at": row.revoked_at, "sheet": row.scan_id is not None,
    }  # fmt: skip


def answer(row: ObjectionAnswer) -> Shape:
    """An answer by name, and what the home said to it."""
    return {
        "decision": row.decision, "words": row.words, "changes": row.changes, "by": row.by.name, "at": row.at,
        "accepted": row.accepted, "response": row.response,
    }  # fmt: skip


def objection(row: Objection) -> Shape:
    """An objection with its answers, the oldest first."""
    return {
        "number": row.number, "state": row.state, "home_id": row.home_id,
        "plan": row.plan.number if row.plan else None, "reasons": row.reasons, "parts": row.parts,
        "words": row.words, "unit": row.unit.code if row.unit else None,
        "answerer": row.answerer.name if row.answerer else None, "at": row.at, "due_at": row.due_at,
        "case": row.case.number if row.case else None, "answers": [answer(one) for one in row.answers.all()],
    }  # fmt: skip


def defect(row: Defect) -> Shape:
    """A defect of the works, or a complaint about the contractor."""
    return {
        "number": row.number, "state": row.state, "complaint": row.complaint, "building_id": row.building_id,
        "spot": row.spot, "words": row.words, "unit": row.unit.code if row.unit else None, "at": row.at,
        "due_at": row.due_at, "mended_at": row.mended_at, "mended": row.mended_words, "rounds": row.rounds,
        "checked_at": row.checked_at,
    }  # fmt: skip


def notice(row: Posting, day: date) -> Shape:
    """A notice: what it says, where it hangs, until when."""
    return {
        "id": row.pk, "kind": row.kind, "title": row.title, "text": row.text, "display": row.display,
        "state": site.state_of(row, day), "plan": row.plan.number if row.plan else None,
        "buildings": [one for one in row.places if isinstance(one, int)],
        "elsewhere": "、".join(one for one in row.places if isinstance(one, str)),
        "since": row.display_from, "until": row.display_until, "reason": row.reason,
    }  # fmt: skip


def file(row: WorksFile) -> Shape:
    """A photograph or a drawing."""
    return {
        "id": row.pk, "kind": row.kind, "name": row.name, "type": row.content_type, "size": row.size,
        "sha256": row.sha256, "public": row.public, "at": row.at,
    }  # fmt: skip
