"""Everything that changes what homes say and what they are asked about; each function is written where it belongs."""

from chenyue.works.objections import (
    answer_objection,
    give_objection,
    pass_on,
    raise_objection,
    respond,
    withdraw_objection,
)
from chenyue.works.plans import drop_plan, make_plan, publish_plan, remove_part, save_part, save_plan
from chenyue.works.stances import (
    Said,
    Signed,
    cast_ballot,
    cast_ballots,
    open_dispute,
    revoke_ballot,
    settle_dispute,
    take_stance,
    take_stances,
    withdraw_stance,
)

__all__ = [
    "Said",
    "Signed",
    "answer_objection",
    "cast_ballot",
    "cast_ballots",
    "drop_plan",
    "give_objection",
    "make_plan",
    "open_dispute",
    "pass_on",
    "publish_plan",
    "raise_objection",
    "remove_part",
    "respond",
    "revoke_ballot",
    "save_part",
    "save_plan",
    "settle_dispute",
    "take_stance",
    "take_stances",
    "withdraw_objection",
    "withdraw_stance",
]
