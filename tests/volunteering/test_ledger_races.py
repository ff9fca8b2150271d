"""Many at once: credits are spent once, a key is posted once, nobody waits for somebody who waits for them."""

from functools import partial
from typing import Any

import pytest

from cast import Cast
from chenyue.volunteering import crediting, proving
from chenyue.volunteering.accounts import balance, totals
from chenyue.volunteering.models import FamilyTie, Posting
from helpers import together
from volunteering.stage import BEGAN, Stage, acts_for

pytestmark = pytest.mark.django_db(transaction=True)


def test_nothing_is_spent_twice_however_many_try_at_once() -> None:
    """One database for all that can happen at once: holds, the same key, both ways in a family, two ends of a hold."""
    stage = Stage(Cast())
    one, other = stage.rich(300).resident, stage.rich(300).resident
    asked: dict[str, Any] = {"reference": "booking:B1", "by": stage.li, "at": BEGAN}

    found = together(*(partial(crediting.hold, one.pk, 100, key=f"h{n}", **asked) for n in range(6)))
    assert sorted(type(x).__name__ for x in found) == ["Posting"] * 3 + ["Short"] * 3, found
    assert balance(one, BEGAN.date()).free == 0

    found = together(*(partial(crediting.hold, other.pk, 50, key="same", **asked) for _ in range(4)))
    assert len({x.pk for x in found}) == 1
    assert balance(other, BEGAN.date()).free == 250

    held = Posting.objects.get(key="same")
    ends = together(
        partial(crediting.burn, held, by=stage.li, at=BEGAN), partial(crediting.release, held, by=stage.li, at=BEGAN)
    )
    assert sorted(type(x).__name__ for x in ends) == ["Conflict", "Posting"], ends

    for posting in Posting.objects.filter(key__in=["h0", "h1", "h2", "h3", "h4", "h5"]):
        crediting.release(posting, by=stage.li, at=BEGAN)
    ways = ((one, other), (other, one))
    for giver, receiver in ways:
        agreed: dict[str, Any] = dict.fromkeys(["made_at", "giver_at", "receiver_at", "approved_at"], BEGAN)
        FamilyTie.objects.create(giver=giver, receiver=receiver, kin="spouse", **agreed)
    before = balance(one, BEGAN.date()).free + balance(other, BEGAN.date()).free
    acts = [
        partial(crediting.transfer, giver, receiver, 40, key=f"t{n}{giver.pk}", by=acts_for(giver), at=BEGAN)
        for n in range(2)
        for giver, receiver in ways
    ]
    acts.append(partial(crediting.donate, one, 30, key="d", by=acts_for(one), at=BEGAN))
    found = together(*acts)
    assert all(isinstance(x, Posting) for x in found), found
    assert balance(one, BEGAN.date()).free + balance(other, BEGAN.date()).free == before - 30
    assert totals()["pool"] == 30
    assert list(proving.faults()) == []
