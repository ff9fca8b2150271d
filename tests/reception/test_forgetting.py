"""A resident whose data is deleted is forgotten by the queue, too; a copy says when they came."""

from datetime import timedelta

from cast import Cast
from chenyue.core.actors import Actor
from chenyue.notify.models import Message
from chenyue.people import actions as people
from chenyue.reception import booking, forgetting, visits
from chenyue.reception.models import Ticket, WaitEntry
from chenyue.reception.queue import actions
from reception.queue_stage import SEVEN, minutes, sitting


def test_names_and_addresses_of_tickets_go_and_the_visit_stays(cast: Cast) -> None:
    where, by = sitting(), Actor("resident")
    person = booking.Person("陈大明", "13800000001", "chen@example.org")
    mine = booking.book(sitting=where, slot=SEVEN, person=person, by=by, at=minutes(-600))
    full = sitting(SEVEN + timedelta(hours=12), capacity=2)
    other = booking.Person("别人")
    booking.book(sitting=full, slot=full.starts_at, person=other, by=by, at=minutes(-600))
    entry = booking.ask_for_place(sitting=full, person=person, by=by, at=minutes(-600))
    li = cast.li.actor()
    actions.open_sitting(sitting=where, by=li, at=SEVEN)
    actions.check_in(ticket=mine, by=li, at=SEVEN)
    mine = actions.call(ticket=mine, window=1, by=li, at=SEVEN)
    sheet = visits.Sheet(said="陈大明说家里有人病重，电话 13800000001。")
    visit = visits.write_visit(ticket=mine, sheet=sheet, by=li, at=minutes(1)).visit
    assert mine.resident is not None
    copied = forgetting.copy_of(mine.resident)
    assert [(row["number"], row["called_as"]) for row in copied] == [("A001", "陈大明")]

    people.erase_resident(resident=mine.resident, by=cast.zhao.actor(), at=minutes(60))
    found, waits = Ticket.objects.get(pk=mine.pk), WaitEntry.objects.get(pk=entry.pk)
    assert (found.called_as, found.email, found.label) == ("", "", "A001")
    assert (waits.called_as, waits.email) == ("", "")
    visit.refresh_from_db()
    assert "大明" not in visit.said and "13800000001" not in visit.said and "病重" in visit.said
    assert not Message.objects.filter(address="chen@example.org", state=Message.State.QUEUED).exists()
    assert Ticket.objects.get(sitting=full).called_as == "别人"
