"""What is done by hand has two persons; rules hold from their day; what expires is told before."""

from datetime import date
from typing import Any

import pytest

from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.notify.models import Message, Notice
from chenyue.people.models import Grant, Member, Role
from chenyue.volunteering import chores_ledger, conversion, proposing, proving, ruling
from chenyue.volunteering.accounts import balance, totals
from chenyue.volunteering.lifecycle import ProposalKind
from chenyue.volunteering.models import ConversionRule, Proposal
from chenyue.volunteering.ruling import Terms
from volunteering.stage import BEGAN, Stage, add_rule, moment

TODAY = BEGAN.date()


@pytest.fixture
def stage(cast: Any) -> Stage:
    return Stage(cast)


def keeper(phone: str = "") -> Member:
    """A second person who keeps credits."""
    found = Member.objects.create_member("keeper", None, name="周专员", must_change_password=False, phone=phone)
    Grant.objects.create(member=found, role=Role.objects.get(code="volunteer_keeper"))
    return found


# Rules


def test_a_rule_holds_from_its_day_once_another_person_approved_it(stage: Stage) -> None:
    row = ruling.propose_rule(terms=Terms(date(2026, 11, 10), 100), by=stage.zhao, at=BEGAN)
    assert conversion.rule_of(date(2026, 11, 10)) is None
    with pytest.raises(Refusal) as refused:
        ruling.approve_rule(rule=row, by=stage.zhao, at=BEGAN)
    assert refused.value.code == "same_person"
    ruling.approve_rule(rule=row, by=keeper().actor(), at=BEGAN)
    assert conversion.rule_of(date(2026, 11, 9)) is None
    assert conversion.rule_of(date(2026, 11, 10)) == row
    with pytest.raises(Conflict):
        ruling.drop_rule(rule=row, by=stage.zhao, at=BEGAN)


def test_a_dropped_proposal_leaves_its_day_free(stage: Stage) -> None:
    terms = Terms(date(2026, 12, 1), 100)
    row = ruling.propose_rule(terms=terms, by=stage.zhao, at=BEGAN)
    with pytest.raises(Refusal) as refused:
        ruling.propose_rule(terms=terms, by=stage.zhao, at=BEGAN)
    assert refused.value.field == "starts_on"
    ruling.drop_rule(rule=row, by=stage.zhao, at=BEGAN)
    assert ruling.propose_rule(terms=terms, by=stage.zhao, at=BEGAN).version == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"per_hour": 0}, "per_hour"),
        ({"grades": ()}, "grades"),
        ({"grades": ("D",)}, "grades"),
        ({"expiry": "years"}, "expiry_years"),
        ({"rounding": "whole", "day_minutes": 30}, "day_minutes"),
        ({"balance_cap": -1}, "balance_cap"),
        ({"grace_days": 1000}, "grace_days"),
        ({"starts_on": date(2026, 10, 1)}, "starts_on"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_at_its_field(stage: Stage, wrong: Any, field: str) -> None:
    add_rule()
    terms = {"starts_on": date(2026, 12, 1), "per_hour": 100} | wrong
    with pytest.raises(Refusal) as refused:
        ruling.propose_rule(terms=Terms(**terms), by=stage.zhao, at=BEGAN)
    assert refused.value.field == field


def test_only_who_keeps_credits_makes_rules(stage: Stage) -> None:
    for who in (stage.li, stage.lin, stage.cast.zhou.actor(), stage.cast.audit.actor()):
        with pytest.raises(NotAllowed):
            ruling.propose_rule(terms=Terms(date(2026, 12, 1), 100), by=who, at=BEGAN)


def test_every_preset_is_a_rule(stage: Stage) -> None:
    for number, preset in enumerate(ruling.presets()):
        terms = Terms(
            starts_on=date(2027, 1, 1 + number), **preset["terms"] | {"grades": tuple(preset["terms"]["grades"])}
        )
        ruling.propose_rule(terms=terms, by=stage.zhao, at=BEGAN)
    assert ConversionRule.objects.count() == len(ruling.presets()) > 5


# By hand


def test_a_grant_takes_two_persons(stage: Stage) -> None:
    old, second = stage.resident(), keeper().actor()
    asked = proposing.propose(
        kind=ProposalKind.GRANT, resident=old, amount=500, reason="高龄慰问", by=stage.zhao, at=BEGAN,
        expires_on=date(2026, 12, 31),
    )  # fmt: skip
    assert balance(old, TODAY).free == 0
    with pytest.raises(Refusal) as refused:
        proposing.approve(proposal=asked, by=stage.zhao, at=BEGAN)
    assert refused.value.code == "same_person"
    posting = proposing.approve(proposal=asked, by=second, at=BEGAN)
    assert (balance(old, TODAY).free, posting.second_id) == (500, second.user.pk)
    with pytest.raises(Conflict):
        proposing.approve(proposal=asked, by=second, at=BEGAN)
    assert list(proving.faults()) == []


def test_nobody_grants_to_themselves(stage: Stage) -> None:
    me = keeper("13900000888")
    mine = stage.resident("周专员", "13900000888")
    with pytest.raises(Refusal) as refused:
        proposing.propose(kind="grant", resident=mine, amount=500, reason="慰问", by=me.actor(), at=BEGAN)
    assert refused.value.code == "oneself"
    asked = proposing.propose(kind="grant", resident=mine, amount=500, reason="慰问", by=stage.zhao, at=BEGAN)
    with pytest.raises(Refusal):
        proposing.approve(proposal=asked, by=me.actor(), at=BEGAN)


def test_taking_back_never_goes_below_zero(stage: Stage) -> None:
    someone, second = stage.rich(100).resident, keeper().actor()
    asked = proposing.propose(kind="take", resident=someone, amount=150, reason="误记", by=stage.zhao, at=BEGAN)
    with pytest.raises(Refusal) as refused:
        proposing.approve(proposal=asked, by=second, at=BEGAN)
    assert refused.value.code == "short"
    proposing.refuse(proposal=asked, words="金额有误", by=second, at=BEGAN)
    asked = proposing.propose(kind="take", resident=someone, amount=60, reason="误记", by=stage.zhao, at=BEGAN)
    proposing.approve(proposal=asked, by=second, at=BEGAN)
    assert (balance(someone, TODAY).free, totals()["voided"]) == (40, 60)
    assert list(Proposal.objects.order_by("pk").values_list("state", flat=True)) == ["refused", "approved"]


def test_who_froze_does_not_free(stage: Stage) -> None:
    someone = stage.rich(100).resident
    frozen = proposing.freeze_by_hand(resident=someone, amount=None, reason="举报", key="k", by=stage.zhao, at=BEGAN)
    assert proposing.frozen_by_hand(someone) == [frozen]
    with pytest.raises(Refusal) as refused:
        proposing.thaw_by_hand(frozen=frozen, reason="查清", by=stage.zhao, at=BEGAN)
    assert refused.value.code == "same_person"
    proposing.thaw_by_hand(frozen=frozen, reason="查清", by=keeper().actor(), at=BEGAN)
    assert balance(someone, TODAY).free == 100
    earned = someone.volunteer.hours.get().lot.moves.first().posting
    with pytest.raises(NotFound):
        proposing.thaw_by_hand(frozen=earned, reason="查清", by=stage.zhao, at=BEGAN)


def test_no_word_of_credits_no_change_by_hand(stage: Stage) -> None:
    someone = stage.rich(100).resident
    for who in (stage.li, stage.lin, stage.cast.audit.actor(), stage.cast.zhou.actor()):
        with pytest.raises(NotAllowed):
            proposing.propose(kind="grant", resident=someone, amount=1, reason="x", by=who, at=BEGAN)
        with pytest.raises(NotAllowed):
            proposing.freeze_by_hand(resident=someone, amount=None, reason="x", key="k", by=who, at=BEGAN)


# By themselves


def test_people_hear_thirty_and_seven_days_before_credits_expire(stage: Stage) -> None:
    stage.rule = add_rule(expiry="year_end")
    someone = stage.rich(250).resident
    someone.email = "volunteer@example.org"
    someone.save()
    days = [moment(28), moment(29), moment(40), moment(52), moment(53), moment(59)]
    assert [chores_ledger.warn(at) for at in days] == [0, 1, 1, 1, 1, 1]
    said = [m.body for m in Message.objects.filter(template="credits-expiring").order_by("pk")]
    assert len(said) == 2  # the others were the same message again
    assert all("2.5" in body and "2026年12月31日" in body for body in said)
    assert chores_ledger.expire(moment(59)) == 0
    assert chores_ledger.expire(moment(60)) == 1
    assert chores_ledger.warn(moment(60)) == 0


def test_a_broken_ledger_is_told_to_who_keeps_it_and_to_auditors(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    assert chores_ledger.prove(BEGAN) == 0
    monkeypatch.setattr(proving, "faults", lambda: [proving.Fault("holdings", "账户 1 相差 5")])
    assert chores_ledger.prove(BEGAN) == 1
    told = {notice.member.username for notice in Notice.objects.select_related("member")}
    assert {"zhao", "audit"} <= told
    assert not told & {"lin", "sun", "zhou", "wang"}
    assert "账户 1 相差 5" in Notice.objects.order_by("pk")[0].text
