"""An understanding as JSON: appeals and incidents in the shape of labelled chats."""

from typing import Any

from chenyue.gateway.chat.understanding import Incident, Understanding


def to_json(found: Understanding, name: str) -> dict[str, Any]:
    """`{id, appeals: […], incidents: {letter: …}}`; one appeal is one person's words about one incident."""
    return {
        "id": name,
        "appeals": [appeal for incident in found.incidents for appeal in _appeals(incident)],
        "incidents": {incident.letter: _told(incident) for incident in found.incidents},
    }


def _common(incident: Incident) -> dict[str, Any]:
    return {"category_code": incident.category_code, "urgency": incident.urgency, "place": incident.path}


def _appeals(incident: Incident) -> list[dict[str, Any]]:
    return [
        {
            "message_ids": [m.id for m in voice.messages],
            "incident": incident.letter,
            **_common(incident),
            "reporters": [voice.sender],
        }
        for voice in incident.voices
    ]


def _told(incident: Incident) -> dict[str, Any]:
    return {
        "summary": incident.suggestion.title,
        **_common(incident),
        "resolved_in_chat": incident.solved,
        "reporters": [voice.sender for voice in incident.voices],
        "message_ids": [m.id for m in incident.messages],
    }
