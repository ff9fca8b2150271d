"""What no form of the house sends: answers about nothing, forms that are stale, figures that are none."""

from typing import Any

import pytest
from django.urls import reverse

from cast import Cast, client_of
from chenyue.core.errors import Conflict
from chenyue.core.ids import token
from chenyue.mediation import law, opening, screening
from chenyue.mediation.lifecycle import Dispute, Question, Side
from chenyue.mediation.models import Consent
from chenyue.mediation.people import PartyData
from mediation.stage import BEGAN, MediationStage, committee

NONE = ("", "mediator:999999", "mediator:²", "mediator:" + "9" * 30, "invitation:1", "x" * 300, "a\x00b")


@pytest.mark.parametrize("question", [Question.MEDIATOR, Question.INVITATION, Question.EXTENSION])
def test_an_answer_is_about_something_of_this_mediation(mediated: MediationStage, question: str) -> None:
    before = Consent.objects.count()
    for matter in NONE:
        with pytest.raises(Conflict):
            mediated.says(mediated.applicant, question=question, matter=matter)
    with pytest.raises(Conflict):
        mediated.says(mediated.applicant, matter=f"mediator:{mediated.mediator.pk}")
    assert Consent.objects.count() == before


def test_nobody_answers_about_a_mediator_who_was_replaced(mediated: MediationStage) -> None:
    mediated.appointment.until = BEGAN
    mediated.appointment.save()
    matter = f"mediator:{mediated.mediator.pk}"
    with pytest.raises(Conflict):
        mediated.says(mediated.applicant, question=Question.MEDIATOR, matter=matter, by=mediated.li)


def test_the_page_refuses_it_too(mediated: MediationStage) -> None:
    wang, before = client_of(mediated.cast.wang), Consent.objects.count()
    for matter in NONE[1:6]:
        url = reverse("mediation:say-to", args=[mediated.number, mediated.applicant.pk, "mediator", matter])
        answer = wang.post(url, {"given": "yes", "how": "oral", "words": "", "idempotency_key": token()})
        assert answer.status_code == 409
    assert Consent.objects.count() == before


@pytest.fixture
def told(cast: Cast) -> Any:
    committee(cast)
    parties = (PartyData(side=Side.APPLICANT, name="陈大明"), PartyData(side=Side.RESPONDENT, name="魏国强"))
    words = opening.Told("漏水纠纷", Dispute.NEIGHBOURS, facts="楼上漏水。", requests="修好")
    return opening.take_down(told=words, parties=parties, by=cast.li.actor(), at=BEGAN)


def test_a_stale_screening_is_not_kept_and_what_was_typed_is(cast: Cast, told: Any) -> None:
    li, url = client_of(cast.li), reverse("mediation:screening", args=[told.number])
    shown = li.get(url).content.decode()
    assert f'name="version" value="{told.version}"' in shown
    screening.answer(mediation=told, answers={"court": True}, by=cast.zhao.actor(), at=BEGAN)
    typed = dict.fromkeys(law.questions(), "no") | {"words_court": "法院说没有立案"}
    late = li.post(url, typed | {"version": told.version, "idempotency_key": token()})
    assert late.status_code == 409
    assert "法院说没有立案" in late.content.decode()
    told.refresh_from_db()
    assert told.screening["court"]["answer"] is True and len(told.screening) == 1
    again = li.post(url, typed | {"version": told.version, "idempotency_key": token()})
    assert again.status_code == 303


def test_figures_in_other_scripts_are_no_keys(mediated: MediationStage) -> None:
    """`²` is a digit to Python, and no number."""
    url = reverse("mediation:own-do", args=[mediated.applicant.code, "receipt"])
    one = client_of(None)
    assert one.post(url, {"receipt": "²", "came": "yes", "idempotency_key": token()}).status_code == 404
    wang = client_of(mediated.cast.wang)
    new = reverse("mediation:calculator", args=[mediated.number, "shares"])
    assert wang.get(new, {"from": "²"}).status_code == 200
