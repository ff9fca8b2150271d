"""Open doors, telling in public, complaints against a mediator: what parties may ask for beside the quarrel itself."""

from typing import Any

import pytest
from django.urls import reverse

from cast import client_of
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotAllowed, NotFound, Refusal
from chenyue.core.ids import token
from chenyue.mediation import acts, complaints, forgetting, meetings, people
from chenyue.mediation.lifecycle import MeetingKind, Question, Stage
from chenyue.mediation.models import Complaint, Consent, Mediation, Meeting, Party
from chenyue.notify.models import Notice
from chenyue.people.events import ResidentErased
from chenyue.timeline.models import Entry
from mediation.stage import BEGAN, MediationStage, make_mediator, moment


def row(mediated: MediationStage) -> Mediation:
    return Mediation.objects.get(pk=mediated.mediation.pk)


def both(mediated: MediationStage, question: str) -> None:
    for party in (mediated.applicant, mediated.respondent):
        mediated.says(party, question=question)


def planned(mediated: MediationStage) -> Meeting:
    plan = meetings.Plan(
        kind=MeetingKind.JOINT, starts_at=moment(5), room="调解室", is_open=True,
        whom=[f"party:{mediated.applicant.pk}"],
    )  # fmt: skip
    return meetings.plan_meeting(mediation=mediated.mediation, plan=plan, by=mediated.wang, at=moment(2))


def test_doors_open_when_all_want_it_and_close_with_one(mediated: MediationStage) -> None:
    mediated.says(mediated.applicant, question=Question.OPEN)
    assert not row(mediated).open_meetings
    mediated.says(mediated.respondent, question=Question.OPEN)
    assert row(mediated).open_meetings
    meeting = planned(mediated)
    given = Consent.objects.get(party=mediated.respondent, question=Question.OPEN, superseded_at=None)
    people.withdraw(given, by=mediated.wang, at=moment(3))
    meeting.refresh_from_db()
    assert not row(mediated).open_meetings and not meeting.is_open
    assert Entry.objects.filter(verb="mediation.meeting_closed_doors").count() == 1


def test_who_comes_later_is_asked_too(mediated: MediationStage) -> None:
    both(mediated, Question.OPEN)
    both(mediated, Question.STORY)
    assert row(mediated).open_meetings and row(mediated).public_story
    third = mediated.party("third", "高文")
    assert row(mediated).open_meetings, "a third party stops no meeting"
    assert not row(mediated).public_story, "but it isn't told with it unasked"
    people.party_leaves(party=third, why="与本案无关", by=mediated.li, at=moment(2))
    assert row(mediated).public_story


def test_telling_is_asked_at_the_end_and_taken_back_after_it(mediated: MediationStage) -> None:
    mediated.at_stage(Stage.PERFORMED)
    both(mediated, Question.STORY)
    assert row(mediated).public_story
    with pytest.raises(Refusal):
        mediated.says(mediated.applicant, question=Question.OPEN)
    given = Consent.objects.get(party=mediated.applicant, question=Question.STORY, superseded_at=None)
    people.withdraw(given, by=Actor("resident", acts.subject_of(mediated.applicant)), at=moment(200))
    assert not row(mediated).public_story
    assert Entry.objects.filter(verb="mediation.story_closed").count() == 1


def test_the_page_of_open_doors_masks_for_who_only_sees(mediated: MediationStage) -> None:
    both(mediated, Question.STORY)
    url = reverse("mediation:openness", args=[mediated.number])
    assert mediated.applicant.name in client_of(mediated.cast.wang).get(url).content.decode()
    assert client_of(mediated.cast.zhou).get(url).status_code in (403, 404)


def test_a_party_answers_on_its_own_page_if_it_wishes(mediated: MediationStage) -> None:
    client, code = client_of(None), mediated.applicant.code
    said = {"question": "open", "given": "yes", "idempotency_key": token()}
    assert client.post(reverse("mediation:own-do", args=[code, "say"]), said).status_code == 303
    assert Consent.objects.get(party=mediated.applicant, question="open").given


def complain(mediated: MediationStage, party: Party | None = None, **more: Any) -> Complaint:
    given: dict[str, Any] = {
        "party": party or mediated.applicant, "mediator": mediated.mediator, "wrong": "favours",
        "words": "只听对方的。", "how": "oral", "by": mediated.li, "at": moment(2),
    }  # fmt: skip
    return complaints.complain(**given | more)


def test_a_complaint_is_read_by_who_runs_mediation_alone(mediated: MediationStage) -> None:
    complain(mediated)
    cast = mediated.cast
    assert [complaints.visible(m).count() for m in (cast.li, cast.wang, cast.lin, cast.zhou)] == [1, 0, 0, 0]
    told = Notice.objects.filter(key__startswith="mediation:complaint:").values_list("member", flat=True)
    assert cast.li.pk in told and cast.wang.pk not in told
    for name in ("one", "people", "meetings", "dossier"):
        page = client_of(cast.wang).get(reverse(f"mediation:{name}", args=[mediated.number])).content.decode()
        assert "只听对方的" not in page and "偏袒一方当事人" not in page
    other = client_of(None).get(reverse("mediation:own", args=[mediated.respondent.code])).content.decode()
    mine = client_of(None).get(reverse("mediation:own", args=[mediated.applicant.code])).content.decode()
    assert "只听对方的" not in other and "只听对方的" in mine


def test_nobody_judges_themselves(mediated: MediationStage) -> None:
    own = make_mediator(mediated.cast, mediated.cast.li)
    mediated.mediation.appointments.create(mediator=own, since=BEGAN, role="with")
    with pytest.raises(Refusal):
        complain(mediated, mediator=own)  # taken down by li
    made = complain(mediated, mediator=own, by=mediated.cast.zhao.actor())
    assert not complaints.visible(mediated.cast.li).exists()
    with pytest.raises(NotFound):
        complaints.answer(complaint=made, found="unfounded", words="没有。", by=mediated.li, at=moment(3))
    with pytest.raises(NotAllowed):
        complaints.answer(complaint=made, found="unfounded", words="没有。", by=mediated.wang, at=moment(3))


def test_it_is_answered_once_in_writing(mediated: MediationStage) -> None:
    made = complain(mediated)
    client, url = client_of(mediated.cast.li), reverse("mediation:complaint", args=[made.pk])
    empty = client.post(url, {"found": "corrected", "words": "", "idempotency_key": token()})
    assert empty.status_code == 422
    said = {"found": "corrected", "words": "已责令改正。", "idempotency_key": token()}
    assert client.post(url, said).status_code == 303
    assert client.post(url, said | {"idempotency_key": token()}).status_code == 409
    assert "已责令改正。" in client.get(reverse("mediation:complaint-paper", args=[made.pk])).content.decode()
    assert "已责令改正。" in client_of(None).get(f"/m/{mediated.applicant.code}/").content.decode()
    with pytest.raises(Conflict):
        complaints.answer(complaint=made, found="unfounded", words="没有。", by=mediated.li, at=moment(3))


def test_bad_complaints_are_refused_at_their_place(mediated: MediationStage) -> None:
    stranger = make_mediator(mediated.cast, None, "外人")
    for wrong in ({"mediator": stranger}, {"words": ""}, {"words": "长" * 4001}, {"wrong": "x"}, {"how": "x"}):
        with pytest.raises(Refusal):
            complain(mediated, **wrong)
    with pytest.raises(NotAllowed):
        complain(mediated, by=Actor("resident", acts.subject_of(mediated.respondent)))
    for _n in range(complaints.MOST_OPEN):
        complain(mediated)
    with pytest.raises(Refusal):
        complain(mediated)


def test_the_party_complains_on_its_page_and_nothing_typed_is_lost(mediated: MediationStage) -> None:
    client, url = client_of(None), reverse("mediation:own-do", args=[mediated.applicant.code, "complaint"])
    lost = client.post(
        url, {"mediator": "x", "wrong": "tells", "words": "把我的病说出去了", "idempotency_key": token()}
    )
    assert lost.status_code == 422 and "把我的病说出去了" in lost.content.decode()
    said = {"mediator": mediated.mediator.pk, "wrong": "tells", "words": "泄密", "idempotency_key": token()}
    assert [client.post(url, said).status_code for _twice in range(2)] == [303, 303]
    assert Complaint.objects.get().how == "web"


def test_with_the_person_a_complaint_is_forgotten(mediated: MediationStage) -> None:
    made = complain(mediated)
    complaints.answer(complaint=made, found="unfounded", words="经查不属实。", by=mediated.li, at=moment(3))
    assert "只听对方的" in str(forgetting.copy_of(mediated.applicant.resident))
    mediated.at_stage(Stage.PERFORMED)
    event = ResidentErased(mediated.applicant.resident, mediated.applicant.name, mediated.li, moment(9))
    forgetting.on_erased(event)
    made.refresh_from_db()
    assert (made.words, made.answer, made.found) == ("", "", "unfounded")
