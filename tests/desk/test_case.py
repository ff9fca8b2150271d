"""The page of a case: what is shown, what may be done, and what never leaves the office."""

import pytest
from django.urls import reverse

import stories
from chenyue.cases.models import Case, Note
from chenyue.core.ids import token
from helpers import count


def url(case, name="case", *more):
    return reverse(f"desk:{name}", args=[case.number, *more])


def sent(client, address, **data):
    return client.post(address, {"idempotency_key": token(), **data})


@pytest.fixture
def told(cast):
    return stories.filed(cast)


def test_the_page_shows_words_and_masks_the_reporter(cast, client_of, told):
    page = client_of(cast.li).get(url(told.case)).content.decode()
    assert stories.WORDS in page
    assert "陈**" in page and "138****0001" in page
    assert cast.chen.phone not in page and cast.chen.name not in page


def test_the_whole_page_takes_at_most_fourteen_statements(cast, client_of, told):
    case = stories.answered(cast, filed_=told)
    client = client_of(cast.li)
    client.get(url(case))
    assert count(lambda: client.get(url(case))) <= 14


def test_a_look_at_contact_data_needs_a_reason_and_is_recorded(cast, client_of, told):
    client = client_of(cast.li)
    address = url(told.case, "reveal", told.appeal.number)
    assert sent(client, address, reason="").status_code == 422
    assert sent(client, address, reason="核实地点").status_code == 303
    page = client.get(url(told.case)).content.decode()
    assert cast.chen.phone in page and "核实地点" in page


def test_an_internal_note_is_never_on_a_page_for_residents(cast, client_of, told):
    case = stories.dispatched(cast, told)
    assert sent(client_of(cast.lin), url(case, "note"), words="井主疑似违规排污，先别说").status_code == 303
    assert Note.objects.get().words == "井主疑似违规排污，先别说"
    assert "先别说" in client_of(cast.li).get(url(case)).content.decode()
    resident = client_of(None).get(reverse("portal:progress", args=[told.appeal.receipt]))
    assert resident.status_code == 200
    assert "先别说" not in resident.content.decode()


def test_what_may_not_be_done_is_not_offered(cast, client_of, told):
    case = stories.dispatched(cast, told)
    officer = client_of(cast.lin).get(url(case)).content.decode()
    assert url(case, "answer") in officer and url(case, "move", "return") in officer
    assert url(case, "move", "reassign") not in officer
    clerk = client_of(cast.li).get(url(case)).content.decode()
    assert url(case, "answer") not in clerk
    assert url(case, "move", "reassign") in clerk


@pytest.mark.parametrize("who", ["zhou", "sun"])
def test_a_stranger_and_another_unit_see_nothing(cast, client_of, told, who):
    case = stories.dispatched(cast, told)
    for address in (url(case), url(case, "answer"), url(case, "note"), url(case, "move", "return")):
        answer = client_of(getattr(cast, who)).get(address)
        assert answer.status_code in (403, 404)
        assert "污水井" not in answer.content.decode()


def test_a_stale_form_keeps_what_was_typed(cast, client_of, told):
    case = stories.dispatched(cast, told)
    old = case.version
    sent(client_of(cast.lin), url(case, "move", "contact"), version=old, words="已电话联系，约下午到场")
    words = "这不是我所管网，产权属物业，附竣工图"
    late = sent(client_of(cast.lin), url(case, "move", "return"), version=old, reason="not_our_duty", words=words)
    assert late.status_code == 409
    page = late.content.decode()
    assert words in page
    newer = Case.objects.get(pk=case.pk).version
    assert f'name="version" value="{newer}"' in page


def test_an_emptied_form_says_what_is_missing_at_the_field(cast, client_of, told):
    case = stories.dispatched(cast, told)
    answer = sent(
        client_of(cast.lin), url(case, "move", "return"), version=case.version, reason="not_our_duty", words=""
    )
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()


def test_a_double_press_returns_the_case_once(cast, client_of, told):
    case = stories.dispatched(cast, told)
    client, key = client_of(cast.lin), token()
    form = {"idempotency_key": key, "version": case.version, "reason": "wrong_place", "words": "地点不在本辖区内"}
    first = client.post(url(case, "move", "return"), form)
    second = client.post(url(case, "move", "return"), form)
    assert (first.status_code, second.status_code) == (303, 303)
    assert case.returns.count() == 1
