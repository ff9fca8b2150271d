"""Writes to stewards: the door for the packages above. Each is whole in its own module.

Keyword-only, with `by=` and `at=`; permission, lock, rule, write and timeline in one transaction.
"""

from chenyue.stewards.absences import come_back, leave, settle_states, substitute
from chenyue.stewards.profiles import save_facts, save_steward, see_phone, touch
from chenyue.stewards.terms import acknowledge, allowed, begin_term, end_term, hand_on

__all__ = [
    "acknowledge",
    "allowed",
    "begin_term",
    "come_back",
    "end_term",
    "hand_on",
    "leave",
    "save_facts",
    "save_steward",
    "see_phone",
    "settle_states",
    "substitute",
    "touch",
]
