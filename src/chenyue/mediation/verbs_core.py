"""What entries about a mediation, its people and their consents say. Parties read the same words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.cases.lifecycle import MOVE_WORDS, Move
from chenyue.mediation import law
from chenyue.mediation.appointing import WHY_ENDED
from chenyue.mediation.lifecycle import Acts, How, Question, Risk, Stage, Tie
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


@said("told_anew", "", "edit")
def told_anew(data: Data) -> str:
    return _("What is written down of the dispute was changed")


@said("screened", "", "clipboard-list")
def screened(data: Data) -> str:
    found = data.get("obstacles") or []
    if not found:
        return _("Screened: nothing stands against it")
    return _("Screened; against it stands: %(what)s") % {
        "what": "；".join(str(law.questions()[code]) for code in found)
    }


@said("not_accepted", "late", "x")
def not_accepted(data: Data) -> str:
    ground = law.grounds()[data["ground"]]
    return _("Not accepted: %(why)s (%(source)s). Other roads: %(roads)s") % {
        "why": ground,
        "source": ground.source,
        "roads": _roads(data),
    }


def _roads(data: Data) -> str:
    return "；".join(str(law.all_roads()[code]) for code in data.get("roads", ()))


@said("terminated", "late", "hand-stop")
def terminated(data: Data) -> str:
    why = law.endings()[data["why"]]
    return _("Mediation has ended: %(why)s (%(source)s). You may still: %(roads)s") % {
        "why": why,
        "source": why.source,
        "roads": _roads(data),
    }


blanks("merged", gettext_lazy("Joined to mediation %(into)s"), "into", icon="git-merge")
blanks(
    "merged_here",
    gettext_lazy("Mediation %(number)s of the same matter was joined to this one"),
    "number",
    icon="git-merge",
)
blanks(
    "more_time_asked", gettext_lazy("More time is asked for, until %(until)s; every party must agree"), "until",
    tone="due", icon="clock",
)  # fmt: skip
blanks(
    "more_time", gettext_lazy("Every party agrees to more time, until %(until)s"), "until", tone="done", icon="clock"
)
blanks("due_near", gettext_lazy("It is to be ended by %(day)s"), "day", tone="due", icon="clock")
blanks(
    "due_past", gettext_lazy("The day by which it was to end, %(day)s, has passed"), "day", tone="late", icon="clock"
)


@said("appointed", "", "user")
def appointed(data: Data) -> str:
    if data.get("chosen"):
        return _("%(name)s mediates, chosen by the parties") % {"name": data["name"]}
    return _("%(name)s is appointed; every party is asked whether it accepts") % {"name": data["name"]}


@said("ties_found", "due", "alert-triangle")
def ties_found(data: Data) -> str:
    ties = "、".join(str(Tie(one["tie"]).label) for one in data["ties"])
    return _("Ties of %(name)s to be disclosed: %(ties)s") % {"name": data["name"], "ties": ties}


@said("ties_disclosed", "due", "info-circle")
def ties_disclosed(data: Data) -> str:
    ties = "、".join(str(Tie(tie).label) for tie in data["ties"])
    return _("Disclosed of %(name)s: %(ties)s. Every party may accept or object") % {"name": data["name"], "ties": ties}


@said("appointment_ended", "due", "logout")
def appointment_ended(data: Data) -> str:
    return _("%(name)s mediates no more: %(why)s") % {"name": data["name"], "why": WHY_ENDED[data["why"]]}


@said("invitation_asked", "", "plus")
def invitation_asked(data: Data) -> str:
    return _("To be invited if every party agrees: %(who)s") % {"who": _invited(data)}


@said("invited", "done", "send")
def invited(data: Data) -> str:
    return _("Invited: %(who)s") % {"who": _invited(data)}


@said("invitation_refused", "due", "x")
def invitation_refused(data: Data) -> str:
    return _("Not invited, a party doesn't agree: %(who)s") % {"who": _invited(data)}


@said("invitation_comes", "done", "check")
def invitation_comes(data: Data) -> str:
    return _("Comes: %(who)s") % {"who": _invited(data)}


@said("invitation_declined", "due", "x")
def invitation_declined(data: Data) -> str:
    return _("Can't come: %(who)s") % {"who": _invited(data)}


def _invited(data: Data) -> str:
    return f"{data['unit']}（{data['role']}）" if data.get("unit") else str(data["role"])


@said("risk_seen", "late", "alert-triangle")
def risk_seen(data: Data) -> str:
    kind = {"kind": Risk(data["kind"]).label}
    return _("Danger: %(kind)s; reported outside") % kind if data.get("told") else _("Danger: %(kind)s") % kind


@said("risk_told", "done", "phone")
def risk_told(data: Data) -> str:
    return _("Reported outside: %(kind)s") % {"kind": Risk(data["kind"]).label}


@said("risk_over", "done", "circle-check")
def risk_over(data: Data) -> str:
    return _("The danger is over: %(kind)s") % {"kind": Risk(data["kind"]).label}


@said("looked", "", "eye")
def looked(data: Data) -> str:
    return _("Contact data was looked at: %(why)s") % {"why": data["reason"]}


@said("case_moved", "due", "flag")
def case_moved(data: Data) -> str:
    return _("Case %(case)s was moved by hand: %(move)s") % {
        "case": data["case"],
        "move": MOVE_WORDS[Move(data["move"])],
    }


@said("case_left", "late", "alert-triangle")
def case_left(data: Data) -> str:
    return _("Case %(case)s could not follow (%(move)s): a person has to move it") % {
        "case": data["case"],
        "move": MOVE_WORDS[Move(data["move"])],
    }


blanks("committee_saved", gettext_lazy("The committee %(name)s was entered or changed"), "name", icon="edit")
blanks("mediator_saved", gettext_lazy("The mediator %(name)s was entered or changed"), "name", icon="edit")
blanks("mediator_revoked", gettext_lazy("%(name)s is no mediator any more"), "name", tone="late", icon="x")
blanks("tie_declared", gettext_lazy("%(name)s declared a tie to somebody"), "name", icon="users")
blanks("tie_dropped", gettext_lazy("A declared tie of %(name)s was taken out"), "name", icon="x")
blanks(
    "forgotten",
    gettext_lazy("A party's data was deleted as it asked; what the file must keep stays in the file"),
    tone="due",
    icon="trash",
)
