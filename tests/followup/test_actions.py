"""Callbacks: opened by an answer, ended by a rating, by calls, by a reason, or by the case moving on."""

from datetime import timedelta

import pytest
from django.http import Http404

from cast import NOW, Cast
from chenyue.cases.actions import move
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Case
from chenyue.core.actors import SYSTEM, Actor
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.followup import actions, clock, queries, rates
from chenyue.followup.models import Attempt, Callback, Rating
from chenyue.followup.models import Refusal as RefusedAnswer
from chenyue.notify.models import Notice
from chenyue.timeline.models import Entry
from stories import answered, filed

pytestmark = pytest.mark.django_db
ANSWERED = NOW + timedelta(hours=1)
RESIDENT = Actor("resident")


def only(case: Case) -> Callback:
    return Callback.objects.get(case=case)


def test_every_reporter_of_an_answered_case_gets_a_link_of_their_own(cast: Cast) -> None:
    first = filed(cast)
    filed(cast, join_number=first.case.number, reporter=None)
    case = answered(cast, filed_=first)
    made = list(Callback.objects.filter(case=case).order_by("pk"))
    assert len(made) == 2
    assert len({c.token for c in made}) == 2
    assert made[0].next_try_at == ANSWERED + timedelta(days=1), "has a telephone: to be called if the link isn't used"
    assert made[1].next_try_at is None, "nobody can call an anonymous reporter"
    assert all(c.expires_at == ANSWERED + timedelta(days=14) for c in made)
    assert all(c.contacted_in_time for c in made)


def test_a_satisfied_rating_ends_the_callback_and_the_clock_closes_the_case(cast: Cast) -> None:
    case = answered(cast)
    rating = actions.rate(
        token=only(case).token, grade="satisfied", solved=True, words="谢谢\x00", by=RESIDENT, at=ANSWERED
    )
    assert rating.words == "谢谢"
    assert only(case).state == Callback.State.RATED
    assert not RefusedAnswer.objects.exists()
    clock.close_what_is_done(ANSWERED + timedelta(minutes=1))
    case.refresh_from_db()
    assert case.state == "closed"
    assert case.result == "resolved"


def test_a_link_is_good_once(cast: Cast) -> None:
    token = only(answered(cast)).token
    actions.rate(token=token, grade="satisfied", solved=True, by=RESIDENT, at=ANSWERED)
    with pytest.raises(Conflict):
        actions.rate(token=token, grade="dissatisfied", solved=False, by=RESIDENT, at=ANSWERED)
    assert Rating.objects.count() == 1


def test_a_link_runs_out_after_fourteen_days_but_a_member_may_still_write_down_what_is_said(cast: Cast) -> None:
    callback = only(answered(cast))
    late = ANSWERED + timedelta(days=14)
    with pytest.raises(Refusal) as refused:
        actions.rate(token=callback.token, grade="satisfied", solved=True, by=RESIDENT, at=late)
    assert refused.value.code == "expired"
    rating = actions.rate(callback=callback, grade="satisfied", solved=True, by=cast.li.actor(), at=late)
    assert rating.member == cast.li


def test_a_link_dies_when_the_case_moves_on_and_a_new_answer_asks_anew(cast: Cast) -> None:
    case = answered(cast)
    old = only(case)
    case = move(case=case, move=Move.REWORK, by=cast.zhao.actor(), at=ANSWERED, words="没说清楚")
    old.refresh_from_db()
    assert old.state == Callback.State.DEAD
    with pytest.raises(Conflict):
        actions.rate(token=old.token, grade="satisfied", solved=True, by=RESIDENT, at=ANSWERED)
    move(case=case, move=Move.ANSWER, by=cast.lin.actor(), at=ANSWERED, done="x", told="又疏通了一遍。")
    assert Callback.objects.filter(case=case, state=Callback.State.OPEN).exclude(token=old.token).count() == 1


def test_an_unknown_token_says_where_to_go(cast: Cast) -> None:
    with pytest.raises(Refusal) as refused:
        actions.rate(token="no-such", grade="satisfied", solved=True, by=RESIDENT, at=ANSWERED)
    assert refused.value.code == "unknown"


@pytest.mark.parametrize(("grade", "solved"), [("dissatisfied", True), ("satisfied", False), ("dissatisfied", False)])
def test_a_refused_answer_waits_for_a_person_and_holds_the_closing(cast: Cast, grade: str, solved: bool) -> None:
    case = answered(cast)
    actions.rate(
        token=only(case).token, grade=grade, solved=solved, reasons=["slow", "bogus"], by=RESIDENT, at=ANSWERED
    )
    assert Rating.objects.get().reasons == ["slow"]
    told = set(Notice.objects.filter(key__startswith="refused:").values_list("member__username", flat=True))
    assert "zhao" in told
    assert not told & {"zhou", "sun"}
    clock.close_what_is_done(ANSWERED + timedelta(days=30))
    case.refresh_from_db()
    assert case.state == "answered"
    with pytest.raises(Refusal, match="不认可"):
        move(case=case, move=Move.CLOSE, by=cast.zhao.actor(), at=ANSWERED)


def test_reopening_begins_round_two_and_ends_the_refusal(cast: Cast) -> None:
    case = answered(cast)
    actions.rate(token=only(case).token, grade="dissatisfied", solved=False, by=RESIDENT, at=ANSWERED)
    refusal = queries.refusals_for(cast.zhao).get()
    case = actions.decide_refusal(refusal=refusal, reopen=True, words="重新疏通", by=cast.zhao.actor(), at=ANSWERED)
    refusal.refresh_from_db()
    assert (case.round, case.state) == (2, "assigned")
    assert (refusal.state, refusal.decided_by) == ("reopened", cast.zhao)
    with pytest.raises(Conflict):
        actions.decide_refusal(refusal=refusal, reopen=False, words="再说", by=cast.zhao.actor(), at=ANSWERED)


def test_explaining_keeps_the_answer_and_lets_the_case_close(cast: Cast) -> None:
    case = answered(cast)
    actions.rate(token=only(case).token, grade="dissatisfied", solved=False, by=RESIDENT, at=ANSWERED)
    refusal = queries.refusals_for(cast.zhao).get()
    actions.decide_refusal(refusal=refusal, reopen=False, words="管网属市政，已报。", by=cast.zhao.actor(), at=ANSWERED)
    refusal.refresh_from_db()
    assert (refusal.state, refusal.words) == ("explained", "管网属市政，已报。")
    clock.close_what_is_done(ANSWERED + timedelta(minutes=2))
    case.refresh_from_db()
    assert case.state == "closed"


def test_only_those_with_the_permission_decide(cast: Cast) -> None:
    case = answered(cast)
    actions.rate(token=only(case).token, grade="dissatisfied", solved=False, by=RESIDENT, at=ANSWERED)
    refusal = RefusedAnswer.objects.get()
    for member in (cast.zhou, cast.sun):
        assert not queries.refusals_for(member).exists()
        with pytest.raises((NotAllowed, Http404)):
            actions.decide_refusal(refusal=refusal, reopen=True, words="x", by=member.actor(), at=ANSWERED)
    refusal.refresh_from_db()
    assert refusal.state == "open"


def test_deciding_needs_words(cast: Cast) -> None:
    case = answered(cast)
    actions.rate(token=only(case).token, grade="dissatisfied", solved=False, by=RESIDENT, at=ANSWERED)
    with pytest.raises(Refusal) as refused:
        actions.decide_refusal(
            refusal=RefusedAnswer.objects.get(), reopen=True, words=" \u200b", by=cast.zhao.actor(), at=ANSWERED
        )
    assert refused.value.field == "words"


def test_three_calls_without_an_answer_count_as_tried(cast: Cast) -> None:
    case = answered(cast)
    with pytest.raises(Refusal):
        move(case=case, move=Move.CLOSE, by=SYSTEM, at=ANSWERED)
    for day in range(1, 4):
        at = ANSWERED + timedelta(days=day)
        assert only(case) in queries.due(cast.li, at)
        actions.record_attempt(callback=only(case), reached=False, words="无人接听", by=cast.li.actor(), at=at)
    assert Attempt.objects.count() == 3
    assert only(case).state == Callback.State.TRIED
    clock.close_what_is_done(ANSWERED + timedelta(days=3))
    case.refresh_from_db()
    assert case.state == "closed"


def test_who_cannot_be_called_counts_as_tried_after_the_office_s_days(cast: Cast) -> None:
    case = answered(cast, filed_=filed(cast, reporter=None))
    clock.close_what_is_done(ANSWERED + timedelta(days=3) - timedelta(seconds=1))
    assert only(case).state == Callback.State.OPEN
    clock.close_what_is_done(ANSWERED + timedelta(days=3))
    case.refresh_from_db()
    assert (only(case).state, case.state) == (Callback.State.TRIED, "closed")


def test_leaving_out_needs_a_reason_and_the_permission(cast: Cast) -> None:
    callback = only(answered(cast))
    with pytest.raises(NotAllowed):
        actions.exclude(callback=callback, reason="declined", words="不愿评价。", by=cast.lin.actor(), at=ANSWERED)
    with pytest.raises(Refusal):
        actions.exclude(callback=callback, reason="declined", words="嗯", by=cast.zhao.actor(), at=ANSWERED)
    actions.exclude(callback=callback, reason="declined", words="本人不愿评价。", by=cast.zhao.actor(), at=ANSWERED)
    rate = rates.compute("satisfaction", NOW.date(), NOW.date() + timedelta(days=2), at=ANSWERED)
    assert (rate.denominator, rate.value) == (0, None)
    left = rate.excluded[0]
    assert (left.approver, left.words) == ("赵卫东", "本人不愿评价。")


def test_the_stranger_may_do_nothing(cast: Cast) -> None:
    callback = only(answered(cast))
    assert not queries.callbacks_for(cast.zhou).exists()
    with pytest.raises(NotAllowed):
        actions.record_attempt(callback=callback, reached=True, words="", by=cast.zhou.actor(), at=ANSWERED)
    with pytest.raises(NotAllowed):
        actions.rate(callback=callback, grade="satisfied", solved=True, by=cast.zhou.actor(), at=ANSWERED)
    with pytest.raises(NotAllowed):
        actions.exclude(callback=callback, reason="declined", words="我说了算。", by=RESIDENT, at=ANSWERED)


def test_what_is_rated_is_on_the_timeline_without_the_reporter_s_words(cast: Cast) -> None:
    case = answered(cast)
    actions.rate(token=only(case).token, grade="satisfied", solved=True, words="林师傅很好", by=RESIDENT, at=ANSWERED)
    entry = Entry.objects.get(verb="followup.rated")
    assert entry.visible_to == "unit"
    assert "林师傅" not in str(entry.data)
