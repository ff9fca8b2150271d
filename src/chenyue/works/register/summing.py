"""The figures of a project's register."""

from collections import Counter
from dataclasses import dataclass

from chenyue.works.lifecycle import HomeStatus
from chenyue.works.models import DoubtfulPair, HomeDispute, Ownership, Project
from chenyue.works.standing import ground, homes_of


@dataclass(frozen=True)
class Summary:
    """What the register has: homes, area in 0.01 m², heads by SPC 9, and what still needs a person."""

    homes: int
    area: int
    heads: int
    unsold: int  # with those that aren't handed over
    rented: int
    coowned: int
    unknown: int  # without an owner
    several: int  # heads with more than one home, the developer not counted
    most: int  # homes of the one who has most
    doubtful: int
    disputes: int


def summary(project: Project) -> Summary:
    """The figures of a project's homes now. Seven statements, whatever the number."""
    homes = ground(project)
    heads = Counter(home.head for home in homes)
    persons = {head: n for head, n in heads.items() if isinstance(head, tuple) and head[0] == "owners"}
    rows = homes_of(project)
    owners = Counter(Ownership.objects.filter(home__in=rows.values("pk"), until=None).values_list("home_id", flat=True))
    unsold = rows.filter(status__in=(HomeStatus.UNSOLD, HomeStatus.UNDELIVERED)).count()
    doubtful = DoubtfulPair.objects.filter(same=None, one__ownerships__home__in=rows.values("pk"))
    return Summary(
        len(homes),
        sum(home.area for home in homes),
        len(heads),
        unsold,
        rows.filter(rented=True).count(),
        sum(n > 1 for n in owners.values()),
        sum(home.id not in owners for home in homes),
        sum(n > 1 for n in persons.values()),
        max(persons.values(), default=0),
        doubtful.values("pk").distinct().count(),
        HomeDispute.objects.filter(home__in=rows.values("pk"), settled_at=None).count(),
    )
