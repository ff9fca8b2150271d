"""What entries about plans, stances, ballots and objections say. None tells what a home said, or who lives there."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from chenyue.timeline.verbs import register
from chenyue.works.lifecycle import Decision, How

Data = dict[str, Any]


def _blanks(verb: str, sentence: Promise, *names: str, tone: str = "", icon: str = "") -> None:
    register(f"works.{verb}", lambda data: str(sentence) % {name: data[name] for name in names}, tone, icon)


def _taken(data: Data) -> str:
    how = How(data["how"]).label
    return _("A home's stance on version %(n)d was taken down (%(how)s)") % {"n": data["n"], "how": how}


def _cast(data: Data) -> str:
    how = How(data["how"]).label
    return _("A home's signed ballot on version %(n)d was kept (%(how)s)") % {"n": data["n"], "how": how}


def _published(data: Data) -> str:
    said = _("Version %(n)d of the plan was published: %(title)s.") % {"n": data["n"], "title": data["title"]}
    if data.get("ask_again"):
        again = ngettext("%(count)d home is asked again.", "%(count)d homes are asked again.", data["ask_again"])
        said += again % {"count": data["ask_again"]}
    return said


def _answered(data: Data) -> str:
    decision = Decision(data["decision"]).label
    return _("Objection %(number)s was answered: %(decision)s") % {"number": data["number"], "decision": decision}


def _disputed(data: Data) -> str:
    if data.get("revoked"):
        return _("The co-owners of a home disagree: its ballot was revoked, and it casts none until they agree")
    return _("The co-owners of a home disagree: it casts no ballot until they agree")


def _imported(data: Data) -> str:
    said = _("The register of homes was imported: %(created)d new, %(updated)d changed, %(errors)d rows to mend")
    return said % {name: data.get(name, 0) for name in ("created", "updated", "errors")}


def _anonymised(data: Data) -> str:
    return _(
        "What homes said was anonymised, as long as it had to be kept is over: %(stances)d stances are counted on"
    ) % {"stances": data["stances"]}


_blanks("plan_drafted", gettext_lazy("Version %(n)d of the plan was begun: %(title)s"), "n", "title", icon="edit")
_blanks("plan_dropped", gettext_lazy("The draft of version %(n)d was thrown away"), "n", icon="trash")
register("works.plan_published", _published, "brand", "speakerphone")
register("works.stance_taken", _taken, "", "message-circle")
_blanks("stance_withdrawn", gettext_lazy("A home took its stance on version %(n)d back"), "n", icon="arrow-back-up")
register("works.ballot_cast", _cast, "done", "clipboard-check")
_blanks("ballot_revoked", gettext_lazy("A home's ballot on version %(n)d was revoked"), "n", tone="due", icon="x")
register("works.dispute_opened", _disputed, "due", "users")
register("works.dispute_settled", gettext_lazy("The co-owners of a home agree again"), "done", "users")
_blanks("objection_raised", gettext_lazy("An objection was taken down: %(number)s"), "number", tone="due", icon="flag")
_blanks("objection_given", gettext_lazy("Objection %(number)s is answered by %(to)s"), "number", "to", icon="send")
register("works.objection_answered", _answered, "done", "message-circle")
_blanks("objection_accepted", gettext_lazy("The answer to %(number)s is accepted"), "number", tone="done", icon="check")
_blanks(
    "objection_kept", gettext_lazy("The answer to %(number)s isn't accepted"), "number", tone="late", icon="hand-stop"
)
_blanks("objection_withdrawn", gettext_lazy("Objection %(number)s was taken back"), "number", icon="arrow-back-up")
_blanks("objection_passed_on", gettext_lazy("Objection %(number)s became case %(case)s"), "number", "case", icon="send")
_blanks("objection_due", gettext_lazy("Objection %(number)s is due soon"), "number", tone="due", icon="clock")
_blanks("objection_late", gettext_lazy("Objection %(number)s is over its day"), "number", tone="late", icon="clock")
_blanks("defect_due", gettext_lazy("Defect %(number)s is due soon"), "number", tone="due", icon="clock")
_blanks("defect_late", gettext_lazy("Defect %(number)s is over its day"), "number", tone="late", icon="clock")
register("works.register_imported", _imported, "", "upload")


def _printed(data: Data) -> str:
    said = ngettext(
        "%(count)d letter with its code was printed: %(where)s",
        "%(count)d letters with their codes were printed: %(where)s",
        data["count"],
    )
    return said % {"count": data["count"], "where": data["where"]}


register("works.letters_printed", _printed, "", "printer")
register("works.home_changed", gettext_lazy("A home of the register was changed"), "", "edit")
register("works.owners_merged", gettext_lazy("Two owners were found to be one"), "", "git-merge")
register("works.owners_parted", gettext_lazy("Two owners of one name were found to be two"), "", "arrows-split")
register(
    "works.owner_seen",
    gettext_lazy("The owners of a home were looked at, with a reason"),
    "",
    "eye",
    lambda data: str(data.get("words", "")),
)
register("works.anonymised", _anonymised, "", "lock")
register("works.rules_added", gettext_lazy("Rules of joint decisions of owners were added"), "", "clipboard-list")
