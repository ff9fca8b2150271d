"""The stewards of the demonstration: a care list that is alive, and a queue of words."""

import pytest

from cast import NOW, Cast
from chenyue.demo import stewards_doors
from chenyue.people.models import Grant, Role
from chenyue.stewards.models import CareEntry, DoorVisit, RelayedWord, Steward, Term

pytestmark = pytest.mark.django_db


class Office:
    """The cast as the demonstration's office names its people."""

    def __init__(self, cast: Cast) -> None:
        self.members = {"wang": cast.wang, "yuan": cast.zhou, "li": cast.li}
        self.place = cast.place


def test_visits_words_and_a_cold_spell(cast: Cast) -> None:
    role, homes = Role.objects.get(code="steward"), ("金桂苑1幢", "丹桂花园1幢")
    Grant.objects.create(member=cast.zhou, role=role, place=cast.place("丹桂花园1幢"))
    for member, home in zip((cast.wang, cast.zhou), homes, strict=True):
        who = Steward.objects.create(member=member, name=member.name, since=NOW.date())
        Term.objects.create(steward=who, building=cast.place(home), since=NOW.date().replace(day=1), made_at=NOW)
    stewards_doors.lived(Office(cast), NOW)  # type: ignore[arg-type]
    assert CareEntry.objects.filter(active=True).count() == 10
    visits = list(DoorVisit.objects.all())
    assert len(visits) > 30 and all(visit.at <= NOW for visit in visits)
    assert sum(visit.disputed_at is not None for visit in visits) == 1
    assert sum("too_fast" in visit.flags for visit in visits) == 3
    assert any(visit.confirmed_at for visit in visits) and any(visit.call_id for visit in visits)
    assert sorted(RelayedWord.objects.values_list("state", flat=True)) == ["done", "done", "new", "new", "spam"]
