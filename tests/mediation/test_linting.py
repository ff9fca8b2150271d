"""The linter: each rule of the reference finds its case, and a good agreement is left alone."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chenyue.mediation import capitals
from chenyue.mediation.lifecycle import Capacity, Form, PartyKind, Side
from chenyue.mediation.linting import Draft, Due, Mark, Who, lint, rules, stopping
from chenyue.mediation.linting_words import SENTENCES

TODAY = date(2026, 11, 24)
SUM = Decimal("39163.50")
HE = Who(1, 1, "何水根", Side.APPLICANT, born_on=date(1961, 5, 4))
FANG = Who(2, 2, "方建英", Side.RESPONDENT, born_on=date(1970, 1, 1))
PAYS = Due(
    1, "支付土地补偿费分配款", who=2, whom=1, amount=SUM, amount_words=capitals.in_words(SUM),
    due_on=date(2026, 11, 30), manner="转入何水根农商行账户", breach="逾期按未付金额支付违约金",
)  # fmt: skip
GOOD = Draft(
    today=TODAY, parties=(HE, FANG), obligations=(PAYS,), total=SUM, total_words=capitals.in_words(SUM),
    clauses=("方建英于2026年11月30日前一次性支付何水根土地补偿费分配款人民币叁万玖仟壹佰陆拾叁元伍角（¥39,163.50）。",),
    facts="2024年村里征地，补偿款154654元由方建英代领。", dispute="何水根是否参与分配。", duties="方建英返还代领部分。",
    known=("李调解",),
)  # fmt: skip


def codes(draft: Draft) -> set[str]:
    return {one.code for one in lint(draft)}


def owing(**changes: Any) -> Draft:
    """The good agreement with its obligation changed."""
    return replace(GOOD, obligations=(replace(PAYS, **changes),), total=None)


def saying(words: str) -> Draft:
    """The good agreement with one more clause."""
    return replace(GOOD, clauses=(*GOOD.clauses, words))


def test_a_good_agreement_is_left_alone() -> None:
    assert lint(GOOD) == []


def test_every_rule_has_its_sentence_its_source_and_a_level() -> None:
    assert set(rules()) == set(SENTENCES)
    for rule in rules().values():
        assert rule["level"] in ("stops", "warns", "hints")
        assert rule["source"]


@pytest.mark.parametrize(
    ("draft", "code", "where"),
    [
        (replace(GOOD, parties=(HE, replace(FANG, side=Side.APPLICANT))), "no_sides", "parties"),
        (replace(GOOD, mediators=0), "no_mediator", "mediators"),
        (replace(GOOD, clauses=(), obligations=(), total=None), "no_content", "clauses"),
        (replace(GOOD, obligations=(), total=None), "no_obligation", "obligations"),
        (replace(GOOD, facts=" "), "no_facts", "facts"),
        (replace(GOOD, dispute=""), "no_dispute", "dispute"),
        (replace(GOOD, duties=""), "no_duties", "duties"),
        (owing(breach=""), "no_breach", "breach"),
        (replace(GOOD, copies=2), "few_copies", "copies"),
        (replace(GOOD, parties=(HE, replace(FANG, kind=PartyKind.UNIT))), "unit_without_head", "party-2"),
        (replace(GOOD, parties=(replace(HE, capacity=Capacity.LIMITED), FANG)), "no_guardian", "party-1"),
        (replace(GOOD, parties=(replace(HE, born_on=date(2008, 11, 25)), FANG)), "looks_minor", "party-1"),
        (replace(GOOD, parties=(HE, replace(FANG, there=False), replace(FANG, key=3, order=3))), "party_gone",
         "obligation-1.debtor"),
        (owing(who=None), "no_debtor", "obligation-1.debtor"),
        (owing(whom=None), "no_creditor", "obligation-1.creditor"),
        (owing(whom=2), "same_both", "obligation-1.creditor"),
        (owing(what=" "), "no_what", "obligation-1.what"),
        (owing(due_on=None), "no_due", "obligation-1.due_on"),
        (owing(due_on=date(2025, 11, 30)), "due_past", "obligation-1.due_on"),
        (owing(manner=""), "no_manner", "obligation-1.manner"),
        (owing(amount=None, amount_words=""), "no_amount", "obligation-1.amount"),
        (owing(amount_words=""), "no_amount_words", "obligation-1.amount"),
        (owing(amount_words="叁万多元"), "words_unread", "obligation-1.amount"),
        (owing(amount_words="叁万玖仟壹佰陆拾叁元整"), "words_differ", "obligation-1.amount"),
        (owing(parts=((date(2026, 12, 1), Decimal(20_000)), (date(2027, 1, 1), Decimal(19_000)))), "parts_differ",
         "obligation-1.parts"),
        (owing(parts=((date(2027, 1, 4), Decimal(20_000)), (date(2026, 12, 1), SUM - 20_000))), "parts_disorder",
         "obligation-1.parts"),
        (replace(GOOD, total=Decimal(40_000), total_words="肆万元整"), "total_differs", "total"),
        (replace(GOOD, worked=lambda day: day.day != 30), "due_rest", "obligation-1.due_on"),
        (replace(GOOD, seal_on=TODAY), "seal_early", "seal"),
    ],
)  # fmt: skip
def test_what_is_missing_or_contradicts_itself(draft: Draft, code: str, where: str) -> None:
    assert (code, where) in {(one.code, one.where) for one in lint(draft)}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("方建英应当尽快腾退车棚。", "vague_when"),
        ("方建英给予适当补偿。", "vague_what"),
        ("双方同意离婚。", "court_marriage"),
        ("双方解除收养。", "court_adoption"),
        ("双方断绝父子关系。", "court_status"),
        ("撤销处罚决定后付款。", "court_elsewhere"),
        ("何水根不再主张抚养费，双方放弃抚养费。", "court_unlawful"),
        ("车棚占用消防通道的部分归方建英使用。", "court_public"),
        ("他人所有的房屋一并分割。", "court_third"),
        ("支付分手费一万元。", "court_morals"),
        ("何水根不得再向法院起诉。", "other_roads"),
        ("双方各向调解委员会交纳五百元。", "not_free"),
        ("逾期按日万分之五支付。", "rate"),
        ("{付款人}支付{金额}元。", "blank_left"),
        ("于2026年__月__日前支付。", "blank_left"),
        ("于2026年2月30日前付清。", "day_impossible"),
        ("支付人民币叁万元（¥35,000.00）。", "text_differs"),
        ("支付35000元（大写：叁万元整）。", "text_differs"),
        ("支付3.5万元（大写：叁万元整）。", "text_differs"),
        ("丙方承担维修费用。", "label_undefined"),
        ("由金桂苑物业公司负责修复屋面。", "third_bound"),
    ],
)
def test_what_the_words_give_away(words: str, code: str) -> None:
    assert (code, "clause-2") in {(one.code, one.where) for one in lint(saying(words))}


@pytest.mark.parametrize(
    "words",
    [
        "甲方于签字当日交付，乙方确认收到。",
        "支付3.5万元（大写：叁万伍仟元整）。",
        "人民币叁万伍仟元整（¥35,000.00）于2028年2月29日前付清。",
        "由方建英负责拆除车棚，由双方共同承担清理费用，由违约方承担损失。",
        "由李调解负责监督。",
    ],
)
def test_what_is_well_said_is_left_alone(words: str) -> None:
    assert {one.code for one in lint(saying(words))} == set()


def test_facts_may_tell_of_strangers_and_of_a_marriage() -> None:
    told = replace(GOOD, facts="双方于2012年离婚，婚姻关系解除后，由村委会代管补偿款。")
    assert lint(told) == []


def test_an_oral_agreement_needs_its_day_and_why() -> None:
    oral = replace(GOOD, form=Form.ORAL, copies=1)
    assert codes(oral) == {"no_reached", "no_why_oral", "oral_not_now"}
    done = replace(PAYS, due_on=TODAY)
    kept = replace(oral, reached_on=TODAY, why_oral="双方认为无需制作", obligations=(done,))
    assert codes(kept) == set()
    assert codes(replace(kept, reached_on=date(2026, 11, 25))) >= {"day_ahead"}


def test_days_of_signatures_and_the_seal() -> None:
    marks = (Mark("party", date(2026, 11, 20), 1), Mark("party", date(2026, 11, 22), 2), Mark("mediator", TODAY))
    signed = replace(GOOD, marks=marks, seal_on=TODAY)
    assert codes(signed) == set()
    assert codes(replace(signed, seal_on=date(2026, 11, 21))) == {"seal_early"}
    early = replace(signed, marks=(*marks[:2], Mark("mediator", date(2026, 11, 21))))
    assert codes(early) == {"mediator_early"}
    assert codes(replace(signed, marks=(*marks, Mark("party", date(2026, 11, 25), 1)))) >= {"day_ahead"}
    assert codes(replace(signed, marks=(*marks, Mark("representative", TODAY, 1, may_settle=False)))) == {
        "no_authority"
    }


def test_the_gravest_come_first_and_only_they_stop() -> None:
    found = lint(replace(owing(amount_words="壹元整", manner=""), duties=""))
    assert [one.level for one in found] == ["stops", "warns", "hints"]
    assert [one.code for one in stopping(found)] == ["words_differ"]
    assert "39,163.50" in found[0].sentence
    assert "1.00" in found[0].sentence


@given(st.text(max_size=60), st.text(alphabet="甲乙丙方由支付承担¥（）0123456789年月日壹万元整{}_", max_size=60))
def test_whatever_is_written_is_read_to_its_end(one: str, other: str) -> None:
    for found in lint(replace(GOOD, clauses=(one, other), facts=one)):
        assert found.sentence
        assert found.source


@given(st.integers(1, 10**15), st.integers(1, 10**15))
def test_figures_and_words_are_told_apart_exactly(cents: int, other: int) -> None:
    amount, words = Decimal(cents) / 100, capitals.in_words(Decimal(other) / 100)
    found = codes(owing(amount=amount, amount_words=words))
    assert ("words_differ" in found) == (cents != other)
