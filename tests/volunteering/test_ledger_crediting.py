"""Earning, holding, spending, passing on: each rule once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from chenyue.core.actors import SYSTEM
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.timeline.models import Entry
from chenyue.volunteering import crediting
from chenyue.volunteering.accounts import account, balance, totals
from chenyue.volunteering.models import FamilyTie, Holding, Lot, Move, Posting
from chenyue.volunteering.posting import Shift, post
from volunteering.stage import BEGAN, Stage, acts_for, add_rule, moment

TODAY = BEGAN.date()


@pytest.fixture
def stage(cast: Any) -> Stage:
    return Stage(cast)


def tie(giver: Any, receiver: Any, **more: Any) -> FamilyTie:
    given = {"kin": "parent", "made_at": BEGAN, "giver_at": BEGAN, "receiver_at": BEGAN, "approved_at": BEGAN} | more
    return FamilyTie.objects.create(giver=giver, receiver=receiver, **given)


def has(resident: Any, on: date = TODAY) -> tuple[int, int, int]:
    found = balance(resident, on)
    return found.free, found.held, found.frozen


# Earning


def test_an_hour_is_a_credit_and_comes_once(stage: Stage) -> None:
    someone = stage.volunteer()
    entry = stage.hours(someone, 95)
    add_rule()
    first = crediting.earn(entry, BEGAN)
    again = crediting.earn(entry, moment(1))
    assert first == again
    assert has(someone.resident) == (158, 0, 0)  # 95 minutes: 1.58, what is less than a hundredth is dropped
    assert Lot.objects.get().minutes == 95
    said = Entry.objects.get(subject=f"credits:{someone.resident_id}")
    assert (said.verb, said.data["amount"]) == ("volunteering.credits_earn", 158)


@pytest.mark.parametrize(
    ("rule", "grade", "more"),
    [
        (None, "A", {}),
        ({"starts_on": date(2026, 12, 1)}, "A", {}),
        ({"grades": ["A"]}, "C", {}),
        ({"rounding": "whole"}, "A", {}),
        ({"approved_at": None}, "A", {}),
        ({}, "A", {"earns": False}),
    ],
)
def test_what_does_not_convert(stage: Stage, rule: Any, grade: str, more: Any) -> None:
    if rule is not None:
        add_rule(**rule)
    entry = stage.hours(stage.volunteer(), 55, grade=grade, activity=stage.activity(**more))
    assert crediting.earn(entry, BEGAN) is None
    assert not Posting.objects.exists()


def test_the_rule_of_the_day_that_was_served_counts(stage: Stage) -> None:
    add_rule()
    add_rule(starts_on=date(2026, 11, 10), per_hour=1000)
    someone = stage.volunteer()
    crediting.earn(stage.hours(someone, 60, served_on=date(2026, 11, 9)), moment(20))
    crediting.earn(stage.hours(someone, 60, served_on=date(2026, 11, 10)), moment(20))
    assert has(someone.resident)[0] == 100 + 1000


def test_two_half_hours_of_one_activity_make_a_whole_one(stage: Stage) -> None:
    add_rule(rounding="whole")
    someone, activity = stage.volunteer(), stage.activity()
    assert crediting.earn(stage.hours(someone, 40, activity=activity), BEGAN) is None
    assert crediting.earn(stage.hours(someone, 40, activity=activity), BEGAN)
    assert crediting.earn(stage.hours(someone, 40), BEGAN) is None
    assert has(someone.resident)[0] == 100


@pytest.mark.parametrize(
    ("cap", "same_activity", "same_day"),
    [
        ({"activity_minutes": 120}, True, True),
        ({"day_minutes": 120}, False, True),
        ({"year_minutes": 120}, False, False),
    ],
)
def test_caps(stage: Stage, cap: Any, same_activity: bool, same_day: bool) -> None:
    add_rule(**cap)
    someone, activity = stage.volunteer(), stage.activity()
    for number in range(3):
        where = activity if same_activity else stage.activity()
        day = TODAY + timedelta(days=0 if same_day else number)
        crediting.earn(stage.hours(someone, 90, activity=where, served_on=day), BEGAN)
    assert has(someone.resident)[0] == 200
    assert crediting.served(someone.resident_id) == 270  # hours are a fact: no cap touches them


def test_what_lies_above_the_balance_cap_goes_to_the_pool(stage: Stage) -> None:
    add_rule(balance_cap=150)
    someone = stage.volunteer()
    for _ in range(3):
        crediting.earn(stage.hours(someone, 60), BEGAN)
    assert has(someone.resident)[0] == 150
    assert totals()["pool"] == 150
    assert totals()["issuance"] == -300


@pytest.mark.parametrize(
    ("rule", "served_on", "last"),
    [
        ({}, date(2026, 3, 1), None),
        ({"expiry": "year_end"}, date(2026, 3, 1), date(2026, 12, 31)),
        ({"expiry": "years", "expiry_years": 3}, date(2024, 2, 29), date(2027, 2, 28)),
        ({"expiry": "year_end"}, date(2025, 12, 30), date(2026, 12, 2)),  # certified late: thirty days at least
    ],
)
def test_the_last_day(stage: Stage, rule: Any, served_on: date, last: date | None) -> None:
    add_rule(starts_on=date(2020, 1, 1), **rule)
    crediting.earn(stage.hours(stage.volunteer(), 60, served_on=served_on), BEGAN)
    assert Lot.objects.get().expires_on == last


# Wrong hours


def test_credits_of_wrong_hours_are_taken_back_and_the_cap_is_free_again(stage: Stage) -> None:
    stage.rule = add_rule(day_minutes=60)
    someone = stage.volunteer()
    entry = stage.hours(someone, 60)
    crediting.earn(entry, BEGAN)
    stage.counter(entry)
    taken = crediting.reverse_earning(entry, by=stage.zhao, at=moment(1), reason="记错了")
    assert taken and taken == crediting.reverse_earning(entry, by=stage.zhao, at=moment(1), reason="记错了")
    assert has(someone.resident) == (0, 0, 0)
    stage.earned(someone, 60)
    assert has(someone.resident)[0] == 100


def test_some_of_the_minutes_were_wrong(stage: Stage) -> None:
    stage.rule = add_rule(rounding="half")
    someone = stage.volunteer()
    entry = stage.hours(someone, 120)
    crediting.earn(entry, BEGAN)
    stage.counter(entry, 40)
    crediting.reverse_earning(entry, minutes=40, by=stage.zhao, at=moment(1), reason="提前离开")
    assert has(someone.resident)[0] == 100  # 80 minutes are one hour and a half hour not begun: 60


def test_what_was_spent_already_is_a_shortfall_never_below_zero(stage: Stage) -> None:
    someone = stage.rich(100)
    entry = someone.hours.get()
    held = crediting.hold(someone.resident, 80, key="hold:1", reference="booking:B1", by=stage.li, at=BEGAN)
    crediting.burn(held, by=stage.li, at=moment(1))
    taken = crediting.reverse_earning(entry, by=stage.zhao, at=moment(2), reason="记错了")
    assert taken is not None
    assert "0.8" in taken.reason
    assert has(someone.resident) == (0, 0, 0)
    short = Entry.objects.get(verb="volunteering.credits_short")
    assert short.data == {"amount": 80, "entry": entry.pk}


def test_frozen_credits_of_wrong_hours_go_first_and_thaw_gives_the_rest(stage: Stage) -> None:
    someone = stage.rich(100)
    entry = someone.hours.get()
    frozen = crediting.freeze(entry, key="freeze:1", by=stage.zhao, at=BEGAN)
    assert frozen
    assert has(someone.resident) == (0, 0, 100)
    stage.counter(entry, 30)
    crediting.reverse_earning(entry, minutes=30, by=stage.zhao, at=moment(1), reason="一半属实")
    assert has(someone.resident) == (0, 0, 50)
    assert crediting.thaw(frozen, by=stage.zhao, at=moment(1))
    assert has(someone.resident) == (50, 0, 0)


# Bookings


def test_what_expires_soonest_is_held_first_and_comes_back_to_its_lot(stage: Stage) -> None:
    add_rule(expiry="years", expiry_years=1)
    add_rule(starts_on=date(2026, 6, 1))
    someone = stage.volunteer()
    crediting.earn(stage.hours(someone, 60, served_on=date(2026, 7, 1)), BEGAN)
    crediting.earn(stage.hours(someone, 60, served_on=date(2026, 5, 1)), BEGAN)
    held = crediting.hold(someone.resident, 150, key="h", reference="booking:B1", by=stage.li, at=BEGAN)
    assert [(m.lot.expires_on, m.amount) for m in held.moves.order_by("pk")] == [(date(2027, 5, 1), 100), (None, 50)]
    assert has(someone.resident) == (50, 150, 0)
    burnt = crediting.burn(held, 120, by=stage.li, at=moment(1))
    assert has(someone.resident) == (80, 0, 0)
    assert [m.lot.expires_on for m in burnt.moves.filter(target__kind="person")] == [None]


def test_a_hold_and_its_end_happen_once(stage: Stage) -> None:
    someone = stage.rich(100)
    asked: dict[str, Any] = {"key": "hold:B1", "reference": "booking:B1", "by": stage.li, "at": BEGAN}
    held = crediting.hold(someone.resident, 100, **asked)
    assert crediting.hold(someone.resident, 100, **asked) == held
    with pytest.raises(Conflict):
        crediting.hold(someone.resident, 60, **asked)
    back = crediting.release(held, by=stage.li, at=moment(1))
    assert crediting.release(held, by=stage.li, at=moment(2)) == back
    with pytest.raises(Conflict):
        crediting.burn(held, by=stage.li, at=moment(2))
    assert has(someone.resident) == (100, 0, 0)


def test_too_few_credits_say_how_many_are_missing(stage: Stage) -> None:
    someone = stage.rich(100)
    with pytest.raises(crediting.Short) as refused:
        crediting.hold(someone.resident, 130, key="h", reference="booking:B1", by=stage.li, at=BEGAN)
    assert (refused.value.code, refused.value.missing) == ("short", 30)
    assert "0.3" in str(refused.value.sentence)
    assert Posting.objects.count() == 1


def test_expired_credits_are_not_to_spend_even_before_the_tick(stage: Stage) -> None:
    stage.rule = add_rule(expiry="year_end")
    someone = stage.rich(100)
    later = moment(90)
    assert has(someone.resident, later.date()) == (0, 0, 0)
    with pytest.raises(crediting.Short):
        crediting.hold(someone.resident, 100, key="h", reference="booking:B1", by=stage.li, at=later)


def test_a_held_lot_never_expires_and_expires_after_it_came_back(stage: Stage) -> None:
    stage.rule = add_rule(expiry="year_end")
    someone = stage.rich(200)
    held = crediting.hold(someone.resident, 100, key="h", reference="booking:B1", by=stage.li, at=BEGAN)
    assert crediting.expire(date(2026, 12, 31), moment(59)) == 0
    assert crediting.expire(date(2027, 1, 1), moment(60)) == 1
    assert has(someone.resident) == (0, 100, 0)
    crediting.release(held, by=stage.li, at=moment(61))
    assert crediting.expire(date(2027, 1, 1), moment(61)) == 1
    assert crediting.expire(date(2027, 1, 1), moment(61)) == 0
    assert (has(someone.resident), totals()["expired"]) == ((0, 0, 0), 200)


def test_a_lot_that_comes_back_late_by_the_suppliers_fault_lives_on(stage: Stage) -> None:
    stage.rule = add_rule(expiry="year_end")
    someone = stage.rich(100)
    held = crediting.hold(someone.resident, 100, key="h", reference="booking:B1", by=stage.li, at=BEGAN)
    crediting.release(held, by=SYSTEM, at=moment(61), fault=True, reason="供应商取消")
    assert crediting.expire(moment(61).date(), moment(61)) == 0
    assert has(someone.resident, moment(91).date()) == (100, 0, 0)
    assert totals()["issuance"] == -200
    assert totals()["expired"] == 100


def test_the_threshold_of_hours_holds_for_what_one_earned(stage: Stage) -> None:
    stage.rule = add_rule(threshold_minutes=120)
    someone = stage.rich(100)
    asked: dict[str, Any] = {"reference": "booking:B1", "by": stage.li, "at": BEGAN}
    with pytest.raises(Refusal) as refused:
        crediting.hold(someone.resident, 50, key="h1", **asked)
    assert refused.value.code == "threshold"
    crediting.grant(someone.resident, 50, key="g", by=stage.li, second=stage.cast.zhao, at=BEGAN, reason="慰问")
    crediting.hold(someone.resident, 50, key="h2", **asked)
    stage.earned(someone, 60)
    crediting.hold(someone.resident, 150, key="h3", **asked)


# Family and pool


def test_credits_are_passed_on_to_a_registered_relative_only(stage: Stage) -> None:
    giver, receiver = stage.rich(300).resident, stage.resident()
    asked: dict[str, Any] = {"key": "t", "by": acts_for(giver), "at": BEGAN}
    with pytest.raises(Refusal) as refused:
        crediting.transfer(giver, receiver, 100, **asked)
    assert refused.value.code == "no_tie"
    found = tie(giver, receiver, receiver_at=None)
    with pytest.raises(Refusal):
        crediting.transfer(giver, receiver, 100, **asked)
    found.receiver_at = BEGAN
    found.save()
    moved = crediting.transfer(giver, receiver, 100, **asked)
    assert crediting.transfer(giver, receiver, 100, **asked) == moved
    assert (has(giver)[0], has(receiver)[0]) == (200, 100)


def test_nobody_passes_on_or_gives_away_what_is_anothers(stage: Stage) -> None:
    giver, receiver = stage.rich(300).resident, stage.resident()
    tie(giver, receiver)
    with pytest.raises(NotAllowed):
        crediting.transfer(giver, receiver, 100, key="t", by=acts_for(receiver), at=BEGAN)
    with pytest.raises(NotAllowed):
        crediting.donate(giver, 100, key="d", by=stage.cast.zhou.actor(), at=BEGAN)


def test_the_family_cap_of_a_year(stage: Stage) -> None:
    stage.rule = add_rule(family_year_cap=150)
    giver, receiver = stage.rich(300).resident, stage.resident()
    tie(giver, receiver)
    crediting.transfer(giver, receiver, 100, key="t1", by=stage.li, at=BEGAN)
    with pytest.raises(Refusal) as refused:
        crediting.transfer(giver, receiver, 51, key="t2", by=stage.li, at=moment(1))
    assert refused.value.code == "year_cap"
    crediting.transfer(giver, receiver, 150, key="t3", by=stage.li, at=moment(70))  # the next year


def test_donated_credits_are_for_those_who_cannot_earn(stage: Stage) -> None:
    giver, old = stage.rich(300).resident, stage.resident()
    crediting.donate(giver, 200, key="d", by=acts_for(giver), at=BEGAN)
    give: dict[str, Any] = {"by": stage.li, "second": stage.cast.zhao, "at": BEGAN, "reason": "高龄独居"}
    with pytest.raises(Refusal) as refused:
        crediting.grant(old, 201, key="p1", from_pool=True, **give)
    assert refused.value.code == "pool_short"
    crediting.grant(old, 150, key="p2", from_pool=True, **give)
    assert (has(giver)[0], has(old)[0], totals()["pool"]) == (100, 150, 50)


# The guards below the verbs


def test_the_database_itself_says_no_below_zero(stage: Stage) -> None:
    someone = stage.rich(100).resident
    lot, mine, held = Lot.objects.get(), account("person", someone), account("held", someone)
    posting = Posting.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Move.objects.create(posting=posting, lot=lot, source=mine, target=held, amount=101)
    with pytest.raises(Conflict), transaction.atomic():
        post("hold", [Shift(lot, mine, held, 101)], key="x", by=SYSTEM, at=BEGAN)
    assert Holding.objects.get(account=mine).amount == 100


@pytest.mark.parametrize("amount", [0, -1, 1.0, True])
def test_no_amount_but_a_whole_number_above_zero(stage: Stage, amount: Any) -> None:
    someone = stage.rich(100).resident
    with pytest.raises(Refusal):
        crediting.hold(someone, amount, key="h", reference="booking:B1", by=stage.li, at=BEGAN)


def test_no_posting_goes_a_way_its_kind_has_not(stage: Stage) -> None:
    one, other = stage.rich(100).resident, stage.resident()
    lot, mine, theirs = Lot.objects.get(), account("person", one), account("held", other)
    for kind, moves in {
        "burn": [Shift(lot, mine, theirs, 1)],
        "hold": [Shift(lot, mine, theirs, 1)],
        "earn": [],
    }.items():
        with pytest.raises(ValueError, match=r"no burn|only passing|needs moves"):
            post(kind, moves, key="x", by=SYSTEM, at=BEGAN)
