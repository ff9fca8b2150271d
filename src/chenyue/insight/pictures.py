"""Pictures of days and months of figures. SVG; each has its table, and what has no data is no zero."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

HEIGHT, STEP, WIDE = 100, 10, 8
MOST = 100  # days that can be told apart


def days(counted: Mapping[date, int], since: date, until: date, without: Collection[date], caption: str) -> SafeString:
    """A column for each day before `until`; a day without data is an empty frame. "" for more days than can be seen."""
    each = [since + timedelta(days=n) for n in range((until - since).days)]
    if not each or len(each) > MOST:
        return SafeString("")
    high = max(counted.values(), default=0) or 1
    columns = format_html_join(
        "", "{}", ((_column(n, day, counted.get(day, 0), high, day in without),) for n, day in enumerate(each))
    )
    picture = format_html(
        '<svg class="day-columns" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>'
        '<p class="row apart small quiet"><span>{}</span><span>{}</span></p>',
        len(each) * STEP, HEIGHT, caption, columns, each[0].isoformat(), each[-1].isoformat(),
    )  # fmt: skip
    said = ((day.isoformat(), _("no data") if day in without else counted.get(day, 0)) for day in each)
    lines = format_html_join("", '<tr><th scope="row">{}</th><td class="number">{}</td></tr>', said)
    table = format_html(
        '<details><summary>{}</summary><div class="table-wrap"><table class="table table-keep">'
        '<caption class="seen-by-ear">{}</caption><tbody>{}</tbody></table></div></details>',
        _("As a table"), caption, lines,
    )  # fmt: skip
    return format_html('<figure class="chart"><figcaption>{}</figcaption>{}{}</figure>', caption, picture, table)


def _column(n: int, day: date, count: int, high: int, gap: bool) -> SafeString:
    x = n * STEP + 1
    if gap:
        words = f"{day}: {_('no data')}"
        frame = '<rect class="day-gap" x="{}" y="1" width="{}" height="{}"><title>{}</title></rect>'
        return format_html(frame, x, WIDE, HEIGHT - 2, words)
    height = round(count / high * (HEIGHT - 4), 1)
    whole = '<rect x="{}" y="{}" width="{}" height="{}"><title>{}: {}</title></rect>'
    return format_html(whole, x, round(HEIGHT - height, 1), WIDE, height, day.isoformat(), count)


def line(values: Sequence[float | None], label: str) -> SafeString:
    """A small line of a share in per cent from 0 to 100; it breaks where nothing was counted."""
    points = [(4 + n * 112 / max(1, len(values) - 1), value) for n, value in enumerate(values)]
    path, begun = [], False
    for x, value in points:
        if value is not None:
            path.append(f"{'L' if begun else 'M'}{x:.1f} {28 - min(value, 100) * 0.24:.1f}")
        begun = value is not None
    dots = [(f"{x:.1f}", f"{28 - min(value, 100) * 0.24:.1f}") for x, value in points if value is not None]
    # A month between two without any has no line to be seen by: each has its dot.
    circles = format_html_join("", '<circle cx="{}" cy="{}" r="1.5"/>', dots)
    return format_html(
        '<svg class="spark" viewBox="0 0 120 32" role="img" aria-label="{}"><path d="{}"/>{}</svg>',
        label, " ".join(path) or "M0 0", circles,
    )  # fmt: skip
