"""By what a message is known again, in whatever form and by whomever it is pasted a second time."""

import re
from collections import Counter
from collections.abc import Sequence

from chenyue.core import carried
from chenyue.core import text as texts
from chenyue.gateway.chat.messages import Message, spelt_alike


def fingerprints(messages: Sequence[Message], home_id: int | None) -> list[str]:
    """One for each message: of who, in which minute, what; a copy without times adds the group's place.

    Copies tell minutes and exports seconds, so a minute is what both know. The same words of the same
    person twice in a minute (two pictures) are counted. Keyed: from a print nobody can try out words.
    """
    seen: Counter[str] = Counter()
    found = []
    for message in messages:
        when = str(int(message.at.timestamp()) // 60) if message.at else f"at {home_id or 0}"
        key = "\x1f".join((spelt_alike(message.sender), when, _plain(message.text)))
        seen[key] += 1
        value = f"{key}\x1f{seen[key]}"
        found.append(carried.fingerprint("chat", value))
    return found


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", texts.fold(text))
