"""Pictures of numbers, drawn here as SVG: they print, read aloud and need no script. Each has its table."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

Number = int | float
SERIES = 5  # fills declared in components.css


def _points(
    values: Sequence[Number], width: float, height: float, low: float, high: float
) -> list[tuple[float, float]]:
    step = width / max(1, len(values) - 1)
    spread = (high - low) or 1
    return [(round(i * step, 1), round(height - (v - low) / spread * height, 1)) for i, v in enumerate(values)]


def _table(caption: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> SafeString:
    heads = format_html_join("", '<th scope="col">{}</th>', ((h,) for h in head))
    lines = format_html_join(
        "",
        '<tr><th scope="row">{}</th>{}</tr>',
        (
            (
                row[0],
                format_html_join("", '<td class="number" data-label="{}">{}</td>', zip(head[1:], row[1:], strict=True)),
            )
            for row in rows
        ),
    )
    return format_html(
        '<details><summary>{}</summary><div class="table-wrap"><table class="table"><caption class="seen-by-ear">{}'
        "</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div></details>",
        _("As a table"), caption, heads, lines,
    )  # fmt: skip


def sparkline(values: Sequence[Number], label: str) -> SafeString:
    """A small line of a number over time; `label` says it in words (the numbers stand beside it)."""
    if not values:
        return SafeString("")
    low, high = min(values), max(values)
    points = [(x + 4, y + 4) for x, y in _points(values, 112, 24, low, high)]
    path = "M" + " L".join(f"{x:g} {y:g}" for x, y in points)
    return format_html(
        '<svg class="spark" viewBox="0 0 120 32" role="img" aria-label="{}"><path d="{}"/>'
        '<circle cx="{}" cy="{}" r="3"/></svg>',
        label, path, points[-1][0], points[-1][1],
    )  # fmt: skip


def meter(value: Number, whole: Number, label: str) -> SafeString:
    """How much of a whole: a bar with its words."""
    return format_html('<progress value="{}" max="{}" aria-label="{}"></progress>', value, whole or 1, label)


def bars(rows: Sequence[tuple[str, Number]], caption: str, unit: str = "") -> SafeString:
    """Horizontal bars, one per row, in the given order. The picture is a table itself."""
    if not rows:
        return SafeString("")
    high = max(value for _name, value in rows) or 1
    lines = format_html_join(
        "",
        '<tr><th scope="row">{}</th><td aria-hidden="true"><svg viewBox="0 0 100 1" preserveAspectRatio="none">'
        '<rect width="{}" height="1"/></svg></td><td class="number">{}{}</td></tr>',
        ((name, round(max(1, value / high * 100), 1), value, unit) for name, value in rows),
    )
    return format_html(
        '<figure class="chart"><figcaption>{}</figcaption><table class="bars"><tbody>{}</tbody></table></figure>',
        caption, lines,
    )  # fmt: skip


def stacked(moments: Sequence[str], series: Sequence[tuple[str, Sequence[Number]]], caption: str) -> SafeString:
    """Stacked areas over moments, at most five series; with a legend and the same numbers as a table."""
    if not moments or not series:
        return SafeString("")
    series = series[:SERIES]
    totals = [sum(values[i] for _name, values in series) for i in range(len(moments))]
    high, below, shapes = max(totals) or 1, [0.0] * len(moments), []
    for number, (_name, values) in enumerate(series, 1):
        above = [b + v for b, v in zip(below, values, strict=True)]
        outline = _points(above, 600, 200, 0, high) + _points(below, 600, 200, 0, high)[::-1]
        shapes.append((number, " ".join(f"{x:g},{y:g}" for x, y in outline)))
        below = above
    picture = format_html(
        '{}<svg class="area" viewBox="0 0 600 200" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>'
        '<p class="row apart small quiet"><span>{}</span><span>{}</span></p>',
        _legend([name for name, _values in series]), caption,
        format_html_join("", '<polygon class="fill-{}" points="{}"/>', shapes), moments[0], moments[-1],
    )  # fmt: skip
    rows = [(moment, *(values[i] for _name, values in series)) for i, moment in enumerate(moments)]
    table = _table(caption, (_("When"), *(name for name, _values in series)), rows)
    return format_html('<figure class="chart"><figcaption>{}</figcaption>{}{}</figure>', caption, picture, table)


def _legend(names: Sequence[str]) -> SafeString:
    lines = format_html_join(
        "",
        '<li><svg viewBox="0 0 12 12" aria-hidden="true"><rect class="fill-{}" width="12" height="12" rx="2"/></svg>'
        " {}</li>",
        enumerate(names, 1),
    )
    return format_html('<ul class="legend">{}</ul>', lines)
