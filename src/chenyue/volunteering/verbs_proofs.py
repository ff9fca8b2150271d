"""What entries about hours, complaints and certificates say. Volunteers read the same words: no names in them."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.timeline.verbs import register
from chenyue.volunteering.amounts import hours_words


def _says(verb: str, sentence: Promise, tone: str = "", icon: str = "", *names: str) -> None:
    """A sentence whose blanks the entry's data fill; `minutes` are put into words."""

    def read(data: dict[str, Any]) -> str:
        return str(sentence) % {
            name: hours_words(data["minutes"]) if name == "minutes" else data[name] for name in names
        }

    register(f"volunteering.{verb}", read, tone, icon, lambda data: str(data.get("words", "")))


DAY = ("minutes", "day")
_says(
    "hours_counted", gettext_lazy("%(minutes)s on %(day)s count as hours, evidence %(grade)s"), "done", "clock", *DAY,
    "grade",
)  # fmt: skip
_says("hours_noted", gettext_lazy("%(minutes)s on %(day)s were written down"), "wait", "edit", *DAY)
_says("hours_refused", gettext_lazy("%(minutes)s on %(day)s don't count"), "late", "x", *DAY)
_says(
    "hours_taken_back", gettext_lazy("%(minutes)s on %(day)s were taken back by a counter-entry"), "late",
    "arrow-back-up", *DAY,
)  # fmt: skip
_says("hours_typed", gettext_lazy("For %(count)s people %(minutes)s each were written down"), "wait", "edit", "count",
      "minutes")  # fmt: skip
_says("closed_by_rule", gettext_lazy("%(volunteer)s didn't scan out: closed at the planned end, %(minutes)s"), "due",
      "clock", "volunteer", "minutes")  # fmt: skip
_says("served_asked", gettext_lazy("Whom it served was asked about %(minutes)s on %(day)s"), "wait", "send", *DAY)
_says("served_confirmed", gettext_lazy("Whom it served confirmed %(minutes)s on %(day)s"), "done", "check", *DAY)
_says("served_denied", gettext_lazy("Whom it served says of %(minutes)s on %(day)s: it isn't so"), "late",
      "hand-stop", *DAY)  # fmt: skip
_says("hours_complaint", gettext_lazy("A complaint about %(minutes)s on %(day)s was taken down"), "due", "flag", *DAY)
_says("hours_complaint_upheld", gettext_lazy("The complaint about %(minutes)s on %(day)s was upheld"), "late",
      "hand-stop", *DAY)  # fmt: skip
_says("hours_complaint_refused", gettext_lazy("The complaint about %(minutes)s on %(day)s was refused"), "done",
      "circle-check", *DAY)  # fmt: skip
_says("hours_exported", gettext_lazy("Hours were exported: %(count)s lines, %(first)s to %(last)s"), "", "download",
      "count", "first", "last")  # fmt: skip
PERIOD = ("minutes", "first", "last")
_says("certificate_asked", gettext_lazy("A certificate was asked for: %(minutes)s, %(first)s to %(last)s"), "wait",
      "notes", *PERIOD)  # fmt: skip
_says("certificate_notice", gettext_lazy("The certificate is on notice until %(until)s"), "wait", "eye", "until")
_says("certificate_issued", gettext_lazy("The certificate %(number)s was issued"), "done", "shield-check", "number")
_says("certificate_refused", gettext_lazy("The certificate was refused"), "late", "x")
_says("certificate_withdrawn", gettext_lazy("The certificate %(number)s was withdrawn"), "late", "arrow-back-up",
      "number")  # fmt: skip
_says("certificate_printed", gettext_lazy("The certificate %(number)s was printed"), "", "printer", "number")
RESULTS = {
    "true": gettext_lazy("it is true"),
    "doubtful": gettext_lazy("it is doubtful"),
    "false": gettext_lazy("it is false"),
    "unreached": gettext_lazy("nobody was reached"),
}


def _checked(data: dict[str, Any]) -> str:
    return _("A call about %(minutes)s on %(day)s, drawn by lot: %(result)s") % {
        "minutes": hours_words(data["minutes"]), "day": data["day"], "result": RESULTS[data["result"]],
    }  # fmt: skip


def _scanned(sentence: Promise, late: Promise) -> Any:
    return lambda data: str(late if data.get("late") else sentence) % {"volunteer": data["volunteer"]}


register("volunteering.spot_checked", _checked, "", "phone", lambda data: str(data.get("words", "")))
register(
    "volunteering.scanned_in",
    _scanned(gettext_lazy("%(volunteer)s scanned in"), gettext_lazy("%(volunteer)s scanned in, sent later")),
    "", "login",
)  # fmt: skip
register(
    "volunteering.scanned_out",
    _scanned(gettext_lazy("%(volunteer)s scanned out"), gettext_lazy("%(volunteer)s scanned out, sent later")),
    "", "logout",
)  # fmt: skip
