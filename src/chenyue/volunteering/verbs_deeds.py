"""What entries about volunteers, needs and activities say. Volunteers read the same words: no names in them."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.timeline.verbs import register


def _says(verb: str, sentence: Promise, tone: str = "", icon: str = "", *names: str) -> None:
    register(
        f"volunteering.{verb}",
        lambda data: str(sentence) % {name: data[name] for name in names},
        tone,
        icon,
        lambda data: str(data.get("words", "")),
    )


WHO, WHAT = "volunteer", ("activity", "title")
_says("joined", gettext_lazy("Became a volunteer"), "done", "heart")
_says("came_back", gettext_lazy("Is a volunteer again"), "done", "heart")
_says("offer_saved", gettext_lazy("Skills, times and ways were changed"), "", "edit")
_says("person_saved", gettext_lazy("Age, guardian or insurance were written down"), "", "edit")
_says("rests", gettext_lazy("Makes a pause"), "wait", "player-pause")
_says("goes_on", gettext_lazy("Serves again"), "done", "player-play")
_says("left", gettext_lazy("Serves no more; the hours stay"), "neutral", "logout")
_says(
    "licence_seen", gettext_lazy("A licence was seen: %(skill)s, until %(until)s"), "done", "shield-check",
    "skill", "until",
)  # fmt: skip
_says("signed_up", gettext_lazy("%(volunteer)s comes to “%(title)s”"), "done", "check", WHO, "title")
_says("waits", gettext_lazy("%(volunteer)s waits for a place: “%(title)s”"), "wait", "clock", WHO, "title")
_says("called_up", gettext_lazy("A place became free for %(volunteer)s: “%(title)s”"), "done", "check", WHO, "title")
_says("came", gettext_lazy("%(volunteer)s came"), "done", "check", WHO)
_says("absent", gettext_lazy("%(volunteer)s didn't come"), "due", "x", WHO)
_says("invited", gettext_lazy("%(volunteer)s was invited"), "wait", "send", WHO)


def _withdrew(data: dict[str, Any]) -> str:
    said = (
        _("%(volunteer)s withdrew late from “%(title)s”")
        if data.get("late")
        else _("%(volunteer)s withdrew from “%(title)s”")
    )
    return said % {"volunteer": data["volunteer"], "title": data["title"]}


register("volunteering.withdrew", _withdrew, "due", "x", lambda data: str(data.get("words", "")))

_says("need_asked", gettext_lazy("Help was asked for: “%(title)s”"), "wait", "hand-stop", "title")
_says("need_changed", gettext_lazy("What is needed was changed"), "", "edit")
_says("need_verified", gettext_lazy("The need was verified"), "done", "check")
_says("need_planned", gettext_lazy("Somebody comes: %(activity)s"), "done", "calendar", "activity")
_says("need_unplanned", gettext_lazy("Nobody comes any more; the need is open again"), "due", "refresh")
_says("need_met", gettext_lazy("The need was met: %(activity)s"), "done", "circle-check", "activity")
_says("need_declined", gettext_lazy("The need was declined"), "late", "x")
_says("need_withdrawn", gettext_lazy("The need was withdrawn"), "neutral", "x")
_says("need_again", gettext_lazy("The need is looked at again"), "wait", "refresh")

_says("activity_drafted", gettext_lazy("The activity was drafted"), "", "notes")
_says("activity_changed", gettext_lazy("The activity was changed"), "", "edit")
_says("activity_opened", gettext_lazy("Open for sign-up"), "wait", "speakerphone")
_says("activity_done", gettext_lazy("The activity is done"), "done", "circle-check")
_says("activity_cancelled", gettext_lazy("The activity was called off"), "late", "x")
_says("activity_copied", gettext_lazy("Made after %(activity)s"), "", "copy", "activity")
_says("photo_added", gettext_lazy("A photograph was added"), "", "photo")
_says("photo_removed", gettext_lazy("A photograph was removed"), "", "trash")
_says("week_computed", gettext_lazy("A week was worked out"), "", "sparkles")
_says("week_taken", gettext_lazy("%(count)s invitations were sent from the plan of a week"), "done", "send", "count")
_says("week_dropped", gettext_lazy("The plan of a week was dropped"), "neutral", "x")
_says("skill_saved", gettext_lazy("The skill “%(name)s” was saved"), "", "edit", "name")
_says("skills_seeded", gettext_lazy("%(count)s usual skills were added"), "", "plus", "count")
