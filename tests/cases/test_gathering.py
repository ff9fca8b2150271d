"""Voices that join and part; intake that joins; what reporters are told."""

import pytest

from chenyue.cases.actions import ReporterData, add_words, file_appeal, move
from chenyue.cases.lifecycle import Move, State
from chenyue.cases.models import Appeal, Case
from chenyue.cases.preview import answer_preview
from chenyue.core.actors import Actor
from chenyue.core.errors import NotFound, Refusal
from chenyue.notify.models import Message
from chenyue.timeline import queries as timeline
from chenyue.timeline.models import Entry


def neighbour(number: int) -> ReporterData:
    return ReporterData(f"邻居{number}", f"1380000010{number}", f"n{number}@example.org")


def told(case_or_number) -> list[str]:
    return sorted(Message.objects.filter(template=case_or_number).values_list("key", flat=True))


def test_three_neighbours_join_and_all_are_told(story):
    cases = [story.file(reporter=neighbour(n)) for n in range(3)]
    target = story.dispatch(cases[0])
    for case in cases[1:]:
        story.go(case, Move.JOIN, "li", 1, into=target.number)
    target.refresh_from_db()
    assert target.appeals_count == 3
    assert target.appeals.count() == 3
    assert {a.first_case_id for a in target.appeals.all()} == {c.pk for c in cases}
    assert len(told("case-joined")) == 2
    target = story.go(target, Move.ACCEPT, "lin", 2)
    story.go(target, Move.ANSWER, "lin", 3, told="已疏通")
    assert len(told("case-answered")) == 3
    from chenyue.followup.models import Callback

    assert Callback.objects.filter(case=target).count() == 3


def test_a_join_is_undone_as_it_was(story):
    case, target = story.handling(reporter=neighbour(1)), story.file(reporter=neighbour(2))
    due = case.resolve_due_at
    case = story.go(case, Move.JOIN, "li", 2, into=target)
    assert (case.state, case.appeals_count, case.result) == (State.JOINED, 0, "merged")
    with pytest.raises(NotFound):
        story.go(case, Move.SPLIT, "lin", 2.5, undo=True)
    case = story.go(case, Move.SPLIT, "li", 3, undo=True)
    assert (case.state, case.appeals_count, case.resolve_due_at) == (State.HANDLING, 1, due)
    assert case.appeals.get().reporter.name == "邻居1"
    assert Case.objects.get(pk=target.pk).appeals_count == 1
    assert story.go(case, Move.ANSWER, "lin", 4, told="好了").state == State.ANSWERED


def test_a_chain_of_joins_comes_apart_in_order(story):
    first, second, third = (story.file(reporter=neighbour(n)) for n in range(3))
    story.go(first, Move.JOIN, "li", 1, into=second)
    story.go(second, Move.JOIN, "li", 2, into=third)
    assert Case.objects.get(pk=third.pk).appeals_count == 3
    second = story.go(second, Move.SPLIT, "li", 3, undo=True)
    assert second.appeals_count == 2
    first = story.go(first, Move.SPLIT, "li", 4, undo=True)
    assert (first.appeals_count, Case.objects.get(pk=second.pk).appeals_count) == (1, 1)


def test_chosen_appeals_become_a_case_of_their_own(story):
    case = story.file(reporter=neighbour(0))
    for n in (1, 2):
        story.file(join_number=case.number, reporter=neighbour(n))
    wanted = list(case.appeals.order_by("pk"))[1:]
    case = story.go(case, Move.SPLIT, "li", 1, appeal_ids=[a.pk for a in wanted])
    fresh = case.split_off
    assert (fresh.state, fresh.appeals_count, case.appeals_count) == (State.RECEIVED, 2, 1)
    assert fresh.category_id == case.category_id
    assert {a.case_id for a in Appeal.objects.filter(pk__in=[w.pk for w in wanted])} == {fresh.pk}
    with pytest.raises(Refusal):
        story.go(case, Move.SPLIT, "li", 2, appeal_ids=[case.appeals.get().pk])


def test_what_residents_read_holds_nothing_of_the_others(story):
    case = story.file(reporter=neighbour(0), words="三号楼门口污水横流，我是赵大爷")
    story.file(join_number=case.number, reporter=neighbour(1), words="我家也有，电话13800000102")
    case = story.dispatch(case)
    case = story.go(case, Move.ACCEPT, "lin", 1)
    case = story.go(case, Move.CONTACT, "lin", 1, words="跟赵大爷通了电话")
    case = story.go(case, Move.SUSPEND, "lin", 2, reason="等管材", until=story.at(48))
    case = story.go(case, Move.RESUME, "lin", 3)
    story.go(case, Move.ANSWER, "lin", 4, told="已疏通", done="内部：施工队拖延")
    lines = timeline.entries(case.subject, visible={"resident"})
    shown = " ".join(f"{line.sentence}{line.words}{line.actor_label}" for line in lines)
    for secret in ("赵大爷", "邻居", "138", "内部", "林涛", "李敏"):
        assert secret not in shown
    for expected in ("等管材", "已疏通", story.cast.units["drainage"].name):
        assert expected in shown


def test_joining_needs_an_open_case_that_one_may_see(story):
    closed = story.in_state(State.CLOSED)
    with pytest.raises(Refusal):
        story.go(story.file(), Move.JOIN, "li", 5, into=closed)
    with pytest.raises(Refusal):
        story.go(story.file(), Move.JOIN, "li", 5, into="2026-0000-9999")
    with pytest.raises(Refusal):
        story.file(join_number=closed.number)


def test_the_preview_is_what_is_sent(story):
    case = story.handling(reporter=neighbour(1))
    story.file(join_number=case.number)
    mail, page = answer_preview(case, "井已疏通。")
    assert mail.who == "邻**"
    assert page.text == "井已疏通。"
    story.go(case, Move.ANSWER, "lin", 2, told="井已疏通。")
    sent = Message.objects.get(template="case-answered")
    assert (sent.title, sent.body) == (mail.subject, mail.text)
    with pytest.raises(Refusal):
        answer_preview(case, "已于{{日期}}办结")


def test_words_are_added_and_never_changed(story):
    case = story.handling(reporter=neighbour(1))
    appeal = case.appeals.get()
    add_words(appeal=appeal, words="今天又冒了", by=Actor("resident", appeal.number), at=story.at(2))
    assert appeal.additions.get().by_resident
    appeal.refresh_from_db()
    assert "今天又冒了" not in appeal.words
    with pytest.raises(NotFound):
        add_words(appeal=appeal, words="偷加", by=story.cast.zhou.actor(), at=story.at(2))


def test_residents_make_no_moves(story):
    case = story.file()
    with pytest.raises(NotFound):
        move(case=case, move=Move.CLOSE, by=Actor("resident", "A1"), at=story.at(1))


def test_a_receipt_goes_out_once(story, chen):
    file_appeal(words="路灯不亮", channel="web", by=Actor("resident"), at=story.at(), reporter=chen)
    (message,) = Message.objects.filter(template="case-receipt")
    assert message.address == chen.email
    assert Entry.objects.filter(verb="case.received").count() == 1
