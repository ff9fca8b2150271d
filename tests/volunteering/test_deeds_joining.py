"""Becoming a volunteer: terms, age, guardian, coming back, what one offers."""

from datetime import date
from typing import Any

import pytest

from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.volunteering import joining, seeing
from chenyue.volunteering.fitting import age_on
from chenyue.volunteering.lifecycle import VolunteerState
from volunteering.deeds_stage import BORN, DeedsStage, moment

pytestmark = pytest.mark.django_db
CHILD, GUARDIAN = date(2012, 6, 1), {"guardian_name": "王芳", "guardian_how": "母亲在场，看过户口簿"}


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"terms": False}, "terms"),
        ({"birth_on": date(2027, 1, 1)}, "birth_on"),
        ({"birth_on": date(1880, 1, 1)}, "birth_on"),
        ({"birth_on": date(2020, 1, 1)}, "birth_on"),
        ({"birth_on": CHILD}, "guardian_name"),
        ({"birth_on": CHILD, "guardian_name": "王芳"}, "guardian_how"),
        ({"times": [["mon", "12:00", "08:00"]]}, "times"),
        ({"times": [["someday", "08:00", "09:00"]]}, "times"),
        ({"reach_metres": -5}, "reach_metres"),
        ({"place": 999_999}, "place"),
        ({"skills": [999_999]}, "skills"),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_its_field(deeds: DeedsStage, told: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        deeds.volunteer(**told)
    assert refused.value.field == field


def test_a_child_joins_with_a_guardian_at_the_window_only(deeds: DeedsStage) -> None:
    assert deeds.volunteer(birth_on=CHILD, **GUARDIAN).guardian_at == moment()
    resident = deeds.resident()
    with pytest.raises(Refusal) as refused:
        joining.join(
            resident, by=seeing.resident_actor(resident), at=moment(), terms=True, birth_on=CHILD, **GUARDIAN
        )  # fmt: skip
    assert refused.value.code == "minor"


def test_nobody_joins_for_somebody_else(deeds: DeedsStage) -> None:
    resident, other = deeds.resident(), seeing.resident_actor(deeds.resident())
    for by in (other, deeds.lin, deeds.cast.zhou.actor(), deeds.cast.audit.actor()):
        with pytest.raises(NotAllowed):
            joining.join(resident, by=by, at=moment(), terms=True, birth_on=BORN)
    row = joining.join(resident, by=seeing.resident_actor(resident), at=moment(), terms=True, birth_on=BORN)
    assert joining.volunteer_of(resident) == row and row.made_by is None
    with pytest.raises(Conflict):
        joining.join(resident, by=deeds.li, at=moment(), terms=True, birth_on=BORN)


def test_who_left_comes_back_under_the_same_number(deeds: DeedsStage) -> None:
    row = deeds.volunteer()
    assert joining.leave(row, by=deeds.li, at=moment(hours=1)).state == VolunteerState.LEFT
    with pytest.raises(Refusal):
        joining.go_on(row, by=deeds.li, at=moment(hours=2))
    again = joining.join(row.resident, by=deeds.li, at=moment(days=1), terms=True, birth_on=BORN)
    assert (again.pk, again.number, again.state) == (row.pk, row.number, VolunteerState.ACTIVE)


def test_a_stale_offer_is_refused(deeds: DeedsStage) -> None:
    row, given = deeds.volunteer(), {"by": deeds.li, "at": moment()}
    saved = joining.save_offer(row, times=[["wed", "08:00", "11:30"], ["mon", "14:00", "17:00"]], version=1, **given)
    assert saved.times == [["mon", "14:00", "17:00"], ["wed", "08:00", "11:30"]]
    with pytest.raises(Conflict):
        joining.save_offer(row, version=1, **given)


def test_members_decide_nothing_about_themselves(deeds: DeedsStage) -> None:
    li = deeds.cast.li
    li.phone = "13700009999"
    li.save(update_fields=["phone"])
    row = joining.join(
        deeds.resident(li.name, "13700009999"), by=deeds.li, at=moment(), terms=True, birth_on=BORN
    )  # fmt: skip
    with pytest.raises(Refusal):
        joining.save_person(row, insured_until=date(2027, 1, 1), by=li.actor(), at=moment())


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 3, 1), date(2026, 3, 1), 18),
        (None, date(2026, 3, 1), None),
    ],
)
def test_age_in_full_years(born: date | None, day: date, age: int | None) -> None:
    assert age_on(born, day) == age
