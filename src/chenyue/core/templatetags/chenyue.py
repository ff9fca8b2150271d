"""Tags that every template has. What each looks like is shown on /styleguide/."""

from datetime import date, datetime
from functools import cache
from html import escape
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chenyue.core import charts, chrome, fields_shown, floods, moments
from chenyue.core.fixed import same_for_all
from chenyue.core.http import KEY, form_key
from chenyue.core.server import MAX_BODY

register = template.Library()


# Lists show these by the hundred: the same picture and the same state are written once.
@register.simple_tag
@same_for_all
@cache
def icon(name: str, extra: str = "") -> SafeString:
    """A small picture beside a word; readers that speak skip it."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        extra, static("core/vendor/icons.svg"), name,
    )  # fmt: skip


@register.simple_tag(name="tag")
def word_tag(word: Any, tone: str = "neutral", picture: str = "") -> SafeString:
    """A word in colour; tones: neutral, done, wait, due, late, brand."""
    return format_html(
        '<span class="tag tone-{}">{}{}</span>', tone or "neutral", icon(picture) if picture else "", word
    )


@register.simple_tag
def tag_state(state: str, kind: str = "case") -> SafeString:
    """The state of a thing in its word and colour, as registered by `chrome.states`."""
    return _state_in(str(get_language()), kind, str(state))


@cache
def _state_in(language: str, kind: str, state: str) -> SafeString:
    look = chrome.look_of(kind, state)
    return word_tag(look.word, look.tone, look.icon)


@register.simple_tag(takes_context=True)
def once(context: template.Context, guard: str = "") -> SafeString:
    """The hidden key that makes a form's effect happen once, however often it is sent.

    `guard`: the scope of a form that anybody may send; then also what is asked of it in a flood (`core.floods`).
    """
    request = context.get("request")
    key = form_key(request)
    more = floods.fields(request, guard, key) if guard else ""
    return format_html('<input type="hidden" name="{}" value="{}">{}', KEY, key, more)


@register.simple_tag
def clock(
    due_at: datetime | None,
    done_at: datetime | None = None,
    *,
    why: str = "",
    now: datetime | None = None,
    paused: bool = False,
) -> SafeString:
    """What is left of a promise. `why` is shown on hovering or tapping; a paused clock doesn't run."""
    if due_at is None:
        return format_html('<span class="quiet">{}</span>', "–")
    told = moments.clock(due_at, now or timezone.now(), done_at)
    tone = "wait" if paused and done_at is None else told.tone
    runs = "" if paused or done_at else f' data-due="{due_at.isoformat()}"'
    brackets = ("（", "）") if str(get_language()).startswith("zh") else (" (", ")")
    until = escape(f"{brackets[0]}{told.until}{brackets[1]}")
    words = f'<b>{escape(told.words)}</b><time datetime="{moments.here(due_at).isoformat()}">{until}</time>'
    if not why:
        return SafeString(f'<span class="clock tone-{tone}"{runs}>{words}</span>')
    return format_html(
        '<details class="clock tone-{}"{}><summary title="{}">{}</summary><span class="clock-why">{}</span></details>',
        tone, SafeString(runs), why, SafeString(words), why,
    )  # fmt: skip


@register.filter
def when(moment: datetime | date | None) -> SafeString | str:
    """A moment as people say it, in a `<time>`: 今天 08:40."""
    return said_at(moment, timezone.now()) if moment else ""


def said_at(moment: datetime | date, now: datetime) -> SafeString:
    """The same, seen from `now`: for what writes many."""
    exact = moments.here(moment) if isinstance(moment, datetime) else moment
    title = exact.isoformat(" ", "minutes")[:16] if isinstance(exact, datetime) else exact.isoformat()
    words = escape(moments.in_words(exact, now))
    return SafeString(f'<time datetime="{exact.isoformat()}" title="{title}">{words}</time>')


@register.filter
def when_text(moment: datetime | date | None) -> str:
    """The same without markup, for attributes and plain text."""
    return moments.in_words(moment, timezone.now()) if moment else ""


@register.filter
def span(value: Any) -> str:
    """A timedelta in words: 1 天 6 小时."""
    return moments.span_in_words(value) if value is not None else ""


@register.filter
def paragraphs(text: Any) -> SafeString:
    """Somebody's words, escaped, with their line breaks and blank lines."""
    blocks = [block.split("\n") for block in str(text or "").replace("\r\n", "\n").split("\n\n") if block.strip()]
    lines = [format_html_join(SafeString("<br>"), "{}", ((line,) for line in block)) for block in blocks]
    return format_html_join("", '<p class="words">{}</p>', ((line,) for line in lines))


@register.simple_tag
def field(bound: BoundField, **more: Any) -> SafeString:
    """Label, help, errors and the control itself, tied together.

    `wide=True` takes the whole width, `row=True` puts choices side by side, `label=` and `help=` replace
    the form's own words; any other argument becomes an attribute of the control (`data_draft=""`).
    """
    return fields_shown.shown(bound, icon, **more)


@register.inclusion_tag("core/parts/error_summary.html")
def error_summary(form: forms.BaseForm) -> dict[str, Any]:
    """All errors of a form on top of it, each a link to its field."""
    return {"form": form, "fields": [b for b in form if b.errors] if form.errors else []}


@register.inclusion_tag("core/parts/pager.html", takes_context=True)
def pager(context: template.Context, page: Any) -> dict[str, Any]:
    """Next and previous of a keyset page: `page.next` and `page.previous` are cursors or empty."""
    return {"page": page, "request": context.get("request")}


@register.inclusion_tag("core/parts/empty.html")
def empty(sentence: Any, next_step: Any = "", url: str = "", picture: str = "sun") -> dict[str, Any]:
    """Nothing here, and what to do next."""
    return {"sentence": sentence, "next_step": next_step, "url": url, "picture": picture}


register.simple_tag(charts.sparkline, name="sparkline")
register.simple_tag(charts.bars, name="bars")
register.simple_tag(charts.stacked, name="stacked")
register.simple_tag(charts.meter, name="meter")


@register.filter
def undo_url(message: Any) -> str:
    """Where a message's undo button posts to: `extra_tags="undo:/desk/…/"`; only our own addresses."""
    for word in (getattr(message, "extra_tags", "") or "").split():
        if word.startswith("undo:/") and not word.startswith("undo://"):
            return word[5:]
    return ""


@register.simple_tag
@same_for_all
def page_words() -> SafeString:
    """What scripts say, in the reader's language, and the place where they say it."""
    words = {
        "left": _("%s left"),
        "overdue": _("%s overdue"),
        "d": _("%d d"),
        "h": _("%d h"),
        "min": _("%d min"),
        "moment": _("less than a minute"),
        "copied": _("Copied"),
        "restored": _("What you had typed is back"),
        "broken": _("That did not work. Reload the page and try again; nothing that was confirmed is lost."),
        "large": _("This file is larger than 20 MB. Please choose a smaller one; everything else stays."),
        "all": _("These files together are larger than 60 MB. Please take fewer or smaller; everything else stays."),
        "body": MAX_BODY - 1024 * 1024,
        "failed": _("The connection failed; nothing typed is lost. Please send again."),
    }
    return format_html(
        '<template id="page-words"{}></template><p class="toast" id="toast" role="status"></p>'
        '<p class="seen-by-ear" id="heard" role="status"></p>',
        format_html_join("", ' data-{}="{}"', words.items()),
    )
