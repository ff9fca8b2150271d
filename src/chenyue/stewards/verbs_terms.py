"""What entries about stewards, their terms and the facts of buildings say. Names stand nowhere: the subject is one."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.stewards.lifecycle import EndReason, TermRole
from chenyue.timeline.verbs import register

Data = dict[str, Any]


def _said(data: Data) -> str:
    return str(data.get("words", ""))


def _begun(data: Data) -> str:
    told = {"building": data["building"], "role": TermRole(data["role"]).label, "since": data["since"]}
    if data.get("until"):
        said = _("%(role)s of %(building)s from %(since)s to %(until)s")
        return said % (told | {"until": data["until"]})
    return _("%(role)s of %(building)s from %(since)s") % told


def _ended(data: Data) -> str:
    told = {"building": data["building"], "role": TermRole(data["role"]).label, "until": data["until"]}
    told["reason"] = EndReason(data["reason"]).label
    return _("No longer %(role)s of %(building)s after %(until)s: %(reason)s") % told


def _left(data: Data) -> str:
    return _("Stops on %(day)s: %(reason)s") % {"day": data["day"], "reason": EndReason(data["reason"]).label}


def _away(data: Data) -> str:
    return _("Away from %(since)s to %(until)s; others stand in for %(n)d buildings") % {
        "since": data["since"],
        "until": data["until"],
        "n": data["buildings"],
    }


register("steward.added", gettext_lazy("Written down as a steward"), icon="plus")
register("steward.changed", gettext_lazy("What is known of the steward was changed"), icon="edit")
register("steward.account", gettext_lazy("The account that the steward signs in with was changed"), icon="key")
register("steward.term_begun", _begun, "done", "building")
register("steward.term_planned_end", _ended, "due", "calendar")
register("steward.term_ended", _ended, "due", "logout", _said)
register("steward.away", _away, "wait", "calendar-event", _said)
register("steward.back", gettext_lazy("Is back"), "done", "arrow-back-up")
register("steward.left", _left, "due", "logout", _said)
register("steward.returned", gettext_lazy("Goes on after all"), "done", "arrow-back-up")
register("steward.handed_over", lambda d: _("What goes with %(building)s was received") % d, "done", "circle-check")
register("steward.phone_seen", gettext_lazy("The telephone number was looked at"), "due", "eye", _said)
register("steward.forgotten", gettext_lazy("What was kept about the person was deleted"), "due", "trash")
register("stewards.facts", lambda d: _("Facts of %(building)s were changed") % d, icon="edit")
register(
    "stewards.imported",
    lambda d: _("A table was read: %(created)d stewards added, %(updated)d rows changed") % d,
    icon="upload",
)
