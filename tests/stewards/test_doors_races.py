"""Two at the same moment: a home put on the list twice, words answered twice, a home that answers twice."""

import pytest

from cast import NOW, Cast
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.stewards import care, inbox, visiting
from chenyue.stewards.models import CareEntry, DoorVisit, RelayedWord
from helpers import together
from stewards.doors_stage import left, own, visited

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_home_once(cast: Cast) -> None:
    facts, where = care.Facts("401", reasons=["alone"]), own(cast).pk
    acts = [lambda who=who: care.save(entry=None, building_id=where, facts=facts, by=who.actor(), at=NOW)
            for who in (cast.wang, cast.zhao)]  # fmt: skip
    found = together(*acts)
    assert CareEntry.objects.count() == 1
    assert [type(one) for one in found if isinstance(one, Exception)] == [Refusal]


def test_one_answer_and_one_word_of_the_home(cast: Cast) -> None:
    word, visit, by = left(cast), visited(cast), cast.wang.actor()
    found = together(
        *(lambda said=said: inbox.answer(word=word, words=said, by=by, at=NOW) for said in ("甲甲", "乙乙")),
        *(lambda yes=yes: visiting.confirm(visit=visit, yes=yes, words="", by=Actor("resident"), at=NOW)
          for yes in (True, False)),
    )  # fmt: skip
    assert sum(isinstance(one, Refusal) for one in found) == 2
    assert RelayedWord.objects.get().answer in ("甲甲", "乙乙")
    row = DoorVisit.objects.get()
    assert (row.confirmed_at is None) is not (row.disputed_at is None)
