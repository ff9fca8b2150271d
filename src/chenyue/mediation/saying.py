"""How entries of mediation are given their sentences; used by the `verbs_*` modules."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from chenyue.mediation.lifecycle import Side
from chenyue.timeline.verbs import register

Data = dict[str, Any]


def blanks(verb: str, sentence: Promise, *names: str, tone: str = "", icon: str = "") -> None:
    """A sentence whose blanks the entry's data fill; `verb` without `mediation.`; what was said is quoted below it."""
    register(f"mediation.{verb}", lambda data: str(sentence) % {n: data[n] for n in names}, tone, icon, quoted)


def said(verb: str, tone: str = "", icon: str = "") -> Callable[[Callable[[Data], str]], Callable[[Data], str]]:
    """The same for a function of the entry's data."""

    def add(sentence_for: Callable[[Data], str]) -> Callable[[Data], str]:
        register(f"mediation.{verb}", sentence_for, tone, icon, quoted)
        return sentence_for

    return add


def quoted(data: Data) -> str:
    """What was said in the act."""
    return str(data.get("words", ""))


def party(data: Data) -> str:
    """A party as entries name it: `Applicant (party 1)`; never by its name."""
    number = _("party %(n)d") % {"n": data["party"]}
    side = data.get("side")
    return _("%(side)s (%(party)s)") % {"side": Side(side).label, "party": number} if side else number
