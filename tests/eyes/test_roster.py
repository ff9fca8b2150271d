"""Venues and the roster in a real browser: telephone and desk, standard and elder mode; a name dragged over the grid,
and the same by keyboard."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from eyes.conftest import violations
from eyes.office import Office

Open = Callable[..., Page]
LOOKS: dict[str, dict[str, str]] = {"standard": {}, "elder": {"chenyue_text": "large"}}

# A venue with a morning each day of next month, six people, a draft with its first days filled; printed as JSON.
STAGE = """
import json, cast
from datetime import timedelta
from django.utils import timezone
from chenyue.people.models import Member
from chenyue.reception import venues
from chenyue.reception.models import Plan, RosterPerson, Shift, Sitting, Swap, Venue
from chenyue.reception.rostering import grid, planning, publishing
from reception import roster_rows, venue_rows
people, at = cast.Cast(), timezone.now()
by = people.zhao.actor()
if not RosterPerson.objects.filter(member__username="r0").exists():
    roster_rows.easy(by)
    roster_rows.staff(6, leads=2)
    venue_rows.person(people.zhao, lead=True)
place = Venue.objects.filter(name="排班接待室").first() or venue_rows.venue("排班接待室", letter="R")
if not place.openings.exists():
    venue_rows.opening(place)
first, last = grid.month((timezone.localdate().replace(day=1) + timedelta(days=32)).replace(day=1))
venues.ensure_sittings(first, last, at)
Plan.objects.filter(state="ready").update(state="dropped")
rows = list(Sitting.objects.filter(venue=place, day__range=(first, last)).order_by("starts_at")[:4])
staff = list(RosterPerson.objects.filter(member__username__startswith="r").order_by("pk"))
Swap.objects.all().delete()
Shift.objects.filter(sitting__in=rows).delete()
plan = planning.by_hand(first=rows[0].day, last=rows[1].day, by=by, at=at)
zhao = RosterPerson.objects.get(member=people.zhao)
for i, sitting in enumerate(rows[:2]):
    for person in (zhao if i else staff[0], staff[2 + i]):
        planning.change(plan=plan, add=(person.pk, sitting.pk), by=by, at=at)
plan.refresh_from_db()
publishing.publish(plan=plan, by=by, at=at)
own = Shift.objects.filter(person=zhao, sitting__in=rows).get()
draft = planning.by_hand(first=first, last=last, by=by, at=at)
print(json.dumps({"month": f"{first:%Y-%m}", "plan": draft.pk, "sitting": rows[0].pk, "second": rows[1].pk,
                  "third": rows[2].pk, "venue": place.pk, "turn": own.pk, "person": staff[3].pk, "name": "员3"}))
"""


@pytest.fixture
def stage(office: Office) -> dict[str, Any]:
    """A draft in which nothing was changed yet."""
    office.run("import sys; sys.path.insert(0, 'tests')")
    found: dict[str, Any] = json.loads(office.run(STAGE))
    return found


@pytest.mark.parametrize(("width", "look"), [(w, look) for w in ("phone", "desk") for look in LOOKS])
def test_every_page(stage: dict[str, Any], open_as: Open, look_at: Any, width: str, look: str) -> None:
    pages = [
        ("venues", "/desk/venues/"), ("venue", f"/desk/venues/{stage['venue']}/"),
        ("venue-hours", f"/desk/venues/{stage['venue']}/hours/new/"),
        ("roster-draft", f"/desk/roster/?month={stage['month']}"),
        ("roster-month", f"/desk/roster/?month={stage['month']}&show=standing"),
        ("roster-sitting", f"/desk/roster/plans/{stage['plan']}/sittings/{stage['sitting']}/"),
        ("roster-plans", "/desk/roster/plans/"), ("roster-plan", f"/desk/roster/plans/{stage['plan']}/"),
        ("roster-fairness", "/desk/roster/people/"), ("roster-person", f"/desk/roster/people/{stage['person']}/"),
        ("roster-rules", "/desk/roster/rules/"), ("my-turns", "/desk/roster/mine/"), ("swaps", "/desk/roster/swaps/"),
        ("turn", f"/desk/roster/turns/{stage['turn']}/"), ("ask-swap", f"/desk/roster/turns/{stage['turn']}/swap/"),
        ("roster-board", f"/desk/roster/board/?month={stage['month']}"),
    ]  # fmt: skip
    wrong: list[str] = []
    page = open_as("zhao", width, look=LOOKS[look])
    for name, path in pages:
        answer = page.goto(path)
        assert answer is not None and answer.status == 200, path
        if page.locator("h1").count() != 1:
            wrong.append(f"{name}: {page.locator('h1').count()} headings of the first level")
        look_at(page, f"{name}-{look}", axe=False)
        wrong += [f"{name}: {fault}" for fault in violations(page)]
    assert wrong == []


def test_a_name_is_dragged(stage: dict[str, Any], open_as: Open) -> None:
    page = open_as("zhao", "desk")
    page.goto(f"/desk/roster/?month={stage['month']}")
    chip = page.locator(f"[data-sitting='{stage['second']}'] [data-person='{stage['person']}']")
    goal = page.locator(f"[data-sitting='{stage['third']}']")
    chip.hover()
    page.mouse.down()
    goal.hover()
    goal.hover()
    expect(goal).to_have_class(_marked("roster-fits"))  # the server was asked, and said so
    expect(page.locator(f"[data-sitting='{stage['sitting']}']")).to_have_class(_marked("roster-breaks"))
    page.mouse.up()
    expect(page.locator(f"[data-sitting='{stage['third']}']")).to_contain_text(stage["name"])
    expect(page.locator(f"[data-sitting='{stage['second']}']")).not_to_contain_text(stage["name"])


def _marked(name: str) -> Any:
    import re

    return re.compile(rf"\b{name}\b")


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_the_same_by_keyboard(stage: dict[str, Any], open_as: Open, width: str) -> None:
    page = open_as("zhao", width)
    page.goto(f"/desk/roster/?month={stage['month']}")
    page.locator(f"[data-sitting='{stage['third']}'] .roster-open").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/sittings/{stage['third']}/")
    page.locator("form", has=page.locator(f"input[name=person][value='{stage['person']}']")).locator("button").focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    expect(page.locator("main .card").first).to_contain_text(stage["name"])


def test_publishing_ends_at_the_roster(stage: dict[str, Any], open_as: Open) -> None:
    page = open_as("zhao", "phone")
    page.goto(f"/desk/roster/plans/{stage['plan']}/")
    page.get_by_label("仍然发布").check()  # a month with two days filled breaks rules
    page.get_by_role("button", name="发布并通知值班人员").click()
    page.wait_for_url("**/desk/roster/?month=*")
    expect(page.locator(f"[data-sitting='{stage['second']}']")).to_contain_text(stage["name"])
