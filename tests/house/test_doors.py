"""Every URL × every member of the cast → what the table says. A URL that isn't in the table fails."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

import memory
import stories
from cast import Cast, client_of
from chenyue.core.actors import Actor
from helpers import sample_case
from house.doors import DOORS, WHO, Door

TOGETHER = 16  # doors that share a world: making one takes longer than knocking


@dataclass
class World:
    """What the doors of the sample rows stand on."""

    cast: Cast
    filed: Any = None  # a filed and dispatched appeal: .appeal, .case

    @cached_property
    def paper(self) -> Any:
        """A file that the reporter sent with the appeal."""
        from chenyue.cases import actions

        file = SimpleUploadedFile("井口.pdf", b"%PDF-1.4\n%%EOF\n")
        appeal, by = self.filed.appeal, Actor("resident")
        found = actions.attach(case=appeal.case, files=[file], stage="report", by=by, at=self.cast.now, appeal=appeal)
        return found[0]

    @cached_property
    def asked(self) -> Any:
        """The open callback of another case, which drainage has answered."""
        return stories.answered(self.cast, timezone.now() - timedelta(hours=2)).callbacks.get()

    @cached_property
    def refused(self) -> Any:
        """An answer that its reporter didn't take."""
        from chenyue.followup import actions

        by, at = Actor("resident"), timezone.now()
        return actions.rate(callback=self.asked, grade="dissatisfied", solved=False, by=by, at=at).refusal

    @cached_property
    def request(self) -> Any:
        """An open request of resident 陈 to have his data corrected."""
        from chenyue.people import actions

        by, who = self.cast.zhao.actor(), self.filed.appeal.reporter
        return actions.open_request(resident=who, kind="correct", words="", by=by, at=self.cast.now)

    @cached_property
    def sitting(self) -> Any:
        """A sitting that runs now, with somebody in its line."""
        from reception.queue_stage import opened

        return opened(self.cast, timezone.now() - timedelta(minutes=1))

    @cached_property
    def visitor(self) -> Any:
        """Who waits there."""
        from chenyue.reception.queue import actions

        by, at = self.cast.li.actor(), timezone.now()
        return actions.take_ticket(sitting=self.sitting, by=by, at=at, called_as=self.cast.chen.name)

    @cached_property
    def heard(self) -> Any:
        """Who was heard there; the sheet says more than anybody else may read."""
        from chenyue.reception import visits
        from chenyue.reception.queue import actions

        by, at = self.cast.li.actor(), timezone.now()
        actions.call(ticket=self.visitor, window=1, by=by, at=at)
        sheet = visits.Sheet(said="家里有人病重，不愿多讲。")
        return visits.write_visit(ticket=self.visitor, sheet=sheet, by=by, at=at).visit.ticket

    @cached_property
    def cared(self) -> Any:
        """A home on the care list of wang's building."""
        from stewards.doors_stage import cared

        return cared(self.cast)

    @cached_property
    def knocked(self) -> Any:
        """A visit that wang made there an hour ago."""
        from chenyue.stewards import visiting
        from stewards.doors_stage import own

        by, at = self.cast.wang.actor(), timezone.now() - timedelta(hours=1)
        return visiting.visit(building_id=own(self.cast).pk, told=visiting.Told("401", "well"), by=by, at=at)

    @cached_property
    def word_left(self) -> Any:
        """Words left at the door there."""
        from stewards.doors_stage import left

        return left(self.cast, at=timezone.now() - timedelta(hours=1))

    @cached_property
    def weather(self) -> Any:
        """A call of the weather."""
        from stewards.doors_stage import called

        return called(self.cast)

    @cached_property
    def site(self) -> Any:
        """Renewal works with one of each: a home that spoke, an objection, a notice, a defect, a photograph."""
        from works.site_stage import Site

        return Site(self.cast, self.filed.case)

    @cached_property
    def mediated(self) -> Any:
        """A mediation of 陈 and his neighbour, with one of each thing that its doors show."""
        from mediation.doors_stage import Mediated

        return Mediated(self.cast, self.filed.case)

    @cached_property
    def helped(self) -> Any:
        """A need, an activity with who comes, a volunteer, the plan of a week."""
        from volunteering.deeds_doors import Helped

        return Helped(self.cast, self.filed.case)

    @cached_property
    def bought(self) -> Any:
        """A contract with its supplier, bookings, an appeal and a settlement."""
        from volunteering.contracts_doors import Bought

        return Bought(self.cast)

    @cached_property
    def proved(self) -> Any:
        """Hours that wait and hours that count, a call, a complaint, certificates."""
        from volunteering.proofs_doors import Proved

        return Proved(self.cast)

    @cached_property
    def pained(self) -> Any:
        """A hot spot with the sample case, and a root-cause project of lin's."""
        from insight.root_doors import Pained

        return Pained(self.cast, self.filed.case)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"the world of doors has no {name}; add it in tests/house/test_doors.py")


def names(resolver: URLResolver | None = None, spaces: tuple[str, ...] = ()) -> Iterator[str]:
    """The names of all URLs."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from names(pattern, inner)
        elif isinstance(pattern, URLPattern):
            yield ":".join([*spaces, pattern.name or f"unnamed {pattern.pattern}"])


def test_each_url_is_in_the_table() -> None:
    assert sorted(set(names()) - set(DOORS)) == []


def test_the_table_has_no_url_that_is_gone() -> None:
    assert sorted(set(DOORS) - set(names())) == []


def test_each_row_names_the_whole_cast() -> None:
    assert [name for name, door in rows() if set(door.expect) != set(WHO)] == []


def rows() -> list[tuple[str, Door]]:
    return [(name, door) for name, found in DOORS.items() for door in (found if isinstance(found, list) else [found])]


Row = tuple[str, Door]


def groups() -> list[list[Row]]:
    """Neighbours, who stand on the same things."""
    found = rows()
    return [found[at : at + TOGETHER] for at in range(0, len(found), TOGETHER)]


@pytest.mark.parametrize("group", groups(), ids=lambda group: f"{group[0][0]}-{group[-1][0]}")
def test_door(group: list[Row], db: None) -> None:
    """Each in one world with its neighbours; where that goes wrong, in a world of its own, which then judges."""
    left, alone = list(group), []
    while left:
        with transaction.atomic():
            alone += in_one_world(left)
            transaction.set_rollback(True)
        memory.fresh()
    wrong = []
    for row in alone:
        with transaction.atomic():
            wrong.append(knocked(row, World(Cast(), sample_case(Cast()))))
            transaction.set_rollback(True)
        memory.fresh()
    assert not any(wrong), "\n".join(filter(None, wrong))


def in_one_world(left: list[Row]) -> list[Row]:
    """Take rows off the list and try them; those that went wrong, for one may have used up what another needs."""
    cast = Cast()
    world, alone = World(cast, sample_case(cast)), []
    while left:
        row = left.pop(0)
        try:
            with transaction.atomic():
                told = knocked(row, world)
        except Exception:
            return [*alone, row]  # what it had made is half gone again: the others begin anew
        alone += [row] if told else []
        memory.fresh()
    return alone


def knocked(row: Row, world: World) -> str:
    """What is wrong with a door; "" if nothing is."""
    name, door = row
    kwargs = door.kwargs(world) if callable(door.kwargs) else door.kwargs
    data = door.data(world) if callable(door.data) else door.data
    url = reverse(name, kwargs=kwargs)
    got, wrong = {}, {}
    for who in WHO:
        client = client_of(None if who == "anonymous" else getattr(world.cast, who))
        with transaction.atomic():  # what one does at this door, the next finds undone
            status = getattr(client, door.method)(url, data).status_code
            transaction.set_rollback(True)
        got[who] = status
        allowed = door.expect[who]
        if status not in (allowed if isinstance(allowed, set | frozenset) else {allowed}):
            wrong[who] = f"{status} instead of {allowed}"
    return f"{door.method.upper()} {url}: {wrong}; got {got}" if wrong else ""
