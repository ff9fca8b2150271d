"""Visits: recorded once, at their own moment; confirmed by the home and by nobody else; haste is a mark, no more."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cast import NOW, Cast
from chenyue.core.actors import Actor
from chenyue.core.errors import NotFound, Refusal
from chenyue.notify.models import Notice
from chenyue.stewards import visiting
from chenyue.stewards.models import DoorVisit, Steward
from chenyue.timeline.models import Entry
from stewards.doors_stage import called, cared, neighbour, next_door, own, visited

pytestmark = pytest.mark.django_db
HOME = Actor("resident")


def confirm(visit: DoorVisit, yes: bool = True, by: Actor = HOME, **more: Any) -> DoorVisit:
    return visiting.confirm(visit=visit, yes=yes, words=more.get("words", ""), by=by, at=NOW)


def test_a_visit_moves_the_care_list_and_the_call_of_the_weather(cast: Cast) -> None:
    entry, call = cared(cast, every_days=7), called(cast)
    visit = visited(cast)
    assert (visit.care, visit.call, visit.flags) == (entry, call, [])
    entry.refresh_from_db()
    assert entry.next_on == visit.next_on == NOW.date() + timedelta(days=7)
    assert Entry.objects.get(subject=visit.subject).verb == "visit.made"


@pytest.mark.parametrize(("outcome", "days"), [("nobody", 3), ("help", 3), ("well", 30), ("refused", 30)])
def test_when_to_come_again(cast: Cast, outcome: str, days: int) -> None:
    cared(cast)
    assert visited(cast, outcome=outcome).next_on == NOW.date() + timedelta(days=days)


def test_what_the_steward_says_about_the_next_visit_stands(cast: Cast) -> None:
    entry, day = cared(cast), NOW.date() + timedelta(days=2)
    visited(cast, next_on=day)
    entry.refresh_from_db()
    assert entry.next_on == day


def test_a_visit_of_a_steward_counts_as_a_sign_of_life(cast: Cast) -> None:
    steward = Steward.objects.create(member=cast.wang, name="王建国", since=NOW.date())
    assert visited(cast).steward == steward
    steward.refresh_from_db()
    assert steward.last_active_at == NOW


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"room": " "}, "room"),
        ({"outcome": "danced"}, "outcome"),
        ({"next_on": NOW.date() - timedelta(days=1)}, "next_on"),
        ({"at": NOW - timedelta(days=15)}, "at"),
    ],
)
def test_what_can_not_be_so(cast: Cast, told: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        visited(cast, **told)
    assert refused.value.field == field
    assert not DoorVisit.objects.exists()


def test_sent_later_it_keeps_its_own_moment_and_never_one_ahead(cast: Cast) -> None:
    earlier = visited(cast, at=NOW - timedelta(hours=3))
    assert (earlier.at, earlier.sent_at) == (NOW - timedelta(hours=3), NOW)
    assert visited(cast, "402", at=NOW + timedelta(hours=2)).at == NOW


def test_haste_is_marked_and_nothing_else_happens(cast: Cast) -> None:
    cared(cast, "402")
    first, second = visited(cast, "401"), visited(cast, "402", minutes=0.4)
    assert (first.flags, second.flags) == ([], ["too_fast"])
    assert second.care is not None and second.next_on is not None
    assert list(visiting.odd()) == [second]


def test_nobody_visits_in_somebody_elses_building(cast: Cast) -> None:
    told = visiting.Told("101", "well")
    for who in (cast.wang, cast.li, cast.sun, cast.zhou):
        with pytest.raises(NotFound):
            visiting.visit(building_id=next_door(cast).pk, told=told, by=who.actor(), at=NOW)
    with pytest.raises(NotFound):
        visiting.visit_for(neighbour(cast), visited(cast).pk)


def test_a_photo_is_kept_and_one_that_is_none_refused(cast: Cast) -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG")
    upload = SimpleUploadedFile("门口.jpg", out.getvalue())
    told, by = visiting.Told("101", "well"), cast.wang.actor()
    visit = visiting.visit(building_id=own(cast).pk, told=told, photos=[upload], by=by, at=NOW)
    assert default_storage.exists(visit.photo) and visit.photo.startswith("visits/")
    assert visiting.orphans(NOW + timedelta(days=400)) == 0
    with pytest.raises(Refusal) as refused:
        visiting.visit(
            building_id=own(cast).pk, told=told, photos=[SimpleUploadedFile("a.jpg", b"MZ")], by=by, at=NOW
        )  # fmt: skip
    assert refused.value.field == "photos"
    visit.delete()
    assert visiting.orphans(NOW + timedelta(days=400)) >= 2, "what no row knows is cleared"


def test_the_home_says_yes_once(cast: Cast) -> None:
    visit = visited(cast)
    assert confirm(visit, words="谢谢").confirmed_at == NOW
    assert confirm(visit, words="又一次").answer == "谢谢"
    with pytest.raises(Refusal) as other:
        confirm(visit, yes=False)
    assert other.value.code == "said"


def test_a_home_that_was_not_visited_is_heard_by_the_office(cast: Cast) -> None:
    visit = confirm(visited(cast), yes=False, words="我一整天在家。")
    assert visit.disputed_at == NOW and visit.confirmed_at is None
    assert list(visiting.odd()) == [visit]
    told = set(Notice.objects.values_list("member__username", flat=True))
    assert "li" in told and "wang" not in told


def test_who_is_signed_in_can_not_speak_for_the_home(cast: Cast) -> None:
    visit = visited(cast)
    for who in (cast.wang, cast.zhao):
        with pytest.raises(Refusal) as own_word:
            confirm(visit, by=who.actor())
        assert own_word.value.code == "own"
    visit.refresh_from_db()
    assert visit.confirmed_at is None


def test_a_code_is_read_in_any_spelling_for_a_month(cast: Cast) -> None:
    visit = visited(cast)
    typed = visit.confirm_code.lower().replace("-", " ")
    assert visiting.by_code(typed, NOW) == visit
    assert visiting.by_code(visit.confirm_code, NOW + timedelta(days=31)) is None
    assert visiting.by_code("AAAA-AAAA-AAAA", NOW) is None
    assert visiting.by_code("", NOW) is None
    assert visiting.by_code("A" * 400, NOW) is None
