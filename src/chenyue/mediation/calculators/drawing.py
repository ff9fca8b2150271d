"""A result as pages show it: words for codes, and who gets how much by which opinion."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chenyue.mediation.calculators.words import KINDS, NOTES, WHY


def what(code: str) -> str:
    """What a line is about: `land:1` as the kind it is, everything else as it was typed."""
    kind, _colon, number = code.partition(":")
    if number.isdigit() and kind in KINDS:
        return str(KINDS[kind])
    words = {"principal": _("Principal"), "interest": _("Interest"), "overpaid": _("Overpaid")}
    return (words | {"sum": pgettext("calculator", "Sum")}).get(code, code)


def _line(line: Mapping[str, str]) -> dict[str, Any]:
    return {**line, "what": what(line["what"]), "why": WHY.get(line["why"], line["why"])}


def drawn(result: Mapping[str, Any]) -> dict[str, Any]:
    """Outcomes with words, and the table of totals: one row a person, one column an outcome."""
    outcomes = [
        {
            "title": outcome["title"] or _("Outcome %(n)d") % {"n": n},
            "lines": [_line(line) for line in outcome["lines"]],
            "left": [_line(line) for line in outcome["left"]],
            "notes": [NOTES.get(note, note) for note in outcome["notes"]],
            "total": outcome["total"],
            "totals": outcome["totals"],
        }
        for n, outcome in enumerate(result["outcomes"], 1)
    ]
    people = list(dict.fromkeys(who for outcome in outcomes for who in outcome["totals"] if who))
    return {
        "outcomes": outcomes,
        "totals": [(who, [(o["title"], o["totals"].get(who, "")) for o in outcomes]) for who in people],
        "findings": [
            {**finding, "why": WHY.get(finding["why"], finding["why"])} for finding in result.get("findings", [])
        ],
        "spans": result.get("spans", []),
        "rate": result.get("rate", ""),
    }
