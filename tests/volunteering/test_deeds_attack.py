"""Broken input at the pages of deeds: an answer in words each time; and nobody reaches what isn't theirs."""

import base64
import json
from typing import Any

import pytest
from django.utils import timezone

from cast import client_of, client_of_resident
from chenyue.core.errors import NotAllowed, NotFound
from chenyue.core.ids import token
from chenyue.people.models import Grant, Role
from chenyue.people.scope import forget_scopes
from chenyue.volunteering import seeing, signing_up
from volunteering.deeds_doors import Helped
from volunteering.deeds_stage import DeedsStage

pytestmark = pytest.mark.django_db
BROKEN = ["\x00", "²", "9" * 30, "' OR 1=1 --", "<script>", "𠮷" * 90]


def cursor(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.fixture
def helped(cast: Any) -> Helped:
    return Helped(cast)


@pytest.mark.parametrize("value", [*BROKEN, cursor(10**30, 1, True), cursor("2026-11-24T09:00:00+08:00", 5, False)])
def test_lists_answer_whatever_stands_in_the_address(cast: Any, helped: Helped, value: str) -> None:
    zhao = client_of(cast.zhao)
    query = dict.fromkeys(("show", "q", "cursor", "skill"), value)
    for name in ("needs", "activities", "volunteers"):
        assert zhao.get(f"/desk/volunteering/{name}/", query).status_code == 200
    wish = dict.fromkeys(("near", "when", "long", "kind", "community"), value)
    assert client_of().get("/volunteering/", wish).status_code == 200
    assert client_of().get(f"/volunteering/calendar/{token()}/").status_code == 404
    assert "<script>" not in zhao.get("/desk/volunteering/needs/", query).content.decode().split("<main", 1)[1]


@pytest.mark.parametrize("value", BROKEN)
def test_forms_answer_whatever_was_typed(cast: Any, helped: Helped, value: str) -> None:
    zhao, lin = client_of(cast.zhao), client_of(cast.lin)
    typed = dict.fromkeys(
        ("title", "kind", "words", "starts_at", "ends_at", "place", "unit", "skills", "people"), value
    )
    sent = typed | dict.fromkeys(
        ("capacity", "min_age", "mode", "who", "via", "week", "most", "pairs", "reason"), value
    )
    urls = ["needs/new/", "activities/new/", "weeks/", f"activities/{helped.activity.number}/sign-ups/"]
    for url in urls:
        answer = zhao.post(f"/desk/volunteering/{url}", sent | {"idempotency_key": token()})
        assert answer.status_code == 422, url
    for url in (f"activities/{helped.activity.number}/invite/", f"weeks/{helped.week.pk}/"):
        assert zhao.post(f"/desk/volunteering/{url}", sent | {"idempotency_key": token()}).status_code == 303
    assert lin.post(f"/desk/volunteering/activities/{helped.activity.number}/invite/", sent).status_code == 303
    assert client_of().post("/volunteering/ask/", sent | {"idempotency_key": token()}).status_code == 422


def test_a_grant_bound_to_a_unit_opens_nothing_of_the_whole_office(cast: Any, helped: Helped) -> None:
    """Words of the whole office in a role that is bound to a unit don't carry; another unit's rows don't exist."""
    role = Role.objects.create(code="helper", name="试", permissions=list(seeing.WORDS))
    Grant.objects.create(member=cast.zhou, role=role, unit=cast.units["greening"], sensitivity="normal")
    forget_scopes(cast.zhou)
    assert not any(seeing.may(cast.zhou, word) for word in ("see", "serve", "credits", "contracts"))
    for find, row in (
        (seeing.activity_for, helped.activity),
        (seeing.need_for, helped.need),
        (seeing.volunteer_for, helped.volunteer),
    ):
        with pytest.raises(NotFound):
            find(cast.zhou, row.number)
    with pytest.raises(NotAllowed):
        signing_up.withdraw(helped.sign_up, by=cast.zhou.actor(), at=timezone.now())


def test_residents_touch_only_what_is_theirs(cast: Any, helped: Helped) -> None:
    other = client_of_resident(DeedsStage(cast, count=40).volunteer().resident)
    url = f"/volunteering/activities/{helped.activity.number}/"
    said = other.get(url).content.decode()
    assert helped.volunteer.number not in said and helped.volunteer.resident.name not in said
    assert other.post(url + "withdraw/", {"idempotency_key": token()}).status_code == 303
    helped.sign_up.refresh_from_db()
    assert helped.sign_up.state == "going", "somebody else's place stays theirs"
