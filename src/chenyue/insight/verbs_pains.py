"""What entries about small pains and root-cause projects say."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from chenyue.timeline.verbs import register

Data = dict[str, Any]


def _said(data: Data) -> str:
    return str(data.get("words", ""))


register("pain.seen", gettext_lazy("Looked at: it is known"), "neutral", "eye", _said)
register("pain.dismissed", gettext_lazy("No trouble of its own"), "neutral", "x", _said)
register("pain.new", gettext_lazy("Put back to be looked at"), "due", "refresh", _said)


def _project(data: Data) -> str:
    return _("It is being solved at its source: %(number)s") % {"number": data["number"]}


def _back(data: Data) -> str:
    return ngettext("Found again: %(n)d case", "Found again: %(n)d cases", data["n"]) % {"n": data["n"]}


def _made(data: Data) -> str:
    said = _("The project was begun: %(count)d before, at most %(target)d are to come in as many days")
    return said % {"count": data["count"], "target": data["target"]}


def _held_to(data: Data) -> str:
    said = _("What it is held to was changed: %(count)d before, at most %(target)d are to come")
    return said % {"count": data["count"], "target": data["target"]}


def _done(data: Data) -> str:
    said = _("Done on %(on)s; it is counted again until %(until)s")
    return said % {"on": data["on"], "until": data["count_on"]}


def _counted(data: Data) -> str:
    said = _("Counted up to %(until)s: %(before)d before, %(after)d after. Nothing can be said yet")
    return said % {name: data[name] for name in ("until", "before", "after")}


def _proved(data: Data) -> str:
    said = _("Proved: %(before)d before, %(after)d after")
    return said % {"before": data["before"], "after": data["after"]}


def _failed(data: Data) -> str:
    said = _("It didn't help enough: %(before)d before, %(after)d after")
    return said % {"before": data["before"], "after": data["after"]}


def _photos(data: Data) -> str:
    return ngettext("%(n)d photograph was added", "%(n)d photographs were added", data["count"]) % {"n": data["count"]}


register("pain.project", _project, "wait", "flag")
register("pain.back", _back, "due", "refresh")
register("root.made", _made, "wait", "flag")
register("root.changed", gettext_lazy("The project was changed"), "", "edit")
register("root.held_to", _held_to, "due", "edit")
register("root.done", _done, "wait", "check")
register("root.counted", _counted, "wait", "chart-bar")
register("root.proved", _proved, "done", "circle-check")
register("root.failed", _failed, "late", "x")
register("root.stopped", pgettext_lazy("root", "Given up"), "late", "x", _said)
register("root.reopened", gettext_lazy("Worked on again"), "due", "refresh", _said)
register("root.photos", _photos, "", "camera")
register("root.photo_removed", gettext_lazy("A photograph was taken away"), "", "camera")
