"""The cards of the board and of its lists, and the choices above them, written in Python: through the template engine
they cost more than the whole rest of the page. What a card shows is decided here and nowhere else.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chenyue.core.templatetags.chenyue import icon, said_at, tag_state, word_tag
from chenyue.mediation.board import Card
from chenyue.mediation.lifecycle import Dispute

register = template.Library()


@register.simple_tag
def mediation_cards(cards: Sequence[Card], stages: bool = False) -> SafeString:
    """`<li>` for each card, with the parties, masked, where they may be read. `stages`: with the stage."""
    if not cards:
        return SafeString("")
    late = _("past its day")
    words = {
        "one": reverse("mediation:one", args=["NUMBER"]),
        "invited": reverse("mediation:invited", args=["NUMBER"]),
        "user": icon("user"),
        "clock": icon("clock"),
        "nobody": escape(_("no mediator yet")),
        "late": f"<p>{word_tag(late, 'late', 'clock')}</p>",
    }
    disputes, now = {value: escape(str(word)) for value, word in Dispute.choices}, timezone.now()
    written = [_card(card, words, disputes, now) for card in cards]
    if stages:
        tags = [tag_state(card.row.stage, "mediation") for card in cards]
        written = [f'<div class="row apart"><span>{a}</span>{b}</div>' for a, b in zip(written, tags, strict=True)]
    return SafeString("".join([f"<li>{one}</li>" for one in written]))


@register.simple_tag
def mediation_options(choices: Iterable[tuple[Any, Any]], chosen: Any) -> SafeString:
    """`<option>` for each of these choices, the chosen one selected."""
    found = [
        f'<option value="{escape(str(value))}"{" selected" if value == chosen else ""}>{escape(str(word))}</option>'
        for value, word in choices
    ]
    return SafeString("".join(found))


def _card(card: Card, words: dict[str, str], disputes: dict[str, str], now: datetime) -> str:
    row, number = card.row, escape(card.row.number)
    parties = f'<p class="small">{escape(card.parties)}</p>' if card.whole else ""
    url = words["one" if card.whole else "invited"].replace("NUMBER", number)
    mediator = f"{words['user']}{escape(card.mediator)}" if card.mediator else words["nobody"]
    community = f" · {escape(row.community__name)}" if row.community__name else ""
    moment = f'<p class="small quiet">{words["clock"]}{said_at(row.next_at, now)}</p>' if row.next_at else ""
    return (
        f'<a class="list-title" href="{url}">{escape(row.title)}</a>\n'
        f'<p class="small quiet"><span class="code">{number}</span> · {disputes.get(row.dispute, escape(row.dispute))}'
        f"</p>\n{parties}\n"
        f'<p class="small quiet">{mediator}{community}</p>\n'
        f"{words['late'] if card.late else moment}\n"
    )
