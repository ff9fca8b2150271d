"""Parties, who speaks for them, and what they agreed to: each is written where it belongs."""

from chenyue.mediation.consents import all_agree, heard, say, standing, withdraw
from chenyue.mediation.parties import PartyData, age, current_parties, deciding, party_died, party_leaves, save_party
from chenyue.mediation.speakers import (
    MOST_ELECTED,
    Speaker,
    add_representative,
    check_not_resting,
    current_representatives,
    end_representative,
    resting,
    speaks_for,
)

__all__ = [
    "MOST_ELECTED",
    "PartyData",
    "Speaker",
    "add_representative",
    "age",
    "all_agree",
    "check_not_resting",
    "current_parties",
    "current_representatives",
    "deciding",
    "end_representative",
    "heard",
    "party_died",
    "party_leaves",
    "resting",
    "save_party",
    "say",
    "speaks_for",
    "standing",
    "withdraw",
]
