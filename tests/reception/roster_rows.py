"""An office with a roster, as tests of it need one: people, a venue, sittings."""

from datetime import date, timedelta
from typing import Any

from cast import NOW
from chenyue.core.ids import token
from chenyue.reception import venues
from reception import venue_rows as rows

TODAY = NOW.date()  # Tuesday 2026-11-24
FIRST, LAST = date(2026, 11, 30), date(2026, 12, 6)  # the week after, Monday to Sunday


def staff(count: int, leads: int, **more: Any) -> list[Any]:
    """So many people of the roster, the first of them leading cadres, each of a unit of their own."""
    from chenyue.people.models import Member, Unit

    found = []
    for i in range(count):
        unit = Unit.objects.create(code=f"roster-{i}", name=f"第{i}科", kind="department")
        member = Member.objects.create(
            username=f"r{i}", name=f"员{i}" if i >= leads else f"领{i}", unit=unit, must_change_password=False
        )
        found.append(rows.person(member, lead=i < leads, **{"max_turns": 31} | more))
    return found


def week(members_needed: int = 2) -> list[Any]:
    """A room that receives each morning of the week `FIRST`–`LAST`; its sittings."""
    from chenyue.reception.models import Sitting

    place = rows.venue(members_needed=members_needed)
    rows.opening(place)
    venues.ensure_sittings(FIRST, LAST, NOW)
    return list(Sitting.objects.filter(day__range=(FIRST, LAST)).order_by("starts_at"))


def shift(sitting: Any, person: Any, **more: Any) -> Any:
    """A turn, published with its sitting."""
    from chenyue.reception.models import Shift, Sitting

    Sitting.objects.filter(pk=sitting.pk).update(published_at=NOW)
    return Shift.objects.create(sitting=sitting, person=person, lead=person.lead, **more)


def easy(by: Any) -> Any:
    """Rules without gaps, for small offices."""
    from chenyue.reception.rostering import people

    return people.save_rules(changes={"gap": 0, "gap_leads": 0, "most_running": None, "unit_most": None}, by=by, at=NOW)


def day(number: int) -> date:
    """The n-th day of the week, from Monday 0."""
    return FIRST + timedelta(days=number)


__all__ = ["FIRST", "LAST", "TODAY", "day", "easy", "shift", "staff", "token", "week"]
