"""What entries of mediation say; imported when the package starts. Open doors, complaints, copies of agreements."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.mediation.lifecycle import Found, Handed, Wrong
from chenyue.mediation.saying import blanks, party, said

Data = dict[str, Any]

blanks(
    "story_closed", gettext_lazy("A party doesn't want it told any more: nobody tells of it"), tone="due", icon="lock"
)
blanks(
    "meeting_closed_doors",
    gettext_lazy("Meeting %(number)s is closed: not every party wants it open any more"),
    "number",
    tone="due",
    icon="lock",
)


@said("complained", "late", "hand-stop")
def complained(data: Data) -> str:
    return _("A complaint against a mediator: %(wrong)s") % {"wrong": Wrong(data["wrong"]).label}


@said("complaint_answered", "done", "message-circle")
def complaint_answered(data: Data) -> str:
    return _("The complaint was answered: %(found)s") % {"found": Found(data["found"]).label}


@said("copy_given", "done", "copy")
def copy_given(data: Data) -> str:
    blank = {"n": data["number"], "day": data["on"], "how": Handed(data["how"]).label}
    if data.get("certified"):
        return _("A certified copy of agreement %(n)s was handed over on %(day)s: %(how)s") % blank
    return _("A copy of agreement %(n)s was handed over on %(day)s: %(how)s") % blank


@said("copy_struck", "", "x")
def copy_struck(data: Data) -> str:
    return _("That a copy of agreement %(n)s was handed over, was a mistake (%(party)s)") % {
        "n": data["number"],
        "party": party(data),
    }
