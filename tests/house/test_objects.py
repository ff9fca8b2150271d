"""Any person, any object: only who may see a case reaches it, whatever door they try.

Who may see is said here a second time, by the plain rule (a grant with `case.see` whose unit, place and
sensitivity reach the case, and never the unit that the case is about), and compared with every door: the
list, the page, the files, the slip, the callback, the search, the export, the counts, the names in parts.
"""

import io
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from chenyue.cases import actions, queries, rules, similar
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Assignment, Attachment, Case
from chenyue.followup.models import Callback
from chenyue.people.models import Grant, Member, Role
from helpers import sample_case

pytestmark = pytest.mark.django_db
DOORS = 20  # beside the page itself; each example tries five
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LEVELS = ["normal", "private", "sealed"]
ROLES = ["receptionist", "dispatcher", "unit_officer", "unit_head", "director", "steward", "auditor", "admin"]
UNITS = ["drainage", "greening", "centre", None]
PLACES = ["金桂苑1幢", "金桂苑2幢", "金桂苑", None]
grants = st.lists(
    st.tuples(st.sampled_from(ROLES), st.sampled_from(UNITS), st.sampled_from(PLACES), st.sampled_from(LEVELS)),
    max_size=3,
)
persons = st.tuples(st.sampled_from(UNITS), grants)
objects = st.tuples(st.sampled_from(LEVELS), st.sampled_from([None, "greening", "centre"]), st.booleans())


@dataclass
class Thing:
    """A case with everything that hangs on it, and how it may be reached."""

    case: Case
    doors: list[str]
    secret: str


@pytest.fixture
def thing(cast: Any) -> Thing:
    filed = sample_case(cast)
    case, at = filed.case, timezone.now()
    case.title = "井盖暗号七四一"
    case.save(update_fields=["title"])
    by = cast.lin.actor()
    actions.move(case=case, move=Move.ACCEPT, by=by, at=at)
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG")
    photo = SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg")
    actions.attach(case=case, files=[photo], stage="after", by=by, at=at)
    case.refresh_from_db()
    actions.move(case=case, move=Move.ANSWER, by=by, at=at, told="已疏通。")
    case.refresh_from_db()
    number, file, asked = case.number, Attachment.objects.get(case=case), Callback.objects.get(case=case)
    page = f"/desk/cases/{number}/"
    doors = [page, f"/desk/files/{file.token}/", f"/desk/files/{file.token}/preview/", f"/desk/callbacks/{asked.pk}/"]
    doors += [f"/desk/slips/{filed.appeal.number}/", f"/desk/callbacks/{asked.pk}/tried/", f"/desk/inbox/{number}/"]
    doors += [f"{page}{name}/" for name in ("triage", "rework", "close", "reopen", "join", "note", "attach", "settle")]
    doors += [f"{page}reveal/{filed.appeal.number}/", f"{page}words/{filed.appeal.number}/", f"{page}undo-join/"]
    doors += [f"/desk/inbox/{number}/similar/", f"/desk/inbox/{number}/join/", f"{page}extension/grant/"]
    return Thing(case, doors, case.title)


def reaches(own_unit: Any, held: list[Any], case: Case, cast: Any) -> bool:
    """The plain rule, without the product's own functions."""
    if case.accused_unit_id is not None and own_unit is not None and own_unit.pk == case.accused_unit_id:
        return False
    units = set(Assignment.objects.filter(case=case, active=True).values_list("unit__code", flat=True))
    place = cast.place("金桂苑1幢")
    lies_in = {"金桂苑1幢", "金桂苑"} if case.place_id == place.pk else set()
    return any(
        "case.see" in Role.objects.get(code=role).permissions
        and (unit is None or unit in units)
        and (where is None or where in lies_in)
        and LEVELS.index(level) >= LEVELS.index(case.sensitivity)
        for role, unit, where, level in held
    )


def become(cast: Any, unit: str | None, held: list[Any]) -> Member:
    """周某 with this unit and these grants."""
    Grant.objects.filter(member=cast.zhou).delete()
    Member.objects.filter(pk=cast.zhou.pk).update(unit=cast.units[unit] if unit else None)
    for role, of, where, level in held:
        Grant.objects.create(
            member=cast.zhou,
            role=Role.objects.get(code=role),
            unit=cast.units[of] if of else None,
            place=cast.place(where) if where else None,
            sensitivity=level,
        )
    return Member.objects.select_related("unit").get(pk=cast.zhou.pk)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(person=persons, about=objects, picked=st.lists(st.integers(1, DOORS), min_size=5, max_size=5, unique=True))
def test_only_who_may_see_a_case_reaches_it(
    cast: Any, client_of: Any, thing: Thing, person: Any, about: Any, picked: list[int]
) -> None:
    level, accused, placed = about
    place = cast.place("金桂苑1幢") if placed else None
    Case.objects.filter(pk=thing.case.pk).update(
        sensitivity=level, accused_unit=cast.units[accused] if accused else None,
        place=place, building=place, estate=place.parent if place else None, community=None,
    )  # fmt: skip
    case = Case.objects.get(pk=thing.case.pk)
    member = become(cast, *person)
    sees = reaches(member.unit, person[1], case, cast)
    assert queries.visible(member).filter(pk=case.pk).exists() is sees
    assert rules.may_see(member, case, list(Assignment.objects.filter(case=case, active=True))) is sees
    browser = client_of(member)
    page = browser.get(thing.doors[0])
    assert (page.status_code == 200) is sees
    if sees:
        return
    assert len(thing.doors) == DOORS + 1
    for door in [thing.doors[n] for n in picked]:
        for answer in (browser.get(door), browser.post(door, {"version": case.version, "idempotency_key": "k"})):
            assert answer.status_code in (403, 404, 405), (door, answer.status_code)
            assert thing.secret not in answer.content.decode()
    _nothing_in_lists(browser, thing, cast)
    at = timezone.now()
    found = similar.similar("污水管堵了", place_id=case.place_id, category_code="0102", at=at, member=member)
    assert case.number not in [one.number for one in found]
    assert not any(case in queries.desk_rows(member, name, at) for name in queries.desk_counts(member, at))


def _nothing_in_lists(browser: Any, thing: Thing, cast: Any) -> None:
    number = thing.case.number
    lists = ["/desk/", "/desk/cases/", "/desk/inbox/", "/desk/callbacks/", "/desk/refusals/", "/desk/notices/"]
    lists += ["/desk/rates/", f"/desk/search/?q={number}", "/desk/search/?q=暗号", f"/desk/search/?q={cast.chen.phone}"]
    lists += [f"/desk/search/?q={cast.chen.name}", "/desk/cases/?q=暗号", "/desk/cases/?building=1", "/desk/set-up/"]
    for path in lists:
        answer = browser.get(path)
        assert thing.secret not in answer.content.decode(), path
        assert f"/cases/{number}/" not in answer.get("Location", ""), path
    for path, data in (
        ("/desk/new/caller/", {"phone": cast.chen.phone}),
        ("/desk/new/suggest/", {"words": "楼道的污水管堵了，臭水漫到一楼", "place": "金桂苑1幢"}),
        ("/desk/cases/export/", {"numbers": [number], "idempotency_key": "e"}),
        ("/desk/cases/bulk/", {"numbers": [number], "act": "remind", "words": "请快", "idempotency_key": "b"}),
    ):
        answer = browser.post(path, data)
        assert answer["Content-Type"] != XLSX  # there is no other case that could be in it
        assert thing.secret not in answer.content.decode(), path
        assert number not in answer.content.decode(), path
    outcomes = browser.get("/desk/cases/bulk/").content.decode()
    assert number not in outcomes
