"""The bank book, and who may pass credits on to whom."""

from datetime import date
from functools import partial
from typing import Any

import pytest

from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.volunteering import crediting, ties
from chenyue.volunteering.statement import shortfalls, statement
from helpers import count
from volunteering.stage import BEGAN, Stage, acts_for, moment

TODAY = BEGAN.date()


@pytest.fixture
def stage(cast: Any) -> Stage:
    return Stage(cast)


def test_a_book_reads_from_the_newest_line_with_its_balance(stage: Stage) -> None:
    someone = stage.rich(300)
    activity = stage.activity(title="雨后清淤")
    stage.earned(someone, 60, activity=activity)
    held = crediting.hold(someone.resident, 150, key="h", reference="booking:B1", by=stage.li, at=moment(1))
    crediting.burn(held, 100, by=stage.li, at=moment(2))
    book = statement(someone.resident, on=TODAY)
    seen = [(line.kind, line.change, line.held, line.balance) for line in book.lines]
    assert seen == [
        ("burn", 50, -150, 300),
        ("hold", -150, 150, 250),
        ("earn", 100, 0, 400),
        ("earn", 300, 0, 300),
    ]
    assert (book.lines[2].about, book.balance.free, book.next) == ("雨后清淤", 300, "")


def test_page_after_page_at_the_same_cost(stage: Stage) -> None:
    someone = stage.volunteer()
    for _ in range(7):
        stage.earned(someone, 60)
    first = statement(someone.resident, size=3, on=TODAY)
    second = statement(someone.resident, size=3, before=first.next, on=TODAY)
    third = statement(someone.resident, size=3, before=second.next, on=TODAY)
    pages = [first, second, third]
    assert [[line.balance for line in page.lines] for page in pages] == [[700, 600, 500], [400, 300, 200], [100]]
    assert third.next == ""
    assert statement(someone.resident, size=3, before="x' OR 1", on=TODAY).lines == first.lines
    costs = {count(partial(statement, someone.resident, size=3, before=b, on=TODAY)) for b in ("", first.next)}
    assert costs == {9}


def test_each_book_holds_ones_own_lines_only(stage: Stage) -> None:
    giver, receiver = stage.rich(300).resident, stage.resident()
    tie = ties.ask_tie(giver=giver, receiver=receiver, kin="parent", by=stage.li, at=BEGAN, both_agree=True)
    ties.approve_tie(tie=tie, proof="户口簿", by=stage.zhao, at=BEGAN)
    crediting.transfer(giver, receiver, 120, key="t", by=acts_for(giver), at=moment(1))
    assert [(x.kind, x.change) for x in statement(receiver, on=TODAY).lines] == [("transfer", 120)]
    assert [(x.kind, x.change) for x in statement(giver, on=TODAY).lines] == [("transfer", -120), ("earn", 300)]
    assert statement(stage.resident(), on=TODAY).lines == []


def test_what_could_not_be_taken_back_is_shown(stage: Stage) -> None:
    someone = stage.rich(100)
    entry = someone.hours.get()
    crediting.hold(someone.resident, 80, key="h", reference="booking:B1", by=stage.li, at=BEGAN)
    stage.counter(entry)
    crediting.reverse_earning(entry, by=stage.zhao, at=moment(1), reason="记错了")
    assert [(one.entry, one.missing) for one in shortfalls()] == [(entry, 80)]


# Ties


def test_both_agree_and_somebody_else_approves(stage: Stage) -> None:
    giver, receiver = stage.resident(), stage.resident()
    tie = ties.ask_tie(giver=giver, receiver=receiver, kin="parent", by=acts_for(giver), at=BEGAN)
    with pytest.raises(Refusal) as refused:
        ties.approve_tie(tie=tie, proof="户口簿", by=stage.zhao, at=BEGAN)
    assert refused.value.code == "consents"
    with pytest.raises(NotAllowed):
        ties.agree_tie(tie=tie, by=acts_for(stage.resident()), at=BEGAN)
    ties.agree_tie(tie=tie, by=acts_for(receiver), at=BEGAN)
    with pytest.raises(NotAllowed):
        ties.approve_tie(tie=tie, proof="户口簿", by=stage.li, at=BEGAN)
    with pytest.raises(Refusal):
        ties.approve_tie(tie=tie, proof="", by=stage.zhao, at=BEGAN)
    ties.approve_tie(tie=tie, proof="户口簿", by=stage.zhao, at=BEGAN)
    ties.end_tie(tie=tie, by=acts_for(receiver), at=moment(1))
    with pytest.raises(Conflict):
        ties.agree_tie(tie=tie, by=acts_for(receiver), at=moment(1))


def test_nobody_approves_their_own_family(stage: Stage) -> None:
    zhao = stage.cast.zhao
    zhao.phone = "13900000777"
    zhao.save()
    giver, receiver = stage.resident(), stage.resident("赵父", "13900000777")
    tie = ties.ask_tie(giver=giver, receiver=receiver, kin="parent", by=stage.li, at=BEGAN, both_agree=True)
    with pytest.raises(Refusal) as refused:
        ties.approve_tie(tie=tie, proof="户口簿", by=zhao.actor(), at=BEGAN)
    assert refused.value.code == "oneself"


def test_strangers_ask_for_nobody_and_find_nothing(stage: Stage) -> None:
    giver, receiver, stranger = stage.resident(), stage.resident(), stage.resident()
    for by in (acts_for(stranger), stage.cast.zhou.actor()):
        with pytest.raises(NotAllowed):
            ties.ask_tie(giver=giver, receiver=receiver, kin="parent", by=by, at=BEGAN)
    tie = ties.ask_tie(giver=giver, receiver=receiver, kin="parent", by=acts_for(giver), at=BEGAN)
    with pytest.raises(NotFound):
        ties.tie_of(stranger, tie.pk)
    with pytest.raises(NotAllowed):
        ties.end_tie(tie=tie, by=acts_for(stranger), at=BEGAN)
    for again in ({"kin": "parent"}, {"kin": "neighbour"}):
        with pytest.raises(Refusal):
            ties.ask_tie(giver=giver, receiver=receiver, by=acts_for(giver), at=BEGAN, **again)
    with pytest.raises(Refusal):
        ties.ask_tie(giver=giver, receiver=giver, kin="parent", by=acts_for(giver), at=BEGAN)


def test_a_book_of_one_day(stage: Stage) -> None:
    assert statement(stage.resident(), on=date(2026, 1, 1)).balance.all == 0
