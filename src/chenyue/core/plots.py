"""More pictures of numbers, for boards: lines over days, heat, a flow. Drawn here as SVG, each with its table.

A moment without data is a gap, never a zero: None in the values, a hatched stripe in the picture, a word in the table.
What lies ahead, in heat only, is an empty string: it is left blank.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chenyue.core.charts import Number

Value = Number | Literal[""] | None  # None: no data; "": lies ahead
WIDTH, HEIGHT = 600, 200
LINES = 4  # classes line-1 … line-4 in components.css
SHADES = 5  # classes heat-0 … heat-5


@dataclass(frozen=True)
class Plot:
    """A picture and the same numbers as a table; either may be shown alone."""

    caption: str
    picture: SafeString
    head: Sequence[object] = ()
    rows: Sequence[Sequence[object]] = field(default_factory=list)

    @property
    def table(self) -> SafeString:
        """The numbers."""
        heads = format_html_join("", '<th scope="col">{}</th>', ((one,) for one in self.head))
        lines = format_html_join(
            "", '<tr><th scope="row">{}</th>{}</tr>', ((row[0], _cells(self.head[1:], row[1:])) for row in self.rows)
        )
        return format_html(
            '<div class="table-wrap"><table class="table"><caption class="seen-by-ear">{}</caption>'
            "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
            self.caption, heads, lines,
        )  # fmt: skip


def _cells(head: Sequence[object], values: Sequence[object]) -> SafeString:
    return format_html_join("", '<td class="number" data-label="{}">{}</td>', zip(head, values, strict=True))


def said(value: Value) -> object:
    """A value as a table says it."""
    return _("no data") if value is None else value


def lines(moments: Sequence[str], series: Sequence[tuple[str, Sequence[Number | None]]], caption: str) -> Plot:
    """A line for each series, at most four, over moments; gaps where there is no data. Empty without numbers."""
    series = series[:LINES]
    high = max((value for _name, values in series for value in values if value is not None), default=None)
    if high is None:
        return Plot(caption, SafeString(""))
    top = _round_up(high)
    across = [round(i * WIDTH / max(1, len(moments) - 1), 1) for i in range(len(moments))]
    stripes = _stripes(across, [all(values[i] is None for _name, values in series) for i in range(len(moments))])
    paths = format_html_join(
        "", '<path class="line-{}" d="{}" vector-effect="non-scaling-stroke"/>',
        ((n, _path(across, values, top)) for n, (_name, values) in enumerate(series, 1)),
    )  # fmt: skip
    grid = format_html_join(
        "", '<path class="grid" d="M0 {}H{}" vector-effect="non-scaling-stroke"/>',
        ((HEIGHT * part // 2, WIDTH) for part in range(2)),
    )  # fmt: skip
    legend = format_html_join(
        "", '<li><svg viewBox="0 0 12 12" aria-hidden="true"><path class="line-{}" d="M0 6H12"/></svg> {}</li>',
        ((n, name) for n, (name, _values) in enumerate(series, 1)),
    )  # fmt: skip
    if stripes:
        sample = SafeString('<rect class="hatched" width="12" height="12"/>')
        legend += format_html('<li><svg viewBox="0 0 12 12" aria-hidden="true">{}</svg> {}</li>', sample, _("no data"))
    picture = format_html(
        '<ul class="legend">{}</ul><div class="plot"><p class="plot-up small quiet" aria-hidden="true"><span>{}</span>'
        '<span>{}</span><span>0</span></p><svg class="lines" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" '
        'aria-label="{}">{}{}{}</svg><p class="plot-along row apart small quiet"><span>{}</span><span>{}</span></p>'
        "</div>",
        legend, top, _half(top), WIDTH, HEIGHT, caption, grid, stripes, paths, moments[0], moments[-1],
    )  # fmt: skip
    rows = [(moment, *(said(values[i]) for _name, values in series)) for i, moment in enumerate(moments)]
    return Plot(caption, picture, (_("When"), *(name for name, _values in series)), rows[::-1])


def _round_up(high: Number) -> int:
    """A round number not below: the upper edge of the picture."""
    step: int = 10 ** max(0, len(str(int(high))) - 1)
    for part in (1, 2, 4, 5, 10):
        if high <= part * step:
            return max(2, part * step)
    return max(2, int(high) + 1)


def _half(top: int) -> object:
    return top // 2 if top % 2 == 0 else ""


def _path(across: Sequence[float], values: Sequence[Number | None], top: int) -> str:
    """The line with a new beginning behind each gap; a lone point is a short stroke."""
    parts: list[str] = []
    begun = False
    for i, value in enumerate(values):
        if value is None:
            begun = False
            continue
        down = round(HEIGHT - value / top * HEIGHT, 1)
        lone = not begun and (i + 1 == len(values) or values[i + 1] is None)
        parts.append(f"{'L' if begun else 'M'}{across[i]:g} {down:g}" + ("h2" if lone else ""))
        begun = True
    return "".join(parts)


def _stripes(across: Sequence[float], gaps: Sequence[bool]) -> SafeString:
    wide = across[1] if len(across) > 1 else WIDTH
    drawn = ((max(0.0, x - wide / 2), wide, HEIGHT) for x, gap in zip(across, gaps, strict=True) if gap)
    return format_html_join("", '<rect class="hatched" x="{}" width="{}" height="{}"/>', drawn)


def heat(
    columns: Sequence[str],
    rows: Sequence[tuple[str, Sequence[Value]]],
    caption: str,
    corner: str = "",
    links: Sequence[Sequence[str]] = (),
) -> Plot:
    """A table whose cells are the warmer the more they hold: it is the picture and the table at once.

    `links`: an address for each cell that has a number, row by row.
    """
    high = max((value for _name, values in rows for value in values if isinstance(value, (int, float))), default=0)
    lines = ((name, _warm(values, links[i] if links else (), high)) for i, (name, values) in enumerate(rows))
    body = format_html_join("", '<tr><th scope="row">{}</th>{}</tr>', lines)
    heads = format_html_join("", '<th scope="col">{}</th>', ((one,) for one in columns))
    picture = format_html(
        '<div class="table-wrap" tabindex="0" role="group" aria-label="{}"><table class="heat"><caption '
        'class="seen-by-ear">{}</caption><thead><tr><th scope="col">{}</th>{}</tr></thead><tbody>{}</tbody></table>'
        "</div>",
        caption, caption, corner, heads, body,
    )  # fmt: skip
    shown = [(name, *(said(value) for value in values)) for name, values in rows]
    return Plot(caption, picture if rows else SafeString(""), (corner, *columns), shown)


def _warm(values: Sequence[Value], links: Sequence[str], high: Number) -> SafeString:
    def cell(value: Value, link: str) -> tuple[Any, ...]:
        if value is None:
            return ("heat-none", format_html('<span title="{}">–</span>', _("no data")))
        if value == "":
            return ("", "")
        shown = format_html('<a href="{}">{}</a>', link, value) if link and value else value
        return (f"heat-{shade(value, high)}", shown)

    each = (cell(value, links[i] if links else "") for i, value in enumerate(values))
    return format_html_join("", '<td class="{}">{}</td>', each)


def shade(value: Number, high: Number) -> int:
    """0 for nothing, then 1 to 5 in equal steps up to the highest."""
    if value <= 0 or high <= 0:
        return 0
    return min(SHADES, 1 + int((value - 1) * SHADES / high)) if high >= SHADES else int(value)


def flow(steps: Sequence[tuple[str, Number]], back: Sequence[tuple[str, Number]], caption: str) -> Plot:
    """How much passed each station, one after the other, and what came back; band by band, with its numbers."""
    high = max((value for _name, value in steps), default=0)
    if not high:
        return Plot(caption, SafeString(""))
    wide, heights = WIDTH / len(steps), [max(2.0, value / high * HEIGHT) for _name, value in steps]
    shapes = []
    for i, tall in enumerate(heights):
        x, after = i * wide, heights[min(i + 1, len(heights) - 1)]
        edges = [(x, tall), (x + wide * 0.6, tall), (x + wide, after)]
        above = [f"{a:g},{round((HEIGHT - h) / 2, 1):g}" for a, h in edges]
        below = [f"{a:g},{round((HEIGHT + h) / 2, 1):g}" for a, h in reversed(edges)]
        shapes.append((i % 2 + 1, " ".join(above + below)))
    item = "<li><b>{}</b> <span>{}</span></li>"
    picture = format_html(
        '<div class="flow"><svg viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">{}</svg>'
        '<ol class="flow-steps flow-{}">{}</ol>{}</div>',
        WIDTH, HEIGHT, format_html_join("", '<polygon class="flow-band-{}" points="{}"/>', shapes), len(steps),
        format_html_join("", item, ((value, name) for name, value in steps)),
        format_html(
            '<ul class="flow-back">{}</ul>', format_html_join("", item, ((value, name) for name, value in back))
        ) if back else "",
    )  # fmt: skip
    return Plot(caption, picture, (pgettext("figures", "Station"), pgettext("figures", "Count")), [*steps, *back])
