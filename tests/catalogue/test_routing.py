"""Routing: the row, the first rule that matches, the place; never without a lead."""

from datetime import UTC, datetime
from typing import Any

import pytest

from chenyue.catalogue import ruling
from chenyue.catalogue.queries import catalogue
from chenyue.catalogue.routing import Route, route
from chenyue.core.actors import SYSTEM
from chenyue.core.errors import Refusal
from chenyue.people.actions import set_unit_active
from chenyue.people.models import Unit
from chenyue.places.models import Place

AT = datetime(2026, 11, 20, 2, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast")]


def place(name: str) -> int:
    return Place.objects.get(full_name=name).pk


def go(code: str, name: str = "", urgency: str = "") -> Route:
    category = catalogue().by_code[code]
    return route(category.id, place(name) if name else None, urgency or category.urgency)


def names(found: Route) -> tuple[str, set[str]]:
    units = catalogue().unit_by_id
    return units[found.lead_id or 0].code, {units[pk].code for pk in found.assist_ids}


def rule(**data: Any) -> Any:
    return ruling.save_rule(data={"name": "试行", **data}, by=SYSTEM, at=AT)


def test_placeholders_become_the_units_of_the_place() -> None:
    found = go("0101", "金桂苑6幢")
    assert names(found) == ("construction", {"cg_comm", "pf_heyuan", "drainage"})
    assert set(found.assist_codes) == {"community", "property", "drainage"}
    assert found.handling == "joint"


def test_an_estate_without_a_firm_is_the_committees() -> None:
    found = go("0612", "纺织新村2幢")
    assert names(found) == ("cg_comm", set())
    assert found.lead_code == "community"
    assert found.handling == "direct"


def test_where_the_committee_stands_in_it_does_not_assist_itself() -> None:
    found = go("0802", "北闸新村1幢")
    assert names(found) == ("yh_comm", {"fire"})
    assert found.handling == "joint"


def test_a_village_is_its_village_committee() -> None:
    assert names(go("0608", "石桥新村1幢"))[0] == "sq_vill"


def test_without_a_place_the_centre_takes_it_and_says_why() -> None:
    found = go("0612")
    assert names(found)[0] == "centre"
    assert found.lead_code == "property"
    assert found.needs_place
    assert any("物业" in reason or "place" in reason for reason in found.reasons)


def test_without_a_category_the_centre_takes_it() -> None:
    found = route(None, None, "normal")
    assert names(found)[0] == "centre"
    assert found.accept_by == "4wh"


def test_the_spot_rule_sends_fitness_gear_in_a_square_to_culture() -> None:
    found = go("0612", "晨光广场")
    assert names(found) == ("culture", set())
    assert found.rule_id
    assert found.handling == "direct"


def test_first_rule_wins_and_any_larger_place_matches() -> None:
    second = rule(category="0201", lead="office")
    first = rule(category="02", place=place("金桂苑"), lead="greening", assists=["police"], resolve_by="3wd")
    ruling.move_rule(rule=first, up=True, by=SYSTEM, at=AT)
    inside = go("0201", "金桂苑6幢")
    assert names(inside) == ("greening", {"police"})
    assert inside.rule_id == first.pk
    assert inside.resolve_by == "3wd"
    assert go("0201", "纺织新村2幢").rule_id == second.pk


def test_a_rule_may_hold_for_one_urgency() -> None:
    rule(category="0806", urgency="urgent", assists=["health"])
    assert "health" in names(go("0806", "金桂苑6幢", "urgent"))[1]
    assert "health" not in names(go("0806", "金桂苑6幢"))[1]


@pytest.mark.parametrize(
    ("code", "urgency", "spans"),
    [
        ("0101", "emergency", ("15m", "30m", "8h")),  # the row's own
        ("0806", "emergency", ("15m", "30m", "8h")),  # raised: never by working time
        ("0806", "urgent", ("1h", "4h", "24h")),  # raised
        ("0101", "normal", ("4wh", "1wd", "5wd")),  # the danger is over
        ("0301", "urgent", ("1h", "4h", "24h")),
        ("1102", "emergency", ("15m", "30m", "24h")),  # an emergency row keeps its longer promise
    ],
)
def test_promises_follow_the_urgency(code: str, urgency: str, spans: tuple[str, str, str]) -> None:
    found = go(code, "金桂苑6幢", urgency)
    assert (found.accept_by, found.contact_by, found.resolve_by) == spans


def test_a_unit_that_is_gone_is_never_a_lead(cast: Any) -> None:
    set_unit_active(unit=Unit.objects.get(code="greening"), active=False, by=SYSTEM, at=AT)
    found = go("0305", "金桂苑6幢")
    assert names(found)[0] == "centre"
    assert len(found.reasons) >= 2


def test_a_rule_whose_unit_is_gone_switches_itself_off() -> None:
    made = rule(category="0201", lead="greening")
    set_unit_active(unit=Unit.objects.get(code="greening"), active=False, by=SYSTEM, at=AT)
    made.refresh_from_db()
    assert not made.active
    assert made.switched_off_because
    assert go("0201", "金桂苑6幢").rule_id is None


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"name": "", "category": "0201", "lead": "office"}, "name"),
        ({"lead": "office"}, "category"),
        ({"category": "0201"}, "lead"),
        ({"category": "9999", "lead": "office"}, "category"),
        ({"category": "0201", "lead": "office", "assists": ["office"]}, "assists"),
        ({"category": "0201", "resolve_by": "soon"}, "resolve_by"),
        ({"category": "0201", "urgency": "emergency", "resolve_by": "4wh"}, "resolve_by"),
        ({"category": "0201", "lead": "office", "handling": "both"}, "handling"),
    ],
)
def test_a_rule_that_says_nothing_is_refused(data: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refusal:
        rule(**data)
    assert refusal.value.field == field


def test_a_dry_run_says_what_would_have_changed() -> None:
    units = {unit.code: unit.pk for unit in Unit.objects.all()}
    category, at = catalogue().by_code["0201"].id, place("金桂苑6幢")
    past = [(category, at, "normal", units["municipal"])] * 2 + [(category, None, "normal", units["office"])]
    assert [d.index for d in ruling.dry_run(past).changed] == [2]
    made = rule(category="0201", place=place("金桂苑"), lead="greening")
    after = ruling.dry_run(past, only=made)
    assert after.seen == 3
    assert [d.lead_now for d in after.changed] == [units["greening"]] * 2
    assert after.by_rule == {made.pk: 2}


def test_routing_reads_nothing_from_the_database_once_warm(django_assert_num_queries: Any) -> None:
    category, at = catalogue().by_code["0101"].id, place("金桂苑6幢")
    route(category, at, "emergency")
    with django_assert_num_queries(0):
        route(category, at, "emergency")
