"""Objections: a named answerer, a day, an answer, accepted or not, and what changed the home's mind."""

import pytest

from cast import Cast
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.notify.models import Notice
from chenyue.works import actions, acts, queries
from chenyue.works.models import CaseLink, Objection
from helpers import one_and_three
from works.stage import Stage, day, member, stage

DOOR = "1单元101"


def object_to(here: Stage, door: str = DOOR, days: float = 1, **more) -> Objection:
    given = {"words": "施工太早，孩子要睡觉。", "reasons": ["noise"], "by": here.li} | more
    return actions.raise_objection(project=here.project, home=here.homes[door], at=day(days), **given)


def answer(here: Stage, objection: Objection, days: float = 2, **more):
    given = {"decision": "reject", "words": "八点前不开工。", "by": here.cast.lin.actor()} | more
    return actions.answer_objection(objection=objection, at=day(days), **given)


def test_it_has_a_unit_a_day_and_a_notice(cast: Cast):
    here = stage(cast)
    row = object_to(here)
    assert row.number == "Y2026-0908-0001" and row.unit == cast.units["drainage"] and row.plan == here.plan
    assert row.due_at == day(8).replace(hour=17, minute=30)  # five working days after a Tuesday
    assert row.number in Notice.objects.get(member=cast.lin).text


def test_an_answer_changes_the_stance_and_that_is_kept(cast: Cast):
    here = stage(cast)
    here.says(DOOR, "against", 1)
    row = object_to(here)
    said = answer(here, row, decision="part", words="改为八点半开工。", changes=["pipes"])
    row.refresh_from_db()
    assert row.state == "answered" and row.answerer == cast.lin
    assert row.number in Notice.objects.filter(member=cast.li).latest("pk").text
    actions.respond(objection=row, accepted=True, step="rather_support", words="可以", by=here.li, at=day(3))
    row.refresh_from_db()
    assert (row.state, row.ended_at) == ("accepted", day(3))
    changed = queries.changed_minds(here.project)
    assert [(s.step, s.changed_by) for s in changed] == [("rather_support", said)]


def test_a_kept_objection_waits_for_another_answer_by_a_new_day(cast: Cast):
    here = stage(cast)
    row = object_to(here)
    answer(here, row)
    actions.respond(objection=row, accepted=False, words="还是太早", by=here.li, at=day(3))
    row.refresh_from_db()
    assert row.state == "kept" and row.due_at == day(10).replace(hour=17, minute=30)
    with pytest.raises(Conflict):
        actions.respond(objection=row, accepted=True, by=here.li, at=day(3))
    answer(here, row, 4, words="九点开工。")
    assert [a.accepted for a in queries.said_of(here.home(DOOR), here.project)[0].answers.all()] == [False, None]


def test_residents_answer_for_their_own_home_only(cast: Cast):
    here = stage(cast)
    row = object_to(here, by=acts.resident_of(here.home(DOOR)), speaker="tenant")
    answer(here, row)
    other = acts.resident_of(here.home("1单元102"))
    for act in (
        lambda: actions.respond(objection=row, accepted=True, by=other, at=day(3)),
        lambda: actions.withdraw_objection(objection=row, by=other, at=day(3)),
        lambda: object_to(here, by=other),
        lambda: answer(here, row, by=acts.resident_of(here.home(DOOR))),
    ):
        with pytest.raises(NotAllowed):
            act()
    actions.respond(objection=row, accepted=True, step="support", by=acts.resident_of(here.home(DOOR)), at=day(3))
    assert queries.tally(here.plan, day(4)).spoken.homes == 0  # a tenant's: heard, not counted


def test_who_answers(cast: Cast):
    here = stage(cast)
    row = object_to(here)
    for nobody in (cast.li, cast.sun, cast.wang, cast.zhou):
        with pytest.raises(NotAllowed):
            answer(here, row, by=nobody.actor())
    with pytest.raises(Refusal) as refused:
        actions.give_objection(objection=row, unit=cast.units["greening"], answerer=cast.lin, by=here.li, at=day(2))
    assert refused.value.field == "answerer"
    actions.give_objection(objection=row, answerer=cast.sun, by=here.li, at=day(2))
    row.refresh_from_db()
    assert (row.unit, row.answerer) == (cast.units["greening"], cast.sun)
    assert row.number in Notice.objects.get(member=cast.sun).text
    with pytest.raises(NotAllowed):
        answer(here, row)
    answer(here, row, by=cast.sun.actor())


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"decision": "accept"}, "changes"),
        ({"decision": "accept", "changes": ["lift"]}, "changes"),
        ({"decision": "maybe"}, "decision"),
        ({"words": "  "}, "words"),
    ],
)
def test_bad_answers_are_refused_at_their_field(cast: Cast, more, field):
    here = stage(cast)
    row = object_to(here)
    with pytest.raises(Refusal) as refused:
        answer(here, row, **more)
    assert refused.value.field == field
    assert not row.answers.exists()


def test_bad_objections_are_refused(cast: Cast):
    here = stage(cast, owner_unit=None, contractor=None)
    for more, field in (({"words": " "}, "words"), ({"reasons": ["rain"]}, "reasons"), ({}, "unit")):
        with pytest.raises(Refusal) as refused:
            object_to(here, **more)
        assert refused.value.field == field
    assert not Objection.objects.exists()


def test_it_may_be_taken_back_once(cast: Cast):
    here = stage(cast)
    row = object_to(here)
    actions.withdraw_objection(objection=row, by=here.li, at=day(2))
    for act in (
        lambda: actions.withdraw_objection(objection=row, by=here.li, at=day(3)),
        lambda: answer(here, row, 3),
        lambda: actions.pass_on(objection=row, words="墙体开裂", by=here.li, at=day(3)),
    ):
        with pytest.raises(Conflict):
            act()


def test_harm_done_becomes_a_case_that_is_linked(cast: Cast):
    here = stage(cast)
    row = object_to(here)
    case = actions.pass_on(objection=row, words="施工把一楼的水管挖断了，家里进水。", by=here.li, at=day(2))
    row.refresh_from_db()
    assert row.state == "passed_on" and row.case == case
    assert case.place_id == here.home(DOOR).building_id
    link = CaseLink.objects.get(project=here.project)
    assert (link.case, link.how) == (case, "objection")


def test_the_board_shows_each_member_what_is_theirs(cast: Cast):
    here = stage(cast)
    here.homes["9单元901"] = _far_home(cast)
    mine, far = object_to(here), object_to(here, "9单元901")
    actions.give_objection(objection=far, answerer=cast.sun, by=here.li, at=day(2))
    near = member(cast, "near", "receptionist", place="金桂苑1幢")
    seen = {
        "zhao": {mine.number, far.number},
        "li": {mine.number, far.number},
        "lin": {mine.number},
        "sun": {far.number},
        "near": {mine.number},
        "zhou": set(),
    }
    for name, numbers in seen.items():
        who = near if name == "near" else getattr(cast, name)
        assert {o.number for o in queries.objections(here.project, who)} == numbers, name
    assert queries.objection_for(here.project, near, far.number) is None


def _far_home(cast: Cast):
    from works.stage import add_home

    return add_home(cast, "1单元101", "金桂苑2幢")


def test_lists_cost_the_same_with_one_row_and_with_three(cast: Cast):
    here = stage(cast)
    doors = iter(here.homes)

    def add():
        row = object_to(here, next(doors))
        answer(here, row)
        actions.respond(objection=row, accepted=True, step="support", by=here.li, at=day(3))

    def show():
        rows = queries.objections(here.project, here.cast.zhao)
        return [(o.home.door, o.home.building.name, o.unit.name, [a.by.name for a in o.answers.all()]) for o in rows]

    one_and_three(show, add, 2)
    changed = [(s.home.building.name, s.changed_by.by.name) for s in queries.changed_minds(here.project)]
    assert len(changed) == 3
