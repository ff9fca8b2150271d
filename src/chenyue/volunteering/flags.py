"""What flags of the detectors say to people, and which of them no reason overcomes."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

BARS = ("day_full", "overlap_counts")  # never approved

SENTENCES: dict[str, Promise] = {
    "overlap": _("At the same time, for %(minutes)d minutes, the person served elsewhere as well."),
    "overlap_counts": _(
        "For %(minutes)d of these minutes the person has hours already. Refuse this, or take those back first."
    ),
    "speed": _("%(metres)d metres away %(minutes)d minutes earlier or later: nobody gets there that fast."),
    "day_long": _("%(minutes)d minutes on one day."),
    "day_full": _("%(minutes)d minutes on one day: a day has 1,440."),
    "velocity": _("%(claims)d entries in %(forms)d forms were typed within %(seconds)d seconds."),
    "round": _("%(share)d of 100 entries of this recorder are whole hours."),
    "device": _("One telephone scanned for %(people)d people."),
    "bare": _("No photograph, and nobody is named who was served."),
    "overran": _("Scanned out %(minutes)d minutes after the planned end."),
    "no_out": _("Not scanned out: closed at the planned end."),
    "late": _("Read without network and sent later."),
    "unlisted": _("Came without having signed up."),
    "desk": _("Taken down at the organiser's device, by name and number."),
    "cut": _("Longer than an entry may hold: cut at eight hours."),
    "case_open": _("It belongs to a case: it counts when the case is closed or the activity done."),
    "denied": _("Whom it served says: it isn't so."),
    "old": _("Typed %(days)d days later: hours only, no credits."),
}


def in_words(flags: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Code and sentence of each flag; one nobody knows any more shows its code."""
    return [(str(flag.get("code", "")), _sentence(flag)) for flag in flags]


def codes(flags: Iterable[Mapping[str, Any]]) -> set[str]:
    """The codes among flags."""
    return {_code(flag) for flag in flags}


def _code(flag: Mapping[str, Any]) -> str:
    code = str(flag.get("code", ""))
    return "overlap_counts" if code == "overlap" and flag.get("counts") else code


def _sentence(flag: Mapping[str, Any]) -> str:
    code = _code(flag)
    try:
        return str(SENTENCES[code]) % flag
    except (KeyError, TypeError, ValueError):
        return code
