"""Which spans are promised for a category at an urgency. Pure.

The row's own spans hold for the row's own urgency. A matter that is more urgent than its row gets, for
each promise, the shorter of the row's span and the office's span for that urgency; one that is less
urgent (the danger is over) gets the office's. An emergency never runs by working time: such a span is
replaced by the office's emergency span (reference: emergencies never use working-day clocks).
"""

from chenyue.catalogue.models import Urgency
from chenyue.catalogue.tree import CategoryInfo, RuleInfo
from chenyue.core import office
from chenyue.workdays.spans import Span

Three = tuple[str, str, str]
_RANK = {Urgency.NORMAL.value: 0, Urgency.URGENT.value: 1, Urgency.EMERGENCY.value: 2}
# Rough lengths in minutes, to say which of two spans is shorter; a clock is never run by these.
_ROUGHLY = {"m": 1, "h": 60, "wh": 170, "wd": 1440, "d": 1440}


def roughly(span: str) -> int:
    """About how long a span is, in minutes by the wall."""
    number = span.rstrip("mhwd")
    return int(number) * _ROUGHLY[span[len(number) :]]


def by_wall(span: str) -> bool:
    """Whether the span runs by the wall clock: minutes or hours."""
    return bool(span) and span[-1] in "mh" and not span.endswith("wh")


def usual(urgency: str) -> Three:
    """The office's promises for an urgency: accept by, contact by, resolve by."""
    found = office.get("promises")[urgency]
    return found[0], found[1], found[2]


def promises_for(category: CategoryInfo | None, rule: RuleInfo | None, urgency: str) -> Three:
    """Accept-by, contact-by and resolve-by as spans; never empty."""
    defaults = usual(urgency)
    row: Three = (category.accept_by, category.contact_by, category.resolve_by) if category else ("", "", "")
    spans = list(defaults)
    if category is not None:
        step = _RANK[urgency] - _RANK[category.urgency]
        for i, own in enumerate(row):
            if own and (step == 0 or (step > 0 and roughly(own) < roughly(defaults[i]))):
                spans[i] = own
    if rule is not None:
        spans = [
            own or span for own, span in zip((rule.accept_by, rule.contact_by, rule.resolve_by), spans, strict=True)
        ]
    if urgency == Urgency.EMERGENCY:
        spans = [span if by_wall(span) else defaults[i] for i, span in enumerate(spans)]
    return spans[0], spans[1], spans[2]


def check(span: str) -> str:
    """The span as it is stored; Refusal if it can't be read. Empty stays empty."""
    span = span.strip().lower()
    if span:
        Span.parse(span)
    return span
