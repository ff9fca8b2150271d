"""What entries about the window and forgetting say. No names: residents read them of themselves."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from chenyue.timeline.verbs import register


def _says(verb: str, sentence: Promise, tone: str = "", icon: str = "") -> None:
    register(f"volunteering.{verb}", lambda data: str(sentence), tone, icon, _words)


def _words(data: dict[str, Any]) -> str:
    return str(data.get("words", ""))


_says("window_opened", gettext_lazy("Opened at the window"), "", "eye")
_says("window_called", gettext_lazy("Opened for a caller"), "", "phone")
_says("forgotten", gettext_lazy("Words and personal details were deleted; figures stay"), "", "trash")
