"""How the states of works look, and their doors in the navigation."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core import chrome
from chenyue.people.rules import may
from chenyue.works import seeing
from chenyue.works.lifecycle import (
    Decision,
    DefectState,
    ObjectionState,
    PhaseKind,
    PhaseState,
    ProjectState,
    Step,
    VersionState,
)

ONLY_ANSWERS = "works.answer alone"  # every unit's officers: for most of them works are not their day


def only_answers(member: Any, word: str) -> bool:
    """Who answers for a unit but takes nothing down finds the works in the account menu."""
    return word == ONLY_ANSWERS and may(member, "works.answer") and not may(member, "works.record")


LOOKS: dict[str, tuple[object, dict[str, tuple[str, str]]]] = {  # tone and icon of each state
    "project": (
        ProjectState,
        {
            "planned": ("neutral", "calendar"),
            "asking": ("wait", "message-circle"),
            "shown": ("wait", "eye"),
            "building": ("brand", "player-play"),
            "acceptance": ("due", "clipboard-check"),
            "closed": ("done", "circle-check"),
            "stopped": ("late", "hand-stop"),
        },
    ),
    "plan_version": (
        VersionState,
        {"draft": ("neutral", "edit"), "published": ("done", "check"), "replaced": ("neutral", "history")},
    ),
    "stance": (
        Step,
        {
            "support": ("done", "mood-smile"),
            "rather_support": ("done", "check"),
            "undecided": ("neutral", "mood-neutral"),
            "rather_against": ("due", "hand-stop"),
            "against": ("late", "mood-sad"),
        },
    ),
    "objection": (
        ObjectionState,
        {
            "open": ("due", "clock"),
            "answered": ("wait", "message-circle"),
            "accepted": ("done", "circle-check"),
            "kept": ("late", "hand-stop"),
            "withdrawn": ("neutral", "arrow-back-up"),
            "passed_on": ("wait", "send"),
        },
    ),
    "decision": (Decision, {"accept": ("done", "check"), "part": ("due", "check"), "reject": ("late", "x")}),
    "phase": (
        PhaseState,
        {
            "planned": ("neutral", "calendar"),
            "running": ("wait", "player-play"),
            "done": ("done", "circle-check"),
            "cancelled": ("late", "x"),
        },
    ),
    "phase_kind": (
        PhaseKind,
        {
            "work": ("neutral", "calendar-event"),
            "noise": ("due", "volume"),
            "water_off": ("late", "alert-triangle"),
            "power_off": ("late", "alert-triangle"),
            "gas_off": ("late", "alert-triangle"),
            "road": ("due", "hand-stop"),
            "inside": ("brand", "home"),
        },
    ),
    "defect": (
        DefectState,
        {
            "open": ("due", "alert-triangle"),
            "mended": ("wait", "check"),
            "checked": ("done", "circle-check"),
            "disputed": ("late", "hand-stop"),
        },
    ),
}

POSTING: dict[str, tuple[object, str, str]] = {
    "draft": (pgettext_lazy("posting", "Draft"), "neutral", "edit"),
    "posted": (pgettext_lazy("posting", "Posted"), "done", "check"),
    "showing": (pgettext_lazy("posting", "On display"), "wait", "eye"),
    "ended": (pgettext_lazy("posting", "Display over"), "done", "circle-check"),
    "withdrawn": (pgettext_lazy("posting", "Withdrawn"), "late", "x"),
}
chrome.states("posting", POSTING)
for kind, (words, looks) in LOOKS.items():
    chrome.states(kind, {state.value: (state.label, *looks[state.value]) for state in words})  # type: ignore[attr-defined]

chrome.door("staff", "works", _("Renewal works"), "works:projects", icon="building", order=34, word="works.record")
chrome.door(
    "staff", "works-unit", _("Renewal works"), "works:projects", icon="building", order=34, word=ONLY_ANSWERS, menu=True
)
chrome.allowed_by(only_answers)
chrome.door(
    "resident", "works", _("Renewal works"), "works:public-list", icon="building", order=30, when=seeing.any_public
)
