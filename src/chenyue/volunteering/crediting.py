"""Verbs of the ledger, for the other parts of volunteering: each writes through `posting.post`."""

from chenyue.volunteering.changing import expire, freeze, grant, take_back, thaw
from chenyue.volunteering.earning import earn, reverse_earning
from chenyue.volunteering.passing import donate, transfer
from chenyue.volunteering.posting import Short
from chenyue.volunteering.spending import burn, hold, release, served

__all__ = [
    "Short",
    "burn",
    "donate",
    "earn",
    "expire",
    "freeze",
    "grant",
    "hold",
    "release",
    "reverse_earning",
    "served",
    "take_back",
    "thaw",
    "transfer",
]
