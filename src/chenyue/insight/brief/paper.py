"""What a brief says on paper: sentences as a person left them, the figures with their parts, the rules they follow.

`SAMPLE` is the contract of the data: every key, in this shape, put into words. Counts only, never a resident. An office
may replace the Word templates, one for each kind of brief.
"""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.core import office, word_templates
from chenyue.insight.brief import wording
from chenyue.insight.brief.changes import NUMBERS, Change, text_of
from chenyue.insight.brief.stretches import of
from chenyue.insight.lifecycle import BriefKind
from chenyue.insight.models import Brief

DATA = Path(__file__).parent.parent / "data"
NONE = "—"
SAMPLE: dict[str, Any] = {
    "office": "晨光街道办事处",
    "title": "工作周报",
    "stretch": "2026年第47周（11月16日至11月22日）",
    "whose": "",
    "as_of": "11月23日 06:05",
    "released_by": "赵卫东",
    "released_on": "2026年11月23日",
    "correction": "",  # why an earlier release was taken back
    "names": {"now": "本周", "before": "上周", "year": "去年同期"},
    "sections": [
        {"title": "总体情况", "lines": ["本周受理事项52件，收到诉求61件；受理量比上周多4件，在平常的起伏之内。"]},
        {"title": "接待情况", "lines": ["接待点开放7场，取号64个，接待60位。"]},
    ],
    "counts": [{"name": "受理事项", "now": "52", "before": "48", "year": NONE}],
    "rates": [
        {
            "name": "按期办结率", "value": "95.65%", "parts": "44/46", "before": "93.18%（41/44）", "year": NONE,
            "note": "", "version": "1",
        }
    ],
    "communities": [{"name": "金桂社区", "now": "12", "before": "9", "on_time": "9/10"}],
    "units": [{"name": "城管科", "sent": "14", "returned": "1", "on_time": "11/12"}],
    "categories": [{"name": "下水道堵塞", "now": "7", "before": "5"}],
    "days": [{"name": "11月16日", "now": "8", "share": 100, "silent": ""}],
    "rules": [
        {"name": "按期办结率", "version": "1", "rule": "按期办结 ÷（办结 + 逾期未办结）", "source": "本办默认口径"},
    ],
    "changes": [
        {"before": "没有发现明显偏多的地点。", "now": "与往常相比明显偏多的地点：金桂苑3幢的下水道堵塞。"},
    ],
}  # fmt: skip
TITLES = {
    BriefKind.DAILY: _("Daily sheet (Word)"),
    BriefKind.WEEKLY: _("Weekly brief (Word)"),
    BriefKind.MONTHLY: _("Monthly brief (Word)"),
}


def code(kind: str) -> str:
    """Under which the office's template of this kind is kept."""
    return f"insight.brief_{kind}"


def data_of(brief: Brief, at: datetime) -> dict[str, Any]:
    """What the paper says, in the shape of `SAMPLE`."""
    figures, kind = brief.figures, brief.kind
    former = brief.files.get("former", [])
    return {
        "office": office.get("name"),
        "title": wording.WORDS["titles"][kind],
        "stretch": of(kind, brief.since).words(),
        "whose": brief.community.name if brief.community_id and brief.community else "",
        "as_of": wording.moment(figures["as_of"]),
        "released_by": brief.released_by.name if brief.released_by else "",
        "released_on": _day(timezone.localdate(at)),
        "correction": former[-1]["reason"] if former else "",
        "names": {name: wording.WORDS["names"][kind][name] for name in ("now", "before", "year")},
        "sections": sections(brief),
        "counts": counts(figures),
        "rates": rates(figures),
        "communities": [
            {"name": name, "now": str(now), "before": _or_none(before), "on_time": _parts(good, whole)}
            for name, now, before, good, whole in figures["communities"]
        ],
        "units": [
            {"name": name, "sent": str(sent), "returned": str(back), "on_time": _parts(good, whole)}
            for name, sent, back, good, whole in figures["units"]
        ],
        "categories": [
            {"name": name, "now": str(now), "before": _or_none(before)} for name, now, before in figures["categories"]
        ],
        "days": days(figures),
        "rules": [
            {"name": rate["name"], "version": str(rate["version"]), "rule": rate["rule"], "source": rate["source"]}
            for rate in figures["rates"].values()
        ],
        "changes": [{"before": one.before or "（无）", "now": one.now or "（删去）"} for one in told_changes(brief)],
    }


def sections(brief: Brief) -> list[dict[str, Any]]:
    """Sentences by section; those left out by a person aren't there, an empty section neither."""
    found = []
    for section in wording.WORDS["order"][brief.kind]:
        mine = [row for row in brief.sentences if wording.section_of(row[0]) == section]
        if lines := [said for row in mine if (said := text_of(row))]:
            found.append({"title": wording.WORDS["sections"][section], "lines": lines})
    return found


def told_changes(brief: Brief) -> list[Change]:
    """What is said otherwise than last time, in other words and not only in other numbers."""
    return [one for one in (Change(*row) for row in brief.changes) if one.degree != NUMBERS]


def counts(figures: Mapping[str, Any]) -> list[dict[str, str]]:
    """What came and went."""
    return [
        {"name": wording.WORDS["counts"][name]} | {which: _or_none(row[which]) for which in ("now", "before", "year")}
        for name, row in figures["counts"].items()
    ]


def rates(figures: Mapping[str, Any]) -> list[dict[str, str]]:
    """Each share with its parts; of few cases no per cent."""
    found = []
    for rate in figures["rates"].values():
        notes = ["件数少"] if rate["small"] else []
        notes += ["口径期间改过"] if rate["mixed"] else []
        others = [rate[which] for which in ("before", "year")]
        notes += ["口径与对比期不同"] if any(one and one["version"] != rate["version"] for one in others) else []
        row = {"name": rate["name"], "value": _value(rate), "note": "，".join(notes), "version": str(rate["version"])}
        row |= {"parts": _parts(rate["numerator"], rate["denominator"])}
        found.append(row | {"before": _then(others[0]), "year": _then(others[1])})
    return found


def _value(rate: Mapping[str, Any]) -> str:
    return NONE if rate["value"] is None or rate["small"] else f"{rate['value']}%"


def _then(rate: Mapping[str, Any] | None) -> str:
    if rate is None or rate["value"] is None:
        return NONE
    parts = _parts(rate["numerator"], rate["denominator"])
    return parts if rate["small"] else f"{rate['value']}%（{parts}）"


def _parts(good: int, whole: int) -> str:
    return f"{good}/{whole}" if whole else NONE


def _or_none(value: int | None) -> str:
    return NONE if value is None else str(value)


def days(figures: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Received each day, with the length of its bar (of 100)."""
    most = max((row[1] for row in figures["days"]), default=0) or 1
    return [
        {"name": _short(day), "now": str(n), "share": round(100 * n / most), "silent": "无记录" if silent else ""}
        for day, n, silent in figures["days"]
    ]


def _short(day: str) -> str:
    found = date.fromisoformat(day)
    return f"{found.month}月{found.day}日"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


for _kind, _title in TITLES.items():
    word_templates.register(code(_kind), _title, DATA / "brief.docx", lambda: SAMPLE)
