"""Pages of cases in the order in which they press: emergencies, the urgent, then all others, each the oldest first."""

from django.db.models import QuerySet

from chenyue.cases.models import Case
from chenyue.core.paging import Order, Page, keyset

OLDEST = Order("received_at", "id", descending=False)
PRESSING = ("emergency", "urgent")  # sorts by the alphabet as it should
URGENT = "urgent."  # before a cursor: it stands among the urgent


def page(rows: QuerySet[Case], cursor: str, size: int) -> Page[Case]:
    """One page. The first has all emergencies (up to `size`) and the urgent above; no cursor leads back to these."""
    return _after(rows.exclude(urgency="emergency"), cursor, size) if cursor else _first(rows, size)


def _first(rows: QuerySet[Case], size: int) -> Page[Case]:
    """One statement for all that presses, one for the rest; a flood of urgent cases costs another."""
    found = list(rows.filter(urgency__in=PRESSING).order_by("urgency", "received_at", "pk")[: 2 * size])
    emergencies = [case for case in found if case.urgency == "emergency"][:size]
    urgent = [case for case in found if case.urgency == "urgent"]
    if len(urgent) > size or len(found) == 2 * size:
        after = _after(rows.exclude(urgency="emergency"), "", size)
        return Page(emergencies + after.rows, after.next)
    below = keyset(rows.exclude(urgency__in=PRESSING), OLDEST, "", size)
    return Page(emergencies + urgent + below.rows, below.next)


def _after(rows: QuerySet[Case], cursor: str, size: int) -> Page[Case]:
    """The urgent by pages; their last page has the first page of the rest below."""
    rest = rows.exclude(urgency="urgent")
    if cursor and not cursor.startswith(URGENT):
        return keyset(rest, OLDEST, cursor, size)
    above = keyset(rows.filter(urgency="urgent"), OLDEST, cursor.removeprefix(URGENT), size)
    previous = URGENT + above.previous if above.previous else ""
    if above.next:
        return Page(above.rows, URGENT + above.next, previous)
    below = keyset(rest, OLDEST, "", size)
    return Page(above.rows + below.rows, below.next, previous)
