"""A project at a glance: what its page shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.people.models import Member
from chenyue.works import areas, drawing, links
from chenyue.works import queries as works
from chenyue.works.lifecycle import MOVES, ProjectState
from chenyue.works.models import Project
from chenyue.works.rules import Decision, Test
from chenyue.works.site import permits, queries, rules


def of(project: Project, member: Member, at: datetime) -> dict[str, Any]:
    """All that the page of a project needs."""
    by, day = member.actor(), timezone.localtime(at).date()
    phases = queries.phases(project)
    manages = permits.manages(by)
    return {
        "project": project,
        "manages": manages,
        "records": permits.records(by, permits.places_of(project)),
        "moves": [(to, ProjectState(to).label) for to in MOVES[project.state]] if manages else [],
        "stops": queries.stops_ahead(phases, day)[:5],
        "running": [p for p in phases if p.state == "running"][:5],
        "showing": [p for p in queries.postings(project, day) if p.state == "showing"],  # type: ignore[attr-defined]
        "counts": queries.counts(project, member),
        "venues": links.venues_of(project, at),
        "hours": rules.hours_in_words(project.noise_hours),
        "matter": matter_of(project),
        **stands(project, at),
    }


def stands(project: Project, at: datetime) -> dict[str, Any]:
    """How the homes stand to the plan that is asked about now, and how that came about."""
    plan = works.current_plan(project)
    if plan is None:
        return {"plan": None}
    found = works.standing(plan, at)
    tally, trend = works.count(found), works.trend(project, at)
    caption = _("How the homes stood, week by week")
    return {
        "plan": plan,
        "tally": tally,
        "stands": [(drawing.WORDS[stand], stand, count) for stand, count in tally.stands.items()],
        "tests": tests(tally.decision),
        "missing": works.missing_words(tally.decision),
        "warnings": works.warnings(project, found, trend, at),
        "chains": chains(works.lines(plan, at, found=found)),
        "picture": drawing.picture(trend, caption),
        "legend": drawing.legend(),
        "heads": drawing.heads(),
        "weeks": drawing.rows(trend),
    }


@dataclass(frozen=True)
class Chains:
    """Vertical lines: how many there are, how many agree from bottom to top, and those that lack least."""

    all: int
    complete: int
    nearly: list[works.Line]


def chains(lines: list[works.Line]) -> Chains | None:
    """None where the register names no lines."""
    if not lines:
        return None
    return Chains(len(lines), sum(line.complete for line in lines), [line for line in lines if not line.complete][:6])


def matter_of(project: Project) -> str:
    """What is decided, in the words of the rule's article."""
    if project.rule is None:
        return ""
    found = [one["what"] for one in project.rule.matters if str(one["number"]) == project.matter]
    return f"（{project.matter}）{found[0]}" if found else ""


@dataclass(frozen=True)
class Line:
    """One of the four tests of a joint decision, as it reads."""

    what: str
    have: str
    whole: str
    test: Test
    asks: str
    needed: str


def tests(found: Decision) -> list[Line]:
    """Taking part and agreeing, by area and by heads, each with numerator and denominator."""
    square, heads = _square, str
    return [
        _line(_("Taking part, by area"), found.quorum_area, square),
        _line(_("Taking part, by owners"), found.quorum_heads, heads),
        _line(_("Agreeing, by area"), found.agree_area, square),
        _line(_("Agreeing, by owners"), found.agree_heads, heads),
    ]


def _square(area: int) -> str:
    return f"{areas.words(area)} ㎡"


def _line(what: str, test: Test, read: Any) -> Line:
    if test.needed is None:
        return Line(what, read(test.have), read(test.whole), test, "", "")
    share = f"{test.asks.numerator}/{test.asks.denominator}" if test.asks else "0"
    asks = _("at least %(share)s") if test.inclusive else _("more than %(share)s")
    return Line(what, read(test.have), read(test.whole), test, asks % {"share": share}, read(test.needed))
