"""What the timeline says of briefs."""

from typing import Any

from django.utils.translation import gettext_lazy, ngettext

from chenyue.timeline.verbs import register


def _edited(data: dict[str, Any]) -> str:
    n = data.get("n", 0)
    return ngettext("%(n)d sentence was changed", "%(n)d sentences were changed", n) % {"n": n}


def _said(data: dict[str, Any]) -> str:
    return str(data.get("words", ""))


register("insight.brief_written", gettext_lazy("The brief was written"), "wait", "notes")
register("insight.brief_failed", gettext_lazy("The brief could not be written"), "late", "alert-triangle")
register("insight.brief_again", gettext_lazy("To be written anew"), "due", "refresh")
register("insight.brief_edited", _edited, "", "edit")
register("insight.brief_released", gettext_lazy("The brief was released"), "done", "send")
register("insight.brief_taken_back", gettext_lazy("The brief was taken back"), "late", "arrow-back-up", _said)
