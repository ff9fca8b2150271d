"""What the pages of a project share: its tabs, and how numbers of homes and areas read."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.works import areas
from chenyue.works.models import Project
from chenyue.works.site import permits

register = template.Library()

# name, URL, word, and whether only who records there sees it: what homes say is personal data
TABS: list[tuple[str, str, Any, bool]] = [
    ("project", "works:project", _("At a glance"), False),
    ("plans", "works:plans", _("Plan versions"), False),
    ("register", "works:register", pgettext_lazy("works", "Homes"), True),
    ("next", "works:next-doors", _("Next doors"), True),
    ("objections", "works:objections", _("Objections"), False),
    ("calendar", "works:calendar", _("Calendar"), False),
    ("postings", "works:postings", pgettext_lazy("works", "Notices"), False),
    ("defects", "works:defects", _("Defects"), False),
    ("photos", "works:photos", _("Photographs"), False),
    ("cases", "works:cases", _("Cases"), False),
    ("report", "works:report", _("Closing report"), True),
]


@register.inclusion_tag("works/tabs.html", takes_context=True)
def works_tabs(context: template.Context, project: Project, here: str) -> dict[str, Any]:
    """The pages of a project that this person may open."""
    by = context["request"].user.actor()
    records = permits.records(by, permits.places_of(project))
    shown = [(n, reverse(u, args=[project.number]), w) for n, u, w, closed in TABS if records or not closed]
    return {"tabs": shown, "here": here}


@register.filter
def square_metres(hundredths: int | None) -> str:
    """An area of hundredths of a square metre: `88.5 ㎡`, `3,600 ㎡`."""
    return "" if hundredths is None else f"{areas.words(int(hundredths))} ㎡"


@register.filter
def percent(share: Any) -> str:
    """A fraction as people read it: `66.7 %`. Rounded down, so that 74.96 % never reads as 75 %."""
    tenths = int(share * 1000)
    return f"{tenths // 10}.{tenths % 10} %" if tenths % 10 else f"{tenths // 10} %"


@register.filter
def named(titles: dict[str, str], key: str) -> str:
    """The title of a part of the plan by its key."""
    return titles.get(key, key)
