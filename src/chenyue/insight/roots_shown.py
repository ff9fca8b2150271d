"""Root-cause projects as pages show them, and whom they are shown to."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from chenyue.catalogue.queries import catalogue
from chenyue.core.errors import NotAllowed, NotFound
from chenyue.core.paging import Order, Page, keyset
from chenyue.insight import counting, seeing
from chenyue.insight.counting import Rule
from chenyue.insight.lifecycle import RootState
from chenyue.insight.models import Pain, RootProject
from chenyue.insight.pain_words import percent
from chenyue.people.models import Member
from chenyue.people.rules import may
from chenyue.places.queries import gazetteer

PAGE = 30
NEWEST = Order("id", "id", attribute="pk")
BEFORE = 90  # days before, unless somebody chooses others


def concerning(member: Member) -> QuerySet[RootProject]:
    """Those a member sees: all, their units' and communities', their own."""
    rows = RootProject.objects.select_related("unit", "owner", "place", "category")
    if not may(member, seeing.SEE):
        return rows.filter(owner=member)
    reach = seeing.reach(member)
    if reach.whole:
        return rows
    return rows.filter(Q(owner=member) | Q(unit__in=reach.units) | Q(place__community__in=reach.communities))


def listed(member: Member, state: str, cursor: str) -> Page[RootProject]:
    """A page of them. Raises NotAllowed for who sees no figures and owns none."""
    rows = concerning(member)
    if not may(member, seeing.SEE) and not rows.exists():
        raise NotAllowed
    return keyset(rows.filter(state=state) if state in RootState.values else rows, NEWEST, cursor, PAGE)


def project_for(member: Member, number: str) -> RootProject:
    """One of them. Raises NotFound."""
    row = concerning(member).select_related("pain").filter(number=number.strip().upper()).first()
    if row is None:
        raise NotFound
    return row


def rule_in_words(row: RootProject) -> list[str]:
    """What counts as "again"."""
    rule = Rule.read(row.counted)
    found = []
    if rule.empty():
        return [_("nothing any more: whose matter it was is forgotten")]
    if rule.place is not None:
        place = gazetteer().get(rule.place)
        found.append(place.full_name if place else str(_("a place that is gone")))
    if rule.category is not None:
        kind = catalogue().by_id.get(rule.category)
        found.append(kind.name if kind else str(_("a kind that is gone")))
    if rule.room:
        found.append(_("one home"))
    if rule.who is not None:
        found.append(_("the same person"))
    if rule.words:
        found.append(_("one of the words %(words)s") % {"words": "、".join(rule.words)})
    return found


def verdict(row: RootProject) -> tuple[str, str]:
    """What the count says, in words, with a tone."""
    kept: dict[str, Any] = row.proof
    if not kept:
        return "", ""
    said = {
        "proved": (_("Clearly fewer than before, and not more than the target."), "done"),
        "missed": (_("Clearly fewer than before, but more than the target."), "due"),
        "same": (_("No clear fall: so many could come by chance if nothing had changed."), "late"),
        "more": (_("Clearly more than before."), "late"),
        "few": (_("Too few cases to say anything, whatever was done."), "wait"),
        "changed": (
            _("What is counted isn't used any more, such as a kind that was split. Nothing can be said."),
            "due",
        ),
    }
    return said.get(str(kept.get("verdict")), ("", ""))


def ratio(row: RootProject) -> str:
    """The rates' ratio with its interval."""
    kept: dict[str, Any] = row.proof
    if not kept or kept.get("ratio") is None:
        return ""
    low, high = kept.get("low"), kept.get("high")
    bounds = f"{percent(low or 0)} – {percent(high) if high is not None else '∞'}"
    said = _("Per day there are %(ratio)s of what there were before (95%% interval: %(bounds)s).")
    return said % {"ratio": percent(kept["ratio"]), "bounds": bounds}


def so_far(row: RootProject, today: date) -> int | None:
    """How many came since it was done, while that is still being counted; None where it isn't."""
    if row.state != RootState.PROVING or row.done_on is None or row.proof:
        return None
    return counting.count(Rule.read(row.counted), row.done_on + timedelta(days=1), today)


def suggested(pain: Pain | None, today: date) -> tuple[dict[str, Any], int | None]:
    """What the form of a new project begins with, and whose matter it is."""
    until = today - timedelta(days=1)
    first = until - timedelta(days=BEFORE - 1)
    found: dict[str, Any] = {"before_from": first, "before_until": until, "due_on": today + timedelta(days=30)}
    if pain is None:
        return found, None
    rule = counting.rule_of(pain)
    n = counting.count(rule, first, until)
    found |= {"title": pain.title[:80], "place": rule.place, "category": rule.category, "room": rule.room}
    found |= {"words": "、".join(rule.words), "target": n // 3 if n else None}
    kind = catalogue().by_id.get(rule.category or 0)
    if kind and kind.lead_code and (unit := catalogue().unit_by_code.get(kind.lead_code)):
        found["unit"] = unit.id
    return found, rule.who
