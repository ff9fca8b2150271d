"""The home's page of a visit: what it tells, what it keeps, and codes that are guessed."""

from typing import Any

import pytest
from django.utils import timezone

from cast import Cast, client_of
from chenyue.core import ids
from chenyue.portal import limits
from chenyue.stewards.models import DoorVisit
from stewards.doors_stage import NAME, PHONE, cared, own

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(cast: Cast) -> DoorVisit:
    from chenyue.stewards import visiting

    cared(cast)
    told = visiting.Told("401", "help", words=f"{NAME}腿疼，电话{PHONE}")
    return visiting.visit(building_id=own(cast).pk, told=told, by=cast.wang.actor(), at=timezone.now())


def say(visit: DoorVisit, client: Any = None, key: str = "", **data: str) -> Any:
    fields = {"visited": "yes", "words": "", "idempotency_key": key or ids.token()} | data
    return (client or client_of(None)).post(f"/v/{visit.confirm_code}/", fields)


def test_it_tells_the_day_and_nothing_else(visit: DoorVisit, cast: Cast) -> None:
    response = client_of(None).get(f"/v/{visit.confirm_code}/")
    page = response.content.decode()
    assert timezone.localdate().isoformat() in page
    for piece in (NAME, PHONE, "401", "金桂苑", cast.wang.name, "腿疼", visit.get_outcome_display()):
        assert piece not in page
    assert "no-store" in response["Cache-Control"] and "noindex" in response["X-Robots-Tag"]


@pytest.mark.parametrize(("visited", "field"), [("yes", "confirmed_at"), ("no", "disputed_at")])
def test_yes_and_no_with_words(visit: DoorVisit, visited: str, field: str) -> None:
    assert say(visit, visited=visited, words="谢谢关心").status_code == 303
    visit.refresh_from_db()
    assert getattr(visit, field) is not None and visit.answer == "谢谢关心"
    page = client_of(None).get(f"/v/{visit.confirm_code}/").content.decode()
    assert "谢谢关心" not in page, "what was added isn't shown to who finds the card"


def test_twice_is_once_and_another_answer_is_for_the_office(visit: DoorVisit) -> None:
    key = ids.token()
    assert say(visit, key=key).status_code == say(visit, key=key).status_code == 303
    assert say(visit).status_code == 303
    assert say(visit, visited="no").status_code == 422
    visit.refresh_from_db()
    assert visit.disputed_at is None


def test_nothing_chosen_keeps_the_words(visit: DoorVisit) -> None:
    response = say(visit, visited="", words="等一下再说")
    assert response.status_code == 422 and "等一下再说" in response.content.decode()


def test_the_steward_can_not_confirm_in_their_own_browser(visit: DoorVisit, cast: Cast) -> None:
    for who in (cast.wang, cast.zhao):
        assert say(visit, client_of(who)).status_code == 422
    visit.refresh_from_db()
    assert visit.confirmed_at is None


def test_guessing_codes_ends_soon_even_for_the_right_one(visit: DoorVisit) -> None:
    client = client_of(None)
    for _ in range(limits.GUESSES):
        assert client.get(f"/v/{ids.receipt_code()}/").status_code in (404, 429)
    assert client.get(f"/v/{visit.confirm_code}/").status_code == 429
    assert say(visit, client).status_code == 429
    visit.refresh_from_db()
    assert visit.confirmed_at is None
