"""The versions of figures' definitions, read once for many figures."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from chenyue.followup.models import LeftOut, RateDefinition
from chenyue.insight.lifecycle import Measure

THREE = {"contacted": Measure.CONTACTED, "solved": Measure.SOLVED, "satisfied": Measure.SATISFIED}


@dataclass(frozen=True)
class Rules:
    """The versions of a figure's definition, oldest first."""

    versions: tuple[RateDefinition, ...]

    def on(self, day: date) -> RateDefinition:
        """The version in force on a day; before all of them, the first. As `followup.rates.definition`."""
        begun = [row for row in self.versions if row.since <= day]
        return begun[-1] if begun else self.versions[0]

    def changed(self, since: date, until: date) -> bool:
        """Whether another version came into force within these days, after the first and before `until`."""
        return any(since < row.since < until for row in self.versions)


def rules_of(codes: Iterable[str]) -> dict[str, Rules]:
    """The definitions of these figures. One statement. Raises KeyError for a code that has none."""
    wanted = list(codes)
    found: dict[str, list[RateDefinition]] = defaultdict(list)
    for row in RateDefinition.objects.filter(code__in=wanted).order_by("since", "version"):
        found[row.code].append(row)
    if absent := set(wanted) - found.keys():
        raise KeyError(", ".join(sorted(absent)))
    return {code: Rules(tuple(found[code])) for code in wanted}


def measures(rules: Iterable[Rules]) -> set[str]:
    """All that must be read of the counts for these figures: their index leads with the measure."""
    found: set[str] = set()
    for row in (row for several in rules for row in several.versions):
        if row.code == "on_time":
            found |= {Measure.CLOSED_ON_TIME, Measure.CLOSED_LATE}
        elif row.numerator in THREE:
            asked = (Measure.ASKED, THREE[row.numerator], Measure.BASICALLY)
            found |= {f"{name}{behind}" for name in asked for behind in ("", *(f".{one}" for one in LeftOut.values))}
        else:
            found |= {*row.numerator.split(","), *row.denominator.split(",")}
    return {str(name) for name in found}
