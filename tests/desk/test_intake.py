"""Taking down an appeal, confirming suggestions, and the page of the cast that only a demonstration has."""

import pytest
from django.urls import reverse

import stories
from chenyue.cases.models import Appeal, Case
from chenyue.core import office, setup_code
from chenyue.core.ids import token
from chenyue.people.models import Member


def form(**more):
    return {
        "idempotency_key": token(),
        "words": stories.WORDS,
        "channel": "phone",
        "act": "hand_on",
        "place": "",
    } | more


def test_words_alone_are_enough_and_a_slip_is_printed(cast, client_of):
    client = client_of(cast.li)
    answer = client.post(reverse("desk:new-appeal"), form(place="金桂苑1幢", phone="13800000001", name="陈大明"))
    assert answer.status_code == 303
    appeal = Appeal.objects.get()
    assert appeal.taken_by == cast.li and appeal.place == cast.place("金桂苑1幢")
    slip = client.get(answer["Location"]).content.decode()
    assert appeal.receipt in slip and "<svg" in slip


def test_without_words_it_says_so_and_keeps_the_rest(cast, client_of):
    answer = client_of(cast.li).post(reverse("desk:new-appeal"), form(words=" ", phone="13800000001"))
    assert answer.status_code == 422
    assert "13800000001" in answer.content.decode() and not Appeal.objects.exists()


def test_a_double_press_files_once(cast, client_of):
    client, once = client_of(cast.li), form()
    assert client.post(reverse("desk:new-appeal"), once).status_code == 303
    assert client.post(reverse("desk:new-appeal"), once).status_code == 303
    assert Appeal.objects.count() == 1


def test_settled_at_once_is_answered_in_the_same_sitting(cast, client_of):
    data = form(act="settle", done="当面解释了政策", told="按规定每年九月缴费，可在社区办理。", result="explained")
    assert client_of(cast.li).post(reverse("desk:new-appeal"), data).status_code == 303
    assert Case.objects.get().state == "answered"


def test_a_place_nobody_knows_is_kept_as_it_was_told(cast, client_of):
    client_of(cast.li).post(reverse("desk:new-appeal"), form(place="火星基地七号楼"))
    assert Appeal.objects.get().place_told == "火星基地七号楼"


def test_the_caller_is_recognised_masked(cast, client_of):
    stories.filed(cast)
    text = client_of(cast.li).post(reverse("desk:caller"), {"phone": cast.chen.phone}).content.decode()
    assert "陈**" in text and cast.chen.name not in text


def test_suggestions_say_what_and_whose(cast, client_of):
    text = client_of(cast.li).post(reverse("desk:suggest"), {"words": "家里煤气味很重，头晕"}).content.decode()
    assert "119" in text


def test_one_key_confirms_and_dispatches(cast, client_of):
    told = stories.filed(cast)
    data = {"idempotency_key": token(), "numbers": [told.case.number], "next": "/desk/inbox/"}
    assert client_of(cast.li).post(reverse("desk:inbox-confirm"), data).status_code == 303
    case = Case.objects.get(pk=told.case.pk)
    assert case.state == "assigned" and case.triaged_at and case.lead_id


def test_a_form_never_leads_to_another_site(cast, client_of):
    told = stories.filed(cast)
    data = {"idempotency_key": token(), "numbers": [told.case.number], "next": "https://evil.example/"}
    answer = client_of(cast.li).post(reverse("desk:inbox-confirm"), data)
    assert answer["Location"] == reverse("desk:inbox")


def test_two_steps_correct_it(cast, client_of):
    told = stories.filed(cast)
    data = {
        "idempotency_key": token(), "version": told.case.version, "title": "污水外冒", "category_code": "0102",
        "place": "金桂苑2幢", "urgency": "urgent", "handling": "direct", "lead_id": cast.units["greening"].pk,
    }  # fmt: skip
    assert client_of(cast.li).post(reverse("desk:inbox-correct", args=[told.case.number]), data).status_code == 303
    case = Case.objects.get(pk=told.case.pk)
    assert case.lead == cast.units["greening"] and case.place == cast.place("金桂苑2幢")


def test_a_neighbour_joins_and_the_join_can_be_undone(cast, client_of):
    one, two = stories.filed(cast).case, stories.filed(cast).case
    client = client_of(cast.li)
    data = {"idempotency_key": token(), "version": two.version, "into": one.number}
    assert client.post(reverse("desk:inbox-join", args=[two.number]), data).status_code == 303
    assert Case.objects.get(pk=two.pk).state == "joined"
    client.post(reverse("desk:undo-join", args=[two.number]), {"idempotency_key": token()})
    assert Case.objects.get(pk=two.pk).state == "received"


@pytest.mark.parametrize(("installation", "data"), [(False, True), (True, False), (False, False)])
def test_a_real_office_has_no_page_of_the_cast(cast, client_of, settings, installation, data):
    settings.DEMO = installation
    office.put(demo=data)
    client = client_of(None)
    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/", {"member": cast.zhao.pk}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_a_demonstration_signs_in_with_one_click(cast, client_of, settings):
    settings.DEMO = True
    office.put(demo=True)
    client = client_of(None)
    assert "李敏" in client.get("/demo/").content.decode()
    assert client.post("/demo/", {"member": cast.li.pk}).status_code == 303
    assert client.get(reverse("desk:my-desk")).status_code == 200


def test_the_first_administrator_needs_the_code_of_the_console(cast, client_of):
    Member.objects.update(is_active=False)
    code, client = setup_code.ensure(), client_of(None)
    data = {
        "idempotency_key": token(), "code": "WRONG-CODE", "office": "晨光街道办事处",
        "name": "钱一", "username": "qian",
        "password": "晨光-2026-开门", "again": "晨光-2026-开门",
    }  # fmt: skip
    assert client.post(reverse("desk:set-up-first"), data).status_code == 422
    done = client.post(reverse("desk:set-up-first"), data | {"code": code.lower(), "idempotency_key": token()})
    assert done.status_code == 303
    assert client.get(reverse("desk:set-up")).status_code == 200
    assert not setup_code.fits(code)
    assert client_of(None).get(reverse("desk:set-up-first")).status_code == 404
