"""Two at once: one wins, the other reads a sentence; on both databases."""

from contextlib import nullcontext

import pytest
from django.db import transaction

from cast import Cast
from chenyue.cases import ticks
from chenyue.cases.actions import add_words, file_appeal, move
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Appeal, Case
from chenyue.core.actors import SYSTEM, Actor
from chenyue.core.errors import Conflict
from chenyue.notify.models import Notice
from chenyue.timeline.models import Chain, Entry
from helpers import together

pytestmark = pytest.mark.django_db(transaction=True)


def filed(cast, **more):
    return file_appeal(words="路口井冒黑水", channel="web", by=SYSTEM, at=cast.now, category_code="0103", **more)


def test_one_of_two_dispatches_wins():
    cast = Cast()
    case = filed(cast).case
    lead = cast.units["drainage"].pk

    def dispatch():
        return move(case=case.pk, move=Move.DISPATCH, by=cast.li.actor(), at=cast.now, lead_id=lead)

    found = together(dispatch, dispatch)
    assert sorted(isinstance(f, Conflict) for f in found) == [False, True], found
    assert Case.objects.get(pk=case.pk).assignments.count() == 1
    assert Entry.objects.filter(subject=case.subject, verb="case.handed_over").count() == 1
    assert Chain.objects.get(subject=case.subject).length == Entry.objects.filter(subject=case.subject).count()


def test_opposite_joins_do_not_wait_for_each_other():
    cast = Cast()
    one, two = filed(cast).case, filed(cast).case

    def join(case, into):
        return lambda: move(case=case.pk, move=Move.JOIN, by=SYSTEM, at=cast.now, into=into)

    found = together(join(one, two), join(two, one))
    assert sum(isinstance(f, Case) for f in found) == 1, found
    assert Appeal.objects.filter(case__state="received").count() == 2


def test_two_workers_take_a_step_once():
    cast = Cast()
    case = filed(cast).case
    when = Case.objects.get(pk=case.pk).next_at
    together(lambda: ticks.run_clocks(when), lambda: ticks.run_clocks(when))
    assert Entry.objects.filter(subject=case.subject, verb="case.escalated").count() == 1
    keys = list(Notice.objects.values_list("key", flat=True))
    assert len(keys) == len(set(keys))


def test_many_voices_at_once_are_all_kept():
    cast = Cast()
    first = filed(cast)

    def voice():
        return filed(cast, join_number=first.case.number)

    def words():
        return add_words(appeal=first.appeal, words="又冒了", by=Actor("resident"), at=cast.now)

    found = together(voice, words, voice, words)
    assert not [f for f in found if isinstance(f, Exception)], found
    case = Case.objects.get(pk=first.case.pk)
    assert case.appeals_count == case.appeals.count() == 3
    assert Entry.objects.filter(subject=case.subject).count() == 6


@pytest.mark.parametrize("inside", [False, True], ids=["alone", "in a transaction of the caller"])
def test_one_external_number_is_one_appeal(inside):
    cast = Cast()
    filed(cast)  # what is kept in memory is warm now, so that both get to the same point

    def take():
        with transaction.atomic() if inside else nullcontext():
            return filed(cast, external_number="HX-1")

    found = together(take, take, take)
    assert not [f for f in found if isinstance(f, Exception)], found
    assert len({f.appeal.pk for f in found}) == 1
    assert sorted(f.known for f in found) == [False, True, True]
    assert Case.objects.count() == 2
