"""What the timeline says of open data."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from chenyue.timeline.verbs import register


def _said(data: dict[str, Any]) -> str:
    return str(data.get("words", ""))


def _made(data: dict[str, Any]) -> str:
    n = data.get("n", 0)
    said = ngettext("Made: %(n)d row, at least %(k)d people each", "Made: %(n)d rows, at least %(k)d people each", n)
    return said % {"n": n, "k": data.get("k", 0)}


def _published(data: dict[str, Any]) -> str:
    return _("Checked again and published; at least %(k)d people stand behind each row") % {"k": data.get("k", 0)}


register("insight.open_made", _made, "wait", "file-text")
register("insight.open_published", _published, "done", "world")
register("insight.open_withdrawn", pgettext_lazy("open data", "Withdrawn"), "late", "x", _said)
