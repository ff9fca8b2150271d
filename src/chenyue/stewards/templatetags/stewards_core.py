"""Small words of the stewards' templates: what is wrong with a building, how far a load is off."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from chenyue.core.templatetags import chenyue

register = template.Library()
FLAGS: dict[str, tuple[Any, str, str]] = {  # what it says, tone, icon
    "vacant": (_("No steward"), "late", "alert-triangle"),
    "unattended": (_("Away, nobody stands in"), "late", "alert-triangle"),
    "old": (_("Over the age limit"), "due", "user"),
    "moved": (_("Moved away"), "due", "home"),
    "inactive": (_("Not heard of for long"), "due", "clock"),
    "ending": (_("The term ends soon"), "due", "calendar"),
    "locked_out": (_("Can't sign in"), "due", "lock"),
    "no_deputy": (_("No deputy"), "neutral", "users"),
    "no_homes": (_("Homes not known"), "neutral", "home"),
}


@register.simple_tag
def flag(name: str) -> SafeString:
    """A tag with the word of what is wrong."""
    word, tone, icon = FLAGS[name]
    return chenyue.word_tag(word, tone, icon)


@register.filter
def off_percent(share: float) -> str:
    """How far a load is off: `+20%`."""
    return f"{round(share * 100):+d}%"


@register.filter
def off_tone(share: float, balance: float) -> str:
    """Even, too much, too little; the word stands beside it."""
    return "neutral" if abs(share) <= balance else "due"
