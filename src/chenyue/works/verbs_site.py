"""What entries about the site of a project say. Residents read the same words: no names of neighbours in them."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from chenyue.timeline.verbs import register
from chenyue.works.lifecycle import ProjectState

Data = dict[str, Any]


def _blanks(verb: str, sentence: Promise, *names: str, tone: str = "", icon: str = "", said: str = "") -> None:
    """A sentence with blanks that the entry's data fill; `said` names what was said in the act."""
    words = (lambda data: str(data.get(said, ""))) if said else None
    register(verb, lambda data: str(sentence) % {name: data[name] for name in names}, tone, icon, words)


def _said(verb: str, tone: str = "", icon: str = "") -> Callable[[Callable[[Data], str]], Callable[[Data], str]]:
    def add(sentence_for: Callable[[Data], str]) -> Callable[[Data], str]:
        register(verb, sentence_for, tone, icon)
        return sentence_for

    return add


DAYS = ("title", "first", "last")
_blanks(
    "works.phase_added", gettext_lazy("In the calendar: “%(title)s”, %(first)s to %(last)s"), *DAYS, icon="calendar"
)
_blanks(
    "works.phase_changed", gettext_lazy("Changed in the calendar: “%(title)s”, now %(first)s to %(last)s"), *DAYS,
    tone="due", icon="calendar",
)  # fmt: skip
_blanks("works.phase_running", gettext_lazy("Begun: “%(title)s”"), "title", tone="wait", icon="player-play")
_blanks("works.phase_done", gettext_lazy("Done: “%(title)s”"), "title", tone="done", icon="circle-check")
_blanks("works.phase_cancelled", gettext_lazy("Cancelled: “%(title)s”"), "title", tone="late", icon="x")
_blanks("works.phase_planned", gettext_lazy("Back to planned: “%(title)s”"), "title")
_blanks("works.notice_written", gettext_lazy("The notice “%(title)s” was written"), "title", icon="notes")
_blanks("works.notice_withdrawn", gettext_lazy("The notice “%(title)s” was withdrawn"), "title", tone="late", icon="x")
_blanks("works.photo_shown", gettext_lazy("“%(name)s” stands on the residents' page"), "name", icon="eye")
_blanks("works.photo_hidden", gettext_lazy("“%(name)s” was taken from the residents' page"), "name", icon="eye-off")
_blanks("works.case_linked", gettext_lazy("Case %(case)s was born of these works"), "case", icon="link")
_blanks("works.case_unlinked", gettext_lazy("Case %(case)s has nothing to do with these works"), "case")
_blanks(
    "works.defect_mended", gettext_lazy("%(number)s is said to be mended"), "number", tone="wait", icon="check",
    said="words",
)  # fmt: skip
_blanks(
    "works.defect_disputed", gettext_lazy("The contractor doesn't accept %(number)s"), "number", tone="due",
    icon="hand-stop", said="words",
)  # fmt: skip
_blanks(
    "works.defect_checked", gettext_lazy("%(number)s was checked and is good"), "number", tone="done",
    icon="circle-check", said="words",
)  # fmt: skip
_blanks(
    "works.defect_back", gettext_lazy("%(number)s was checked and goes back to be mended"), "number", tone="late",
    icon="arrow-back-up", said="words",
)  # fmt: skip


@_said("works.notice_posted", "done", "speakerphone")
def posted(data: Data) -> str:
    if data.get("last"):
        return _("The notice “%(title)s” hangs from %(first)s to %(last)s") % {name: data[name] for name in DAYS}
    return _("The notice “%(title)s” was posted on %(first)s") % {"title": data["title"], "first": data["first"]}


@_said("works.notice_proved", "", "camera")
def proved(data: Data) -> str:
    said = ngettext(
        "%(count)d photograph proves the notice “%(title)s”",
        "%(count)d photographs prove the notice “%(title)s”",
        data["count"],
    )
    return said % {"count": data["count"], "title": data["title"]}


@_said("works.photos", "", "photo")
def photos(data: Data) -> str:
    return ngettext("%(count)d photograph was added", "%(count)d photographs were added", data["count"]) % {
        "count": data["count"]
    }


@_said("works.defect_reported", "due", "alert-triangle")
def reported(data: Data) -> str:
    if data.get("complaint"):
        return _("A complaint about the works was taken down: %(number)s") % {"number": data["number"]}
    return _("A defect of the works was taken down: %(number)s") % {"number": data["number"]}


_blanks("works.project_added", gettext_lazy("The project “%(title)s” was added"), "title", icon="plus")
_blanks("works.project_changed", gettext_lazy("The project's description was changed"), icon="edit")
register("works.published", gettext_lazy("The project's page is open to residents"), "done", "world")


def _moved(data: Data) -> str:
    return _("The works are now: %(state)s") % {"state": ProjectState(data["to"]).label}


register("works.moved", _moved, "wait", "flag", lambda data: str(data.get("words", "")))
