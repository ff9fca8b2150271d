"""Looks with a reason, dangers, what happens by itself, forgetting, the board and its cost, forms and bad input."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from cast import Cast, client_of
from chenyue.core.errors import NotAllowed, NotFound, Refusal
from chenyue.core.ids import token
from chenyue.mediation import board as boards
from chenyue.mediation import chores_core as chores
from chenyue.mediation import contacts, forgetting, moments, risks, seeing
from chenyue.mediation.lifecycle import Risk, Stage
from chenyue.mediation.models import Mediation, Party
from chenyue.notify.models import Notice
from chenyue.people.events import ResidentErased
from chenyue.timeline.models import Entry
from helpers import one_and_three
from mediation.stage import BEGAN, CHEN, CHEN_PHONE, WEI, WEI_PHONE, MediationStage, committee, moment


def page(client: Client, mediated: MediationStage, name: str = "") -> str:
    return client.get(f"/desk/mediation/{mediated.number}/{name}").content.decode()


def test_numbers_are_shown_only_after_a_look(mediated: MediationStage) -> None:
    wang = client_of(mediated.cast.wang)
    assert WEI in page(wang, mediated, "people/") and WEI_PHONE not in page(wang, mediated, "people/")
    url = f"/desk/mediation/{mediated.number}/look/party/{mediated.respondent.pk}/"
    assert wang.post(url, {"reason": "", "idempotency_key": token()}).status_code == 422
    assert wang.post(url, {"reason": "约谈时间", "idempotency_key": token()}).status_code == 303
    assert WEI_PHONE in page(wang, mediated, "people/")
    assert CHEN_PHONE not in page(wang, mediated, "people/"), "a look at one is no look at the other"
    assert WEI_PHONE not in page(client_of(mediated.cast.li), mediated, "people/"), "nor anybody else's"
    assert Entry.objects.filter(verb="mediation.looked", actor_key=str(mediated.cast.wang.pk)).count() == 1


def test_a_look_ends(mediated: MediationStage) -> None:
    contacts.look(person=mediated.respondent, reason="约谈", by=mediated.wang, at=BEGAN)
    seen = [contacts.looked_at(mediated.cast.wang, mediated.mediation, moment(hours=h)) for h in (0, 1)]
    assert seen == [{f"party:{mediated.respondent.pk}"}, set()]


def test_lists_mask_and_the_stranger_sees_nothing(mediated: MediationStage) -> None:
    board = client_of(mediated.cast.li).get("/desk/mediation/").content.decode()
    assert mediated.number in board
    assert WEI not in board and "魏**" in board
    for name in ("sun", "lin"):
        assert mediated.number not in client_of(getattr(mediated.cast, name)).get("/desk/mediation/").content.decode()
        with pytest.raises(NotFound):
            seeing.mediation_for(getattr(mediated.cast, name), mediated.number)
    assert client_of(mediated.cast.zhou).get(f"/desk/mediation/{mediated.number}/").status_code == 404


def test_an_invited_unit_reads_no_names(mediated: MediationStage) -> None:
    mediated.invite("drainage")
    lin = client_of(mediated.cast.lin)
    shown = page(lin, mediated, "invited/") + lin.get("/desk/mediation/").content.decode()
    for secret in (WEI, CHEN, "魏**", "陈**", WEI_PHONE, mediated.mediation.facts):
        assert secret not in shown
    for name in ("", "people/", "risks/", "rights/"):
        assert lin.get(f"/desk/mediation/{mediated.number}/{name}").status_code == 403


def test_a_danger_is_asked_for_until_somebody_was_told(mediated: MediationStage) -> None:
    """人民调解法 25."""
    risk = risks.report(
        mediation=mediated.mediation, kind=Risk.VIOLENCE, words="扬言动手。", by=mediated.wang, at=BEGAN
    )
    mediated.mediation.refresh_from_db()
    assert (mediated.mediation.next_what, mediated.mediation.next_at) == ("risk", BEGAN + risks.WITHIN)
    assert chores.tell_risks(BEGAN) == 0
    assert chores.tell_risks(moment(hours=1)) == 1
    assert chores.tell_risks(moment(hours=1)) == 0, "once in half an hour"
    with pytest.raises(Refusal) as refusal:
        risks.end(risk=risk, by=mediated.wang, at=moment(hours=1))
    assert refusal.value.code == "untold"
    risks.tell_outside(risk=risk, told="派出所", receipt="110-77", by=mediated.wang, at=moment(hours=1))
    assert chores.tell_risks(moment(hours=3)) == 0
    told = [e.visible_to for e in Entry.objects.filter(subject=mediated.mediation.subject, verb__contains="risk")]
    assert set(told) == {"office"}, "no party reads of it"


def test_its_day_is_told_and_ends_nothing(mediated: MediationStage) -> None:
    near, past = moment(days=28), moment(days=32)
    assert [chores.tell_due(at) for at in (BEGAN, near, near, past, past)] == [0, 1, 0, 1, 0]
    mediated.mediation.refresh_from_db()
    assert mediated.mediation.stage == Stage.MEDIATING
    assert Notice.objects.filter(member=mediated.cast.wang, url__endswith=f"{mediated.number}/").count() == 2


def test_who_is_silent_is_asked_for(mediated: MediationStage) -> None:
    mediated.at_stage(Stage.CONSENT)
    assert chores.tell_unanswered(moment(days=8)) == 0
    mediated.party(name="高文")
    assert chores.tell_unanswered(moment(days=6)) == 0
    assert [chores.tell_unanswered(moment(days=d)) for d in (8, 8)] == [1, 1]
    assert Notice.objects.filter(member=mediated.cast.wang, url__endswith="/people/").count() == 1, "once a week"


def test_terms_that_end(mediated: MediationStage) -> None:
    row = committee(mediated.cast)
    row.until = date(2026, 12, 31)
    row.save()
    assert [chores.tell_terms(at) for at in (BEGAN - timedelta(days=60), BEGAN)] == [0, 1]


def test_the_next_moment_is_kept(mediated: MediationStage) -> None:
    moments.refresh(mediated.mediation)
    assert mediated.mediation.next_what == "due"


def erased(party: Party, by: Any) -> None:
    forgetting.on_erased(ResidentErased(party.resident, None, by, moment(days=60), name=WEI))


def test_a_running_mediation_keeps_its_parties(mediated: MediationStage) -> None:
    erased(mediated.respondent, mediated.li)
    party = Party.objects.get(pk=mediated.respondent.pk)
    assert (party.phone, party.resident) == (WEI_PHONE, None)


def test_after_its_end_what_the_dossier_needs_not_goes(mediated: MediationStage) -> None:
    Mediation.objects.filter(pk=mediated.mediation.pk).update(facts=f"{WEI}与邻居争吵。")
    mediated.at_stage(Stage.TERMINATED)
    erased(mediated.respondent, mediated.li)
    party = Party.objects.get(pk=mediated.respondent.pk)
    assert (party.name, party.phone, party.phone_index, party.address) == (WEI, "", "", "")
    assert WEI not in Mediation.objects.get(pk=mediated.mediation.pk).facts
    with pytest.raises(NotFound):
        seeing.party_for_code(party.code)


def test_a_copy_holds_ones_own_words_only(mediated: MediationStage) -> None:
    mediated.says(mediated.applicant, question="survey", words="可以测量。")
    copies = forgetting.copy_of(mediated.respondent.resident)
    assert [c["mediation"] for c in copies] == [mediated.number]
    assert "可以测量" not in str(copies) and CHEN not in str(copies)
    assert "可以测量" in str(forgetting.copy_of(mediated.applicant.resident))


def add(mediated: MediationStage) -> Mediation:
    row = Mediation.objects.get(number=mediated.number)
    count = Mediation.objects.count()
    row.pk, row.number = None, f"M2026-8{count:03d}"
    row.save(force_insert=True)
    for party in (mediated.applicant, mediated.respondent):
        twin = Party.objects.get(pk=party.pk)
        twin.pk, twin.mediation, twin.code = None, row, f"{party.order}{count:03d}-AAAA-AAAA"
        twin.save(force_insert=True)
    return row


@pytest.mark.parametrize("query", ["", "?stage=mediating", "?overdue=1&mediator=1&community=3&q=土地"])
def test_the_board_costs_the_same(mediated: MediationStage, query: str) -> None:
    client = client_of(mediated.cast.li)
    statements = 6 if not query else 5
    one_and_three(lambda: client.get(f"/desk/mediation/{query}"), lambda: add(mediated), statements)


def test_people_cost_the_same(mediated: MediationStage) -> None:
    client, n = client_of(mediated.cast.li), iter("甲乙丙丁")
    show = lambda: client.get(f"/desk/mediation/{mediated.number}/people/")  # noqa: E731
    one_and_three(show, lambda: mediated.party(name=f"户主{next(n)}"), 14)


def test_a_code_opens_one_partys_page_only(mediated: MediationStage) -> None:
    code = mediated.applicant.code
    assert seeing.party_for_code(code.lower().replace("-", " ")) == mediated.applicant
    for wrong in ("", "AAAA-AAAA-AAAA", code[:-1], "'" * 300):
        with pytest.raises(NotFound):
            seeing.party_for_code(wrong)


def test_an_application_taken_down_on_the_page(cast: Cast) -> None:
    committee(cast)
    li = client_of(cast.li)
    typed = {
        "title": "漏水赔偿纠纷", "dispute": "neighbours", "facts": "楼上漏水，泡坏木地板。",
        "requests": "修好\n赔偿3000元",
        "source": "application", "oral": "on", "applicant": CHEN, "applicant_phone": CHEN_PHONE,
        "applicant_kind": "person", "respondent": WEI, "respondent_phone": "12", "respondent_kind": "person",
        "place": "金桂苑1幢",
    }  # fmt: skip
    refused = li.post("/desk/mediation/new/", typed | {"idempotency_key": token()})
    assert refused.status_code == 422 and "泡坏木地板" in refused.content.decode(), "nothing typed is lost"
    assert not Mediation.objects.exists()
    key = {"idempotency_key": token(), "respondent_phone": WEI_PHONE}
    answers = [li.post("/desk/mediation/new/", typed | key) for _twice in range(2)]
    assert [a.status_code for a in answers] == [303, 303]
    assert Mediation.objects.get().case.appeals.count() == 1


def test_a_stale_form_keeps_what_was_typed(mediated: MediationStage) -> None:
    li = client_of(mediated.cast.li)
    url = f"/desk/mediation/{mediated.number}/edit/"
    typed = {"title": "土地纠纷", "dispute": "forest_land", "source": "initiative", "version": 1}
    first = li.post(url, typed | {"facts": "第一次", "idempotency_key": token()})
    second = li.post(url, typed | {"facts": "第二次写的话", "idempotency_key": token()})
    assert (first.status_code, second.status_code) == (303, 409)
    assert "第二次写的话" in second.content.decode()


def test_who_only_leads_the_office_changes_no_numbers_unseen(mediated: MediationStage) -> None:
    with pytest.raises(NotAllowed):
        contacts.look(person=mediated.respondent, reason="看看", by=mediated.cast.sun.actor(), at=BEGAN)


def test_parties_are_told_without_what_it_is_about(mediated: MediationStage) -> None:
    from chenyue.mediation import running
    from chenyue.notify.models import Message

    resident = mediated.respondent.resident
    resident.email = "wei@example.org"
    resident.save()
    running.terminate(mediation=mediated.mediation, why="no_agreement", by=mediated.wang, at=moment(days=3))
    about = Message.objects.filter(about=mediated.mediation.subject)
    told = list(about.filter(template="mediation-ended").values_list("address", "body"))
    assert [address for address, _body in told] == ["wei@example.org"]
    for _address, body in told:
        assert mediated.number in body
        for secret in (CHEN, WEI, mediated.mediation.title, mediated.mediation.facts):
            assert secret not in body


def test_the_days_of_a_mediation_are_a_setting(mediated: MediationStage) -> None:
    from chenyue.mediation.screening import due_day

    li = client_of(mediated.cast.li)
    url = "/desk/mediation/committees/days/"
    assert li.post(url, {"days": "0", "idempotency_key": token()}).status_code == 422
    assert li.post(url, {"days": "60", "idempotency_key": token()}).status_code == 303
    assert due_day(date(2026, 11, 24)) == date(2027, 1, 25), "the 60th day is a Saturday: the next working day"


def test_the_board_that_is_asked_quickly_shows_what_the_filtered_one_shows(mediated: MediationStage) -> None:
    """Without filters it is asked by words made once; each sees their own there as everywhere else."""
    mediated.invite()
    kept = add(mediated)
    Mediation.objects.filter(pk=kept.pk).update(stage=Stage.PERFORMED)
    seen = {}
    for name in ("li", "wang", "lin", "zhao", "zhou"):
        member, today = getattr(mediated.cast, name), date(2026, 11, 25)
        quick = boards.board(member, boards.Filters(), today)
        assert quick == boards.board(member, boards.Filters(dispute=mediated.mediation.dispute), today)
        assert sum(quick[1].values()) == seeing.visible(member).count()
        seen[name] = sum(quick[1].values())
    assert seen == {"li": 2, "wang": 1, "lin": 1, "zhao": 2, "zhou": 0}
