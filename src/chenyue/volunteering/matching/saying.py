"""Parts of a score, and reasons why nobody was found, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chenyue.volunteering.matching.score import Part


def part_words(part: Part | Mapping[str, Any]) -> str:
    """Why these points: `free all the time`, `about 400 m away`, `served 2 h within four weeks`."""
    if not isinstance(part, Part):
        part = Part(part["name"], part["points"], part["most"], part.get("fact"))
    fact = part.fact
    if part.name == "skill":
        return _("has the skill that is needed") if fact else _("no particular skill is needed")
    if part.name == "time":
        if fact is None:
            return _("hasn't said when they are free: ask")
        return _("free all the time") if fact >= 100 else _("free for %(n)d %% of the time") % {"n": fact}
    if part.name == "way":
        return _("the way isn't known") if fact is None else _("about %(n)d m away") % {"n": round(fact, -1)}
    hours = (fact or 0) / 60
    return _("served %(n).1f h within four weeks") % {"n": hours} if fact else _("hasn't served within four weeks")


def reason_words(why: str, count: int) -> str:
    """Why so many volunteers are out of the question."""
    said = {
        "self": ngettext("%(n)d asked for it themselves", "%(n)d asked for it themselves", count),
        "minor": ngettext("%(n)d is under age", "%(n)d are under age", count),
        "skill": ngettext("%(n)d lacks the skill", "%(n)d lack the skill", count),
        "licence": ngettext("%(n)d has no licence that holds", "%(n)d have no licence that holds", count),
        "busy": ngettext("%(n)d is busy at that time", "%(n)d are busy at that time", count),
        "far": ngettext("%(n)d lives too far away", "%(n)d live too far away", count),
        "time": ngettext("%(n)d isn't free then", "%(n)d aren't free then", count),
        "elsewhere": ngettext(
            "%(n)d is asked for something else then", "%(n)d are asked for something else then", count
        ),
        "enough": ngettext("%(n)d is asked often enough this week", "%(n)d are asked often enough this week", count),
    }
    return said.get(why, "%(n)d") % {"n": count}
