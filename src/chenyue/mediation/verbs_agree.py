"""What entries about agreements, their performance and what follows say. Parties read the same words."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.core.moments import calendar_day
from chenyue.mediation import agree_chores, looks_agree  # noqa: F401 – ticks; tabs and states, with the verbs
from chenyue.mediation.lifecycle import Form, Mark, Signer, VisitKind
from chenyue.mediation.saying import blanks, party, said

Data = dict[str, Any]


def _day(data: Data, name: str = "on") -> str:
    return calendar_day(date.fromisoformat(data[name]))


@said("agreement_begun", "", "edit")
def agreement_begun(data: Data) -> str:
    return _("Agreement %(number)d was begun (%(form)s)") % {
        "number": data["number"],
        "form": Form(data["form"]).label,
    }


blanks(
    "agreement_offered", gettext_lazy("Agreement %(number)d is ready to be signed"), "number", tone="wait", icon="edit"
)
blanks(
    "agreement_taken_back", gettext_lazy("Agreement %(number)d is changed once more; what was signed doesn't count"),
    "number", tone="due", icon="arrow-back-up",
)  # fmt: skip
blanks("agreement_dropped", gettext_lazy("The draft of agreement %(number)d was dropped"), "number", icon="trash")
blanks("agreement_scanned", gettext_lazy("The signed agreement %(number)d was scanned"), "number", icon="file-text")
blanks(
    "agreement_replaced", gettext_lazy("Agreement %(number)d was replaced by agreement %(new)d"), "number", "new",
    tone="due", icon="refresh",
)  # fmt: skip
blanks("agreement_void", gettext_lazy("Agreement %(number)d no longer binds anybody"), "number", tone="late", icon="x")
blanks(
    "original_lost", gettext_lazy("The original of agreement %(number)d is lost"), "number",
    tone="late", icon="alert-triangle",
)  # fmt: skip


@said("agreement_signed", "done", "edit")
def agreement_signed(data: Data) -> str:
    who = party(data) if "party" in data else Signer(data["signer"]).label
    return _("Agreement %(number)d: %(who)s, %(mark)s of %(day)s") % {
        "number": data["number"], "who": who, "mark": Mark(data["mark"]).label, "day": _day(data),
    }  # fmt: skip


@said("signature_struck", "due", "x")
def signature_struck(data: Data) -> str:
    who = Signer(data["signer"]).label
    return _("Agreement %(number)d: a mark was struck (%(who)s)") % {"number": data["number"], "who": who}


@said("agreement_sealed", "done", "shield-check")
def agreement_sealed(data: Data) -> str:
    return _("Agreement %(number)d bears the committee's seal of %(day)s") % {
        "number": data["number"],
        "day": _day(data),
    }


@said("agreement_in_effect", "done", "circle-check")
def agreement_in_effect(data: Data) -> str:
    return _("Agreement %(number)d is in effect from %(day)s on") % {"number": data["number"], "day": _day(data)}


# Performance


def _of(data: Data) -> dict[str, Any]:
    return {name: data.get(name, 0) for name in ("number", "obligation", "part")}


@said("receipt_taken", "done", "check")
def receipt_taken(data: Data) -> str:
    return _("Agreement %(number)d, obligation %(obligation)d, part %(part)d: something was performed") % _of(data)


@said("receipt_confirmed", "done", "checks")
def receipt_confirmed(data: Data) -> str:
    return _("Agreement %(number)d, obligation %(obligation)d, part %(part)d: its receipt was confirmed") % _of(data)


@said("receipt_disputed", "late", "hand-stop")
def receipt_disputed(data: Data) -> str:
    return _("Agreement %(number)d, obligation %(obligation)d, part %(part)d: it is said not to have come") % _of(data)


@said("receipt_removed", "due", "arrow-back-up")
def receipt_removed(data: Data) -> str:
    return _("Agreement %(number)d, obligation %(obligation)d, part %(part)d: a receipt was a mistake") % _of(data)


@said("part_excused", "neutral", "heart")
def part_excused(data: Data) -> str:
    return _("Agreement %(number)d, obligation %(obligation)d, part %(part)d: the other side waives it") % _of(data)


@said("part_broken", "late", "alert-triangle")
def part_broken(data: Data) -> str:
    return _("Agreement %(number)d, obligation %(obligation)d, part %(part)d: it was broken") % _of(data)


@said("part_reminded", "wait", "bell")
def part_reminded(data: Data) -> str:
    return _("Agreement %(number)d, obligation %(obligation)d, part %(part)d: a reminder of its day") % _of(data)


@said("part_overdue", "late", "clock")
def part_overdue(data: Data) -> str:
    return _("Agreement %(number)d, obligation %(obligation)d, part %(part)d: over its day") % _of(data)


blanks(
    "rights_told",
    gettext_lazy("If an agreement isn't kept: the other side may go to court, or to its execution once confirmed"),
    tone="due", icon="notes",
)  # fmt: skip
blanks("all_performed", gettext_lazy("Everything that was agreed has been performed"), tone="done", icon="circle-check")

# Judicial confirmation


@said("confirmation_open", "wait", "calendar")
def confirmation_open(data: Data) -> str:
    return _("Both sides may ask the court to confirm agreement %(number)d until %(day)s") % {
        "number": data["number"],
        "day": _day(data),
    }


@said("confirmation_near", "due", "clock")
def confirmation_near(data: Data) -> str:
    return _("Judicial confirmation of agreement %(number)d: until %(day)s, %(days)d days are left") % {
        "number": data["number"], "day": _day(data), "days": data["days"],
    }  # fmt: skip


@said("confirmation_moved", "due", "calendar")
def confirmation_moved(data: Data) -> str:
    return _("The last day of judicial confirmation of agreement %(number)d is %(day)s, as the calendar now says") % {
        "number": data["number"],
        "day": _day(data),
    }


blanks("confirmation_waived", gettext_lazy("No judicial confirmation of agreement %(number)d is wanted"), "number")
blanks(
    "confirmation_wanted", gettext_lazy("Judicial confirmation of agreement %(number)d is wanted after all"), "number"
)
blanks(
    "confirmation_expired", gettext_lazy("The days for judicial confirmation of agreement %(number)d are over"),
    "number", tone="late", icon="clock",
)  # fmt: skip
blanks(
    "confirmation_confirmed", gettext_lazy("The court has confirmed agreement %(number)d: it can be executed"),
    "number", tone="done", icon="shield-check",
)  # fmt: skip
blanks(
    "confirmation_refused", gettext_lazy("The court hasn't confirmed agreement %(number)d"), "number",
    tone="late", icon="x",
)  # fmt: skip


@said("confirmation_applied", "wait", "send")
def confirmation_applied(data: Data) -> str:
    return _("Judicial confirmation of agreement %(number)d was applied for on %(day)s") % {
        "number": data["number"],
        "day": _day(data),
    }


# Visits


@said("visited", "", "home")
def visited(data: Data) -> str:
    return _("Asked afterwards: %(kind)s") % {"kind": VisitKind(data["kind"]).label}


@said("visit_tried", "due", "phone")
def visit_tried(data: Data) -> str:
    return _("Nobody could be asked: %(kind)s") % {"kind": VisitKind(data["kind"]).label}


blanks("clause_saved", gettext_lazy("A sample clause of agreements was changed: %(code)s"), "code", icon="edit")
