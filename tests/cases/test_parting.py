"""A message with several matters: each further one becomes a case that quotes its part; the message stays."""

from typing import Any

import pytest

import stories
from cast import NOW, at
from chenyue.cases import actions, parting
from chenyue.cases.intake import ReporterData
from chenyue.cases.lifecycle import Move, State
from chenyue.cases.models import Appeal, Case
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.notify.models import Message
from chenyue.people.models import Sensitivity
from chenyue.timeline import queries as timeline
from chenyue.triage.matters import matters, sentences
from helpers import count

pytestmark = pytest.mark.django_db
WORDS = "金桂苑3幢楼道的灯坏了半个月，晚上一片漆黑。另外，小区西门口天天有人摆摊占道，早上车都开不出来。"


@pytest.fixture
def told(cast: Any) -> Any:
    who = ReporterData(name=cast.chen.name, phone=cast.chen.phone, email=cast.chen.email)
    return stories.filed(cast, words=WORDS, place_id=cast.place("金桂苑3幢").pk, reporter=who)


def part(cast: Any, told: Any, *lines: int, **more: Any) -> list[Appeal]:
    by = more.pop("by", None) or cast.li.actor()
    return parting.part(case=told.case, appeal=told.appeal, parts=[parting.Part(lines, **more)], by=by, at=at(1))


def verbs(case: Case) -> list[str]:
    return [line.verb for line in timeline.entries(case.subject, visible=timeline.visible_for("sealed"), limit=50)]


def test_sentences_join_to_the_words_again() -> None:
    for words in (WORDS, "一是灯坏；二是路破。", "1、灯坏 2、路破", "没有标点", "……\n\n你好！！", "3.5米宽，2、路破"):
        assert "".join(sentences(words)) == words


def test_several_matters_are_offered_with_their_sentences(cast: Any) -> None:
    found = matters(WORDS)
    assert [matter.lines for matter in found] == [(0,), (1,)]
    assert matters("楼道的灯坏了，晚上一片漆黑，老人上下楼害怕。请尽快修好。") == []
    letter = "我们小区的开发商欺诈业主，理由如下：1、外墙渗水；2、电梯老坏；3、车位乱收费。" * 3
    assert matters(letter) == []


def test_a_further_matter_is_a_case_of_its_own(cast: Any, told: Any) -> None:
    (fresh,) = part(cast, told, 1)
    assert fresh.part_of_id == told.appeal.pk and fresh.part_lines == [1]
    assert fresh.words in WORDS and fresh.case.pk != told.case.pk
    assert fresh.reporter_id == told.appeal.reporter_id and fresh.email == told.appeal.email
    assert fresh.case.state == State.RECEIVED and fresh.case.estate_id == told.case.estate_id
    assert fresh.case.triage_due_at is not None
    told.appeal.refresh_from_db()
    assert told.appeal.words == WORDS
    assert "case.parted" in verbs(told.case)
    assert {"case.received", "case.part_of", "case.suggested"} <= set(verbs(fresh.case))


def test_the_reporter_is_told_once_with_each_number(cast: Any, told: Any) -> None:
    Message.objects.all().delete()
    (fresh,) = part(cast, told, 1)
    (letter,) = Message.objects.filter(template="case-matters")
    assert fresh.number in letter.body and fresh.receipt in letter.body


def test_the_same_sentences_are_never_parted_twice(cast: Any, told: Any) -> None:
    part(cast, told, 1)
    with pytest.raises(Refusal) as refused:
        part(cast, told, 1)
    assert refused.value.code == "taken" and Appeal.objects.filter(part_of=told.appeal).count() == 1


@pytest.mark.parametrize(("lines", "code"), [((), "none"), ((0, 1), "all"), ((7,), "lines"), ((1, 1), "lines")])
def test_what_makes_no_sense_is_refused(cast: Any, told: Any, lines: tuple[int, ...], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        part(cast, told, *lines)
    assert refused.value.code == code and Case.objects.count() == 1


def test_who_may_not_split_may_not_part(cast: Any) -> None:
    told = stories.filed(cast, words=WORDS.replace("3幢", "1幢"), place_id=cast.place("金桂苑1幢").pk)
    with pytest.raises(NotAllowed):
        part(cast, told, 1, by=cast.wang.actor())
    with pytest.raises(NotFound):
        part(cast, told, 1, by=cast.zhou.actor())


def test_an_ended_case_is_left_alone(cast: Any, told: Any) -> None:
    actions.move(case=told.case, move=Move.DECLINE, by=cast.li.actor(), at=NOW, reason="不属职责", told="请拨打电话。")
    with pytest.raises(Conflict):
        part(cast, told, 1)


def test_a_part_is_kept_as_closely_as_its_message(cast: Any) -> None:
    told = stories.filed(cast, words=WORDS, category_code="1202")
    (fresh,) = part(cast, told, 1, category_code="0402")
    assert fresh.case.sensitivity == told.case.sensitivity == Sensitivity.PRIVATE


def test_undone_it_is_handled_together_and_asked_once(cast: Any, told: Any) -> None:
    (fresh,) = part(cast, told, 1)
    by = cast.li.actor()
    assert parting.unpart(case=told.case, appeal=told.appeal, by=by, at=at(2)) == [fresh.case.number]
    fresh.refresh_from_db()
    assert fresh.case_id == told.case.pk
    with pytest.raises(Refusal):
        parting.unpart(case=told.case, appeal=told.appeal, by=by, at=at(2))
    from chenyue.followup.models import Callback

    case = stories.answered(cast, filed_=told)
    assert Callback.objects.filter(case=case).count() == 1


def test_a_part_that_somebody_began_stays(cast: Any, told: Any) -> None:
    (fresh,) = part(cast, told, 1)
    actions.move(case=fresh.case, move=Move.DISPATCH, by=cast.li.actor(), at=at(2), lead_id=cast.units["greening"].pk)
    with pytest.raises(Refusal):
        parting.unpart(case=told.case, appeal=told.appeal, by=cast.li.actor(), at=at(3))


def test_it_costs_little(cast: Any, told: Any) -> None:
    assert count(lambda: part(cast, told, 1)) == 17


def test_the_system_may_part_too(cast: Any, told: Any) -> None:
    assert part(cast, told, 1, by=Actor("system"))
