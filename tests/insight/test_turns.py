"""Counting outside of transactions: one at a time, in slices, and what changes meanwhile is counted all the same."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cast import NOW, Cast
from chenyue.cases.models import Case
from chenyue.core.actors import SYSTEM
from chenyue.insight import following, pieces, proving, turns, whole
from chenyue.insight.models import CaseFact, DayCount, Follow
from chenyue.timeline.actions import record
from stories import filed


def changed(case: Case, **fields: Any) -> None:
    Case.objects.filter(pk=case.pk).update(**fields)
    record(subject=case.subject, verb="case.triaged", by=SYSTEM, at=NOW)


def test_who_comes_while_another_counts_goes_away(cast: Cast) -> None:
    filed(cast)
    with turns.turn() as mine:
        assert mine
        with turns.turn() as other:
            assert other is None
        whole.recount_some()
        with pytest.raises(turns.Lost):
            whole.recount()
        with pytest.raises(turns.Lost):
            proving.differences()
    assert not CaseFact.objects.exists()
    assert following.follow(NOW) == 0 and Follow.objects.get().whole_at  # the first time it counts everything
    assert proving.differences() == []


def test_the_turn_of_the_dead_is_taken_and_they_write_no_more(cast: Cast) -> None:
    filed(cast)
    with turns.turn() as mine:
        assert mine
        Follow.objects.update(seen_at=timezone.now() - turns.SILENT - timedelta(seconds=1))
        with turns.turn() as other:
            assert other and other.number > mine.number
            with pytest.raises(turns.Lost):
                mine.note(entry=7)
            other.note(entry=0)
        with pytest.raises(turns.Lost):
            mine.note()
    whole.recount()
    assert proving.differences() == []


def test_what_changes_between_reading_and_writing_is_counted_again(cast: Cast, monkeypatch: Any) -> None:
    case, other = filed(cast).case, filed(cast, words="楼道灯坏了三天，老人摔了一跤。").case
    whole.recount()
    changed(case, contact_due_at=NOW, contacted_at=NOW)
    read = following.texts

    def and_then(ids: list[int]) -> dict[int, str]:
        found = read(ids)
        changed(case, contacted_at=NOW + timedelta(days=1))
        changed(other, contact_due_at=NOW, contacted_at=NOW)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(following, "texts", and_then)
        following.follow(NOW)
    assert DayCount.objects.filter(measure="contact_kept", axis="all", grain="d", value=1).exists()
    assert following.behind()
    assert proving.differences() == []  # looks again at what changed meanwhile
    assert not DayCount.objects.filter(measure="contact_kept", axis="all", grain="d", value=2).exists()
    assert DayCount.objects.get(measure="contact_late", axis="all", grain="d").value == 1


def test_an_entry_that_comes_late_with_a_lower_number_is_found(cast: Cast) -> None:
    case = filed(cast).case
    whole.recount()
    Case.objects.filter(pk=case.pk).update(contact_due_at=NOW, contacted_at=NOW)  # its entry is there already
    Follow.objects.update(entry_at=NOW)
    assert following.follow(NOW + timedelta(minutes=4)) == 1
    assert following.follow(NOW + timedelta(minutes=6)) == 0
    assert proving.differences() == []


def test_a_full_count_in_slices_is_the_same_and_one_that_died_begins_anew(cast: Cast, monkeypatch: Any) -> None:
    for n in range(3):
        filed(cast, NOW - timedelta(days=n), words=f"路灯{n}不亮，{'很黑' * (n + 1)}。")
    monkeypatch.setattr(whole, "SLICE", -1.0)  # no time at all: a batch each
    monkeypatch.setattr(whole, "next_ids", lambda last: pieces.next_ids(last, 1))
    following.follow(NOW)
    assert Follow.objects.get().whole_at and CaseFact.objects.count() == 3
    assert proving.differences() == []
    Follow.objects.update(case=whole.WRITING, whole_at=None, counting_at=NOW, seen_at=None)
    DayCount.objects.filter(measure="received").update(value=9)
    following.follow(NOW)
    assert proving.differences() == []


def test_another_rule_of_counting_counts_everything_anew(cast: Cast) -> None:
    filed(cast)
    following.follow(NOW)
    Follow.objects.update(rule=0)
    CaseFact.objects.update(adds="")
    DayCount.objects.all().delete()
    following.follow(NOW)
    assert proving.differences() == [] and CaseFact.objects.exclude(adds="").exists()
