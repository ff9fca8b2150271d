"""The rows of a list of cases, written in Python: fifty rows through the template engine cost more than
the whole rest of the page (`make bench`). What a row shows is decided here and nowhere else.
"""

from collections.abc import Iterable
from datetime import datetime
from html import escape
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chenyue.cases.lifecycle import OPEN
from chenyue.catalogue.models import Urgency
from chenyue.core.templatetags.chenyue import clock, said_at, tag_state, word_tag

register = template.Library()
OPEN_VALUES = {state.value for state in OPEN}
TONES = {Urgency.EMERGENCY.value: "late", Urgency.URGENT.value: "due"}
NONE = "–"


@register.simple_tag
def case_rows(cases: Iterable[Any], ticks: bool) -> SafeString:
    """`<tr>` for each of `cases.queries.bare_lines`; with a box to tick where much can be done with many at once."""
    words = {
        "state": escape(_("State")),
        "category": escape(_("Category")),
        "place": escape(_("Place")),
        "lead": escape(_("Lead unit")),
        "promise": escape(_("Promise")),
        "received": escape(_("Received on")),
        "tick": _("Tick %(number)s"),
        "url": reverse("desk:case", args=["NUMBER"]),
    }
    now = timezone.now()
    return SafeString("\n".join([_row(case, ticks, words, now) for case in cases]))


def _row(case: Any, ticks: bool, words: dict[str, str], now: datetime) -> str:
    number = escape(case.number)
    place = escape(case.place__full_name or NONE)
    officer = f'<br><small class="quiet">{escape(case.officer__name)}</small>' if case.officer__name else ""
    promise = clock(case.resolve_due_at, case.answered_at, now=now) if case.state in OPEN_VALUES else _quiet(NONE)
    return (
        f"<tr>\n{_tick(number, words) if ticks else ''}"
        f'<th scope="row"><a href="{words["url"].replace("NUMBER", number)}">{escape(case.title)}</a><br>'
        f'<small class="quiet code">{number}</small>{_voices(case.appeals_count)}</th>\n'
        f'<td data-label="{words["state"]}">{tag_state(case.state)}{_urgency(case.urgency)}</td>\n'
        f'<td class="secondary" data-label="{words["category"]}">{escape(case.category__name or NONE)}</td>\n'
        f'<td data-label="{words["place"]}">{place}{escape(case.room)}</td>\n'
        f'<td class="secondary" data-label="{words["lead"]}">{escape(case.lead__name or NONE)}{officer}</td>\n'
        f'<td data-label="{words["promise"]}">{promise}</td>\n'
        f'<td class="secondary" data-label="{words["received"]}">{said_at(case.received_at, now)}</td>\n</tr>'
    )


def _tick(number: str, words: dict[str, str]) -> str:
    label = escape(words["tick"] % {"number": number})
    return f'<td><input type="checkbox" name="numbers" value="{number}" aria-label="{label}"></td>\n'


def _quiet(text: str) -> str:
    return f'<span class="quiet">{text}</span>'


def _voices(count: int) -> str:
    if count < 2:
        return ""
    said = ngettext("%(n)s voice", "%(n)s voices", count) % {"n": count}
    return f' <small class="quiet">{escape(said)}</small>'


def _urgency(urgency: str) -> str:
    tone = TONES.get(urgency)
    return f" {word_tag(Urgency(urgency).label, tone)}" if tone else ""
