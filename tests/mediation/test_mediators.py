"""Who may mediate: ties with their reasons, disclosure, acceptance, objection; terms and registers."""

from datetime import date
from typing import Any

import pytest

from chenyue.core.errors import NotAllowed, Refusal
from chenyue.mediation import appointing, conflicts, inviting, people, registers, seeing
from chenyue.mediation.lifecycle import Question, Side, Stage, Tie
from chenyue.mediation.models import Appointment, Invitation, Mediator, Party
from chenyue.timeline.models import Entry
from mediation.stage import BEGAN, WEI, WEI_PHONE, MediationStage, make_mediator, moment


def other(mediated: MediationStage, name: str = "马和平", **more: Any) -> Mediator:
    found = make_mediator(mediated.cast, None, name)
    for field, value in more.items():
        setattr(found, field, value)
    found.save()
    return found


def ties(mediator: Mediator, mediated: MediationStage) -> set[str]:
    return {found.tie for found in conflicts.find(mediator, mediated.mediation)}


def test_each_tie_is_found_with_its_reason(mediated: MediationStage) -> None:
    cast, party = mediated.cast, mediated.respondent
    nobody = other(mediated)
    assert ties(nobody, mediated) == set()
    registers.declare_tie(
        mediator=nobody, tie=Tie.KIN, name=WEI, phone=WEI_PHONE, words="妻弟", by=mediated.li, at=BEGAN
    )
    assert [(f.tie, f.party, f.words) for f in conflicts.find(nobody, mediated.mediation)] == [("kin", party, "妻弟")]
    building = cast.place("金桂苑3幢")
    Party.objects.filter(pk=party.pk).update(home=building, occupation="晨光机械厂职工")
    assert ties(other(mediated, home=building), mediated) == {Tie.BUILDING}
    assert ties(other(mediated, employer="晨光机械厂"), mediated) == {Tie.UNIT}
    owner = other(mediated, home=cast.place("金桂苑1幢"))  # the matter lies there
    assert ties(owner, mediated) == {Tie.OWNER}


def test_a_namesake_with_another_number_is_no_tie(mediated: MediationStage) -> None:
    nobody = other(mediated)
    registers.declare_tie(mediator=nobody, tie=Tie.KIN, name=WEI, phone="13700000009", by=mediated.li, at=BEGAN)
    assert ties(nobody, mediated) == set()


def test_an_earlier_dispute(mediated: MediationStage) -> None:
    was = mediated.party(side=Side.APPLICANT, name="马和平")
    row = mediated.mediation
    row.pk, row.number = None, "M2025-0003"
    row.save(force_insert=True)
    Party.objects.filter(pk=was.pk).update(mediation=row)
    against = Party.objects.get(pk=mediated.respondent.pk)
    against.pk, against.code, against.mediation, against.order = None, "AAAA-AAAA-AAAC", row, 9
    against.save(force_insert=True)
    mediated.mediation = mediated.appointment.mediation
    found = conflicts.find(other(mediated), mediated.applicant.mediation)
    assert [(f.tie, f.party.pk if f.party else 0) for f in found] == [(Tie.EARLIER, mediated.respondent.pk)]


def test_nobody_mediates_their_own_cause(mediated: MediationStage) -> None:
    with pytest.raises(Refusal) as refusal:
        appoint(mediated, other(mediated, name=WEI))
    assert refusal.value.code == "party"


def appoint(mediated: MediationStage, mediator: Mediator, **more: Any) -> Appointment:
    given = {"role": Appointment.Role.WITH, "by": mediated.li, "at": moment(days=1)} | more
    return appointing.appoint(mediation=mediated.mediation, mediator=mediator, **given)


def tied(mediated: MediationStage) -> Appointment:
    one = other(mediated)
    registers.declare_tie(mediator=one, tie=Tie.KIN, name=WEI, words="妻弟", by=mediated.li, at=BEGAN)
    return appoint(mediated, one)


def test_what_is_disclosed_and_accepted_is_settled(mediated: MediationStage) -> None:
    made = tied(mediated)
    matter = f"mediator:{made.mediator_id}"
    mediated.says(mediated.applicant, question=Question.MEDIATOR, matter=matter)
    assert appointing.disclose(appointment=made, by=mediated.wang, at=moment(days=1, hours=1)) == 1
    assert set(people.standing(mediated.mediation, Question.MEDIATOR, matter).values()) == {None}, "all asked anew"
    for party in (mediated.applicant, mediated.respondent):
        mediated.says(party, question=Question.MEDIATOR, matter=matter)
    assert made.conflicts.get().settled_at is not None
    assert Appointment.objects.get(pk=made.pk).until is None


def test_an_objection_replaces_and_history_stays(mediated: MediationStage) -> None:
    mediated.says(
        mediated.respondent, given=False, question=Question.MEDIATOR, matter=f"mediator:{mediated.mediator.pk}"
    )
    gone = Appointment.objects.get(pk=mediated.appointment.pk)
    assert (gone.ended_why, gone.until is not None) == ("objected", True)
    assert not seeing.visible(mediated.cast.wang).exists(), "and reads nothing of it any more"
    assert Entry.objects.filter(verb="mediation.appointment_ended").count() == 1


def test_one_leads(mediated: MediationStage) -> None:
    with pytest.raises(Refusal) as refusal:
        appoint(mediated, other(mediated), role=Appointment.Role.LEAD)
    assert refusal.value.field == "role"


def test_a_mediator_withdraws_but_ends_nobody_else(mediated: MediationStage) -> None:
    second = appoint(mediated, other(mediated))
    with pytest.raises(NotAllowed):
        appointing.end_appointment(appointment=second, why="replaced", by=mediated.wang, at=moment(days=2))
    appointing.end_appointment(appointment=mediated.appointment, why="withdrew", by=mediated.wang, at=moment(days=2))
    assert not seeing.visible(mediated.cast.wang).exists()


def test_what_the_act_asks_of_a_committee(mediated: MediationStage) -> None:
    """人民调解法 8, 9."""
    committee = mediated.mediation.committee
    rows = [Mediator(committee=committee, name=name, gender="男") for name in "甲乙"]
    said = [str(found) for found in registers.warnings(committee, rows, date(2026, 11, 24))]
    assert len(said) == 2, "two members, no woman"
    rows.append(Mediator(committee=committee, name="丙", gender="女"))
    assert registers.warnings(committee, rows, date(2026, 11, 24)) == []
    assert len(registers.warnings(committee, rows, date(2028, 1, 1))) == 1, "its term is over"
    committee.until = date(2029, 1, 1)
    assert len(registers.warnings(committee, rows, date(2026, 11, 24))) == 1, "four years"


def test_nobody_is_invited_before_all_agree(mediated: MediationStage) -> None:
    """人民调解法 20."""
    made = inviting.propose(
        mediation=mediated.mediation, unit=mediated.cast.units["greening"], role="主管单位", by=mediated.wang, at=BEGAN
    )
    matter = f"invitation:{made.pk}"
    mediated.says(mediated.applicant, question=Question.INVITATION, matter=matter)
    assert seeing.words_of(mediated.cast.sun, mediated.mediation) == frozenset()
    mediated.says(mediated.respondent, question=Question.INVITATION, matter=matter)
    assert seeing.words_of(mediated.cast.sun, mediated.mediation) == {"attend"}
    mediated.says(mediated.respondent, given=False, question=Question.INVITATION, matter=matter)
    assert Invitation.objects.get(pk=made.pk).state == Invitation.State.REFUSED
    assert seeing.words_of(mediated.cast.sun, mediated.mediation) == frozenset()


def test_nobody_answers_for_another_unit(mediated: MediationStage) -> None:
    own, others = mediated.invite("drainage"), mediated.invite("greening")
    lin = mediated.cast.lin.actor()
    with pytest.raises(NotAllowed):
        inviting.reply(invitation=others, comes=False, by=lin, at=BEGAN)
    assert inviting.reply(invitation=own, comes=True, name="林工", by=lin, at=BEGAN).state == Invitation.State.COMES


def test_only_who_runs_mediation_keeps_the_registers(mediated: MediationStage) -> None:
    data = registers.MediatorData(mediated.mediation.committee_id, "新人")
    for name in ("wang", "lin", "sun", "zhou", "admin"):
        with pytest.raises(NotAllowed):
            registers.save_mediator(data=data, by=getattr(mediated.cast, name).actor(), at=BEGAN)
    with pytest.raises(NotAllowed):
        registers.declare_tie(
            mediator=other(mediated), tie=Tie.KIN, name="某人", by=mediated.cast.wang.actor(), at=BEGAN
        )


def test_an_ended_mediation_takes_nobody_on(mediated: MediationStage) -> None:
    mediated.at_stage(Stage.TERMINATED)
    with pytest.raises(Refusal):
        appoint(mediated, other(mediated))
