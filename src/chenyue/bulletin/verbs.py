"""What the timeline says of pieces."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from chenyue.timeline.verbs import register


def _said(data: dict[str, Any]) -> str:
    return str(data.get("words", ""))


register("bulletin.handed_in", gettext_lazy("Handed in by a resident"), "wait", "inbox")
register("bulletin.taken_up", gettext_lazy("Taken up as a draft"), "wait", "edit")
register("bulletin.offered", gettext_lazy("Given to a second person for release"), "wait", "send")
register("bulletin.given_back", gettext_lazy("Given back to be changed"), "due", "arrow-back-up", _said)
register("bulletin.published", gettext_lazy("Published"), "done", "world")
register("bulletin.corrected", gettext_lazy("Corrected after publishing"), "due", "edit", _said)
register("bulletin.featured", gettext_lazy("Put on top"), "", "star")
register("bulletin.unfeatured", gettext_lazy("Taken from the top"), "", "star")
register("bulletin.retracted", gettext_lazy("Taken back from the readers"), "late", "x", _said)
register("bulletin.reopened", gettext_lazy("Opened again as a draft"), "", "edit")
register("bulletin.refused", gettext_lazy("Not taken"), "late", "x", _said)
register("bulletin.picture_removed", gettext_lazy("A picture was taken away"), "", "photo")


def _begun(data: dict[str, Any]) -> str:
    return (
        _("Begun, about case %(number)s") % {"number": data["about"]} if data.get("about") else _("Writing has begun")
    )


def _answered(data: dict[str, Any]) -> str:
    n = data.get("n", 0)
    return ngettext("%(n)d place was answered for", "%(n)d places were answered for", n) % {"n": n}


def _scheduled(data: dict[str, Any]) -> str:
    return _("Released, to appear at %(at)s") % {"at": str(data.get("at", ""))[:16].replace("T", " ")}


def _pictures(data: dict[str, Any]) -> str:
    n = data.get("count", 0)
    return ngettext("%(n)d picture was added", "%(n)d pictures were added", n) % {"n": n}


register("bulletin.begun", _begun, "", "plus")
register("bulletin.hits_answered", _answered, "", "shield-check")
register("bulletin.scheduled", _scheduled, "wait", "clock")
register("bulletin.pictures", _pictures, "", "photo")
