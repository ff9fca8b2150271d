"""A reporter takes an appeal back: closed at once where nobody has begun, else shown to who handles it."""

import pytest

from chenyue.cases.actions import ReporterData, file_appeal, move
from chenyue.cases.lifecycle import Move, State
from chenyue.cases.models import Appeal, Result
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.notify.models import Notice
from chenyue.timeline.models import Entry, VisibleTo

CHEN = Actor("resident", "A1")


def back(case, appeal, at, **more):
    return move(case=case, move=Move.WITHDRAW, by=CHEN, at=at, appeal=appeal, **more)


def seen(case):
    rows = Entry.objects.filter(subject=case.subject, visible_to=VisibleTo.RESIDENT)
    return list(rows.order_by("pk").values_list("verb", flat=True))


def test_alone_and_untouched_it_ends_at_once(story):
    case = story.file()
    appeal = case.appeals.get()
    case = back(case, appeal, story.at(1), words="已经自己修好了")
    assert (case.state, case.result, case.closed_at) == (State.CLOSED, Result.WITHDRAWN, story.at(1))
    assert case.next_at is None
    assert seen(case) == ["case.received", "case.withdrawn", "case.closed"]
    appeal.refresh_from_db()
    assert appeal.withdrawn_at == story.at(1)
    assert appeal.words  # the record stays


def test_with_neighbours_the_case_goes_on(story, cast):
    case = story.file()
    mine = case.appeals.get()
    file_appeal(
        words="我家门口也冒", channel="web", by=CHEN, at=story.at(), join_number=case.number,
        reporter=ReporterData("邻居", "13900000009"),
    )  # fmt: skip
    case = back(case, mine, story.at(1))
    assert case.state == State.RECEIVED
    assert "case.withdrawn" not in seen(case)  # neighbours don't read who takes what back
    assert Notice.objects.filter(member=cast.li, key__contains="withdrawn").exists()


def test_whoever_handles_it_reads_the_wish_and_answers(story, cast):
    case = story.handling()
    appeal = case.appeals.get()
    case = back(case, appeal, story.at(1))
    assert case.state == State.HANDLING
    assert Notice.objects.filter(member=cast.lin, key__contains="withdraw").exists()
    with pytest.raises(Refusal):
        back(case, appeal, story.at(1.1))
    case = story.go(case, Move.ANSWER, "lin", 2, told="按您的意思不再办理。", result="withdrawn")
    assert case.result == Result.WITHDRAWN


def test_no_member_takes_it_back_and_nobody_another_case(story):
    case, other = story.file(), story.file()
    with pytest.raises(NotAllowed):
        story.go(case, Move.WITHDRAW, "zhao", 1, appeal=case.appeals.get())
    with pytest.raises(Refusal):
        back(case, other.appeals.get(), story.at(1))
    done = story.answered()
    with pytest.raises(Conflict):
        back(done, done.appeals.get(), story.at(5))
    assert not Appeal.objects.exclude(withdrawn_at=None).exists()
