"""What entries about meetings, minutes and evidence say. Parties read the same words."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.mediation import chores_talks, looks_talks  # noqa: F401 – ticks; tabs and states, with the verbs
from chenyue.mediation.ladder import Verdict
from chenyue.mediation.lifecycle import EvidenceKind, MeetingKind
from chenyue.mediation.saying import blanks, said

Data = dict[str, Any]


def _meeting(data: Data) -> dict[str, Any]:
    when = datetime.fromisoformat(data["when"])
    return {"kind": MeetingKind(data["kind"]).label, "number": data["number"], "when": f"{when:%Y-%m-%d %H:%M}"}


@said("meeting_planned", "wait", "calendar-event")
def planned(data: Data) -> str:
    return _("%(kind)s (no. %(number)d): planned for %(when)s") % _meeting(data)


@said("meeting_moved", "due", "calendar-event")
def moved(data: Data) -> str:
    return _("%(kind)s (no. %(number)d): moved to %(when)s") % _meeting(data)


@said("meeting_changed", "", "edit")
def changed(data: Data) -> str:
    return _("%(kind)s (no. %(number)d) of %(when)s: changed") % _meeting(data)


@said("meeting_told", "", "send")
def told(data: Data) -> str:
    return _("%(kind)s (no. %(number)d) of %(when)s: all who are asked have their notice") % _meeting(data)


@said("meeting_held", "done", "users")
def held(data: Data) -> str:
    return _("%(kind)s (no. %(number)d) of %(when)s: held") % _meeting(data)


@said("meeting_broken_off", "late", "hand-stop")
def broken_off(data: Data) -> str:
    return _("%(kind)s (no. %(number)d) of %(when)s: broken off") % _meeting(data)


@said("meeting_cancelled", "late", "x")
def cancelled(data: Data) -> str:
    return _("%(kind)s (no. %(number)d) of %(when)s: cancelled") % _meeting(data)


VERSION = ("number", "version")
blanks("minutes_written", gettext_lazy("Minutes of no. %(number)d: version %(version)d was written"), *VERSION)
blanks(
    "minutes_asked", gettext_lazy("Minutes of no. %(number)d: the parties are asked whether they are right"), "number",
    tone="wait", icon="notes",
)  # fmt: skip
blanks(
    "minutes_right", gettext_lazy("Minutes of no. %(number)d, version %(version)d: called right"), *VERSION,
    tone="done", icon="check",
)  # fmt: skip
blanks(
    "minutes_wrong", gettext_lazy("Minutes of no. %(number)d, version %(version)d: something is wrong"), *VERSION,
    tone="due", icon="alert-triangle",
)  # fmt: skip
blanks(
    "minutes_reopened", gettext_lazy("Minutes of no. %(number)d: opened again to be corrected"), "number",
    tone="due", icon="arrow-back-up",
)  # fmt: skip
blanks("minutes_signed", gettext_lazy("Minutes of no. %(number)d: signed by one who was there"), "number", icon="edit")


@said("minutes_final", "done", "circle-check")
def final(data: Data) -> str:
    if data.get("all"):
        return _("Minutes of no. %(number)d: final, called right by all who were there") % {"number": data["number"]}
    return _("Minutes of no. %(number)d: final") % {"number": data["number"]}


def _evidence(data: Data) -> dict[str, Any]:
    return {"number": data["number"], "kind": EvidenceKind(data["kind"]).label}


@said("evidence_added", "", "paperclip")
def added(data: Data) -> str:
    return _("Evidence no. %(number)d was handed in: %(kind)s") % _evidence(data)


@said("evidence_shared", "", "eye")
def shared(data: Data) -> str:
    return _("Evidence no. %(number)d (%(kind)s) is shown to all parties") % _evidence(data)


@said("evidence_unshared", "due", "eye-off")
def unshared(data: Data) -> str:
    return _("Evidence no. %(number)d (%(kind)s) isn't shown to all parties any more") % _evidence(data)


@said("original_returned", "", "arrow-back-up")
def returned(data: Data) -> str:
    return _("The original of evidence no. %(number)d (%(kind)s) was given back") % _evidence(data)


@said("original_lost", "late", "alert-triangle")
def lost(data: Data) -> str:
    return _("The original of evidence no. %(number)d (%(kind)s) is lost") % _evidence(data)


blanks("evidence_removed", gettext_lazy("Evidence no. %(number)d was taken out"), "number", tone="late", icon="trash")
blanks("evidence_opened", gettext_lazy("Evidence no. %(number)d was opened"), "number", icon="eye")
ALOUD = {
    Verdict.CLOSING: gettext_lazy("“%(topic)s”: the two sides are coming closer"),
    Verdict.NOT_CLOSING: gettext_lazy("“%(topic)s”: the two sides haven't come closer"),
    Verdict.MET: gettext_lazy("“%(topic)s”: the two sides have met"),
}


@said("gap_told", "brand", "message-circle")
def gap_told(data: Data) -> str:
    return str(ALOUD[Verdict(data["verdict"])]) % {"topic": data["topic"]}
