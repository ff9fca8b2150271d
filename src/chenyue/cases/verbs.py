"""What entries about a case say. Sentences of entries that residents see are written for residents."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from chenyue.cases.models import Attachment, Result, ReturnReason
from chenyue.catalogue.models import Urgency
from chenyue.core import moments
from chenyue.timeline.verbs import register

Data = dict[str, Any]
STEPS = {
    "warn": gettext_lazy("will soon be due"),
    "due": gettext_lazy("is due now"),
    "late": gettext_lazy("is overdue"),
}
CLOCKS = {
    "triage": gettext_lazy("Dispatching"),
    "accept": gettext_lazy("Accepting"),
    "contact": gettext_lazy("First contact"),
    "resolve": gettext_lazy("The answer"),
    "review": gettext_lazy("The review of the return"),
}


def moment(stored: str) -> str:
    """A stored moment as people read it: `11 月 24 日 17:00`."""
    local = timezone.localtime(datetime.fromisoformat(stored))
    return f"{moments.calendar_day(local.date(), with_year=local.year != timezone.localtime().year)} {local:%H:%M}"


def label(choices: Any, value: str) -> str:
    """The word of a stored choice; an old value that is gone reads as it was stored."""
    return str(choices(value).label) if value in choices.values else value


def _words(data: Data) -> str:
    return str(data.get("words", ""))


def _said(verb: str, tone: str = "", icon: str = "") -> Callable[[Callable[[Data], str]], Callable[[Data], str]]:
    """Register the function below as the sentence of `verb`; words that were said are quoted under it."""

    def add(sentence_for: Callable[[Data], str]) -> Callable[[Data], str]:
        register(verb, sentence_for, tone, icon, _words)
        return sentence_for

    return add


def _plain(verb: str, sentence: Promise, tone: str = "", icon: str = "") -> None:
    register(verb, lambda data: sentence, tone, icon, _words)


_plain("case.received", gettext_lazy("We have received it"), icon="inbox")
_plain("case.contacted", gettext_lazy("The handling unit has been in touch with those who reported it"))
_plain("case.contact_words", gettext_lazy("Contact recorded"))
_plain("case.done", gettext_lazy("What the unit did"))
_plain("case.rework_words", gettext_lazy("Why it goes back"))
_plain("case.reopen_words", gettext_lazy("Why it was reopened"))
_plain("case.explained", gettext_lazy("The office explains"))
_plain("case.declined_because", gettext_lazy("Why it was declined (internal)"))
_plain("case.reminded", gettext_lazy("Reminded"), "due")
_plain("case.supervised", gettext_lazy("Under supervision"), "late")
_plain("case.unjoined", gettext_lazy("It is handled as a matter of its own again"))
_plain("case.withdrawn", gettext_lazy("The reporter takes the appeal back"), "due")
_plain("case.noted", gettext_lazy("Added an internal note"))
_plain("case.extension_granted", gettext_lazy("The extension was granted"))
_plain("case.extension_refused", gettext_lazy("The extension was refused"), "due")


@_said("case.suggested")
def _suggested(data: Data) -> str:
    category = data.get("category") or _("no category")
    said = _("Suggested: %(category)s (%(percent)d%%), %(urgency)s") % {
        "category": category,
        "percent": round(100 * float(data.get("confidence", 0))),
        "urgency": label(Urgency, data.get("urgency", "")),
    }
    return f"{said}（{data['cue']}）" if data.get("cue") else said


@_said("case.triaged")
def _triaged(data: Data) -> str:
    return _("Triaged: %(category)s, %(urgency)s") % {
        "category": data.get("category") or _("no category"),
        "urgency": label(Urgency, data.get("urgency", "")),
    }


@_said("case.corrected")
def _corrected(data: Data) -> str:
    return _("Triage corrected: %(category)s, %(urgency)s; it stays where it is") % {
        "category": data.get("category") or _("no category"),
        "urgency": label(Urgency, data.get("urgency", "")),
    }


@_said("case.handed_over", icon="send")
def _handed_over(data: Data) -> str:
    if data.get("until"):
        return _("Handed over to %(unit)s; an answer is promised by %(when)s") % {
            "unit": data["unit"],
            "when": moment(data["until"]),
        }
    return _("Handed over to %(unit)s") % {"unit": data["unit"]}


@_said("case.dispatched")
def _dispatched(data: Data) -> str:
    said = _("Dispatched to %(unit)s") % {"unit": data["unit"]}
    if data.get("assists"):
        said = _("Dispatched to %(unit)s, assisted by %(assists)s") % {
            "unit": data["unit"],
            "assists": "、".join(data["assists"]),
        }
    reasons = "；".join(reason.rstrip("。.；; ") for reason in data.get("reasons", []))
    return f"{said}（{reasons}）" if reasons else said


@_said("case.accepted", "wait")
def _accepted(data: Data) -> str:
    return _("%(unit)s has accepted it and is working on it") % {"unit": data["unit"]}


@_said("case.returned", "due")
def _returned(data: Data) -> str:
    said = _("%(unit)s returns it: %(reason)s") % {"unit": data["unit"], "reason": label(ReturnReason, data["reason"])}
    if not data.get("proposed"):
        return said
    return _("%(said)s; proposes %(unit)s") % {"said": said, "unit": data["proposed"]}


@_said("case.whistle_proposed", "late")
def _whistle_proposed(data: Data) -> str:
    return ngettext(
        "Returned %(times)d time: call the units together instead of handing it on once more",
        "Returned %(times)d times: call the units together instead of handing it on once more",
        int(data["times"]),
    ) % {"times": int(data["times"])}


@_said("case.return_upheld")
def _upheld(data: Data) -> str:
    return _("The return was upheld; %(unit)s leads now") % {"unit": data["unit"]}


@_said("case.return_refused")
def _refused(data: Data) -> str:
    return _("The return was refused; %(unit)s stays in charge") % {"unit": data["unit"]}


@_said("case.reassigned")
def _reassigned(data: Data) -> str:
    return _("Reassigned to %(unit)s") % {"unit": data["unit"]}


@_said("case.on_hold", "wait", "pause")
def _on_hold(data: Data) -> str:
    return _("On hold until %(when)s") % {"when": moment(data["until"])}


@_said("case.resumed", icon="play")
def _resumed(data: Data) -> str:
    if data.get("due"):
        return _("Being handled again; an answer is promised by %(when)s") % {"when": moment(data["due"])}
    return _("Being handled again")


@_said("case.extension_asked", "due")
def _extension_asked(data: Data) -> str:
    return _("More time was asked for, until %(when)s") % {"when": moment(data["until"])}


@_said("case.extended", "due")
def _extended(data: Data) -> str:
    return _("The promised date moves to %(when)s") % {"when": moment(data["until"])}


@_said("case.whistled", "late")
def _whistled(data: Data) -> str:
    return _("Units called together: %(units)s, %(when)s, %(place)s") % {
        "units": "、".join(data["units"]),
        "when": moment(data["meeting"]),
        "place": data["place"],
    }


@_said("case.answered", "done", "check")
def _answered(data: Data) -> str:
    return _("%(unit)s answered") % {"unit": data["unit"]} if data.get("unit") else _("Answered")


@_said("case.settled", "done")
def _settled(data: Data) -> str:
    return _("Settled at once by %(unit)s") % {"unit": data["unit"]}


@_said("case.reworked", "due")
def _reworked(data: Data) -> str:
    return _("Sent back to %(unit)s to be done better") % {"unit": data["unit"]}


@_said("case.closed", "done")
def _closed(data: Data) -> str:
    result = label(Result, data.get("result", ""))
    return _("Closed: %(result)s") % {"result": result} if result else _("Closed")


@_said("case.reopened", "due")
def _reopened(data: Data) -> str:
    return _("Reopened (round %(round)d), handed to %(unit)s") % {"round": int(data["round"]), "unit": data["unit"]}


@_said("case.declined")
def _declined(data: Data) -> str:
    road = data.get("road")
    return _("This has another road: %(road)s") % {"road": road} if road else _("This has another road")


@_said("case.joined")
def _joined(data: Data) -> str:
    return _("Handled together with the same matter, %(number)s") % {"number": data["number"]}


@_said("case.voices_added")
def _voices_added(data: Data) -> str:
    return ngettext(
        "%(count)d voice joined from %(number)s", "%(count)d voices joined from %(number)s", int(data["count"])
    ) % {"count": int(data["count"]), "number": data["number"]}


@_said("case.voices_left")
def _voices_left(data: Data) -> str:
    return ngettext("%(count)d voice went to %(number)s", "%(count)d voices went to %(number)s", int(data["count"])) % {
        "count": int(data["count"]),
        "number": data["number"],
    }


@_said("case.split_from")
def _split_from(data: Data) -> str:
    return _("Split off from %(number)s as a matter of its own") % {"number": data["number"]}


@_said("case.draft_asked", icon="sparkles")
def _draft_asked(data: Data) -> str:
    from chenyue.cases.drafting import KINDS

    kind = KINDS.get(data.get("kind", ""), "")
    if data.get("outcome") != "drafted":
        return _("Asked a machine for a draft (%(kind)s); none came") % {"kind": kind}
    return _("Asked a machine for a draft (%(kind)s, %(model)s)") % {"kind": kind, "model": data.get("model") or "–"}


_plain("case.draft_taken", gettext_lazy("The answer was begun from a machine's draft and edited"), icon="sparkles")


@_said("case.parted", icon="arrows-split")
def _parted(data: Data) -> str:
    return _("The message of %(appeal)s held several matters; the others are %(numbers)s") % {
        "appeal": data["appeal"],
        "numbers": "、".join(data["numbers"]),
    }


@_said("case.part_of", icon="arrows-split")
def _part_of(data: Data) -> str:
    return _("A further matter of the message that opened %(number)s") % {"number": data["number"]}


@_said("case.voice_added")
def _voice_added(data: Data) -> str:
    return _("Another person reported the same: %(appeal)s") % {"appeal": data["appeal"]}


@_said("case.words_added")
def _words_added(data: Data) -> str:
    if data.get("by_resident"):
        return _("Words added by who reported %(appeal)s") % {"appeal": data["appeal"]}
    return _("Words added to %(appeal)s") % {"appeal": data["appeal"]}


@_said("case.files_added", icon="image")
def _files_added(data: Data) -> str:
    said = ngettext("%(count)d file added", "%(count)d files added", int(data["count"])) % {"count": int(data["count"])}
    return f"{said}（{label(Attachment.Stage, data['stage'])}）"


@_said("case.part_accepted")
def _part_accepted(data: Data) -> str:
    return _("%(unit)s has accepted its part") % {"unit": data["unit"]}


@_said("case.part_done", "done")
def _part_done(data: Data) -> str:
    return _("%(unit)s has done its part") % {"unit": data["unit"]}


@_said("case.part_excused")
def _part_excused(data: Data) -> str:
    return _("%(unit)s was excused from its part") % {"unit": data["unit"]}


@_said("case.officer_set", icon="user")
def _officer_set(data: Data) -> str:
    if data.get("officer"):
        return _("%(officer)s sees to it at %(unit)s") % {"officer": data["officer"], "unit": data["unit"]}
    return _("Nobody at %(unit)s sees to it by name") % {"unit": data["unit"]}


@_said("case.escalated", "late", "alert")
def _escalated(data: Data) -> str:
    return _("%(clock)s %(step)s") % {"clock": CLOCKS[data["clock"]], "step": STEPS[data["step"]]}
