"""The history of a case, written in Python like the rows of a list (`desk_rows`): fifty entries through the template
engine took half of what the whole page of a case takes. What an entry shows is decided here and nowhere else.
"""

from collections.abc import Sequence
from datetime import datetime
from html import escape

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chenyue.core.templatetags.chenyue import icon, said_at
from chenyue.core.templatetags.folding import folded
from chenyue.desk.templatetags.desk_words import clocks_folded
from chenyue.timeline.queries import EntryLine

register = template.Library()
LONG = 300  # characters of what somebody said that are read at once


@register.simple_tag
def history(entries: Sequence[EntryLine]) -> SafeString:
    """`<li>` for each entry, the newest first; what the clocks said one after the other stands behind one line."""
    if not entries:
        nothing = escape(_("Nothing yet."))
        return SafeString(f"<li>{nothing}</li>")
    now = timezone.now()
    readers = {
        "resident": icon("eye") + " " + escape(_("residents read it")),
        "unit": icon("users") + " " + escape(_("units read it")),
    }
    office = icon("lock") + " " + escape(_("the office reads it"))
    found = []
    for group in clocks_folded(entries):
        lines = [_entry(one, readers.get(one.visible_to, office), now) for one in group]
        found.append(lines[0] if len(lines) == 1 else _behind_one(group, lines, now))
    return SafeString("\n".join(found))


def _behind_one(group: tuple[EntryLine, ...], lines: list[str], now: datetime) -> str:
    count = len(group)
    said = ngettext("%(n)s reminder of the clock", "%(n)s reminders of the clock", count) % {"n": count}
    return (
        f'<li class="tone-{escape(group[0].tone or "neutral")}"><details><summary>{escape(said)}</summary>'
        f'<ol class="timeline">{"".join(lines)}</ol></details>\n'
        f'<p class="small quiet">{said_at(group[-1].at, now)} – {said_at(group[0].at, now)}</p></li>'
    )


def _entry(entry: EntryLine, read_by: str, now: datetime) -> str:
    words = f'\n<div class="said">{folded(entry.words, LONG)}</div>' if entry.words else ""
    who = f" · {escape(entry.actor_label)}" if entry.actor_label else ""
    return (
        f'<li class="tone-{escape(entry.tone or "neutral")}"><p>{escape(entry.sentence)}</p>{words}\n'
        f'<p class="small quiet">{said_at(entry.at, now)}{who} · {read_by}</p></li>'
    )
