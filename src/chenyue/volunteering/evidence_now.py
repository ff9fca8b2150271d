"""The code as a screen shows it: drawn for the next ten minutes, so that a break in the network does no harm.

The secret stays here; a screen gets finished codes, and the server refuses one whose window hasn't begun.
"""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chenyue.core import qr
from chenyue.volunteering import rotating
from chenyue.volunteering.models import Activity, Scan

AHEAD = 20  # windows: ten minutes


@dataclass(frozen=True)
class Shown:
    """One window: when it begins (milliseconds since 1970, as scripts count), its drawing and its digits."""

    begins: int
    drawing: SafeString
    digits: str


def windows(activity: Activity, base: str, at: datetime, count: int = AHEAD) -> list[Shown]:
    """The codes from now on."""
    first = rotating.window_of(at)
    return [_shown(activity, base, window) for window in range(first, first + count)]


def _shown(activity: Activity, base: str, window: int) -> Shown:
    code = rotating.code(activity.secret, activity.number, window)
    address = base + reverse("volunteering:check-in-code", args=[activity.number, code])
    digits = rotating.typed_code(activity.secret, activity.number, window)
    drawing = qr.svg(address, _("Code to scan; or type %(digits)s") % {"digits": digits})
    return Shown(window * rotating.SECONDS * 1000, drawing, f"{digits[:3]} {digits[3:]}")


def counts(activity: Activity) -> tuple[int, int]:
    """How many are in now, and how many came in all: the organiser counts heads and compares. One statement."""
    last: dict[int, str] = dict(
        Scan.objects.filter(activity=activity).order_by("at", "pk").values_list("volunteer", "way")
    )
    return sum(way == "in" for way in last.values()), len(last)
