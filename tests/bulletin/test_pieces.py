"""A piece on its way: two persons, nobody recognised, nothing changed unseen, taken back with a trace."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cast import NOW, Cast
from chenyue.bulletin import pieces
from chenyue.bulletin.models import Piece
from chenyue.bulletin.pieces import Written
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.people.models import Resident
from stories import answered, filed

WRITTEN = Written(column="story", title="水管修好了", text="两栋楼的水管半天就修好了，楼下不再漏水。")


@pytest.fixture
def draft(cast: Cast) -> Piece:
    return pieces.begin(written=WRITTEN, by=cast.li.actor(), at=NOW)


def published(cast: Cast, draft: Piece) -> Piece:
    pieces.offer(piece=draft, by=cast.li.actor(), at=NOW)
    return pieces.release(piece=draft, by=cast.zhao.actor(), at=NOW)


def test_who_wrote_it_does_not_release_it(cast: Cast, draft: Piece) -> None:
    own = pieces.begin(written=WRITTEN, by=cast.zhao.actor(), at=NOW)
    pieces.offer(piece=own, by=cast.zhao.actor(), at=NOW)
    with pytest.raises(Refusal) as told:
        pieces.release(piece=own, by=cast.zhao.actor(), at=NOW)
    assert told.value.code == "same_person"
    done = published(cast, draft)
    assert (done.state, done.published_at, done.editor) == ("published", NOW, cast.zhao)


@pytest.mark.parametrize("verb", ["begin", "offer", "release", "retract"])
def test_the_stranger_and_who_has_no_word_do_nothing(cast: Cast, draft: Piece, verb: str) -> None:
    by = cast.wang.actor()
    acts: dict[str, Any] = {
        "begin": lambda: pieces.begin(written=WRITTEN, by=by, at=NOW),
        "offer": lambda: pieces.offer(piece=draft, by=by, at=NOW),
        "release": lambda: pieces.release(piece=draft, by=by, at=NOW),
        "retract": lambda: pieces.retract(piece=draft, words="错", by=by, at=NOW),
    }
    with pytest.raises(NotAllowed):
        acts[verb]()


def test_what_appears_later_appears_once(cast: Cast, draft: Piece) -> None:
    pieces.offer(piece=draft, by=cast.li.actor(), at=NOW)
    later = NOW + timedelta(hours=3)
    pieces.release(piece=draft, by=cast.zhao.actor(), at=NOW, publish_at=later)
    assert pieces.publish_due(later - timedelta(minutes=1)) == 0
    assert pieces.publish_due(later) == 1
    assert pieces.publish_due(later) == 0
    draft.refresh_from_db()
    assert (draft.state, draft.published_at) == ("published", later)


def test_a_case_is_told_without_anybody_being_recognised(cast: Cast) -> None:
    case = answered(cast)
    words = replace(WRITTEN, text=f"{cast.chen.name}反映的井盖冒水，当天就疏通了。")
    piece = pieces.begin(written=words, by=cast.li.actor(), at=NOW, case=case)
    with pytest.raises(Refusal) as told:
        pieces.offer(piece=piece, by=cast.li.actor(), at=NOW)
    assert told.value.code == "leak"
    pieces.answer_hits(
        piece=piece, answers={one["key"]: "本人同意" for one in piece.checks}, by=cast.li.actor(), at=NOW
    )
    with pytest.raises(Refusal):  # a name can't be answered away
        pieces.offer(piece=piece, by=cast.li.actor(), at=NOW)
    pieces.save(
        piece=piece, written=replace(words, text="有居民反映井盖冒水，当天就疏通了。"), by=cast.li.actor(), at=NOW
    )
    assert pieces.offer(piece=piece, by=cast.li.actor(), at=NOW).state == "review"


def test_a_case_without_answer_is_not_told(cast: Cast) -> None:
    with pytest.raises(Refusal):
        pieces.begin(written=WRITTEN, by=cast.li.actor(), at=NOW, case=filed(cast).case)


def test_a_question_can_be_answered_and_stays_answered(cast: Cast, draft: Piece) -> None:
    words = replace(WRITTEN, text="王阿姨说，水管半天就修好了。")
    pieces.save(piece=draft, written=words, by=cast.li.actor(), at=NOW)
    draft.refresh_from_db()
    (hit,) = draft.checks
    assert hit["kind"] == "called"
    pieces.answer_hits(piece=draft, answers={hit["key"]: "本人书面同意具名"}, by=cast.li.actor(), at=NOW)
    pieces.save(piece=draft, written=replace(words, lead="好消息"), by=cast.li.actor(), at=NOW)
    assert pieces.offer(piece=draft, by=cast.li.actor(), at=NOW).state == "review"


def test_a_correction_is_seen_and_the_words_before_are_kept(cast: Cast, draft: Piece) -> None:
    published(cast, draft)
    changed = replace(WRITTEN, title="水管修好了（更正）")
    pieces.correct(piece=draft, written=changed, words="楼号写错", by=cast.zhao.actor(), at=NOW)
    draft.refresh_from_db()
    (before,) = draft.versions.all()
    assert (before.title, before.words, draft.changed_at) == ("水管修好了", "楼号写错", NOW)
    with pytest.raises(Refusal):
        pieces.correct(piece=draft, written=changed, words=" ", by=cast.zhao.actor(), at=NOW)


def test_taken_back_with_a_reason_and_only_a_second_person_brings_it_back(cast: Cast, draft: Piece) -> None:
    published(cast, draft)
    pieces.retract(piece=draft, words="当事人要求", by=cast.zhao.actor(), at=NOW)
    draft.refresh_from_db()
    assert (draft.state, draft.reason) == ("retracted", "当事人要求")
    pieces.reopen(piece=draft, by=cast.zhao.actor(), at=NOW)
    pieces.offer(piece=draft, by=cast.zhao.actor(), at=NOW)
    with pytest.raises(Refusal):
        pieces.release(piece=draft, by=cast.zhao.actor(), at=NOW)


def test_what_a_resident_hands_in_is_taken_up_or_refused_with_a_reason(cast: Cast) -> None:
    resident = Resident.objects.create(name="热心人", created_at=NOW)
    with pytest.raises(Refusal):
        pieces.hand_in(written=WRITTEN, resident=resident, at=NOW, consent=False)
    one = pieces.hand_in(written=WRITTEN, resident=resident, at=NOW, consent=True)
    assert one.state == "submitted" and len(one.code) > 20
    pieces.refuse(piece=one, words="已有同样的稿件", by=cast.zhao.actor(), at=NOW)
    two = pieces.hand_in(written=WRITTEN, resident=resident, at=NOW, consent=True)
    with pytest.raises(NotAllowed):
        pieces.save(piece=two, written=WRITTEN, by=cast.li.actor(), at=NOW)
    pieces.save(piece=two, written=WRITTEN, by=cast.zhao.actor(), at=NOW)
    two.refresh_from_db()
    assert (two.state, two.made_by) == ("draft", cast.zhao)


def test_stale_forms_and_wrong_states_conflict(cast: Cast, draft: Piece) -> None:
    with pytest.raises(Conflict):
        pieces.save(piece=draft, written=WRITTEN, by=cast.li.actor(), at=NOW, version=draft.version + 1)
    with pytest.raises(Conflict):
        pieces.release(piece=draft, by=cast.zhao.actor(), at=NOW)
    with pytest.raises(Conflict):
        pieces.retract(piece=draft, words="错", by=cast.zhao.actor(), at=NOW)


@pytest.mark.parametrize(
    "bad", [{"title": " "}, {"column": "x"}, {"original": "javascript:alert(1)"}, {"title": "长" * 81}]
)
def test_bad_pieces_are_refused_at_their_field(cast: Cast, bad: dict[str, str]) -> None:
    with pytest.raises(Refusal) as told:
        pieces.begin(written=replace(WRITTEN, **bad), by=cast.li.actor(), at=NOW)
    assert told.value.field == next(iter(bad))
