"""The plan of a week as its page shows it: needs in the order of time, people masked, reasons in words."""

from dataclasses import dataclass, field

from chenyue.people import masking
from chenyue.volunteering.matching.saying import part_words, reason_words
from chenyue.volunteering.models import Need, Volunteer, WeekPlan


@dataclass(frozen=True)
class Who:
    """One person who could be asked."""

    key: str  # of the tick box
    number: str
    name: str
    points: int
    reasons: list[str]
    invited: bool


@dataclass
class Line:
    """One need with who could be asked, and why somebody is missing."""

    need: Need
    people: list[Who] = field(default_factory=list)
    missing: int = 0
    reasons: list[str] = field(default_factory=list)


def read_pair(text: str) -> tuple[int, int] | None:
    """A ticked box, `need-volunteer`; None for what isn't one."""
    need, _dash, who = text.partition("-")
    if all(part.isascii() and part.isdigit() and len(part) < 18 for part in (need, who)):
        return int(need), int(who)
    return None


def show(plan: WeekPlan) -> list[Line]:
    """Three statements, whatever the size."""
    result = plan.result or {}
    pairs, left = result.get("pairs", []), result.get("left", [])
    invited = {tuple(pair) for pair in result.get("invited", [])}
    ids = {one["need"] for one in [*pairs, *left]}
    rows = Need.objects.filter(pk__in=ids).select_related("place", "unit").order_by("starts_at", "pk")
    lines = {need.pk: Line(need) for need in rows}
    people = Volunteer.objects.select_related("resident").in_bulk({pair["volunteer"] for pair in pairs})
    for pair in pairs:
        who = people.get(pair["volunteer"])
        if pair["need"] in lines and who is not None:
            key, name = f"{pair['need']}-{who.pk}", masking.mask_name(who.resident.name)
            reasons = [part_words(part) for part in pair["parts"]]
            found = Who(key, who.number, name, pair["points"], reasons, (pair["need"], who.pk) in invited)
            lines[pair["need"]].people.append(found)
    for one in left:
        if one["need"] in lines:
            line = lines[one["need"]]
            line.missing = one["missing"]
            line.reasons = [reason_words(why, count) for why, count in sorted(one["reasons"].items())]
    return list(lines.values())
