"""Building the demo office: open it, let it live, put the past to rest."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from chenyue.cases.models import Case
from chenyue.core import office as settings
from chenyue.core.errors import Refusal
from chenyue.demo import (
    briefs_past,
    bulletin_past,
    keeping_past,
    machines,
    mediation_past,
    office,
    pains_past,
    reception_queue,
    reception_roster,
    rhythm,
    scripted,
    stewards_doors,
    stewards_papers,
    stewards_terms,
    volunteering_past,
    walls,
    works_estate,
    works_site,
)
from chenyue.demo.hands import Hands
from chenyue.demo.lives import Life, Lives
from chenyue.demo.world import World
from chenyue.notify.actions import mark_read
from chenyue.notify.models import Message
from chenyue.people.models import Member

DAYS = 92
A_DAY = 6.3
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Built:
    """What came of it."""

    cases: int
    refused: list[str]


class NotADemo(Refusal):
    """The database holds a real office."""


def check_empty() -> None:
    """Raise NotADemo if this database holds an office or cases that aren't a demonstration's."""
    if (Member.objects.exists() or Case.objects.exists()) and not settings.get("demo"):
        raise NotADemo("This data folder holds a real office. Demo data never goes into it; nothing was changed.")


@transaction.atomic
def build(now: datetime, tell: Tell = lambda line: None, days: int = DAYS, pace: float = 1.0) -> Built:
    """Fill an empty database. All or nothing: an interrupted building leaves it empty.

    `pace` says how busy it is; 0 leaves only the written stories.
    """
    began = now - timedelta(days=days + 1)
    here = office.found(began)
    reception_roster.found(here, began, now)
    stewards_terms.found(here, began, now)
    renewal = works_estate.found_in(here, began, now)
    world = World(now)
    hands = Hands(world, here)
    lives = Lives(hands)
    for moment, channel in rhythm.arrivals(now, days, A_DAY * pace, world.random):
        world.begin(moment, lives.ordinary(channel))
    scripted.begin(lives, days)
    reception_queue.begin(lives, pace)
    if pace >= pains_past.LEAST_PACE:
        pains_past.begin(lives, days)
    world.begin(began + timedelta(days=1), _evenings(world, here))
    world.run(lambda at: tell(f"{at:%Y-%m-%d}"))
    reception_roster.today(here, now)
    stewards_terms.today(here, now)
    works_site.today(renewal)
    stewards_doors.lived(here, now)
    stewards_papers.made(here, now)
    mediation_past.lived(here, now)
    volunteering_past.lived(here, now)
    bulletin_past.lived(here, now)
    walls.hung(here, now)
    if pace >= pains_past.LEAST_PACE:
        pains_past.lived(here, world)
    briefs_past.lived(here, now)
    keeping_past.lived(here, now)
    machines.offered(here, now)
    Message.objects.filter(state=Message.State.QUEUED).update(
        state=Message.State.SENT, attempts=1, sent_at=F("created_at"), next_attempt_at=None
    )
    return Built(Case.objects.count(), world.refused)


def _evenings(world: World, here: office.Office) -> Life:
    """At the end of a working day members have read what lay on their desks; the latest stays unread."""
    while True:
        yield world.at_work_from(world.at + timedelta(hours=13), 8.4, 8.5)
        if world.at > world.now - timedelta(hours=9):
            return
        for member in here.members.values():
            mark_read(member=member, at=world.at)
