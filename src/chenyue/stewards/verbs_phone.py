"""What entries about visits, the care list, calls of the weather and relayed words say. They name nobody."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chenyue.stewards.lifecycle import Outcome, Weather
from chenyue.timeline.verbs import register


def _made(data: dict[str, Any]) -> str:
    return _("A visit was made: %(outcome)s") % {"outcome": Outcome(data["outcome"]).label}


def _called(data: dict[str, Any]) -> str:
    blanks = {"weather": Weather(data["weather"]).label, "since": data["since"], "until": data["until"]}
    return _("The stewards were called: %(weather)s, from %(since)s to %(until)s") % blanks


def _filed(data: dict[str, Any]) -> str:
    return _("It became case %(number)s") % {"number": data["number"]}


register("visit.made", _made, "", "door")
register("visit.confirmed", gettext_lazy("The home says that it was visited"), "done", "circle-check")
register("visit.disputed", gettext_lazy("The home says that it was not visited"), "late", "flag")
register("visit.filed", _filed, "wait", "send")
register("care.added", gettext_lazy("A home was put on the care list"), "", "heart")
register("care.changed", gettext_lazy("What the care list says about a home was changed"), "", "edit")
register("care.stopped", gettext_lazy("A home was taken off the care list"))
register("care.back", gettext_lazy("A home was put back on the care list"))
register("care.forgotten", gettext_lazy("A person's data on the care list was deleted"))
register("weather.called", _called, "due", "speakerphone", lambda data: str(data.get("words", "")))
register("weather.ended", gettext_lazy("The call of the weather was ended"))
register("relayed.read", gettext_lazy("The words were read"))
register("relayed.answered", gettext_lazy("The words were answered"), "done", "message-circle")
register("relayed.filed", _filed, "wait", "send")
register("relayed.aside", gettext_lazy("The words were set aside"))
register("relayed.back", gettext_lazy("The words were taken up again"))
register("relayed.forgotten", gettext_lazy("A person's data with the words was deleted"))
