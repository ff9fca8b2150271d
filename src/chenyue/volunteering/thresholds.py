"""Numbers by which evidence is judged: data, not code. An office's own stand in its settings and replace these.

The reasons for the numbers stand in docs/volunteering.md.
"""

import json
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from chenyue.core import office
from chenyue.volunteering.booking_terms import ODD

SHIPPED = Path(__file__).parent / "data" / "evidence.json"


@dataclass(frozen=True)
class Thresholds:
    """Minutes, metres, counts and days, as their names say."""

    most_minutes: int  # of one entry (the table's check says the same)
    shortest_minutes: int  # between scanning in and out
    early_minutes: int  # before the planned start the code is taken
    after_minutes: int  # after the planned end it still is
    overrun_minutes: int  # out later than the planned end by more than this is looked at
    late_hours: int  # a reading that a telephone kept without network may come so much later
    day_minutes: int  # of one person; more is looked at
    speed_kmh: int  # between two places; faster is looked at
    near_metres: int  # nearer places are one place
    velocity_seconds: int
    velocity_forms: int  # forms sent by one recorder within those seconds
    velocity_claims: int  # claims in them
    device_people: int  # people for whom one telephone scans at an activity; more is looked at
    round_claims: int  # of one recorder, from which on round numbers are looked at
    round_share: int  # percent of whole hours among them
    quota_day: int  # claims one recorder may type in a day
    typed_within_days: int  # after the service; later is grade C
    oldest_days: int  # before today; older isn't taken
    check_percent: int  # of typed claims, drawn by lot
    check_days: int  # within which the drawn are called
    plea_days: int  # within which a complaint is decided
    notice_days: int  # that a certificate is shown inside the unit (民发〔2015〕149号: not fewer than 7)


@cache
def shipped() -> dict[str, int]:
    """The numbers that come with the product, by name."""
    found: dict[str, int] = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return found


def now() -> Thresholds:
    """The numbers in force. The law's floor of seven days and the table's 480 minutes can't be undercut."""
    own = office.get("volunteering_evidence")
    known = {field.name for field in fields(Thresholds)}
    values = shipped() | {name: int(value) for name, value in own.items() if name in known}
    values["notice_days"] = max(7, values["notice_days"])
    values["most_minutes"] = min(480, values["most_minutes"])
    return Thresholds(**values)


def odd_now() -> dict[str, Any]:
    """From when on redeeming looks odd: the shipped limits with the office's own in their place."""
    own = office.get("volunteering_odd")
    return ODD | {name: value for name, value in own.items() if name in ODD}
