"""The pages of venues: adding one, its hours, days that differ; and the calendar feed."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from chenyue.core.actors import SYSTEM
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.core.ids import token
from chenyue.reception import venue_actions, venues
from chenyue.reception.models import DayChange, Opening, Shift, Sitting, Venue
from chenyue.timeline.models import Entry
from helpers import one_and_three
from reception import venue_rows as rows

pytestmark = pytest.mark.django_db
DETAILS: dict[str, Any] = {
    "name": "现场接待点", "kind": "on_site", "letter": "b", "windows": 1, "members_needed": 2, "capacity": 20,
    "bookable_share": 50, "active": "on", "works": "金桂苑改造", "address": "金桂苑北门",
}  # fmt: skip


def post(client: Any, url: str, **data: Any) -> Any:
    return client.post(url, data | {"idempotency_key": token()})


def test_a_venue_with_hours_makes_sittings(cast: Any, client_of: Any) -> None:
    browser = client_of(cast.admin)
    answer = post(browser, reverse("reception:venue-new"), **DETAILS)
    venue = Venue.objects.get()
    assert answer.status_code == 303 and answer["Location"] == reverse("reception:venue", args=[venue.pk])
    assert (venue.letter, venue.works) == ("B", "金桂苑改造")
    today = timezone.localdate()
    hours = {"weekdays": [0, 1, 2, 3, 4, 5, 6], "starts": "07:00", "ends": "08:30", "since": today.isoformat()}
    url = reverse("reception:opening-new", args=[venue.pk])
    assert post(browser, url, **hours).status_code == 303
    assert Sitting.objects.filter(venue=venue).count() >= 50
    answer = post(browser, url, **(hours | {"starts": "08:00", "ends": "09:00"}))
    assert answer.status_code == 422 and "重叠" in answer.content.decode()
    assert 'value="08:00"' in answer.content.decode()  # what was typed stays
    page = browser.get(reverse("reception:venues")).content.decode()
    assert "07:00–08:30" in page
    assert set(Entry.objects.filter(subject=venue.subject).values_list("verb", flat=True)) == {
        "venue.added",
        "venue.hours",
    }


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"letter": "A"}, "letter"),
        ({"name": "接待室"}, "name"),
        ({"since": date(2026, 3, 1), "until": date(2026, 2, 1)}, "until"),
    ],
)
def test_a_venue_that_cannot_be(wrong: dict[str, Any], field: str) -> None:
    rows.venue()
    details = {"name": "二号", "letter": "B"} | wrong
    with pytest.raises(Refusal) as refused:
        venue_actions.save_venue(details=details, by=SYSTEM, at=timezone.now())
    assert refused.value.field == field


def test_others_may_not(cast: Any) -> None:
    with pytest.raises(NotAllowed):
        venue_actions.save_venue(details={"name": "二号"}, by=cast.li.actor(), at=timezone.now())


def test_a_closed_day_is_said_and_taken_back(cast: Any, client_of: Any) -> None:
    rows.room()
    at, browser = timezone.now(), client_of(cast.admin)
    day = timezone.localdate() + timedelta(days=3)
    venues.ensure_sittings(day, day, at)
    url = reverse("reception:venues")
    wrong = post(browser, url, day=day.isoformat(), closed="1")
    assert wrong.status_code == 422 and "写明原因" in wrong.content.decode()
    assert post(browser, url, day=day.isoformat(), closed="1", reason="停电检修").status_code == 303
    assert not Sitting.objects.filter(day=day).exists()
    assert "停电检修" in browser.get(url).content.decode()
    change = DayChange.objects.get()
    assert post(browser, reverse("reception:venue-act", args=["day", change.pk])).status_code == 303
    assert Sitting.objects.filter(day=day).count() == 2


def test_a_day_that_cannot_be(cast: Any) -> None:
    day = timezone.localdate()
    at, by = timezone.now(), SYSTEM
    for wrong, field in [
        ({"day": day - timedelta(days=1), "closed": True}, "day"),
        ({"day": day, "closed": True, "reason": "x", "until": day + timedelta(days=100)}, "until"),
        ({"day": day, "closed": False}, "starts"),
        ({"day": day, "closed": False, "starts": time(9)}, "ends"),
        ({"day": day, "closed": False, "starts": time(9), "ends": time(9, 5)}, "ends"),
    ]:
        with pytest.raises(Refusal) as refused:
            venue_actions.change_day(by=by, at=at, **wrong)
        assert refused.value.field == field


def test_hours_are_taken_away_with_their_sittings(cast: Any, client_of: Any) -> None:
    rows.room()
    venues.sittings_ahead(timezone.now())
    before = Sitting.objects.count()
    hours = Opening.objects.get(starts=rows.EVENING[0])
    post(client_of(cast.admin), reverse("reception:venue-act", args=["opening", hours.pk]))
    assert 0 < Sitting.objects.count() < before
    assert not Sitting.objects.filter(starts_at__gt=timezone.now(), ends_at__hour=20).exists()


def test_the_feed_says_who_receives_until_its_address_is_renewed(cast: Any, client_of: Any, client: Any) -> None:
    place = rows.room()
    day = timezone.localdate() + timedelta(days=1)
    venues.ensure_sittings(day, day, timezone.now())
    sitting = Sitting.objects.earliest("starts_at")
    Shift.objects.create(sitting=sitting, person=rows.person(cast.zhao, lead=True), lead=True)
    url = reverse("reception:venue-feed", args=[place.feed_token])
    assert not Calendar.from_ical(client.get(url).content).walk("VEVENT")  # nothing is published yet
    Sitting.objects.update(published_at=timezone.now())
    events = Calendar.from_ical(client.get(url).content).walk("VEVENT")
    first = events[0]
    assert (first["dtstart"].dt, str(first.get("description", ""))) == (sitting.starts_at, "值班：赵卫东")
    post(client_of(cast.admin), reverse("reception:venue-act", args=["feed", place.pk]))
    assert client.get(url).status_code == 404


def test_a_persons_feed_has_cancelled_turns_as_cancelled(cast: Any, client: Any) -> None:
    rows.room()
    day = timezone.localdate() + timedelta(days=1)
    venues.ensure_sittings(day, day, timezone.now())
    first, second = Sitting.objects.order_by("starts_at")
    person = rows.person(cast.li)
    Shift.objects.create(sitting=first, person=person)
    Shift.objects.create(sitting=second, person=person)
    Sitting.objects.update(published_at=timezone.now())
    Sitting.objects.filter(pk=second.pk).update(state="cancelled")
    events = Calendar.from_ical(client.get(reverse("reception:person-feed", args=[person.feed_token])).content).walk(
        "VEVENT"
    )
    assert [str(e["status"]) for e in events] == ["CONFIRMED", "CANCELLED"]
    cast.li.is_active = False
    cast.li.save()
    assert client.get(reverse("reception:person-feed", args=[person.feed_token])).status_code == 404


def test_the_list_costs_the_same_for_any_number(cast: Any, client_of: Any) -> None:
    browser, names = client_of(cast.admin), iter("甲乙丙丁")

    def add() -> None:
        rows.opening(rows.venue(next(names)))

    one_and_three(lambda: browser.get(reverse("reception:venues")), add, 7)
