"""Long words on a page: the beginning is read at once, the rest behind one line. Load with `{% load folding %}`."""

import re
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from chenyue.core.templatetags.chenyue import paragraphs

register = template.Library()
LONG = 1_000  # characters that are worth folding
SHOWN = 500  # of which so many are shown, and up to END more until a sentence ends
END = 120
_END = re.compile(r"[。！？；!?\n]")


@register.filter
def folded(text: Any, long: int = LONG) -> SafeString:
    """Somebody's words as `paragraphs` shows them; of very long ones the rest opens by a line without a script."""
    words = str(text or "")
    if len(words) <= long:
        return paragraphs(words)
    shown = min(SHOWN, long // 2)
    ends = _END.search(words, shown, shown + END)
    at = ends.end() if ends else shown
    rest = len(words) - at
    more = ngettext("Read the other %(n)d character", "Read the other %(n)d characters", rest) % {"n": rest}
    return format_html(
        '{}<details class="rest"><summary>{}</summary>{}</details>',
        paragraphs(words[:at]),
        more,
        paragraphs(words[at:]),
    )
