"""Who speaks: a neighbour, or somebody who answers for a firm, an office or the group."""

from collections.abc import Sequence

from chenyue.gateway.chat import words
from chenyue.gateway.chat.messages import Message

STEWARDS = 3  # so many of them in one chat, and it is their own group


def of_stewards(messages: Sequence[Message], group: str) -> bool:
    """Whether the group is one in which stewards report to the office."""
    if "楼长" in group:
        return True
    return len({m.sender for m in messages if words.STEWARD.search(m.sender)}) >= STEWARDS


def official(sender: str, own_group: bool) -> int:
    """2 for a firm or an office, 1 for a steward, 0 for a resident, as stewards are in their own group."""
    if not words.OFFICIAL.search(sender):
        return 0
    if words.STEWARD.search(sender):
        return 0 if own_group else 1
    return 2
