"""My desk: what must be done now, in the order of the clock."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from chenyue.cases import queries as cases
from chenyue.core.errors import NotAllowed
from chenyue.core.http import see_other
from chenyue.core.paging import capped
from chenyue.desk import my_buildings, queries
from chenyue.desk.http import member_of, now
from chenyue.notify import queries as notified
from chenyue.notify.models import Notice
from chenyue.people.http import staff_only
from chenyue.people.models import Member
from chenyue.people.rules import may
from chenyue.people.scope import all_scopes
from chenyue.reception import queries as reception

NOTICES = 6
ROWS = 8  # of each section; the count opens the rest


@dataclass(frozen=True)
class Section:
    """A kind of work that waits: its name, the list behind its count, and its colour."""

    name: str
    label: Promise
    url: str
    query: str
    tone: str


SECTIONS = (
    Section("late", _("Late"), "desk:cases", "due=late", "late"),
    Section("due_2h", _("Due within two hours"), "desk:cases", "due=2h", "due"),
    Section("to_accept", _("New for my unit"), "desk:cases", "waits=accept", "wait"),
    Section("inbox", _("Inbox to triage"), "desk:inbox", "", "wait"),
    Section("to_dispatch", _("Triaged, to dispatch"), "desk:cases", "waits=dispatch", "wait"),
    Section("returns", _("Returns to review"), "desk:cases", "waits=return", "due"),
    Section("extensions", _("Extensions to decide"), "desk:cases", "waits=extension", "due"),
    Section("mine", _("With me"), "desk:cases", "mine=1&state=open", "plain"),
    Section("waiting", _("Cases on hold"), "desk:cases", "state=waiting", "plain"),
)
OPENED = ("late", "due_2h", "to_accept", "returns", "extensions", "mine")  # shown with their first rows


@staff_only()
def my_desk(request: HttpRequest) -> HttpResponse:
    """Counts that open lists, and the first rows of what is most urgent."""
    member, at = member_of(request), now()
    if not all_scopes(member):
        raise NotAllowed()
    if my_buildings.only_serves(member):
        return see_other("desk:my-buildings")
    if not may(member, "case.see"):
        return see_other("desk:set-up")
    counts = cases.desk_counts(member, at)
    sections = [section_of(s, counts[s.name]) for s in SECTIONS if counts.get(s.name)]
    shown: set[int] = set()
    for section in sections:
        if section["name"] in OPENED:
            rows = [c for c in cases.desk_rows(member, section["name"], at, ROWS) if c.pk not in shown]
            shown |= {c.pk for c in rows}
            section["rows"] = rows
    sections += places_of(member, shown)
    context = {"sections": sections, "asks": asks_of(member, at), "notices": unread(member), "at": at}
    return render(request, "desk/my_desk.html", context)


MY_PLACES = Section("places", _("In my area"), "desk:cases", "state=open", "plain")


def places_of(member: Member, shown: set[int]) -> list[dict[str, Any]]:
    """What is open where a steward looks after people, in the order of the clock, without what stands above."""
    rows = queries.in_my_places(member)
    count = capped({"places": rows}, cap=queries.SHOWN)["places"] if rows is not None else 0
    if rows is None or not count:
        return []
    found = cases.lines(cases.in_order(rows.exclude(pk__in=shown)))[:ROWS]
    label = _("In my building") if queries.tends_buildings(member) else MY_PLACES.label
    return [section_of(MY_PLACES, count) | {"rows": list(found), "label": label}]


def unread(member: Member) -> list[Notice]:
    """The newest notices that were not read."""
    return [notice for notice in notified.notices(member, limit=20) if notice.read_at is None][:NOTICES]


def section_of(section: Section, count: int) -> dict[str, Any]:
    """A section as the template needs it."""
    query = f"?{section.query}" if section.query else ""
    return {"name": section.name, "label": section.label, "count": count, "tone": section.tone} | {
        "url": reverse(section.url) + query
    }


def asks_of(member: Member, at: datetime) -> list[dict[str, Any]]:
    """Callbacks to make, refusals to decide and visitors to receive, where there are any."""
    counts = queries.asks(member, at)
    found = [("callbacks", _("Callbacks to make"), counts["callbacks"], "wait")]
    found += [("refusals", _("Refusals to decide"), counts["refusals"], "due")]
    if may(member, "reception.serve"):
        expected = reception.visits_expected(localtime(at).date())
        found.append(("reception:today", _("Visitors expected today"), expected, "wait"))
    return [
        {"name": name, "label": label, "count": count, "tone": tone, "url": _address(name)}
        for name, label, count, tone in found
        if count
    ]


def _address(name: str) -> str:
    return reverse(name if ":" in name else f"desk:{name}")
