"""Calculators that both sides can replay: plain JSON goes in and comes out. Pure; drafts, never decisions."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from chenyue.mediation.calculators import interest, land, leak, plain
from chenyue.mediation.lifecycle import Calculator

WORK: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    Calculator.LAND: land.work,
    Calculator.INSTALMENTS: plain.in_parts,
    Calculator.INTEREST: interest.work,
    Calculator.LEAK: leak.work,
    Calculator.SHARES: plain.share_out,
}


def calculate(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The result of a calculation. Raises `outcome.Wrong` where what was given doesn't fit."""
    return WORK[kind](given)


def fingerprint(given: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    """SHA-256 of what went in and came out: who replays a calculation finds the same."""
    whole = json.dumps([given, result], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(whole.encode()).hexdigest()
