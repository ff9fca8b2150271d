"""The composer for residents: shown exactly as it is sent, guarded against numbers of persons and open blanks."""

import re

import pytest
from django.urls import reverse

import stories
from chenyue.cases.models import Answer, Case
from chenyue.core.ids import token

TOLD = "污水井已疏通，路面冲洗干净了。\n一周内每天巡查。"


@pytest.fixture
def case(cast):
    return stories.dispatched(cast, stories.filed(cast))


def post(client, case, **data):
    form = {"idempotency_key": token(), "version": case.version, "result": "resolved", "done": "疏通 40 米"}
    return client.post(reverse("desk:answer", args=[case.number]), form | data)


def seen_in(page):
    return re.search(r'name="seen" value="(\w+)"', page).group(1)


def test_nothing_is_sent_before_it_was_seen(cast, client_of, case):
    client = client_of(cast.lin)
    page = post(client, case, told=TOLD)
    assert page.status_code == 200 and not Answer.objects.exists()
    text = page.content.decode()
    assert "陈**" in text and cast.chen.name not in text
    assert TOLD in text.replace("&#x27;", "'")
    assert post(client, case, told=TOLD, seen=seen_in(text)).status_code == 303
    assert Answer.objects.get().told == TOLD


def test_what_was_changed_after_the_preview_is_shown_again(cast, client_of, case):
    client = client_of(cast.lin)
    mark = seen_in(post(client, case, told=TOLD).content.decode())
    assert post(client, case, told=TOLD + "另：电话联系", seen=mark).status_code == 200
    assert not Answer.objects.exists()


def test_numbers_of_persons_and_open_blanks_are_pointed_out(cast, client_of, case):
    client = client_of(cast.lin)
    text = post(client, case, told="请找老张 13912345678").content.decode()
    assert "notice-late" in text and "13912345678" in text
    blank = post(client, case, told="已于 {{日期}} 修好")
    assert blank.status_code == 422 and "{{日期}}" in blank.content.decode()


def test_the_resident_reads_what_was_previewed(cast, client_of, case):
    client = client_of(cast.lin)
    post(client, case, told=TOLD, seen=seen_in(post(client, case, told=TOLD).content.decode()))
    receipt = case.appeals.get().receipt
    page = client_of(None).get(reverse("portal:progress", args=[receipt])).content.decode()
    assert "路面冲洗干净了" in page and "疏通 40 米" not in page


def test_an_answer_that_came_too_late_keeps_its_words(cast, client_of, case):
    client = client_of(cast.lin)
    mark = seen_in(post(client, case, told=TOLD).content.decode())
    Case.objects.filter(pk=case.pk).update(version=case.version + 1)
    late = post(client, case, told=TOLD, seen=mark)
    assert late.status_code == 409 and "一周内每天巡查" in late.content.decode()
