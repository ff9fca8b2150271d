"""Two at once: a proposal is carried out once, and never gives a building two stewards."""

from typing import Any

import pytest

from cast import NOW, at
from chenyue.core.errors import Refusal
from chenyue.places.models import Kind, Place
from chenyue.stewards.actions import hand_on
from chenyue.stewards.lifecycle import EndReason, PlanState, TermRole
from chenyue.stewards.models import Plan, Term
from chenyue.stewards.planning import asking, carrying_out
from helpers import together
from stewards import stage

pytestmark = pytest.mark.django_db(transaction=True)
THREE = ("金桂苑1幢", "金桂苑2幢", "金桂苑3幢")


def ready(cast: Any) -> tuple[Plan, Any]:
    """A proposal for one who leaves two buildings; and a third steward."""
    Place.objects.filter(kind=Kind.BUILDING).exclude(full_name__in=THREE).update(active=False)
    leaves, stays, third = (stage.steward(cast, name) for name in ("周桂珍", "吴学勤", "郑安国"))
    for name, who in zip(THREE, (leaves, leaves, stays), strict=True):
        stage.term(cast, who, name)
    plan = asking.ask(reason="resignation", leaving=[leaves.pk], by=cast.zhao.actor(), at=NOW, seconds=2)
    plan.refresh_from_db()
    return plan, third


def mains() -> list[int]:
    """Open terms of each building."""
    rows = Term.objects.filter(role=TermRole.MAIN, ended_at=None)
    return [rows.filter(building__full_name=name).count() for name in THREE]


def test_carried_out_by_two_at_once(cast: Any) -> None:
    plan, _third = ready(cast)

    def act() -> int:
        return carrying_out.apply(plan=plan, chosen=[0, 1], by=cast.zhao.actor(), at=at(1))

    found = together(act, act)
    assert sorted(isinstance(one, Refusal) for one in found) == [False, True], found
    assert mains() == [1, 1, 1]
    assert Plan.objects.get().state == PlanState.APPLIED


def test_handed_on_by_hand_at_the_same_moment(cast: Any) -> None:
    plan, third = ready(cast)
    term = Term.objects.get(building__full_name=THREE[0], ended_at=None)
    found = together(
        lambda: carrying_out.apply(plan=plan, chosen=[0, 1], by=cast.zhao.actor(), at=at(1)),
        lambda: hand_on(term=term, to=third, reason=EndReason.OTHER, by=cast.li.actor(), at=at(1)),
    )
    assert sorted(isinstance(one, Refusal) for one in found) == [False, True], found
    assert mains() == [1, 1, 1]
