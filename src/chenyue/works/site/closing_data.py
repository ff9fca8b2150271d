"""What the closing report says of a project: counts, answers and photographs, never a home and never a resident.

The report is a paper of the office and reads Chinese whoever asks for it.
"""

from collections import Counter
from datetime import date, datetime
from typing import Any

from django.core.files.storage import default_storage
from django.utils import timezone, translation

from chenyue.cases.lifecycle import State
from chenyue.core import office, papers
from chenyue.core.moments import calendar_day
from chenyue.people.masking import mask_words
from chenyue.people.models import Member
from chenyue.places.queries import gazetteer
from chenyue.works import areas, drawing
from chenyue.works import queries as works
from chenyue.works.closing import MOST_PICTURES, WIDE
from chenyue.works.lifecycle import Decision, DefectState, ObjectionState, Reason
from chenyue.works.models import CaseLink, Defect, Objection, ObjectionAnswer, PlanPart, Project, WorksFile
from chenyue.works.site import glance, queries

MOST_ROWS = 60


def of(project: Project, by: Member | None, at: datetime, *, pictures: bool = True) -> dict[str, Any]:
    """The report's data in the shape of `closing.SAMPLE`. `pictures`: photographs too (read from the disk).

    `by`: who makes it; nobody for the page that residents read.
    """
    with translation.override("zh-hans"):
        plan = works.current_plan(project)
        tally = works.tally(plan, at) if plan else None
        return {
            **_what(project, by, at),
            "homes": f"{tally.homes}户" if tally else "",
            "heads": f"{tally.heads}人" if tally else "",
            "area": f"{areas.words(tally.area)} ㎡" if tally else "",
            "decision": _decision(project, tally),
            "versions": _versions(project),
            "stances": _stances(project, at),
            "objections": _objections(project),
            "notices": _notices(project, at),
            "phases": _phases(project),
            "defects": _defects(project),
            "cases": _cases(project),
            "pictures": _pictures(project) if pictures else [],
        }


def _day(day: date | datetime | None) -> str:
    if day is None:
        return ""
    return calendar_day(timezone.localtime(day).date() if isinstance(day, datetime) else day, with_year=True)


def _what(project: Project, by: Member | None, at: datetime) -> dict[str, str]:
    known = gazetteer()
    buildings = [place.name for pk in project.buildings if (place := known.get(int(pk)))]
    units = {
        name: getattr(unit, "name", "")
        for name, unit in (
            ("contractor", project.contractor),
            ("supervisor", project.supervisor),
            ("owner_unit", project.owner_unit),
        )
    }
    return units | {
        "office": office.get("name"),
        "number": project.number,
        "title": project.title,
        "made_on": _day(at),
        "made_by": by.name if by else "",
        "state": str(project.get_state_display()),
        "estates": "、".join(estate.full_name for estate in project.estates.all()),
        "buildings": "、".join(buildings) or "全部楼幢",
        "what": project.what,
        "why": project.why,
        "phone": project.phone,
        "starts_on": _day(project.starts_on),
        "ends_on": _day(project.ends_on),
        "closed_on": _day(project.closed_at),
    }


def _decision(project: Project, tally: works.Tally | None) -> dict[str, Any]:
    if tally is None or project.rule is None:
        return {"rule": "", "source": "", "result": "", "tests": []}
    lines = [
        {
            "what": line.what, "have": line.have, "whole": line.whole, "asks": line.asks,
            "met": "达到" if line.test.met else "未达到",
        }
        for line in glance.tests(tally.decision)
    ]  # fmt: skip
    result = "已达到法定比例" if tally.decision.passed else "未达到法定比例"
    rule = f"{project.rule.title} {glance.matter_of(project)}".strip()
    return {"rule": rule, "source": project.rule.source, "result": result, "tests": lines}


def _versions(project: Project) -> list[dict[str, str]]:
    return [
        {"number": str(v.number), "title": v.title, "published_on": _day(v.published_at), "words": v.words}
        for v in works.versions(project)
    ]


def _stances(project: Project, at: datetime) -> list[dict[str, str]]:
    """How many homes stood where: in the last week of the first version, and in the end."""
    weeks = works.trend(project, at).weeks
    if not weeks:
        return []
    first = [week for week in weeks if week.version == weeks[0].version][-1]
    return [
        {"stand": str(drawing.WORDS[s]), "first": str(first.counts[s]), "last": str(weeks[-1].counts[s])}
        for s in works.STANDS
        if first.counts[s] or weeks[-1].counts[s]
    ]


def _objections(project: Project) -> dict[str, Any]:
    rows = list(Objection.objects.filter(project=project).values_list("state", "reasons"))
    unanswered = {ObjectionState.OPEN, ObjectionState.KEPT}
    told = Counter(reason for _state, reasons in rows for reason in reasons)
    good = Counter(reason for state, reasons in rows for reason in reasons if state == ObjectionState.ACCEPTED)
    return {
        "count": str(len(rows)),
        "answered": str(sum(state not in unanswered for state, _reasons in rows)),
        "accepted": str(sum(state == ObjectionState.ACCEPTED for state, _reasons in rows)),
        "reasons": [
            {"reason": str(Reason(reason).label), "count": str(n), "accepted": str(good[reason])}
            for reason, n in told.most_common()
            if reason in Reason.values
        ],
        "changes": _changes(project),
    }


def _changes(project: Project) -> list[dict[str, str]]:
    """Answers by which the plan changed: what changed, and whose answer it was (a unit's, no person's)."""
    titles = dict(PlanPart.objects.filter(plan__project=project).order_by("plan__number").values_list("key", "title"))
    wanted = [Decision.ACCEPT, Decision.PART]
    rows = ObjectionAnswer.objects.filter(objection__project=project, decision__in=wanted)
    found = []
    for row in rows.select_related("objection__unit").order_by("at", "pk")[:MOST_ROWS]:
        what = "、".join(titles.get(key, key) for key in row.changes)
        if what:
            unit = row.objection.unit.name if row.objection.unit else ""
            found.append({"what": what, "answer": mask_words(row.words), "by": unit, "on": _day(row.at)})
    return found


def _notices(project: Project, at: datetime) -> list[dict[str, str]]:
    rows = [row for row in queries.postings(project, timezone.localtime(at).date()) if row.posted_at]
    return [
        {
            "title": row.title, "kind": str(row.get_kind_display()), "first": _day(row.display_from),
            "last": _day(row.display_until),
            "proof": f"{len(row.proofs)}张照片" if row.proofs else "无照片",  # type: ignore[attr-defined]
        }
        for row in rows[::-1]
        if not row.withdrawn_at
    ]  # fmt: skip


def _phases(project: Project) -> list[dict[str, str]]:
    return [
        {
            "title": row.title, "where": row.where or "全部楼幢",  # type: ignore[attr-defined]
            "first": _day(row.starts_on), "last": _day(row.ends_on), "state": str(row.get_state_display()),
        }
        for row in queries.phases(project)[:MOST_ROWS]
    ]  # fmt: skip


def _defects(project: Project) -> dict[str, Any]:
    rows = list(Defect.objects.filter(project=project).select_related("building").order_by("pk"))
    good = sum(row.state == DefectState.CHECKED for row in rows)
    shown = [row for row in rows if not row.complaint][:MOST_ROWS]
    return {
        "count": str(len(rows)),
        "good": str(good),
        "open": str(len(rows) - good),
        "rows": [
            {
                "number": row.number,
                "spot": f"{row.building.name if row.building else ''}{mask_words(row.spot)}",
                "words": mask_words(row.words),
                "mended_on": _day(row.mended_at),
                "state": str(row.get_state_display()),
            }
            for row in shown
            if row.home_id is None  # inside a home: counted, not described
        ],
    }


def _cases(project: Project) -> dict[str, str]:
    states = list(CaseLink.objects.filter(project=project).values_list("case__state", flat=True))
    return {"count": str(len(states)), "closed": str(sum(state == State.CLOSED for state in states))}


def _pictures(project: Project) -> list[dict[str, Any]]:
    """Places with photographs before and after, those with both first; never a home's inside."""
    pairs = [pair for pair in queries.photos(project, homes=()) if pair.before or pair.after]
    pairs.sort(key=lambda pair: not (pair.before and pair.after))
    return [
        {"where": pair.where, "before": _picture(pair.before[:1]), "after": _picture(pair.after[-1:])}
        for pair in pairs[: MOST_PICTURES // 2]
    ]


def _picture(rows: list[WorksFile]) -> papers.Picture | None:
    for row in rows:
        if row.content_type == "image/jpeg":
            with default_storage.open(row.path, "rb") as file:
                return papers.Picture(file.read(), WIDE, row.words)
    return None
