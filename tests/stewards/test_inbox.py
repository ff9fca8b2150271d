"""Words left at a door: only who looks after it reads them; answered once, filed once, set aside and back."""

import pytest

from cast import NOW, Cast
from chenyue.core.errors import Conflict, NotFound, Refusal
from chenyue.stewards import inbox, numbers
from chenyue.stewards.models import RelayedWord
from chenyue.timeline.models import Entry
from stewards.doors_stage import PHONE, left, neighbour, next_door, own

pytestmark = pytest.mark.django_db


def test_read_and_answered(cast: Cast) -> None:
    word, by = left(cast), cast.wang.actor()
    assert list(inbox.waiting([own(cast).pk])) == [word]
    inbox.read(word=word, by=by, at=NOW)
    inbox.read(word=word, by=by, at=NOW)
    row = inbox.answer(word=word, words="已经报修，明天有人来。", by=by, at=NOW)
    assert (row.state, row.answered_by) == ("done", cast.wang)
    assert not inbox.waiting([own(cast).pk]).exists()
    verbs = list(Entry.objects.filter(subject=word.subject).order_by("position").values_list("verb", flat=True))
    assert verbs == ["relayed.read", "relayed.answered"]
    with pytest.raises(Conflict):
        inbox.answer(word=word, words="再说一遍", by=by, at=NOW)


@pytest.mark.parametrize("words", ["", " ", "好", "好" * 1001])
def test_an_answer_says_something(cast: Cast, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        inbox.answer(word=left(cast), words=words, by=cast.wang.actor(), at=NOW)
    assert refused.value.field == "words"


def test_filed_ends_it(cast: Cast) -> None:
    word, by = left(cast), cast.wang.actor()
    inbox.filed(word=word, number="2026-1124-0001", by=by, at=NOW)
    with pytest.raises(Conflict):
        inbox.filed(word=word, number="2026-1124-0002", by=by, at=NOW)
    assert RelayedWord.objects.get().case_number == "2026-1124-0001"


def test_set_aside_and_back_but_not_what_was_answered(cast: Cast) -> None:
    word, by = left(cast), cast.wang.actor()
    assert inbox.set_aside(word=word, aside=True, by=by, at=NOW).state == "spam"
    assert inbox.set_aside(word=word, aside=False, by=by, at=NOW).state == "read"
    inbox.answer(word=word, words="明天来看。", by=by, at=NOW)
    assert inbox.set_aside(word=word, aside=True, by=by, at=NOW).state == "done"


def test_a_number_is_shown_to_who_says_why_and_not_without(cast: Cast) -> None:
    from chenyue.people.models import Look
    from chenyue.people.residents import register_resident

    who = register_resident(name="何师傅", phone=PHONE, at=NOW)
    word, by = left(cast, resident=who), cast.wang.actor()
    assert numbers.contact(word, cast.wang, NOW) == numbers.Contact("136****0123", True)
    inbox.reveal(word=word, reason="他要我回电话", by=by, at=NOW)
    assert numbers.contact(word, cast.wang, NOW).phone == PHONE
    assert Look.objects.get().subject == word.subject
    with pytest.raises(NotFound):
        inbox.reveal(word=word, reason="想看看", by=neighbour(cast).actor(), at=NOW)
    with pytest.raises(Refusal):
        inbox.reveal(word=left(cast, phone="", room="9"), reason="想看看", by=by, at=NOW)


def test_the_steward_next_door_and_the_stranger_read_nothing(cast: Cast) -> None:
    word = left(cast)
    for who in (cast.zhou, cast.li, cast.sun, cast.lin, cast.admin, cast.audit, neighbour(cast)):
        with pytest.raises(NotFound):
            inbox.word_for(who, word.pk)
        with pytest.raises(NotFound):
            inbox.answer(word=word, words="明天来看。", by=who.actor(), at=NOW)
    assert not inbox.left([next_door(cast).pk]).exists()
    word.refresh_from_db()
    assert word.state == "new"
