"""How states of proposals look; the job and the tick are registered by being imported."""

from chenyue.core import chrome
from chenyue.stewards import verbs_plan  # noqa: F401 – verbs
from chenyue.stewards.lifecycle import PlanState
from chenyue.stewards.planning import computing  # noqa: F401 – job, tick

LOOKS = {
    PlanState.ASKED: ("neutral", "clock"),
    PlanState.RUNNING: ("wait", "refresh"),
    PlanState.READY: ("due", "eye"),
    PlanState.IMPOSSIBLE: ("late", "alert-triangle"),
    PlanState.FAILED: ("late", "alert-triangle"),
    PlanState.APPLIED: ("done", "circle-check"),
    PlanState.DROPPED: ("neutral", "x"),
}
chrome.states("stewards_plan", {state.value: (state.label, *look) for state, look in LOOKS.items()})
