"""Drafts: what triage would say of some words, and what an answer would look like. Nothing is kept or sent."""

from typing import Any

import chenyue.triage
from chenyue.cases import preview, queries
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Result
from chenyue.core import text
from chenyue.gateway.assistants.tools import Tool
from chenyue.places.queries import gazetteer

LONGEST = 8000  # characters, as on the forms
WORDS = {"type": "string", "minLength": 1, "maxLength": LONGEST}


def tools() -> list[Tool]:
    """The tools that draft."""
    suggesting = {
        "type": "object", "additionalProperties": False, "required": ["words"],
        "properties": {"words": WORDS, "place_id": {"type": "integer", "minimum": 1}},
    }  # fmt: skip
    answering = {
        "type": "object", "additionalProperties": False, "required": ["number"],
        "properties": {
            "number": {"type": "string", "maxLength": 40}, "told": {"type": "string", "maxLength": LONGEST},
            "result": {"type": "string", "enum": ["", *Result.values]},
        },
    }  # fmt: skip
    return [
        Tool(
            "suggest_triage", "What these words seem to be",
            "Category, place, urgency, units and dangers, each with its reason. Nothing is filed.",
            suggesting, ("case.file", "case.triage"), draft=suggest,
        ),
        Tool(
            "draft_answer", "What an answer would look like",
            "Standard texts that fit the case, filled in; and, for `told`, what each reporter would read. Nothing is "
            "sent or kept: a member writes and sends the answer on the case's page.",
            answering, ("case.work", "case.settle"), draft=answer,
        ),
    ]  # fmt: skip


def suggest(made: Any, given: dict[str, Any]) -> dict[str, Any]:
    """See `chenyue.triage.suggest`."""
    place = given.get("place_id")
    known = place if isinstance(place, int) and gazetteer().get(place) else None
    return chenyue.triage.suggest(text.clean(str(given["words"]))[:LONGEST], known, made.at).to_json()


def answer(made: Any, given: dict[str, Any]) -> dict[str, Any]:
    """Standard texts and the preview of a case that the caller may answer. Raises Refusal."""
    case = queries.case_for(made.member, str(given["number"])[:40])
    queries.require_move(made.member, case, Move.ANSWER if case.lead_id else Move.SETTLE)
    told = text.clean(str(given.get("told") or ""))[:LONGEST]
    standard = [
        {"name": row.name, "result": row.result, "text": preview.fill_template(row, case)}
        for row in preview.templates_for(case, str(given.get("result") or ""))
    ]
    shown = preview.answer_preview(case, told) if told else []
    return {
        "number": case.number,
        "standard_texts": standard,
        "preview": [
            {"who": one.who, "channel": str(one.channel), "subject": one.subject, "text": one.text} for one in shown
        ],
    }
