"""Taking a dispute in, screening it, beginning, refusing, more time, ending; and what its case does meanwhile."""

from datetime import date
from typing import Any

import pytest

import stories
from cast import Cast, client_of
from chenyue.cases import actions as cases
from chenyue.cases.lifecycle import Move, State
from chenyue.cases.models import Case
from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.core.ids import token
from chenyue.mediation import law, opening, people, running, screening, stages
from chenyue.mediation.lifecycle import Dispute, Question, Side, Source, Stage
from chenyue.mediation.models import Appointment, Mediation
from chenyue.timeline.models import Entry
from mediation.stage import BEGAN, CHEN, WEI, MediationStage, committee, moment

TOLD = opening.Told(
    "征地补偿款分配纠纷", Dispute.EXPROPRIATION, facts="两家为补偿款怎么分吵了半年。", requests="支付应得份额"
)
BOTH = (
    people.PartyData(side=Side.APPLICANT, name=CHEN, phone="13800000001"),
    people.PartyData(side=Side.RESPONDENT, name=WEI, phone="13900000002"),
)


def taken_down(cast: Cast, told: opening.Told = TOLD, parties: Any = BOTH, **more: Any) -> Mediation:
    committee(cast)
    return opening.take_down(told=told, parties=parties, by=cast.li.actor(), at=BEGAN, **more)


def screened(cast: Cast, row: Mediation, **yes: bool) -> Mediation:
    answers = dict.fromkeys(law.questions(), False) | yes
    return screening.answer(mediation=row, answers=answers, by=cast.li.actor(), at=BEGAN)


def accepted(cast: Cast) -> Mediation:
    row = screened(cast, taken_down(cast))
    return screening.accept(mediation=row, by=cast.li.actor(), at=BEGAN)


def test_an_oral_application_files_the_appeal_and_opens_the_case(cast: Cast) -> None:
    row = taken_down(cast)
    assert row.case.appeals.get().words.startswith("两家为补偿款")
    assert row.case.appeals.get().reporter.phone == "13800000001"
    assert [p.name for p in people.current_parties(row)] == [CHEN, WEI]
    assert (row.stage, row.number[:6]) == (Stage.SCREENING, "M2026-")
    residents = {p.resident_id for p in people.current_parties(row)}
    assert row.case.appeals.get().reporter_id in residents


def test_a_transfer_names_the_body(cast: Cast) -> None:
    handed = opening.Told("邻里纠纷", source=Source.POLICE, facts="派出所移交。")
    with pytest.raises(Refusal) as refusal:
        taken_down(cast, handed)
    assert refusal.value.field == "source_body"
    assert Mediation.objects.count() == Case.objects.count() == 0


def test_nobody_else_opens(cast: Cast) -> None:
    committee(cast)
    for name in ("zhou", "sun", "lin", "admin", "audit"):
        with pytest.raises(NotAllowed):
            opening.take_down(told=TOLD, parties=BOTH, by=getattr(cast, name).actor(), at=BEGAN)


def test_it_is_accepted_registered_and_its_case_waits(cast: Cast) -> None:
    row = accepted(cast)
    assert (row.stage, row.registered_on, row.due_on) == (Stage.CONSENT, date(2026, 11, 24), date(2026, 12, 24))
    case = Case.objects.get(pk=row.case_id)
    assert case.state == State.WAITING
    assert row.number in case.waiting_reason


@pytest.mark.parametrize("code", sorted(law.questions()))
def test_each_obstacle_stands_against_it(cast: Cast, code: str) -> None:
    row = screened(cast, taken_down(cast), **{code: True})
    with pytest.raises(Refusal) as refusal:
        screening.accept(mediation=row, by=cast.li.actor(), at=BEGAN)
    assert refusal.value.code == "obstacle"
    assert law.questions()[code].source
    done = screening.not_accept(mediation=row, ground=code, by=cast.li.actor(), at=BEGAN)
    assert (done.stage, done.refused_ground) == (Stage.NOT_ACCEPTED, code)
    told = Entry.objects.get(subject=done.subject, verb="mediation.not_accepted")
    assert told.data["roads"] == list(law.questions()[code].roads) != []


def test_what_the_court_entrusts_is_not_hindered_by_it(cast: Cast) -> None:
    entrusted = opening.Told("邻里纠纷", source=Source.COURT, source_body="区人民法院", facts="诉前委派。")
    row = screened(cast, taken_down(cast, entrusted), court=True)
    assert screening.accept(mediation=row, by=cast.li.actor(), at=BEGAN).stage == Stage.CONSENT


def test_screening_is_finished_before_it_is_accepted(cast: Cast) -> None:
    row = taken_down(cast)
    with pytest.raises(Refusal) as refusal:
        screening.accept(mediation=row, by=cast.li.actor(), at=BEGAN)
    assert refusal.value.code == "unanswered"
    one_side = screened(cast, taken_down(cast, parties=BOTH[:1]))
    with pytest.raises(Refusal) as refusal:
        screening.accept(mediation=one_side, by=cast.li.actor(), at=BEGAN)
    assert refusal.value.code == "sides"


def test_an_obstacle_that_is_gone(cast: Cast) -> None:
    row = screened(cast, taken_down(cast), court=True)
    screening.not_accept(mediation=row, ground="court", by=cast.li.actor(), at=BEGAN)
    again = screening.screen_again(mediation=row, words="已撤诉。", by=cast.li.actor(), at=BEGAN)
    assert (again.stage, again.screening, again.refused_ground) == (Stage.SCREENING, {}, "")


def test_two_of_one_matter_are_shown_and_joined(cast: Cast) -> None:
    first, second = taken_down(cast), taken_down(cast)
    assert list(opening.same_matter(second)) == [first]
    more = people.PartyData(side=Side.RESPONDENT, name="高文")
    people.save_party(mediation=second, data=more, by=cast.li.actor(), at=BEGAN)
    done = screening.merge(mediation=second, into=first, by=cast.li.actor(), at=BEGAN)
    assert (done.stage, done.merged_into) == (Stage.NOT_ACCEPTED, first)
    assert [p.name for p in people.current_parties(first)] == [CHEN, WEI, "高文"]
    with pytest.raises(Refusal):
        screening.screen_again(mediation=second, words="又要分开。", by=cast.li.actor(), at=BEGAN)


def test_other_matters_are_not_joined(cast: Cast) -> None:
    first = taken_down(cast)
    other = taken_down(cast, parties=(BOTH[0], people.PartyData(side=Side.RESPONDENT, name="高文")))
    with pytest.raises(Refusal) as refusal:
        screening.merge(mediation=other, into=first, by=cast.li.actor(), at=BEGAN)
    assert refusal.value.field == "into"


def test_beginning_says_what_is_missing(cast: Cast, mediated: MediationStage) -> None:
    mediated.at_stage(Stage.CONSENT)
    assert running.missing_to_begin(mediated.mediation, BEGAN.date()) == []
    mediated.party(name="高文")
    missing = running.missing_to_begin(mediated.mediation, BEGAN.date())
    assert len(missing) == 3, "rights, consent, mediator"
    with pytest.raises(Refusal):
        running.begin(mediation=mediated.mediation, by=mediated.wang, at=BEGAN)


@pytest.mark.parametrize("stage", [Stage.CONSENT, Stage.MEDIATING, Stage.AGREED])
def test_a_refusal_stops_it(mediated: MediationStage, stage: str) -> None:
    """人民调解法 17, 23; also in the middle of a meeting."""
    mediated.at_stage(stage)
    consent = mediated.respondent.consents.get(question=Question.MEDIATION, superseded_at=None)
    people.withdraw(consent, by=mediated.wang, at=moment(hours=2), words="不谈了。")
    mediated.mediation.refresh_from_db()
    assert mediated.mediation.stage == Stage.REFUSED
    again = running.invite_again(mediation=mediated.mediation, words="本人又来。", by=mediated.wang, at=moment(days=9))
    assert again.stage == Stage.CONSENT
    assert people.standing(again, Question.MEDIATION)[mediated.respondent.pk] is None
    assert people.standing(again, Question.MEDIATION)[mediated.applicant.pk] is True


def test_an_agreement_in_effect_is_not_undone_by_a_refusal(mediated: MediationStage) -> None:
    """人民调解法 31."""
    mediated.at_stage(Stage.PERFORMING)
    with pytest.raises(Refusal) as refusal:
        mediated.says(mediated.respondent, given=False)
    assert refusal.value.code == "in_effect"


def test_a_third_party_stops_nothing(mediated: MediationStage) -> None:
    third = mediated.party(side=Side.THIRD, name="村民小组")
    mediated.says(third, given=False)
    mediated.mediation.refresh_from_db()
    assert mediated.mediation.stage == Stage.MEDIATING


def test_more_time_needs_every_party(mediated: MediationStage) -> None:
    """宁波市人民调解条例 27."""
    asked = running.ask_more_time(
        mediation=mediated.mediation, until=date(2027, 1, 20), reason="等测绘", by=mediated.wang, at=BEGAN
    )
    matter = f"extension:{asked.pk}"
    mediated.says(mediated.applicant, question=Question.EXTENSION, matter=matter)
    mediated.mediation.refresh_from_db()
    assert mediated.mediation.due_on == date(2026, 12, 24)
    mediated.says(mediated.respondent, question=Question.EXTENSION, matter=matter)
    mediated.mediation.refresh_from_db()
    assert (mediated.mediation.due_on, mediated.mediation.extensions) == (date(2027, 1, 20), 1)


def test_one_no_leaves_the_day_where_it_is(mediated: MediationStage) -> None:
    asked = running.ask_more_time(
        mediation=mediated.mediation, until=date(2027, 1, 20), reason="等测绘", by=mediated.wang, at=BEGAN
    )
    matter = f"extension:{asked.pk}"
    mediated.says(mediated.applicant, question=Question.EXTENSION, matter=matter)
    mediated.says(mediated.respondent, question=Question.EXTENSION, matter=matter, given=False)
    assert running.open_extension(mediated.mediation) is None
    mediated.mediation.refresh_from_db()
    assert mediated.mediation.due_on == date(2026, 12, 24)


def test_ending_without_agreement_answers_the_case_once(cast: Cast) -> None:
    row = accepted(cast)
    by = cast.li.actor()
    ended = running.terminate(mediation=row, why="no_agreement", by=by, at=moment(days=5))
    assert ended.stage == Stage.TERMINATED
    case = Case.objects.get(pk=row.case_id)
    assert (case.state, case.result) == (State.ANSWERED, "explained")
    assert "仲裁" in case.answers.get().told
    with pytest.raises(Conflict):
        running.terminate(mediation=row, why="no_agreement", by=by, at=moment(days=5))
    assert case.answers.count() == 1


def test_what_is_performed_resolves_the_case(cast: Cast) -> None:
    row = accepted(cast)
    for stage in (Stage.MEDIATING, Stage.AGREED, Stage.PERFORMING, Stage.PERFORMED):
        stages.move(mediation=row, to=stage, by=cast.li.actor(), at=moment(days=3))
    case = Case.objects.get(pk=row.case_id)
    assert (case.state, case.result) == (State.ANSWERED, "resolved")


def test_nobody_closes_the_case_meanwhile(cast: Cast) -> None:
    row = accepted(cast)
    Case.objects.filter(pk=row.case_id).update(state=State.ANSWERED)
    with pytest.raises(Refusal) as refusal:
        cases.move(case=row.case_id, move=Move.CLOSE, by=cast.li.actor(), at=moment(days=1))
    assert row.number in str(refusal.value.sentence)


def test_a_joined_case_takes_its_mediation_along(cast: Cast) -> None:
    row = accepted(cast)
    into = stories.dispatched(cast, stories.filed(cast, words="同一笔补偿款，另一位村民反映。"), at=BEGAN)
    cases.move(case=row.case_id, move=Move.JOIN, by=cast.li.actor(), at=moment(hours=1), into=into.number)
    from chenyue.mediation.casework import current_case

    assert current_case(row).pk == into.pk
    assert Entry.objects.filter(subject=row.subject, verb="mediation.case_moved").count() == 1
    running.terminate(mediation=row, why="no_agreement", by=cast.li.actor(), at=moment(days=5))
    into.refresh_from_db()
    assert into.state == State.ANSWERED


def test_a_revoked_mediator_is_not_appointed(mediated: MediationStage) -> None:
    from chenyue.mediation import appointing, registers

    registers.revoke(mediator=mediated.mediator, why="收受财物", by=mediated.li, at=moment(days=1))
    assert Appointment.objects.get(pk=mediated.appointment.pk).ended_why == "revoked"
    with pytest.raises(Refusal) as refusal:
        appointing.appoint(mediation=mediated.mediation, mediator=mediated.mediator, by=mediated.li, at=moment(days=2))
    assert refusal.value.code == "revoked"


@pytest.mark.parametrize(("confidential", "names"), [(False, [CHEN, WEI]), (True, [WEI])])
def test_who_told_the_case_applies(cast: Cast, confidential: bool, names: list[str]) -> None:
    """Their name isn't shown for it; who asked for confidentiality isn't named to the other side."""
    committee(cast)
    case = stories.filed(cast, confidential=confidential).case
    li = client_of(cast.li)
    url = f"/desk/mediation/case/{case.number}/open/"
    assert CHEN not in li.get(url).content.decode()
    typed = {
        "title": "漏水赔偿纠纷", "dispute": "neighbours", "facts": "漏水。", "source": "application", "respondent": WEI,
        "respondent_kind": "person", "applicant_kind": "person", "idempotency_key": token(),
    }  # fmt: skip
    assert li.post(url, typed).status_code == 303
    assert [p.name for p in people.current_parties(Mediation.objects.get())] == names
