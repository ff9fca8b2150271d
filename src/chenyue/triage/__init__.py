"""Triage (研判): from words to a suggestion with reasons. A person confirms; nothing here decides or writes."""

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chenyue.triage.suggestion import Suggestion


def suggest(text: str, where: int | None, at: datetime, *, reporter_key: str = "") -> "Suggestion":
    """What these words seem to be: kind of matter, place, urgency, whose it is; each with its reason.

    `where` is the place that the appeal came with (a door's code), if any; `at` the moment it was
    received. `reporter_key` names the reporter for what only this person's past tells. Never raises
    for any text. The first call in a process reads the catalogue and takes some tenths of a second.
    """
    from chenyue.triage.assembly import suggest as work

    return work(text, where, at, reporter_key=reporter_key)
