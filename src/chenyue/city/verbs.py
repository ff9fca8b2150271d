"""What entries about hand-overs say. Residents read the receipt, too."""

from typing import Any

from django.utils.translation import gettext as _

from chenyue.timeline.verbs import register

Data = dict[str, Any]


def _words(data: Data) -> str:
    return str(data.get("words", ""))


def _sent(data: Data) -> str:
    if data.get("contact"):
        return _("Handed over to %(office)s, with contact data") % {"office": data["office"]}
    return _("Handed over to %(office)s, without contact data") % {"office": data["office"]}


def _received(data: Data) -> str:
    return _("Came from %(office)s, where it was %(number)s") % {"office": data["office"], "number": data["number"]}


def _receipted(data: Data) -> str:
    return _("%(office)s has taken it in as %(number)s") % {"office": data["office"], "number": data["number"]}


def _refused(data: Data) -> str:
    return _("%(office)s could not take it in; it is ours again") % {"office": data["office"]}


register("city.sent", _sent, "brand", "send", _words)
register("city.received", _received, "brand", "inbox", _words)
register("city.receipted", _receipted, "done", "check")
register("city.refused", _refused, "late", "alert-triangle")
