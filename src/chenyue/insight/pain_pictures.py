"""Pictures of a finding: cases by week, and the parts of the week they keep to. SVG; each has its table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

HEIGHT, STEP, WIDE = 120, 24, 18
TONES = 4


@dataclass(frozen=True)
class Week:
    """Cases of a week. `looked`: it lies in the stretch that was looked at."""

    monday: date
    count: int
    looked: bool = False


def weeks(rows: Sequence[Week], caption: str) -> SafeString:
    """A bar for each week, those looked at in the strong colour; the table stands below."""
    if not rows:
        return SafeString("")
    high = max(row.count for row in rows) or 1
    bars = format_html_join(
        "",
        '<g><title>{}: {}</title><rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="2"/>{}</g>',
        (
            (
                row.monday.isoformat(), row.count, "pain-bar pain-bar-now" if row.looked else "pain-bar",
                n * STEP + 3, round(HEIGHT - row.count / high * (HEIGHT - 20), 1), WIDE,
                round(row.count / high * (HEIGHT - 20), 1) or 1, _mark(row, n, high),
            )
            for n, row in enumerate(rows)
        ),
    )  # fmt: skip
    picture = format_html(
        '<svg class="pain-weeks" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
        '<p class="row apart small quiet"><span>{}</span><span>{}</span></p>',
        len(rows) * STEP, HEIGHT, caption, bars, rows[0].monday.isoformat(), rows[-1].monday.isoformat(),
    )  # fmt: skip
    lines = format_html_join(
        "",
        '<tr><th scope="row">{}</th><td class="number">{}</td></tr>',
        ((r.monday.isoformat(), r.count) for r in rows),
    )
    table = format_html(
        '<details><summary>{}</summary><div class="table-wrap"><table class="table table-keep"><caption '
        'class="seen-by-ear">{}</caption><thead><tr><th scope="col">{}</th><th scope="col" class="number">{}</th></tr>'
        "</thead><tbody>{}</tbody></table></div></details>",
        _("As a table"), caption, _("Week from"), pgettext("pain", "Cases"), lines,
    )  # fmt: skip
    return format_html('<figure class="chart"><figcaption>{}</figcaption>{}{}</figure>', caption, picture, table)


def _mark(row: Week, n: int, high: int) -> SafeString:
    if not row.count:
        return SafeString("")
    y = round(HEIGHT - row.count / high * (HEIGHT - 20) - 4, 1)
    return format_html('<text x="{}" y="{}">{}</text>', n * STEP + 3 + WIDE / 2, y, row.count)


def parts(counts: Sequence[int], caption: str) -> SafeString:
    """Six parts of the week (`spots.WEEK_PARTS`) as a small table, the fuller the darker."""
    if not any(counts):
        return SafeString("")
    high = max(counts)
    heads = [
        pgettext("part of the day", "Day 6–18"), pgettext("part of the day", "Evening 18–22"),
        pgettext("part of the day", "Night"),
    ]  # fmt: skip
    rows = []
    for name, first in ((_("Monday to Friday"), 0), (_("Saturday and Sunday"), 3)):
        cells = format_html_join(
            "",
            '<td class="number heat-{}">{}</td>',
            ((_tone(counts[first + n], high), counts[first + n]) for n in range(3)),
        )
        rows.append((name, cells))
    return format_html(
        '<div class="table-wrap"><table class="table table-keep pain-parts"><caption>{}</caption><thead><tr><td></td>{}'
        "</tr></thead><tbody>{}</tbody></table></div>",
        caption, format_html_join("", '<th scope="col" class="number">{}</th>', ((head,) for head in heads)),
        format_html_join("", '<tr><th scope="row">{}</th>{}</tr>', rows),
    )  # fmt: skip


def _tone(count: int, high: int) -> int:
    return 0 if not count else max(1, -(-count * TONES // high))
