"""Findings as pages show them: whom they concern, their figures and pictures, and the cases that somebody may see."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from chenyue.bulletin import leaks
from chenyue.bulletin.about import known_of
from chenyue.cases.models import Appeal, Case
from chenyue.cases.queries import in_order, lines, visible
from chenyue.core.errors import NotFound
from chenyue.core.paging import Page, capped
from chenyue.insight import counting, pain_pictures, pain_words, seeing
from chenyue.insight.lifecycle import PainKind, PainState
from chenyue.insight.models import Pain, PainRun
from chenyue.insight.pain_pictures import Week
from chenyue.insight.pain_rows import local_day
from chenyue.insight.spots import WEEK_PARTS, part_of_week
from chenyue.people.models import Member
from chenyue.places.drawing import boxes
from chenyue.places.models import Kind, Place
from chenyue.places.schematic import Value, plan, svg

PAGE = 30
WEEKS = 26
MOST_BUILDINGS = 80
SHOWN_CASES = 100
SAID = 80  # characters of a typical sentence
OPEN = (PainState.NEW, PainState.SEEN, PainState.PROJECT)
STATES = {"open": gettext_lazy("To be looked at"), **{state.value: state.label for state in PainState}}
STEPS = (1, 3, 6, 10)


def concerning(member: Member) -> QuerySet[Pain]:
    """The findings whose figures a member sees: all, or those of their communities and of their units' kinds."""
    reach = seeing.reach(member)
    rows = Pain.objects.select_related("run")
    if reach.whole:
        return rows
    return rows.filter(Q(community__in=reach.communities) | Q(category__lead__in=reach.units))


def pain_for(member: Member, pk: int) -> Pain:
    """One of them. Raises NotFound."""
    row = concerning(member).select_related("place", "community", "category", "decided_by").filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def listed(member: Member, kind: str, state: str, cursor: str) -> Page[Pain]:
    """A page of findings, each with its `summary`."""
    rows = concerning(member)
    if kind in PainKind.values:
        rows = rows.filter(kind=kind)
    rows = rows.filter(state__in=OPEN) if state == "open" else rows.filter(state=state)
    # The surest first; doors, which aren't tested, stand between what is sure and what isn't.
    rows = rows.order_by(Coalesce("q_value", 0.1), "-count", "-pk")
    first = int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 6 else 0
    found = list(rows[first : first + PAGE + 1])
    for pain in found:
        pain.summary = pain_words.summary(pain, pain.run)  # type: ignore[attr-defined]
    onwards = str(first + PAGE) if len(found) > PAGE else ""
    return Page(found[:PAGE], onwards, str(max(first - PAGE, 0)) if first else "")


def counts(member: Member) -> dict[str, int]:
    """How many wait, of each kind. One statement."""
    rows = concerning(member).filter(state__in=OPEN).select_related(None)
    return capped({kind: rows.filter(kind=kind) for kind in PainKind.values})


def runs() -> list[tuple[PainRun, list[str]]]:
    """The last look of each kind, with what is to be said of it."""
    newest: dict[str, PainRun] = {}
    for run in PainRun.objects.order_by("-pk")[:12]:
        newest.setdefault(run.kind, run)
    return [(newest[kind], pain_words.of_run(newest[kind])) for kind in PainKind.values if kind in newest]


@dataclass(frozen=True)
class Shown:
    """All of a finding's page but its frame. `hidden`: cases that this member may not see."""

    summary: str
    sure: list[str]
    notes: list[str]
    weeks: SafeString
    parts: SafeString
    map: SafeString
    cases: list[Case]
    hidden: int
    room: str
    sentences: list[str]


def shown(pain: Pain, member: Member, today: date) -> Shown:
    """A finding as this member may see it."""
    cases = list(in_order(lines(visible(member).filter(pk__in=pain.cases)))[:SHOWN_CASES])
    cases.sort(key=lambda case: (case.received_at, case.pk), reverse=True)
    hidden = len(pain.cases) - len(cases) if len(pain.cases) <= SHOWN_CASES else 0
    moments = _moments(pain, today)
    return Shown(
        pain_words.summary(pain, pain.run), pain_words.sure(pain, pain.run), _notes(pain),
        _weeks(pain, moments, today), _parts(moments, pain), _map(pain), cases, hidden,
        pain.room if cases and not hidden else "", sentences(pain, cases),
    )  # fmt: skip


def _notes(pain: Pain) -> list[str]:
    found = []
    if pain.copies:
        said = ngettext("%(n)d copy of the same words isn't counted.", "%(n)d copies of the same words aren't counted.",
                        pain.copies)  # fmt: skip
        found.append(said % {"n": pain.copies})
    if pain.reporters == 1 and pain.kind == PainKind.SPOT:
        found.append(_("All of it was told by one person. Ask others at that place as well."))
    if (
        pain.growth is not None
        and pain.q_value is not None
        and pain.q_value <= float(pain.run.settings.get("rate", 0.1))
    ):
        found.append(_("Its share of all that is told is %(times)s times what it was.") % {"times": pain.growth})
    return found


def _moments(pain: Pain, today: date) -> list[Any]:
    """When its cases came in: by its rule for half a year, of a topic those that were found."""
    if pain.kind == PainKind.TOPIC:
        rows = Case.objects.filter(pk__in=pain.cases, sensitivity="normal")
    else:
        rows = counting.cases(counting.rule_of(pain), _first(today), today)
    return [timezone.localtime(at) for at in rows.order_by("received_at").values_list("received_at", flat=True)[:2000]]


def _first(today: date) -> date:
    monday = today - timedelta(days=today.weekday())
    return monday - timedelta(weeks=WEEKS - 1)


def _weeks(pain: Pain, moments: list[Any], today: date) -> SafeString:
    first = _first(today)
    if pain.kind == PainKind.TOPIC:
        first = pain.run.since - timedelta(days=pain.run.since.weekday())
    counted = Counter(at.date() - timedelta(days=at.weekday()) for at in moments)
    mondays = [first + timedelta(weeks=n) for n in range((today - first).days // 7 + 1)]
    rows = [Week(monday, counted[monday], monday + timedelta(days=6) >= pain.run.since) for monday in mondays]
    return pain_pictures.weeks(rows, _("Cases by week; the strong bars are the days that were looked at"))


def _parts(moments: list[Any], pain: Pain) -> SafeString:
    counted = Counter(part_of_week(at.weekday(), at.hour) for at in moments if at.date() >= pain.run.since)
    return pain_pictures.parts([counted[n] for n in range(len(WEEK_PARTS))], _("When they come in"))


def _map(pain: Pain) -> SafeString:
    """The buildings of the estate, by how many such cases each had in the days looked at. Counts only."""
    place = pain.place
    if pain.kind != PainKind.SPOT or place is None or place.kind != Kind.BUILDING or pain.category_id is None:
        return SafeString("")
    within: dict[str, Any] = {"estate": place.estate_id} if place.estate_id else {"community": place.community_id}
    rows = list(Place.objects.filter(kind=Kind.BUILDING, active=True, **within).order_by("pk")[:MOST_BUILDINGS])
    rule = counting.Rule(category=pain.category_id)
    cases = counting.cases(rule, pain.run.since, pain.run.until).filter(building__in=rows)
    counted = Counter(cases.values_list("building_id", flat=True))
    values = {row.pk: _value(counted[row.pk], row.pk == place.pk) for row in rows}
    return svg(plan(boxes(rows)), values, _("Such cases by building, in the days looked at; this place is outlined"))


def _value(n: int, here: bool) -> Value:
    said = ngettext("%(n)d case", "%(n)d cases", n) % {"n": n}
    return Value(str(sum(n >= least for least in STEPS)), str(n) if n else "", said, outlined=here)


def sentences(pain: Pain, cases: list[Case]) -> list[str]:
    """Typical words of a topic, without anything that names or reaches a person; only of cases that are to be seen."""
    seen = {case.pk: case for case in cases}
    wanted = [seen[entry[0]] for entry in pain.sentences if entry and entry[0] in seen]
    found = []
    for case in wanted:
        appeal = Appeal.objects.filter(case=case, confidential=False).order_by("pk").first()
        if appeal is not None:
            found.append(nameless(appeal.title or appeal.words, case))
    return list(dict.fromkeys(filter(None, found)))


def nameless(words: str, case: Case) -> str:
    """The beginning of what was said, each hit of the bulletin's leak check blotted out."""
    text = " ".join(words.split())[: SAID * 2]
    known = known_of(case)._replace(words=())
    for hit in sorted(leaks.check({"words": text}, known), key=lambda hit: -hit.start):
        end = hit.start + len(hit.excerpt)
        text = text[: hit.start] + "＊＊" + text[end:]
    return text[:SAID] + ("…" if len(text) > SAID else "")


def last_look() -> date | None:
    """The day of the last look."""
    at = PainRun.objects.order_by("-pk").values_list("at", flat=True).first()
    return local_day(at) if at else None
