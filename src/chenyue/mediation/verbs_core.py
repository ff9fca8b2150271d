"""What entries about a mediation, its people and their consents say. Parties read the same words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.mediation.lifecycle import Acts, How, Question, Stage
from chenyue.mediation.saying import blanks, party, said

Data = dict[str, Any]


@said("moved", "wait", "flag")
def moved(data: Data) -> str:
    return _("The mediation is now: %(stage)s") % {"stage": Stage(data["to"]).label}


@said("party_added", "", "user")
def party_added(data: Data) -> str:
    return _("%(party)s was entered") % {"party": party(data)}


@said("party_changed", "", "edit")
def party_changed(data: Data) -> str:
    return _("What is known of %(party)s was changed") % {"party": party(data)}


@said("party_died", "late", "hand-stop")
def party_died(data: Data) -> str:
    return _("%(party)s has died; the mediation rests until the heirs are known") % {"party": party(data)}


@said("party_left", "due", "logout")
def party_left(data: Data) -> str:
    return _("%(party)s is no part of it any more") % {"party": party(data)}


def _numbers(data: Data) -> str:
    return "、".join(str(n) for n in data.get("parties", ()))


@said("representative_added", "", "users")
def representative_added(data: Data) -> str:
    return _("Somebody acts for party %(parties)s: %(kind)s") % {
        "parties": _numbers(data),
        "kind": Acts(data["acts"]).label,
    }


@said("representative_ended", "due", "users")
def representative_ended(data: Data) -> str:
    return _("%(kind)s of party %(parties)s: acts no more") % {
        "parties": _numbers(data),
        "kind": Acts(data["acts"]).label,
    }


@said("represented", "", "users")
def represented(data: Data) -> str:
    kind = {"kind": Acts(data["acts"]).label}
    if data.get("settle"):
        return _("Represented by: %(kind)s, who may agree and sign") % kind
    return _("Represented by: %(kind)s") % kind


@said("agreed", "done", "check")
def agreed(data: Data) -> str:
    return _("Agreed: %(question)s (%(how)s)") % _question(data)


@said("disagreed", "late", "x")
def disagreed(data: Data) -> str:
    return _("Doesn't agree: %(question)s (%(how)s)") % _question(data)


@said("consent_withdrawn", "late", "arrow-back-up")
def consent_withdrawn(data: Data) -> str:
    return _("Took back the consent: %(question)s") % _question(data)


def _question(data: Data) -> dict[str, Any]:
    how = data.get("how")
    return {"question": Question(data["question"]).label, "how": How(how).label if how else ""}


@said("all_agreed", "done", "circle-check")
def all_agreed(data: Data) -> str:
    return _("All parties agree: %(question)s") % _question(data)


blanks("opened", gettext_lazy("Taken down for mediation, from case %(case)s"), "case", tone="wait", icon="plus")
