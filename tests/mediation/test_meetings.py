"""Meetings: planned, doubted, told of, held, broken off, cancelled; and the minutes' stages."""

from typing import Any

import pytest
from django.utils import translation

from chenyue.core.errors import Conflict, NotAllowed, Refusal
from chenyue.mediation import meetings, minutes, people
from chenyue.mediation.lifecycle import MeetingKind, MeetingState, Minutes, Question, Stage
from chenyue.mediation.meetings import Came, Held, Plan
from chenyue.mediation.models import Attendance, Mediation, Meeting
from chenyue.notify.models import Message, Notice
from chenyue.timeline.models import VisibleTo
from chenyue.timeline.queries import entries
from mediation.stage import MediationStage, moment

pytestmark = pytest.mark.django_db


def plan(found: MediationStage, days: float = 2, **more: Any) -> Plan:
    whom = [f"party:{found.applicant.pk}", f"party:{found.respondent.pk}", f"appointment:{found.appointment.pk}"]
    given = {"kind": MeetingKind.JOINT, "starts_at": moment(days), "room": "一楼调解室", "whom": whom}
    return Plan(**given | more)


def planned(found: MediationStage, days: float = 2, **more: Any) -> Meeting:
    return meetings.plan_meeting(
        mediation=found.mediation, plan=plan(found, days, **more), by=found.wang, at=moment(days - 1)
    )


def came(meeting: Meeting, *absent: int) -> dict[int, Came]:
    return {row.pk: Came(row.party_id not in absent) for row in meeting.attendances.all()}


def held(found: MediationStage, days: float = 2, absent: tuple[int, ...] = (), **more: Any) -> Meeting:
    meeting = planned(found, days)
    after = moment(days, hours=2)
    return meetings.hold_meeting(
        meeting=meeting, held=Held(after, came(meeting, *absent), "王建国", **more), by=found.wang, at=after
    )


def read_by_all(found: MediationStage) -> list[str]:
    return [line.verb.removeprefix("mediation.") for line in entries(found.mediation.subject, {VisibleTo.RESIDENT})]


def test_a_planned_meeting_is_what_is_waited_for(mediated: MediationStage) -> None:
    made = planned(mediated)
    assert (made.number, made.state) == (1, MeetingState.PLANNED)
    row = Mediation.objects.get(pk=mediated.mediation.pk)
    assert (row.next_at, row.next_what) == (moment(2), "meeting")
    assert read_by_all(mediated)[0] == "meeting_planned"


def test_the_timeline_doesnt_say_where(mediated: MediationStage) -> None:
    planned(mediated, room="魏国强家，3幢602")
    line = entries(mediated.mediation.subject, {VisibleTo.RESIDENT})[0]
    assert "602" not in line.sentence + line.words and "2026-11-26 09:00" in line.sentence


def test_only_its_mediators_plan(mediated: MediationStage) -> None:
    for member in (mediated.cast.li, mediated.cast.zhao, mediated.cast.sun, mediated.cast.zhou):
        with pytest.raises(NotAllowed):
            meetings.plan_meeting(mediation=mediated.mediation, plan=plan(mediated), by=member.actor(), at=moment(1))


def test_nothing_joint_before_all_agreed_to_be_mediated(mediated: MediationStage) -> None:
    mediated.at_stage(Stage.CONSENT)
    with pytest.raises(Refusal) as refusal:
        planned(mediated)
    assert refusal.value.code == "stage"
    assert planned(mediated, kind=MeetingKind.INQUIRY, asked="村民小组长").kind == MeetingKind.INQUIRY


def test_an_inquiry_says_of_whom(mediated: MediationStage) -> None:
    with pytest.raises(Refusal) as refusal:
        planned(mediated, kind=MeetingKind.INQUIRY)
    assert refusal.value.field == "asked"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"ends_at": moment(1)}, "until"),
        ({"starts_at": moment(800)}, "day"),
        ({"starts_at": moment(-800)}, "day"),
        ({"whom": []}, "whom"),
        ({"whom": ["party:999999"]}, "whom"),
        ({"room": "  "}, "room"),
        ({"is_open": True}, "is_open"),
    ],
)
def test_what_cant_be_planned(mediated: MediationStage, more: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refusal:
        planned(mediated, **more)
    assert refusal.value.field == field
    assert not Meeting.objects.exists()


def test_open_only_if_every_party_wants_it(mediated: MediationStage) -> None:
    mediated.says(mediated.applicant, question=Question.OPEN)
    with pytest.raises(Refusal):
        planned(mediated, is_open=True)
    mediated.says(mediated.respondent, question=Question.OPEN)
    assert planned(mediated, is_open=True).is_open


def doubts(found: MediationStage, days: float = 2, **more: Any) -> str:
    with translation.override("en"):
        return " ".join(str(one) for one in meetings.doubts(found.mediation, plan(found, days, **more)))


def test_room_mediator_and_party_that_are_taken_are_said(mediated: MediationStage) -> None:
    assert doubts(mediated) == ""
    planned(mediated)
    said = doubts(mediated, 2 + 1 / 24)
    assert "room is taken from 09:00 to 11:00" in said
    assert "王建国 has another meeting" in said and "Party 1" in said
    assert doubts(mediated, 2 + 2 / 24) == ""  # the usual two hours are over


def test_a_clash_names_no_other_mediation(mediated: MediationStage) -> None:
    planned(mediated)
    meeting = Meeting.objects.get()
    said = doubts(mediated)
    assert mediated.number not in said and mediated.mediation.title not in said
    assert meetings.doubts(mediated.mediation, plan(mediated), but=meeting.pk) == []


def test_a_day_of_rest_and_a_missing_mediator_are_said(mediated: MediationStage) -> None:
    assert "day of rest" in doubts(mediated, 4)  # a Saturday
    assert "No mediator" in doubts(mediated, whom=[f"party:{mediated.applicant.pk}"])


def test_moving_it_asks_for_new_notices(mediated: MediationStage) -> None:
    made = meetings.notices_given(meeting=planned(mediated), by=mediated.wang, at=moment(1))
    assert made.notices_at == moment(1)
    new = meetings.change_meeting(
        meeting=made, plan=plan(mediated, 3), version=made.version, by=mediated.wang, at=moment(1)
    )
    assert new.notices_at is None and new.starts_at == moment(3)
    assert read_by_all(mediated)[0] == "meeting_moved"
    with pytest.raises(Conflict):
        meetings.change_meeting(
            meeting=made, plan=plan(mediated, 4), version=made.version, by=mediated.wang, at=moment(1)
        )


def test_mediators_hear_on_their_desks_but_not_who_did_it(mediated: MediationStage) -> None:
    from mediation.stage import make_mediator

    other = make_mediator(mediated.cast, mediated.cast.sun)
    mediated.mediation.appointments.create(mediator=other, role="with", since=moment())
    planned(mediated)
    heard = list(Notice.objects.filter(url__contains="meetings").values_list("member", flat=True))
    assert heard == [mediated.cast.sun.pk]


def test_a_cancelled_meeting_says_why(mediated: MediationStage) -> None:
    made = planned(mediated)
    with pytest.raises(Refusal):
        meetings.cancel_meeting(meeting=made, why=" ", by=mediated.wang, at=moment(1))
    made = meetings.cancel_meeting(meeting=made, why="魏某住院", by=mediated.wang, at=moment(1))
    assert made.state == MeetingState.CANCELLED and read_by_all(mediated)[0] == "meeting_cancelled"
    with pytest.raises(Conflict):
        meetings.cancel_meeting(meeting=made, why="again", by=mediated.wang, at=moment(1))


def test_it_is_held_with_who_came(mediated: MediationStage) -> None:
    made = held(mediated, agreed=False, result="对份额仍有争议。", names=["村民小组长老周"])
    assert made.state == MeetingState.HELD and made.agreed is False
    assert Attendance.objects.filter(meeting=made, came=True).count() == 4
    assert Mediation.objects.get(pk=mediated.mediation.pk).next_what != "meeting"


def test_nothing_is_held_in_the_future_or_by_nobody(mediated: MediationStage) -> None:
    made = planned(mediated)
    with pytest.raises(Refusal) as refusal:
        meetings.hold_meeting(meeting=made, held=Held(moment(2, 1), came(made)), by=mediated.wang, at=moment(1))
    assert refusal.value.code == "future"
    nobody = {pk: Came(False) for pk in came(made)}
    with pytest.raises(Refusal) as refusal:
        meetings.hold_meeting(meeting=made, held=Held(moment(2, 1), nobody), by=mediated.wang, at=moment(2, 1))
    assert refusal.value.code == "nobody"
    with pytest.raises(Refusal) as refusal:
        meetings.hold_meeting(meeting=made, held=Held(moment(1), came(made)), by=mediated.wang, at=moment(2, 1))
    assert refusal.value.field == "until"


def test_a_look_at_the_place_waits_for_consent(mediated: MediationStage) -> None:
    assert "look at the place" in doubts(mediated, kind=MeetingKind.SURVEY)
    made = planned(mediated, kind=MeetingKind.SURVEY)
    went = Held(moment(2, 1), came(made))
    with pytest.raises(Refusal) as refusal:
        meetings.hold_meeting(meeting=made, held=went, by=mediated.wang, at=moment(2, 1))
    assert refusal.value.code == "consent"
    for party in (mediated.applicant, mediated.respondent):
        mediated.says(party, question=Question.SURVEY)
    assert meetings.hold_meeting(meeting=made, held=went, by=mediated.wang, at=moment(2, 1)).state == "held"


def test_a_party_that_withdraws_in_the_middle_stops_it(mediated: MediationStage) -> None:
    made, later = planned(mediated), planned(mediated, 5)
    after = moment(2, hours=1)
    made = meetings.break_off(
        meeting=made, held=Held(after, came(made)), why="魏国强摔门离开", withdraws=mediated.respondent,
        by=mediated.wang, at=after,
    )  # fmt: skip
    assert made.state == MeetingState.BROKEN_OFF
    assert people.standing(mediated.mediation, Question.MEDIATION)[mediated.respondent.pk] is False
    row = Mediation.objects.get(pk=mediated.mediation.pk)
    assert row.stage == Stage.REFUSED
    later.refresh_from_db()
    assert later.state == MeetingState.CANCELLED  # what was planned doesn't take place


def test_who_isnt_appointed_any_more_writes_nothing(mediated: MediationStage) -> None:
    made = held(mediated)
    mediated.appointment.until = moment(3)
    mediated.appointment.save()
    with pytest.raises(NotAllowed):
        minutes.write(meeting=made, words="…", by=mediated.wang, at=moment(3))


def asked(found: MediationStage, **more: Any) -> Meeting:
    made = held(found, **more)
    minutes.write(meeting=made, words="双方各述己见。", by=found.wang, at=moment(2, 3))
    minutes.ask(meeting=made, by=found.wang, at=moment(2, 4))
    return Meeting.objects.get(pk=made.pk)


def says(found: MediationStage, meeting: Meeting, party: Any, agrees: bool = True, words: str = "") -> Any:
    text = minutes.newest(meeting)
    assert text is not None
    return minutes.answer(text=text, party=party, agrees=agrees, words=words, by=found.wang, at=moment(2, 5))


def test_minutes_go_from_draft_to_final(mediated: MediationStage) -> None:
    made = asked(mediated)
    assert [p.order for p in minutes.waiting_for(made)] == [1, 2]
    says(mediated, made, mediated.applicant)
    with pytest.raises(Refusal) as refusal:
        minutes.finish(meeting=made, by=mediated.wang, at=moment(2, 6))
    assert refusal.value.code == "waiting"
    says(mediated, made, mediated.respondent)
    assert minutes.finish(meeting=made, by=mediated.wang, at=moment(2, 6)).minutes == Minutes.FINAL
    with pytest.raises(Conflict):
        minutes.write(meeting=made, words="改一改", by=mediated.wang, at=moment(2, 7))


def test_a_correction_is_a_new_version_and_asks_again(mediated: MediationStage) -> None:
    made = asked(mediated)
    says(mediated, made, mediated.applicant)
    with pytest.raises(Refusal):
        says(mediated, made, mediated.respondent, agrees=False)  # what is wrong?
    says(mediated, made, mediated.respondent, agrees=False, words="我没说过同意。")
    old = minutes.newest(made)
    minutes.write(meeting=made, words="双方各述己见，魏未表示同意。", by=mediated.wang, at=moment(2, 6))
    made.refresh_from_db()
    assert made.minutes == Minutes.DRAFT and [t.number for t in minutes.versions(made)] == [2, 1]
    assert old is not None
    with pytest.raises(Conflict):  # nobody answers to words that were replaced
        minutes.answer(text=old, party=mediated.applicant, agrees=True, by=mediated.wang, at=moment(2, 6))
    assert [w.words for w in minutes.versions(made)[1].answers.order_by("pk")] == ["", "我没说过同意。"]


def test_two_writers_dont_overwrite_each_other(mediated: MediationStage) -> None:
    made = held(mediated)
    minutes.write(meeting=made, words="甲", base=0, by=mediated.wang, at=moment(2, 3))
    with pytest.raises(Conflict):
        minutes.write(meeting=made, words="乙", base=0, by=mediated.wang, at=moment(2, 3))
    again = minutes.write(meeting=made, words="甲", base=1, by=mediated.wang, at=moment(2, 4))
    assert again.number == 1  # nothing differs


def test_final_with_a_reason_where_a_party_wont_say(mediated: MediationStage) -> None:
    made = asked(mediated)
    says(mediated, made, mediated.applicant)
    made = minutes.finish(meeting=made, why="魏国强拒绝表态", by=mediated.wang, at=moment(2, 6))
    made = minutes.reopen(meeting=made, why="日期写错", by=mediated.wang, at=moment(2, 7))
    assert made.minutes == Minutes.DRAFT


def test_who_was_absent_is_neither_waited_for_nor_signs(mediated: MediationStage) -> None:
    made = asked(mediated, absent=(mediated.respondent.pk,))
    assert [p.order for p in minutes.waiting_for(made)] == [1]
    says(mediated, made, mediated.applicant)
    rows = {row.party_id: row for row in made.attendances.select_related("meeting").exclude(party=None)}
    with pytest.raises(Refusal):
        minutes.sign(attendance=rows[mediated.applicant.pk], by=mediated.wang, at=moment(2, 6))
    minutes.finish(meeting=made, by=mediated.wang, at=moment(2, 6))
    assert minutes.sign(attendance=rows[mediated.applicant.pk], by=mediated.wang, at=moment(2, 7)).signed_at
    with pytest.raises(Refusal):
        minutes.sign(attendance=rows[mediated.respondent.pk], by=mediated.wang, at=moment(2, 7))


def test_a_party_answers_for_itself_alone(mediated: MediationStage) -> None:
    from chenyue.core.actors import Actor

    made = asked(mediated)
    text = minutes.newest(made)
    assert text is not None
    own = Actor("resident", f"party:{mediated.applicant.pk}")
    minutes.answer(text=text, party=mediated.applicant, agrees=True, by=own, at=moment(2, 5))
    with pytest.raises(NotAllowed):
        minutes.answer(text=text, party=mediated.respondent, agrees=True, by=own, at=moment(2, 5))


def test_what_a_party_says_to_the_minutes_only_it_reads(mediated: MediationStage) -> None:
    made = asked(mediated)
    says(mediated, made, mediated.respondent, agrees=False, words="我没说过同意。")
    joint = entries(mediated.mediation.subject, {VisibleTo.RESIDENT, VisibleTo.UNIT, VisibleTo.OFFICE})
    own = entries(f"party:{mediated.respondent.pk}", {VisibleTo.RESIDENT})
    other = entries(f"party:{mediated.applicant.pk}", {VisibleTo.RESIDENT})
    assert own[0].words == "我没说过同意。"
    assert all("同意" not in line.words for line in [*joint, *other])


def test_minutes_are_written_after_a_break_too(mediated: MediationStage) -> None:
    made = planned(mediated)
    after = moment(2, hours=1)
    meetings.break_off(
        meeting=made, held=Held(after, came(made)), why="争吵", withdraws=mediated.applicant, by=mediated.wang, at=after
    )
    assert minutes.write(meeting=made, words="争吵后中断。", by=mediated.wang, at=moment(3)).number == 1


def test_parties_who_can_be_reached_get_a_message_without_the_matter(mediated: MediationStage) -> None:
    from chenyue.mediation import telling

    made = planned(mediated)
    resident = mediated.applicant.resident
    assert resident is not None
    resident.email = "chen@example.org"
    resident.save()
    assert telling.tell_parties(made, moment(1)) >= 1
    letter = Message.objects.get(template="mediation-meeting")
    assert letter.address == "chen@example.org"
    assert mediated.mediation.title not in letter.body + letter.title and "魏" not in letter.body
    assert "2026-11-26 09:00" in letter.body
