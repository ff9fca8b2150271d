"""Pages of the reception: what is shown and to whom, one effect per press, nothing typed is lost."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from chenyue.cases.models import Case
from chenyue.core import ids
from chenyue.reception import visits
from chenyue.reception.models import Party, RosterPerson, Shift, Ticket, Visit
from chenyue.reception.queue import actions
from helpers import one_and_three
from reception.queue_stage import minutes, opened, sitting

LINE, PAGE, REPORT = 5, 9, 16  # statements, session and member included
WORDS = "金桂苑1幢门口的井盖松了，晚上差点绊倒人。"


@pytest.fixture(autouse=True)
def now():
    """Ten past seven on a Tuesday, whenever the tests run."""
    with time_machine.travel(minutes(10)):
        yield timezone.now()


@pytest.fixture
def here(cast, now):
    return opened(cast, now - timedelta(minutes=10))


def take(cast, here, now, **more):
    return actions.take_ticket(sitting=here, by=cast.li.actor(), at=now, **more)


def post(client, path, **fields):
    return client.post(path, {"idempotency_key": ids.token()} | fields)


def test_today_leads_to_the_sitting_that_runs(cast, client_of, here):
    answer = client_of(cast.li).get("/desk/reception/")
    assert (answer.status_code, answer["Location"]) == (303, f"/desk/reception/{here.pk}/")


def test_today_without_a_sitting_says_when_the_next_is(cast, client_of, now):
    later = sitting(now + timedelta(days=2))
    page = client_of(cast.li).get("/desk/reception/").content.decode()
    assert "今天没有接待" in page and f"/desk/reception/{later.pk}/" in page


def test_the_line_shows_masked_names_and_reasons_and_no_matter(cast, client_of, here, now):
    take(cast, here, now, called_as="陈大明")
    take(cast, here, now, called_as="孙桂花", priority="elderly")
    page = client_of(cast.li).get(f"/desk/reception/{here.pk}/").content.decode()
    assert "陈**" in page and "陈大明" not in page and "老年人：按早到 10 分钟排" in page
    assert page.index("A002") < page.index("A001")


def test_a_matter_is_written_once_however_often_it_is_sent(cast, client_of, here, now):
    one = take(cast, here, now, called_as="陈大明")
    client = client_of(cast.li)
    post(client, f"/desk/reception/{here.pk}/next/", window="1")
    form = {
        "idempotency_key": ids.token(),
        "words": WORDS,
        "phone": "13800000001",
        "name": "陈大明",
        "place": "金桂苑1幢",
    }
    path = f"/desk/reception/tickets/{one.pk}/visit/"
    first, again = client.post(path, form), client.post(path, form)
    assert (first.status_code, again.status_code) == (303, 303)
    assert Case.objects.count() == 1 and Visit.objects.get().ended_at is not None
    assert Ticket.objects.get(pk=one.pk).state == "done"
    page = client.get(f"/desk/reception/{here.pk}/").content.decode()
    assert "/desk/slips/" in page and 'data-draft-done="visit-' in page


def test_what_was_typed_stays_when_it_is_refused(cast, client_of, here, now):
    one = take(cast, here, now)
    client = client_of(cast.li)
    post(client, f"/desk/reception/{here.pk}/next/", window="1")
    people = "\n".join(f"代表{n} 1390000000{n}" for n in range(6))
    path = f"/desk/reception/tickets/{one.pk}/visit/"
    answer = post(client, path, words=WORDS, companions=people, said="不外传")
    page = answer.content.decode()
    assert answer.status_code == 422 and "最多推选 5 名代表" in page
    assert WORDS in page and "代表5 13900000005" in page and "不外传" in page
    assert not Visit.objects.exists() and not Party.objects.exists()
    empty = post(client, path)
    assert empty.status_code == 422 and "请写下反映什么事" in empty.content.decode()


def test_a_sheet_for_a_visitor_who_is_gone_keeps_the_words(cast, client_of, here, now):
    one = take(cast, here, now)
    answer = post(client_of(cast.li), f"/desk/reception/tickets/{one.pk}/visit/", words=WORDS)
    assert answer.status_code == 409 and WORDS in answer.content.decode()


def test_several_matters_by_the_page(cast, client_of, here, now):
    one = take(cast, here, now)
    client, path = client_of(cast.li), f"/desk/reception/tickets/{one.pk}/visit/"
    post(client, f"/desk/reception/{here.pk}/next/", window="1")
    post(client, path, words=WORDS, phone="13800000001", act="more")
    page = client.get(f"/desk/reception/{here.pk}/").content.decode()
    assert "138****0001" in page and "13800000001" not in page  # on record now, and not to be asked again
    assert re.search(r"<textarea[^>]*name=\"words\"[^>]*data-focus", page)  # the cursor is where something is missing
    post(client, path, words="楼道里的灯坏了半个月没人修。")
    assert Visit.objects.get().filed.count() == 2
    assert {link.appeal.reporter_id for link in Visit.objects.get().filed.all()} == {Visit.objects.get().resident_id}


def test_straight_to_my_window(cast, client_of, here):
    client = client_of(cast.li)
    post(client, f"/desk/reception/{here.pk}/take/", called_as="陈大明", party="1", straight="1", window="2")
    one = Ticket.objects.get()
    assert (one.state, one.window, one.server) == ("called", 2, cast.li)


def test_the_ticket_of_somebody_who_comes_too_late_is_for_the_next_sitting(cast, client_of, now):
    here = opened(cast, now - timedelta(minutes=80), ends_at=now + timedelta(minutes=2))
    after = sitting(now + timedelta(hours=10))
    answer = post(client_of(cast.li), f"/desk/reception/{here.pk}/take/", called_as="陈大明", party="1")
    one = Ticket.objects.get()
    assert one.sitting_id == after.pk and answer["Location"] == f"/desk/reception/tickets/{one.pk}/slip/"
    assert "您在这一场排在最前" in client_of(cast.li).get(answer["Location"]).content.decode()


def test_undo_by_the_message(cast, client_of, here, now):
    one = take(cast, here, now)
    client = client_of(cast.li)
    post(client, f"/desk/reception/{here.pk}/next/", window="1")
    post(client, f"/desk/reception/tickets/{one.pk}/not-there/")
    page = client.get(f"/desk/reception/{here.pk}/").content.decode()
    assert f"/desk/reception/tickets/{one.pk}/undo/" in page and "过号" in page
    post(client, f"/desk/reception/tickets/{one.pk}/undo/")
    assert Ticket.objects.get().state == "called"


def test_what_cannot_be_done_is_said_and_nothing_breaks(cast, client_of, here, now):
    one = take(cast, here, now)
    client = client_of(cast.li)
    for act in ("recall", "finish", "start", "not-there", "check-in", "undo"):
        assert post(client, f"/desk/reception/tickets/{one.pk}/{act}/").status_code == 303
    page = client.get(f"/desk/reception/{here.pk}/").content.decode()
    assert "没有可以撤回的操作" in page and Ticket.objects.get().state == "waiting"
    for window in ("0", "99999999999", "x", ""):
        assert post(client, f"/desk/reception/{here.pk}/next/", window=window).status_code == 303
    assert client.post(f"/desk/reception/{here.pk}/next/").status_code == 303  # without a key: said, not done


def test_a_member_of_the_roster_receives_without_the_permission(cast, client_of, here, now):
    take(cast, here, now)
    assert client_of(cast.lin).get("/desk/reception/").status_code == 403
    person = RosterPerson.objects.create(member=cast.lin, feed_token="f")
    Shift.objects.create(sitting=here, person=person)
    client = client_of(cast.lin)
    assert client.get("/desk/reception/")["Location"] == f"/desk/reception/{here.pk}/"
    assert post(client, f"/desk/reception/{here.pk}/next/", window="1").status_code == 303
    assert Ticket.objects.get().server == cast.lin


def test_pages_cost_the_same_with_one_and_three_in_the_line(cast, client_of, here, now):
    client = client_of(cast.li)
    one_and_three(
        lambda: client.get(f"/desk/reception/{here.pk}/line/"), lambda: take(cast, here, now, called_as="陈大明"), LINE
    )


def test_the_page_of_a_sitting_and_its_report_cost_the_same(cast, client_of, here, now):
    client = client_of(cast.li)

    def heard():
        one = take(cast, here, timezone.now(), called_as="陈大明")
        by, at = cast.zhao.actor(), timezone.now()
        actions.call(ticket=one, window=2, by=by, at=at)
        visits.write_visit(ticket=one, sheet=visits.Sheet(matter=visits.Matter(WORDS)), by=by, at=at)

    one_and_three(lambda: client.get(f"/desk/reception/{here.pk}/"), heard, PAGE)
    one_and_three(lambda: client.get(f"/desk/reception/{here.pk}/report/"), heard, REPORT)
