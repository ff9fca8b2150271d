"""The visit sheet: appeals by the one door, several matters, representatives, and what stays in the room."""

from typing import Any

import pytest
from django.db import connection

from chenyue.cases.intake import ReporterData
from chenyue.cases.models import Appeal, Case
from chenyue.core.errors import Conflict, Refusal
from chenyue.reception import visits
from chenyue.reception.models import Ticket, Visit
from chenyue.reception.queue import actions
from chenyue.timeline.models import Entry
from reception.queue_stage import minutes, opened, ticket

WORDS = "金桂苑1幢门口的污水井又冒水了，老人出门都要绕着走。"
CHEN = ReporterData(name="陈大明", phone="13800000001")


@pytest.fixture
def called(cast):
    here = opened(cast)
    one = ticket(cast, here, 0, called_as="陈大明", place_id=cast.place("金桂苑1幢").pk)
    return actions.call_next(sitting=here, window=1, by=cast.li.actor(), at=minutes(1)) or one


def write(cast, called, after=5.0, finish=True, **sheet: Any):
    by, at = cast.li.actor(), minutes(after)
    return visits.write_visit(ticket=called, sheet=visits.Sheet(**sheet), by=by, at=at, finish=finish)


def test_a_visit_files_an_appeal_and_ends_the_talk(cast, called):
    place = cast.place("金桂苑1幢").pk
    found = write(cast, called, reporter=CHEN, matter=visits.Matter(WORDS, {"place_id": place}))
    appeal = found.filed.appeal
    assert (appeal.channel, appeal.taken_by, appeal.words) == ("reception", cast.li, WORDS)
    visit = Visit.objects.get()
    assert (visit.resident, visit.window, visit.heard_by) == (appeal.reporter, 1, cast.li)
    assert (visit.started_at, visit.ended_at) == (minutes(1), minutes(5))
    assert visit.filed.get().appeal == appeal and visit.filed.get().settled is False
    row = Ticket.objects.get(pk=called.pk)
    assert (row.state, row.resident) == ("done", appeal.reporter)


def test_several_matters_on_one_ticket(cast, called):
    first = write(cast, called, 4, finish=False, reporter=CHEN, matter=visits.Matter(WORDS))
    assert Ticket.objects.get(pk=called.pk).state == "in_visit"
    second = write(cast, called, 8, reporter=CHEN, matter=visits.Matter("楼道里的灯坏了半个月没人修。"))
    assert first.visit == second.visit and second.visit.filed.count() == 2
    assert {a.reporter for a in Appeal.objects.all()} == {first.filed.appeal.reporter}


def test_an_open_case_is_joined(cast, called):
    first = write(cast, called, 4, finish=False, reporter=CHEN, matter=visits.Matter(WORDS))
    more = {"join_number": first.filed.case.number}
    other = ReporterData(name="何晓芸", phone="13912345678")
    second = write(cast, called, 8, reporter=other, matter=visits.Matter("我也是为这口井来的。", more))
    assert second.filed.joined and Case.objects.count() == 1


def test_settled_at_once(cast, called):
    matter = visits.Matter("医保卡怎么换？", told="已经当场办好，三天后到社区领卡。")
    found = write(cast, called, reporter=CHEN, matter=matter)
    assert Case.objects.get().state == "answered"
    assert found.visit.filed.get().settled and "领卡" in found.visit.settled


def test_what_stays_in_the_room_is_encrypted_and_named_nowhere(cast, called):
    write(cast, called, said="他说家里有人病重，不愿多讲。", reporter=CHEN)
    with connection.cursor() as cursor:
        cursor.execute("SELECT said FROM reception_visit")
        assert "病重" not in cursor.fetchone()[0]
    assert Visit.objects.get().said == "他说家里有人病重，不愿多讲。"
    assert not Appeal.objects.exists()
    for entry in Entry.objects.filter(subject=called.subject):
        assert "病重" not in str(entry.data) and "陈" not in str(entry.data) and "13800000001" not in str(entry.data)


def test_at_most_five_speak_for_a_group(cast, called):
    five = [visits.Companion(f"代表{n}", "13900000001") for n in range(5)]
    with pytest.raises(Refusal) as refused:
        write(cast, called, companions=[*five, visits.Companion("代表六")], matter=visits.Matter(WORDS))
    assert refused.value.field == "companions" and not Visit.objects.exists() and not Case.objects.exists()
    found = write(cast, called, companions=[*five, visits.Companion(" ")], matter=visits.Matter(WORDS))
    assert found.visit.parties.count() == 5
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM reception_party")
        assert all("代表" not in row[0] for row in cursor.fetchall())


def test_a_visitor_who_is_gone_gets_no_sheet(cast, called):
    actions.no_show(ticket=called, by=cast.li.actor(), at=minutes(3))
    with pytest.raises(Conflict):
        write(cast, called, matter=visits.Matter(WORDS))
    assert not Visit.objects.exists() and not Case.objects.exists()


def test_a_refused_appeal_keeps_nothing(cast, called):
    with pytest.raises(Refusal):
        write(cast, called, matter=visits.Matter(" "))
    assert Ticket.objects.get(pk=called.pk).state == "called" and not Visit.objects.exists()


def test_the_figures_of_the_end(cast, called):
    write(cast, called, 6, reporter=CHEN, matter=visits.Matter(WORDS, {"category_code": "0102"}))
    here = called.sitting
    ticket(cast, here, 7)
    figures = actions.close_sitting(sitting=here, by=cast.li.actor(), at=minutes(90)).figures
    expected = {
        "heard": 1,
        "visits": 1,
        "opened": 1,
        "joined": 0,
        "settled": 0,
        "unheard": 1,
        "came": 2,
        "talk_median": 5,
    }
    assert {name: figures[name] for name in expected} == expected
    assert figures["quarters"][0] == ["07:00", 2] and len(figures["quarters"]) == 6
    assert sum(count for _name, count in figures["categories"]) == 1
    entry = Entry.objects.get(subject=here.subject, verb="sitting.closed")
    assert entry.data["heard"] == 1 and entry.data["unheard"] == 1
