"""Mornings and evenings at the reception: who came, waited, was heard; the last weeks by the doors, the rest as a past.

Needs the sittings that the roster laid down; an office without them has no reception to show.
"""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.db import transaction
from django.utils import timezone

from chenyue.cases.intake import ReporterData
from chenyue.cases.lifecycle import Move
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.demo import reception_past
from chenyue.demo.lives import AT_ONCE, Lives
from chenyue.people.models import Member
from chenyue.reception import visits
from chenyue.reception.lifecycle import SittingState, TicketState
from chenyue.reception.models import Sitting, Ticket
from chenyue.reception.queue import actions, queries

BY_DOORS = 4  # days; what lies before is laid down as a past, without a life of its own
FILES, SETTLES = 0.22, 0.12  # shares of visitors whose matter becomes a case, or is settled at once
AT_ITS_FULLEST = 2.2  # the sitting that runs while people look at the demonstration
PRIORITIES = ("", "", "", "", "elderly", "elderly", "disabled", "pregnant", "urgent")
SAID = (
    "问医保转移怎么办，已告诉材料和窗口。",
    "来看上次反映的事办到哪一步，当面看了进度。",
    "问老房加装电梯要多少户同意，已说明规则。",
    "说家里的难处，先听着，约了社区上门看望。",
    "问停水到几点，已电话问清并转告。",
)
REMARKS = ("平稳有序。", "老人多，轮椅通道要留出来。", "施工噪声问得最多，明天请项目经理到场。", "")
SENT_AWAY = ("stopped", "full", "has_one", "slot")  # who comes another day
MINUTE = timedelta(minutes=1)


def begin(lives: Lives, pace: float) -> None:
    """Let the sittings of the last days live, and lay down what was before. See to it that one runs now."""
    world = lives.world
    since = world.now - timedelta(days=BY_DOORS)
    if not Sitting.objects.exists():
        return
    _one_now(world.now)
    past = Sitting.objects.filter(state=SittingState.PLANNED, starts_at__lt=since)
    reception_past.lay_down(list(past.select_related("venue").order_by("starts_at")), lives, pace)
    rows = Sitting.objects.filter(state=SittingState.PLANNED, starts_at__gte=since, starts_at__lt=world.now)
    for sitting in rows.select_related("venue").order_by("starts_at"):
        life = Hours(lives, sitting, busy=pace if sitting.ends_at < world.now else AT_ITS_FULLEST)
        world.begin(sitting.starts_at - timedelta(hours=13), life.live())


def _one_now(now: datetime) -> None:
    """An additional sitting around now if none runs, so that the queue is alive whenever the office is built."""
    if Sitting.objects.filter(starts_at__lt=now - 10 * MINUTE, ends_at__gt=now + 10 * MINUTE).exists():
        return
    model = Sitting.objects.filter(starts_at__lte=now).select_related("venue").order_by("-starts_at").first()
    model = model or Sitting.objects.select_related("venue").order_by("starts_at").first()
    assert model is not None
    starts = (now - 40 * MINUTE).replace(second=0, microsecond=0)
    starts -= timedelta(minutes=starts.minute % 5)
    day = timezone.localtime(starts).date()
    Sitting.objects.create(
        venue=model.venue, day=day, starts_at=starts, ends_at=starts + 90 * MINUTE, published_at=starts,
        members_needed=model.members_needed, capacity=model.capacity,
    )  # fmt: skip


@dataclass
class Hours:
    """The life of one sitting: what comes next stands in a heap."""

    lives: Lives
    sitting: Sitting
    busy: float = 1.0
    heap: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    order: Iterator[int] = field(default_factory=count)
    at_window: dict[int, Ticket] = field(default_factory=dict)
    closed: bool = False

    @property
    def at(self) -> datetime:
        """The moment that it is."""
        return self.lives.world.at

    def live(self) -> Iterator[datetime]:
        """From the bookings of the day before to the sheet at the end."""
        self._plan()
        while self.heap and not self.closed:
            moment, _, act = heapq.heappop(self.heap)
            if moment > self.at:
                yield moment
            try:
                with transaction.atomic():
                    act()
            except Refusal as refusal:
                if refusal.code not in SENT_AWAY:
                    self.lives.world.refused.append(str(refusal.sentence))

    def then(self, moment: datetime, act: Callable[[], None]) -> None:
        """Do something at a moment."""
        heapq.heappush(self.heap, (moment, next(self.order), act))

    def _plan(self) -> None:
        random, starts, ends = self.lives.world.random, self.sitting.starts_at, self.sitting.ends_at
        for slot in queries.free_slots(self.sitting, self.at)[1:]:
            if slot.free and random.random() < 0.18 * self.busy:
                self.then(self.at, lambda when=slot.at: self._book(when))  # type: ignore[misc]
        self.then(starts, self._open)
        guests = round(random.gauss(7, 2) * self.busy)
        for n in range(max(0, guests)):
            early = n < guests // 2
            after = random.uniform(-8, 12) if early else random.uniform(12, 80)
            self.then(starts + after * MINUTE, self._arrive)
        self.then(ends, self._close)

    def servers(self) -> dict[int, Member]:
        """Who sits at which window: by the roster, else the clerks of the centre."""
        rows = self.sitting.shifts.filter(absent_at=None).select_related("person__member").order_by("lead", "pk")
        members = [shift.person.member for shift in rows] or [self.lives.members["li"], self.lives.members["zhou"]]
        return dict(zip(range(1, self.sitting.venue.windows + 1), members, strict=False))

    def _open(self) -> None:
        by = self.servers()[1].actor()
        actions.open_sitting(sitting=self.sitting, by=by, at=self.at)
        for ticket in Ticket.objects.filter(sitting=self.sitting, state=TicketState.BOOKED).order_by("number"):
            if self.lives.world.random.random() < 0.9:
                assert ticket.booked_for is not None
                come = ticket.booked_for + self.lives.world.random.uniform(-8, 6) * MINUTE
                self.then(max(come, self.at), lambda one=ticket: self._check_in(one))  # type: ignore[misc]
        self._serve()

    def _who(self) -> dict[str, Any]:
        found = self.lives.hands.residents.somebody(anonymous=0).data
        return {"called_as": found.name, "reporter": found} if found else {}

    def _book(self, when: datetime) -> None:
        by = Actor("resident")
        actions.take_ticket(sitting=self.sitting, by=by, at=self.at, source="web", booked_for=when, **self._who())

    def _arrive(self) -> None:
        random = self.lives.world.random
        facts = self._who() | {"priority": random.choice(PRIORITIES), "source": random.choice(["kiosk", "desk"])}
        party = random.choice([1, 1, 1, 1, 1, 2, 2, 3])
        actions.take_ticket(
            sitting=self.sitting, by=Actor("resident"), at=self.at, party=party, or_next=True, **facts
        )  # fmt: skip
        self._serve()

    def _check_in(self, ticket: Ticket) -> None:
        actions.check_in(ticket=ticket, by=Actor("resident"), at=self.at)
        self._serve()

    def _serve(self) -> None:
        """Whoever has a free window calls the next."""
        if self.at < self.sitting.starts_at or self.at >= self.sitting.ends_at:
            return
        for window, member in self.servers().items():
            if window in self.at_window:
                continue
            ticket = actions.call_next(sitting=self.sitting, window=window, by=member.actor(), at=self.at)
            if ticket is None:
                return
            self.at_window[window] = ticket
            self.then(self.at + reception_past.talk(self.lives.world.random), lambda w=window: self._end(w))  # type: ignore[misc]

    def _end(self, window: int) -> None:
        """The talk ends: a case, a matter settled at once, or some words on the sheet."""
        ticket, member = self.at_window.pop(window), self.servers()[window]
        chance, hands = self.lives.world.random.random(), self.lives.hands
        if chance > FILES + SETTLES:
            sheet = visits.Sheet(said=self.lives.world.random.choice(SAID))
            visits.write_visit(ticket=ticket, sheet=sheet, by=member.actor(), at=self.at)
            return self._serve()
        settles = chance > FILES
        matter = hands.teller.matter(*AT_ONCE) if settles else hands.teller.matter()
        said = hands.teller.say(matter)
        who = ticket.resident
        facts: dict[str, Any] = {"place_id": said.place.pk if said.place else None, "consent_contact": True}
        reporter = ReporterData(name=who.name, phone=who.phone) if who else None
        sheet = visits.Sheet(reporter=reporter, matter=visits.Matter(said.words, facts), place_id=facts["place_id"])
        filed = visits.write_visit(ticket=ticket, sheet=sheet, by=member.actor(), at=self.at).filed
        assert filed is not None
        if settles:
            hands.move(filed.case, Move.TRIAGE, hands.clerk(), category_code=matter.code)
            hands.move(filed.case, Move.SETTLE, hands.clerk(), told=matter.told, result="explained")
            filed.appeal.visit.settled = True
            filed.appeal.visit.save(update_fields=["settled"])
            self.lives.world.begin(self.at, self.lives.afterwards(filed.case))
        else:
            self.lives.world.begin(self.at, self.lives.worked_on(filed.case, matter))
        return self._serve()

    def _close(self) -> None:
        if self.at_window:  # whoever sits there is heard to the end
            return self.then(self.at + 3 * MINUTE, self._close)
        words = self.lives.world.random.choice(REMARKS)
        actions.close_sitting(sitting=self.sitting, by=self.servers()[1].actor(), at=self.at, words=words)
        self.closed = True
        return None
