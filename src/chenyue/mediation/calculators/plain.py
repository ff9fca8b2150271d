"""One sum by weights, and one sum in instalments. Pure."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from chenyue.mediation.calculators.outcome import Line, Outcome, Wrong, divided, fraction, money
from chenyue.mediation.instalments import plan

MOST = 500


def share_out(given: Mapping[str, Any]) -> dict[str, Any]:
    """`given`: amount, what, people [{name, weight, why}]. Equal unless weighted; a weight needs its reason."""
    amount, rows = money(given.get("amount"), "amount"), given.get("people") or []
    if not 0 < len(rows) <= MOST:
        raise Wrong("people", "how_many")
    people: list[tuple[str, Fraction]] = []
    for n, row in enumerate(rows):
        name = str(row.get("name") or "").strip()
        if not name or name in dict(people):
            raise Wrong(f"people.{n}.name", "missing" if not name else "twice")
        weight = fraction(row.get("weight"), f"people.{n}.weight")
        if weight != 1 and not str(row.get("why") or "").strip():
            raise Wrong(f"people.{n}.why", "why_weights")
        people.append((name, weight))
    if not any(weight for _name, weight in people):
        raise Wrong("people", "no_weight")
    why = "equal" if all(weight == 1 for _name, weight in people) else "weighted"
    lines = divided(
        str(given.get("what") or "sum"), amount, people, why, "", [str(row.get("why") or "") for row in rows]
    )
    return {"outcomes": [Outcome(str(given.get("title") or ""), lines).stored()]}


def in_parts(given: Mapping[str, Any]) -> dict[str, Any]:
    """`given`: amount, first, count or each, months, at_once, who. Raises `Wrong`."""
    amount = money(given.get("amount"), "amount")
    try:
        first = date.fromisoformat(str(given.get("first") or ""))
    except ValueError as error:
        raise Wrong("first", "no_date") from error
    each = money(given["each"], "each") if given.get("each") else None
    at_once = money(given["at_once"], "at_once") if given.get("at_once") else Decimal(0)
    try:
        count, months = int(given.get("count") or 0), int(given.get("months") or 1)
    except ValueError as error:
        raise Wrong("count", "how_many") from error
    try:
        parts = plan(amount, first=first, count=count, each=each, months=months, at_once=at_once)
    except (ValueError, OverflowError) as error:
        raise Wrong("count", "no_plan") from error
    who = str(given.get("who") or "")
    lines = [Line(str(part.number), who, part.amount, "part", "", part.due_on.isoformat()) for part in parts]
    return {"outcomes": [Outcome(str(given.get("title") or ""), lines).stored()]}
