"""Costs of a leak between neighbours, by causes and who answers for each. Pure.

Sources: 民法典 296 (use of water without harm to neighbours), 1165 (fault), 1172 (several causes, each their share),
1173 (the harmed one's own fault), 1184 (value when the loss arose), 281 (common parts: maintenance fund).
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from chenyue.mediation.calculators.outcome import Line, Outcome, Wrong, divided, fraction, money

CAUSES = {  # cause -> the article that says who answers
    "upstairs_pipe": "民法典 296、1165",
    "upstairs_floor": "民法典 296、1165",
    "use": "民法典 1165",
    "common_pipe": "民法典 281",
    "builder": "建设工程质量管理条例 40、41",
    "own": "民法典 1173",
    "other": "民法典 1172",
}
MOST = 40


def worn(amount: Decimal, age: Fraction, life: Fraction) -> Decimal:
    """What a thing was still worth: linear over its life, nothing beyond; a cost without a life counts whole."""
    if not life:
        return amount
    rest = max(Fraction(0), 1 - age / life)
    exact = Fraction(amount) * rest
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def work(given: Mapping[str, Any]) -> dict[str, Any]:
    """From what was typed to what is stored; raises `Wrong`.

    `given`: costs [{what, amount, age, life}] (years; empty: repairs, which don't wear),
    causes [{cause, who, share ("70%")}] whose shares add up to the whole.
    """
    causes = _causes(given.get("causes") or [])
    rows = given.get("costs") or []
    if not 0 < len(rows) <= MOST:
        raise Wrong("costs", "how_many")
    result = Outcome(str(given.get("title") or ""))
    for n, row in enumerate(rows):
        what = str(row.get("what") or "").strip()
        if not what:
            raise Wrong(f"costs.{n}.what", "missing")
        amount = money(row.get("amount"), f"costs.{n}.amount")
        age, life = (fraction(row.get(name) or 0, f"costs.{n}.{name}") for name in ("age", "life"))
        counted = worn(amount, age, life)
        parts = divided(what, counted, [(str(i), share) for i, (_c, _w, share) in enumerate(causes)], "cause", "")
        result.lines += [
            Line(what, causes[int(p.who)][1], p.amount, f"cause_{causes[int(p.who)][0]}", CAUSES[causes[int(p.who)][0]])
            for p in parts
        ]
        if counted != amount:
            result.left.append(Line(what, "", amount - counted, "worn", "民法典 1184"))
    return {"outcomes": [result.stored()]}


def _causes(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, Fraction]]:
    if not 0 < len(rows) <= MOST:
        raise Wrong("causes", "how_many")
    causes = []
    for n, row in enumerate(rows):
        cause, who = str(row.get("cause") or ""), str(row.get("who") or "").strip()
        if cause not in CAUSES:
            raise Wrong(f"causes.{n}.cause", "unknown")
        if not who:
            raise Wrong(f"causes.{n}.who", "missing")
        causes.append((cause, who, fraction(row.get("share"), f"causes.{n}.share")))
    if sum(share for _c, _w, share in causes) != 1:
        raise Wrong("causes", "not_whole")
    return causes
