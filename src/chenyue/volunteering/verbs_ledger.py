"""What entries about credits say. The person whose credits they are reads the same words: no names in them."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chenyue.timeline.verbs import register
from chenyue.volunteering.amounts import credits_words

LOOKS = {
    "earn": (_("Earned by hours: %(amount)s credits"), "done", "plus"),
    "grant": (_("Granted: %(amount)s credits"), "done", "plus"),
    "hold": (_("Held for a booking: %(amount)s credits"), "wait", "calendar-event"),
    "release": (_("Given back: %(amount)s credits"), "", "arrow-back-up"),
    "expire": (_("Expired: %(amount)s credits"), "due", "clock"),
    "transfer": (_("Passed on in the family: %(amount)s credits"), "", "users"),
    "donate": (_("Donated: %(amount)s credits"), "done", "heart"),
    "freeze": (_("Frozen until decided: %(amount)s credits"), "due", "lock"),
    "thaw": (_("Freed again: %(amount)s credits"), "done", "check"),
    "void": (_("Taken back: %(amount)s credits"), "late", "x"),
    "short": (_("Couldn't be taken back, spent already: %(amount)s credits"), "late", "alert-triangle"),
}


def _says(verb: str, sentence: Promise, tone: str, icon: str) -> None:
    register(
        f"volunteering.{verb}",
        lambda data: str(sentence) % {"amount": credits_words(abs(data["amount"]))} if "amount" in data else sentence,
        tone,
        icon,
        lambda data: str(data.get("words", "")),
    )


def _spent(data: dict[str, Any]) -> str:
    if data["amount"]:
        return str(_("Spent; %(amount)s credits were given back")) % {"amount": credits_words(data["amount"])}
    return str(_("Spent"))


for _kind, _look in LOOKS.items():
    _says(f"credits_{_kind}", *_look)
register("volunteering.credits_burn", _spent, "done", "check")
_says("tie_asked", _("A relative is to be registered"), "wait", "users")
_says("tie_agreed", _("Agreed to be registered as a relative"), "done", "users")
_says("tie_approved", _("The relative was registered"), "done", "check")
_says("tie_ended", _("The tie between relatives ended"), "neutral", "x")
_says("grant_asked", _("A grant was asked for: %(amount)s credits"), "wait", "plus")
_says("pool_asked", _("Donated credits were asked for: %(amount)s credits"), "wait", "heart")
_says("take_asked", _("Taking back was asked for: %(amount)s credits"), "due", "x")
_says("proposal_refused", _("The change by hand was refused"), "neutral", "x")
_says("proposal_withdrawn", _("The change by hand was withdrawn"), "neutral", "x")
_says("frozen_by_hand", _("Credits were frozen by hand"), "due", "lock")
_says("thawed_by_hand", _("Credits were freed by hand"), "done", "check")


def _rule(sentence: Promise, tone: str, icon: str, verb: str) -> None:
    register(
        f"volunteering.{verb}",
        lambda data: str(sentence) % {"version": data["version"]},
        tone,
        icon,
        lambda data: str(data.get("words", "")),
    )


_rule(_("Rule %(version)s of credits was proposed"), "wait", "notes", "rule_proposed")
_rule(_("Rule %(version)s of credits was approved"), "done", "check", "rule_approved")
_rule(_("Rule %(version)s of credits was dropped"), "neutral", "x", "rule_dropped")
register("volunteering.ledger_exported", _("The ledger of credits was exported"), "", "download")
