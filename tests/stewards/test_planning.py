"""Proposals of re-assignment: asked for, worked out by the job, read with their reasons, carried out, taken back."""

import json
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cast import NOW, at, client_of
from chenyue.core import jobs
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.core.ids import token
from chenyue.places.models import Kind, Place
from chenyue.stewards.lifecycle import EndReason, PlanState, TermRole
from chenyue.stewards.models import HandOver, Plan, Steward, Term
from chenyue.stewards.planning import asking, carrying_out, computing, showing
from chenyue.stewards.planning.building import build
from helpers import count, one_and_three
from stewards import stage

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
FOUR = ("金桂苑1幢", "金桂苑2幢", "金桂苑3幢", "金桂苑4幢")


@pytest.fixture(autouse=True)
def _only_four() -> None:
    """An office of four buildings: quick to share out."""
    Place.objects.filter(kind=Kind.BUILDING).exclude(full_name__in=FOUR).update(active=False)


def people(cast: Any) -> tuple[Steward, Steward]:
    """周 has 1–3幢, 吴 has 4幢: 3 to 1."""
    zhou = stage.steward(cast, "周桂珍", home=cast.place(FOUR[0]))
    wu = stage.steward(cast, "吴学勤", home=cast.place(FOUR[3]))
    for name in FOUR[:3]:
        stage.term(cast, zhou, name)
    stage.term(cast, wu, FOUR[3])
    return zhou, wu


def asked(cast: Any, reason: str = "balance", **more: Any) -> Plan:
    """A proposal, worked out at once (jobs run at once in tests)."""
    plan = asking.ask(reason=reason, by=cast.zhao.actor(), at=NOW, seconds=2, **more)
    plan.refresh_from_db()
    return plan


def test_even_loads_are_proposed_with_reasons_and_carried_out(cast: Any) -> None:
    zhou, wu = people(cast)
    plan = asked(cast)
    assert plan.state == PlanState.READY
    third = cast.place(FOUR[2]).pk
    assert [(c["building"], c["before"], c["after"]) for c in plan.result["changes"]] == [(third, zhou.pk, wu.pk)]
    why = showing.shown(plan).rows[0].why
    assert any("周桂珍" in line and "150" in line for line in why) and any("吴学勤" in line for line in why)
    assert (plan.result["figures"]["outside_before"], plan.result["figures"]["outside_after"]) == (2, 0)
    assert carrying_out.apply(plan=plan, chosen=[0], by=cast.zhao.actor(), at=at(1)) == 1
    old, new = Term.objects.get(building_id=third, steward=zhou), Term.objects.get(building_id=third, steward=wu)
    assert (old.end_reason, old.until, new.since, new.role) == (EndReason.BALANCED, TODAY, TODAY, TermRole.MAIN)
    assert HandOver.objects.get(ended=old).begun == new
    plan.refresh_from_db()
    assert (plan.state, plan.applied_by, plan.result["applied"]) == (PlanState.APPLIED, cast.zhao, [0])


def test_one_leaves_and_only_theirs_go_to_others(cast: Any) -> None:
    zhou, wu = people(cast)
    plan = asked(cast, "resignation", leaving=[wu.pk])
    assert [c["building"] for c in plan.result["changes"]] == [cast.place(FOUR[3]).pk]
    assert plan.result["changes"][0]["why"][0] == ["leaves", {"steward": wu.pk}]
    carrying_out.apply(plan=plan, chosen=[0], by=cast.zhao.actor(), at=at(1))
    assert Term.objects.get(steward=wu).end_reason == EndReason.RESIGNED
    assert set(Term.objects.filter(ended_at=None).values_list("steward_id", flat=True)) == {zhou.pk}


def test_what_was_vacant_before_is_not_part_of_a_resignation(cast: Any) -> None:
    _zhou, wu = people(cast)
    Term.objects.filter(building=cast.place(FOUR[0])).delete()
    plan = asked(cast, "resignation", leaving=[wu.pk])
    assert [c["building"] for c in plan.result["changes"]] == [cast.place(FOUR[3]).pk]


def test_vacant_buildings_find_somebody_and_nothing_else_moves(cast: Any) -> None:
    zhou = stage.steward(cast, home=cast.place(FOUR[0]))
    stage.term(cast, zhou, FOUR[0])
    stage.steward(cast, "吴学勤", home=cast.place(FOUR[3]))
    plan = asked(cast, "vacancy")
    assert [c["before"] for c in plan.result["changes"]] == [None, None, None]
    carrying_out.apply(plan=plan, chosen=[0, 1, 2], by=cast.zhao.actor(), at=at(1))
    assert Term.objects.filter(role=TermRole.MAIN, ended_at=None).count() == 4


def test_nobody_may_take_it_is_impossible_with_its_reason(cast: Any) -> None:
    zhou = stage.steward(cast, most_buildings=1)
    stage.term(cast, zhou, FOUR[0])
    plan = asked(cast, "vacancy")
    assert plan.state == PlanState.IMPOSSIBLE
    assert "1" in showing.shown(plan).vacant[0][1]
    with pytest.raises(Conflict):
        carrying_out.apply(plan=plan, chosen=[0], by=cast.zhao.actor(), at=at(1))


def test_changed_meanwhile_is_refused_whole(cast: Any) -> None:
    from chenyue.stewards.actions import hand_on

    zhou, _wu = people(cast)
    third = stage.steward(cast, "郑安国")
    plan = asked(cast, "resignation", leaving=[zhou.pk])
    assert len(plan.result["changes"]) == 3
    term = Term.objects.get(building=cast.place(FOUR[1]), ended_at=None)
    hand_on(term=term, to=third, reason=EndReason.OTHER, by=cast.zhao.actor(), at=at(1))
    before = list(Term.objects.order_by("pk").values())
    with pytest.raises(Conflict, match="郑安国"):
        carrying_out.apply(plan=plan, chosen=[0, 1, 2], by=cast.zhao.actor(), at=at(2))
    assert list(Term.objects.order_by("pk").values()) == before
    plan.refresh_from_db()
    assert plan.state == PlanState.READY


def test_a_part_that_breaks_a_limit_is_refused_whole(cast: Any) -> None:
    zhou, wu = people(cast)
    plan = asked(cast, "resignation", leaving=[zhou.pk])
    Steward.objects.filter(pk=wu.pk).update(most_buildings=2)
    with pytest.raises(Refusal):
        carrying_out.apply(plan=plan, chosen=[0, 1], by=cast.zhao.actor(), at=at(1))
    assert Term.objects.filter(ended_at=None).count() == 4
    assert carrying_out.apply(plan=plan, chosen=[0], by=cast.zhao.actor(), at=at(1)) == 1


def test_nothing_chosen_and_carried_out_twice(cast: Any) -> None:
    people(cast)
    plan = asked(cast)
    with pytest.raises(Refusal):
        carrying_out.apply(plan=plan, chosen=[7], by=cast.zhao.actor(), at=at(1))
    carrying_out.apply(plan=plan, chosen=[0], by=cast.zhao.actor(), at=at(1))
    with pytest.raises(Conflict):
        carrying_out.apply(plan=plan, chosen=[0], by=cast.zhao.actor(), at=at(2))


def test_the_way_back(cast: Any) -> None:
    zhou, wu = people(cast)
    plan = asked(cast)
    carrying_out.apply(plan=plan, chosen=[0], by=cast.zhao.actor(), at=at(1))
    plan.refresh_from_db()
    back = carrying_out.back(plan=plan, by=cast.zhao.actor(), at=at(2))
    assert (back.result["changes"][0]["before"], back.result["changes"][0]["after"]) == (wu.pk, zhou.pk)
    carrying_out.apply(plan=back, chosen=[0], by=cast.zhao.actor(), at=at(3))
    main = Term.objects.get(building=cast.place(FOUR[2]), role=TermRole.MAIN, ended_at=None)
    assert main.steward == zhou


def test_who_is_away_old_or_appointed_ahead(cast: Any) -> None:
    zhou, wu = people(cast)
    Steward.objects.filter(pk=wu.pk).update(birth_year=1940)
    old = stage.steward(cast, "冯老", birth_year=1941)
    ahead = Term.objects.get(building=cast.place(FOUR[2]))
    Term.objects.filter(pk=ahead.pk).update(since=date(2026, 12, 24))
    built = build("balance", day=TODAY)
    known = built.problem.steward
    assert not known[wu.pk].more and known[zhou.pk].more
    assert old.pk not in known  # has nothing and gets nothing
    assert built.appointed == (ahead.building_id,) and ahead.building_id not in built.problem.building


def test_a_part_of_the_office_counts_what_is_carried_elsewhere(cast: Any) -> None:
    other = cast.place("丹桂花园1幢")
    Place.objects.filter(pk=other.pk).update(active=True)
    zhou, _wu = people(cast)
    stage.term(cast, zhou, "丹桂花园1幢")
    built = build("balance", day=TODAY, within=cast.place("金桂苑").pk)
    row = built.problem.steward[zhou.pk]
    assert (row.carries, row.holds) == (float(other.homes), 1)
    assert other.pk not in built.problem.building


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"reason": "resignation"}, "leaving"),
        ({"reason": "resignation", "leaving": [999_999]}, "leaving"),
        ({"reason": "nonsense"}, "reason"),
        ({"reason": "all", "seconds": 1}, "seconds"),
        ({"reason": "all", "within": 999_999}, "within"),
    ],
)
def test_bad_questions(cast: Any, details: dict[str, Any], field: str) -> None:
    people(cast)
    with pytest.raises(Refusal) as refused:
        asking.ask(by=cast.zhao.actor(), at=NOW, **{"seconds": 2} | details)
    assert refused.value.field == field


def test_nobody_serves_or_may_not(cast: Any) -> None:
    with pytest.raises(Refusal):
        asked(cast)
    with pytest.raises(NotAllowed):
        asking.ask(reason="all", by=cast.sun.actor(), at=NOW)


def test_one_at_a_time_and_stopping_what_has_not_begun(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    people(cast)
    monkeypatch.setattr(jobs, "enqueue", lambda *_, **__: None)
    plan = asked(cast)
    with pytest.raises(Conflict):
        asked(cast)
    asking.stop(plan=plan, by=cast.zhao.actor(), at=at(1))
    plan.refresh_from_db()
    assert plan.state == PlanState.DROPPED
    computing.compute(plan.pk)  # a job that comes late does nothing
    plan.refresh_from_db()
    assert plan.state == PlanState.DROPPED


def test_a_worker_that_died_is_noticed(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    people(cast)
    monkeypatch.setattr(jobs, "enqueue", lambda *_, **__: None)
    plan = asked(cast)
    asks = plan.asks | {"begun": NOW.isoformat()}
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.RUNNING, asks=asks)
    assert computing.abandoned(at(hours=0.04)) == 0
    assert computing.abandoned(at(hours=0.1)) == 1
    plan.refresh_from_db()
    assert plan.state == PlanState.FAILED
    asking.again(plan=plan, by=cast.zhao.actor(), at=at(1))
    plan.refresh_from_db()
    assert plan.state == PlanState.ASKED


def test_pages(cast: Any) -> None:
    zhou, _wu = people(cast)
    web = client_of(cast.zhao)
    form = {"reason": "balance", "seconds": "2", "idempotency_key": token()}
    answer = web.post("/desk/stewards/plans/", form)
    assert answer.status_code == 303
    page = web.get(answer.headers["Location"]).content.decode()
    assert "金桂苑3幢" in page and "吴学勤" in page and "<svg" in page
    part = web.get(answer.headers["Location"], {"part": "1", "n": ["0", "12", "x", "99999999"]}).content.decode()
    assert "150 % → 100 %" in part
    done = web.post(answer.headers["Location"] + "apply/", {"n": "0", "idempotency_key": token()}, follow=True)
    assert done.status_code == 200
    assert Term.objects.filter(steward=zhou, ended_at=None).count() == 2
    refused = web.post(answer.headers["Location"] + "apply/", {"n": "0", "idempotency_key": token()}, follow=True)
    assert refused.status_code == 200  # a sentence above the page
    assert web.post(answer.headers["Location"] + "nonsense/", {"idempotency_key": token()}).status_code == 303


def test_bad_input_keeps_what_was_typed(cast: Any) -> None:
    people(cast)
    web = client_of(cast.zhao)
    answer = web.post(
        "/desk/stewards/plans/",
        {"reason": "resignation", "within": "x", "seconds": "7", "idempotency_key": token()},
    )
    assert answer.status_code == 422 and 'value="7"' in answer.content.decode()


def test_the_list_costs_the_same(cast: Any) -> None:
    people(cast)
    web = client_of(cast.zhao)

    def add() -> None:
        asks = {"leaving": [], "within": None, "seconds": 2}
        Plan.objects.create(reason="all", asks=asks, state=PlanState.READY, made_by=cast.zhao, made_at=NOW)

    one_and_three(lambda: web.get("/desk/stewards/plans/"), add, 6)


def test_more_changes_cost_no_more_statements(cast: Any) -> None:
    zhou, wu = people(cast)
    web, costs = client_of(cast.zhao), []
    for leaving in (wu, zhou):
        plan = asked(cast, "resignation", leaving=[leaving.pk])
        address = f"/desk/stewards/plans/{plan.pk}/"
        web.get(address)
        costs.append(count(lambda address=address: web.get(address)))
    assert costs[0] == costs[1], costs


def test_at_the_command_line(cast: Any) -> None:
    zhou, wu = people(cast)
    out = StringIO()
    call_command("plan_stewards", "--dry-run", "--json", "--seconds", "2", "--leaving", "吴学勤", stdout=out)
    said = json.loads(out.getvalue())
    assert [(c["building"], c["before"], c["after"]) for c in said["changes"]] == [(FOUR[3], "吴学勤", "周桂珍")]
    assert not Plan.objects.exists()
    call_command("plan_stewards", "--reason", "resignation", "--leaving", str(wu.pk), "--seconds", "2", stdout=out)
    assert Plan.objects.get().state == PlanState.READY
    for wrong in (["--leaving", "没有此人"], ["--within", "没有此地"], ["--by", "nobody"], ["--seconds", "1"]):
        with pytest.raises(CommandError):
            call_command("plan_stewards", "--reason", "all", *wrong, stdout=out)
    assert zhou.terms.filter(ended_at=None).count() == 3
