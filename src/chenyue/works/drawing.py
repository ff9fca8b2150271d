"""The picture that the office watches: how many homes stood where, week by week and version by version, as SVG.

Areas are stacked from those who support to those nobody has heard yet; a dashed line says when another version of
the plan came into force. Its table stands below it.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from chenyue.works.lifecycle import Step
from chenyue.works.standing import ASK_AGAIN, SILENT, STANDS
from chenyue.works.trends import Trend

WIDTH, HEIGHT = 640, 220
WORDS: dict[str, Any] = {str(step): step.label for step in Step} | {
    ASK_AGAIN: _("To be asked again"),
    SILENT: _("Not heard yet"),
}


@dataclass(frozen=True)
class Row:
    """A week of the table."""

    label: str
    version: int
    changed: bool
    counts: list[int]


def heads() -> list[Any]:
    """The words over the columns."""
    return [WORDS[stand] for stand in STANDS]


def rows(trend: Trend) -> list[Row]:
    """The table of the picture, newest week first."""
    found = [
        Row(week.label, week.version, week.monday in trend.changes, [week.counts[stand] for stand in STANDS])
        for week in trend.weeks
    ]
    return found[::-1]


def picture(trend: Trend, caption: str) -> SafeString:
    """The stacked areas; nothing without weeks. One week is drawn as a bar as wide as the picture."""
    if not trend.weeks or not trend.homes:
        return SafeString("")
    weeks = trend.weeks if len(trend.weeks) > 1 else [trend.weeks[0], trend.weeks[0]]
    step = WIDTH / (len(weeks) - 1)
    across = [round(i * step, 1) for i in range(len(weeks))]
    below = [0] * len(weeks)
    shapes = []
    for stand in STANDS:
        above = [b + week.counts[stand] for b, week in zip(below, weeks, strict=True)]
        if above != below:
            upper = " ".join(f"{x:g},{_down(v, trend.homes):g}" for x, v in zip(across, above, strict=True))
            lower = " ".join(
                f"{x:g},{_down(v, trend.homes):g}" for x, v in reversed(list(zip(across, below, strict=True)))
            )
            shapes.append((stand, WORDS[stand], f"{upper} {lower}"))
        below = above
    areas = format_html_join("", '<polygon class="stand-{}" points="{}"/>', ((s, p) for s, _w, p in shapes))
    changes = [x for x, week in zip(across, weeks, strict=True) if week.monday in trend.changes and x > 0]
    lines = format_html_join("", '<path class="version" d="M{} 0V{}"/>', ((f"{x:g}", HEIGHT) for x in changes))
    return format_html(
        '<svg class="trend" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">{}{}</svg>',
        WIDTH, HEIGHT, caption, areas, lines,
    )  # fmt: skip


def _down(value: int, whole: int) -> float:
    return round(HEIGHT - value / whole * HEIGHT, 1)


def legend() -> SafeString:
    """What the areas are, in their order from below."""
    return format_html(
        '<ul class="legend">{}</ul>',
        format_html_join(
            "",
            '<li><svg viewBox="0 0 12 12" aria-hidden="true"><rect class="stand-{}" width="12" height="12" rx="2"/>'
            "</svg> {}</li>",
            ((stand, WORDS[stand]) for stand in STANDS),
        ),
    )
