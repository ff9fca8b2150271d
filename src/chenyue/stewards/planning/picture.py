"""A proposal on the office's plan: loads before and after, the buildings that change hands outlined."""

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chenyue.places.drawing import boxes
from chenyue.places.models import Place
from chenyue.places.schematic import Value, plan, svg
from chenyue.stewards.lifecycle import PlanState
from chenyue.stewards.models import Plan
from chenyue.stewards.planning.showing import Shown
from chenyue.stewards.queries import buildings

MOST = 600  # buildings beyond which only the estates that are touched are drawn


@dataclass(frozen=True)
class Pictures:
    """Before and after."""

    before: SafeString
    after: SafeString


def both(row: Plan, shown: Shown) -> Pictures | None:
    """Two plans of what is proposed; None while there is nothing to be seen. Buildings of a term read one statement."""
    result = row.result
    if row.state not in (PlanState.READY, PlanState.APPLIED) or not shown.rows or "who" not in result:
        return None
    loads = {load["steward"]: load for load in result["loads"]}
    who = {int(building): steward for building, steward in result["who"].items()}
    changed = {c["building"]: c for c in result["changes"]}
    before = {b: changed[b]["before"] if b in changed else s for b, s in who.items()}
    drawn = plan(boxes(_touched(buildings(row.asks.get("within")), set(changed))))
    names = {load.steward_id: load.name for load in shown.loads}

    def values(of: dict[int, Any], when: str) -> dict[int, Value]:
        return {b: value(loads.get(s), names, when, b in changed, result["figures"]) for b, s in of.items()}

    return Pictures(
        svg(drawn, values(before, "before"), _("Loads before, building by building")),
        svg(drawn, values(who, "after"), _("Loads after, building by building")),
    )


def _touched(rows: list[Place], changed: set[int]) -> list[Place]:
    if len(rows) <= MOST:
        return rows
    estates = {place.estate_id for place in rows if place.pk in changed}
    return [place for place in rows if place.estate_id in estates]


def value(load: dict[str, Any] | None, names: dict[int, str], when: str, outlined: bool, figures: Any) -> Value:
    """How a building looks by the load of its steward; `when` is before or after."""
    if load is None:
        return Value("bad", pgettext("mark on the plan", "none"), _("nobody"), outlined=outlined)
    percent, name = load[when], names.get(load["steward"], "—")
    band = 100 * figures["balance"]
    tone = "low" if percent < 100 - band - 0.5 else "bad" if percent > 100 + band + 0.5 else "good"
    says = _("%(name)s, %(percent)d %% of a fair load") % {"name": name, "percent": percent}
    if outlined:
        says += "，" + _("changes hands")
    return Value(tone, str(percent), says, outlined=outlined)
