"""A steward's visits and the words left with them in plain values; who left words stays on their page."""

from typing import Any

from chenyue.stewards.models import DoorVisit, RelayedWord, WeatherCall

Shape = dict[str, Any]


def visit(row: DoorVisit) -> Shape:
    """A visit to a home."""
    said = True if row.confirmed_at else False if row.disputed_at else None
    return {
        "id": row.pk, "building_id": row.building_id, "room": row.room, "outcome": row.outcome, "words": row.words,
        "at": row.at, "next_on": row.next_on, "code": row.confirm_code, "confirmed": said,
        "case": row.case_number or None, "photo": bool(row.photo),
    }  # fmt: skip


def word(row: RelayedWord) -> Shape:
    """Words left at a door."""
    return {
        "id": row.pk, "building_id": row.building_id, "room": row.room, "words": row.words, "state": row.state,
        "at": row.at, "answer": row.answer, "case": row.case_number or None, "wants_a_call": bool(row.phone),
    }  # fmt: skip


def weather_call(row: WeatherCall) -> Shape:
    """A call to look in."""
    return {
        "id": row.pk, "weather": row.weather, "since": row.since, "until": row.until, "words": row.words,
        "ended_at": row.ended_at,
    }  # fmt: skip
