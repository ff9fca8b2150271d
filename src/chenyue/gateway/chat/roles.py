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


def official(sender: str, own_group: bool) -> bool:
    """Whether this name speaks for somebody; stewards in their own group speak as residents do."""
    if not words.OFFICIAL.search(sender):
        return False
    return not (own_group and words.STEWARD.search(sender))
