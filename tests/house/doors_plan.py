"""The table of doors, for proposals of re-assignment and the map. Each row makes what it needs."""

from typing import Any

from house.doors import NOTHING, Door, only, posted

SHARES_OUT = ("li", "zhao")  # who appoints stewards


def proposal(world: Any) -> dict[str, Any]:
    """A proposal that is ready, without changes."""
    from chenyue.stewards.lifecycle import PlanState
    from chenyue.stewards.models import Plan

    asks = {"leaving": [], "within": None, "seconds": 2}
    row = Plan.objects.create(
        reason="balance", asks=asks, state=PlanState.READY, made_by=world.cast.zhao, made_at=world.cast.now
    )
    return {"pk": row.pk}


def dropping(world: Any) -> dict[str, Any]:
    return proposal(world) | {"what": "drop"}


PLANS: dict[str, Door | list[Door]] = {
    "stewards:plans": [Door(only(*SHARES_OUT)), posted(only(*SHARES_OUT, status=422))],
    "stewards:plan": [Door(only(*SHARES_OUT), proposal), Door(only(*SHARES_OUT, status=404), NOTHING)],
    "stewards:plan-act": [
        posted(only(*SHARES_OUT, status=303), dropping),
        posted(only(*SHARES_OUT, status=404), NOTHING | {"what": "stop"}),
    ],
}
SEES_THE_PLAN = ("wang", "li", "lin", "zhao", "sun")
DRAWS = ("admin",)  # who changes places

MAP: dict[str, Door | list[Door]] = {
    "desk:map": [Door(only(*SEES_THE_PLAN)), Door(only(*SEES_THE_PLAN), data={"layer": "heat"})],
    "desk:map-ground": [Door(only(*DRAWS)), posted(only(*DRAWS, status=422))],
    "desk:map-image": Door(only(*SEES_THE_PLAN, *DRAWS, status=404)),  # no picture yet
    "desk:map-outlines": [Door(only(*DRAWS)), posted(only(*DRAWS, status=422))],
}
