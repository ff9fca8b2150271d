"""Parties, who speaks for them, and what they agree to."""

from datetime import date
from typing import Any

import pytest

from chenyue.core.errors import NotAllowed, Refusal
from chenyue.mediation import people, seeing
from chenyue.mediation.lifecycle import Acts, Capacity, Question, Side
from chenyue.timeline.models import Entry
from mediation.stage import BEGAN, MediationStage, moment


def test_both_sides_agree(mediated: MediationStage) -> None:
    assert people.all_agree(mediated.mediation, Question.MEDIATION)
    assert set(people.standing(mediated.mediation, Question.MEDIATION).values()) == {True}
    assert set(people.standing(mediated.mediation, Question.EXTENSION).values()) == {None}


def test_entries_of_people_name_nobody(mediated: MediationStage) -> None:
    subjects = [mediated.mediation.subject, *(f"party:{p.pk}" for p in (mediated.applicant, mediated.respondent))]
    told = str(list(Entry.objects.filter(subject__in=subjects).values_list("data", "said")))
    assert "陈大明" not in told
    assert mediated.respondent.phone not in told


@pytest.mark.parametrize(
    ("born", "said", "held"),
    [(date(2020, 1, 1), "full", "none"), (date(2014, 1, 1), "limited", "limited"), (date(2009, 6, 1), "full", "full")],
)
def test_capacity_follows_age(mediated: MediationStage, born: date, said: str, held: str) -> None:
    """民法典 18–20."""
    assert mediated.party(name="小高", born_on=born, capacity=said).capacity == held


def test_a_child_has_no_full_capacity(mediated: MediationStage) -> None:
    with pytest.raises(Refusal) as refusal:
        mediated.party(name="小高", born_on=date(2014, 1, 1), capacity=Capacity.FULL)
    assert refusal.value.field == "capacity"


def test_a_child_answers_by_its_guardian(mediated: MediationStage) -> None:
    child = mediated.party(name="小高", born_on=date(2014, 1, 1), capacity=Capacity.LIMITED)
    with pytest.raises(Refusal) as refusal:
        mediated.says(child)
    assert refusal.value.code == "guardian"
    guardian = speaker(mediated, [child], acts=Acts.GUARDIAN, name="高父")
    assert mediated.says(child).by_representative == guardian
    assert people.speaks_for(child, BEGAN.date()) == guardian


def test_who_died_rests_until_an_heir_is_known(mediated: MediationStage) -> None:
    party = mediated.respondent
    people.party_died(party=party, on=BEGAN.date(), by=mediated.li, at=BEGAN)
    assert people.resting(mediated.mediation, BEGAN.date()) == {party.pk: "died"}
    with pytest.raises(Refusal):
        mediated.says(party)
    speaker(mediated, [party], acts=Acts.HEIR, name="魏小妹")
    assert people.resting(mediated.mediation, BEGAN.date()) == {}
    assert mediated.says(party).given


def test_a_side_elects_five_at_most(mediated: MediationStage) -> None:
    """宁波市人民调解条例 20, 信访工作条例 20."""
    many = [mediated.party(name=f"户主{n}") for n in "甲乙丙"]
    for n in "一二三四五":
        speaker(mediated, many, acts=Acts.ELECTED, name=f"代表{n}")
    with pytest.raises(Refusal) as refusal:
        speaker(mediated, many, acts=Acts.ELECTED, name="代表六")
    assert refusal.value.code == "many"
    speaker(mediated, [mediated.applicant], acts=Acts.ELECTED, name="那边的代表")


def test_nobody_acts_for_both_sides(mediated: MediationStage) -> None:
    speaker(mediated, [mediated.applicant], name="何律师")
    for name in ("何律师", mediated.applicant.name):
        with pytest.raises(Refusal) as refusal:
            speaker(mediated, [mediated.respondent], name=name)
        assert refusal.value.code == "both_sides"


def test_a_person_is_a_party_once(mediated: MediationStage) -> None:
    mediated.party(name="高文", id_number="11010519491231002X")
    with pytest.raises(Refusal) as refusal:
        mediated.party(side=Side.APPLICANT, name="高文", id_number="11010519491231002X")
    assert refusal.value.field == "id_number"


def test_the_stranger_and_other_units_do_nothing(mediated: MediationStage) -> None:
    for name in ("zhou", "sun", "lin", "admin"):
        with pytest.raises(NotAllowed):
            mediated.says(mediated.applicant, by=getattr(mediated.cast, name).actor())
        assert not seeing.visible(getattr(mediated.cast, name)).exists()


def test_who_is_recused_loses_all_at_once(mediated: MediationStage) -> None:
    assert seeing.may(mediated.cast.wang, mediated.mediation, "seal")
    mediated.appointment.until = moment(days=1)
    mediated.appointment.save()
    assert seeing.words_of(mediated.cast.wang, mediated.mediation) == frozenset()
    assert not seeing.may(mediated.cast.zhao, mediated.mediation, "seal"), "nor whoever leads the office"


def test_an_invited_unit_attends(mediated: MediationStage) -> None:
    mediated.invite("drainage")
    assert seeing.words_of(mediated.cast.lin, mediated.mediation) == {"attend"}
    assert seeing.words_of(mediated.cast.sun, mediated.mediation) == frozenset()


def speaker(mediated: MediationStage, parties: list[Any], **more: Any) -> Any:
    given = {"acts": Acts.AGENT, "name": "何律师", "since": BEGAN.date(), "scope": "代为协商"} | more
    who = people.Speaker(**given)
    return people.add_representative(
        mediation=mediated.mediation, parties=parties, speaker=who, by=mediated.li, at=BEGAN
    )
