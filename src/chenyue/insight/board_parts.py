"""What stands on a board beside the counts: small pains, works, credits, who is received now. No word of anybody."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chenyue.catalogue.queries import catalogue
from chenyue.core.plots import Plot
from chenyue.insight.lifecycle import Axis, PainKind, PainState
from chenyue.insight.models import Pain
from chenyue.places.queries import gazetteer
from chenyue.reception import board as receiving
from chenyue.volunteering import figures_ledger
from chenyue.works import drawing
from chenyue.works.models import Project
from chenyue.works.public import ENDED
from chenyue.works.standing import SILENT
from chenyue.works.trends import trend

SPOTS = 6
KEPT = 300  # seconds that the stands of homes stay in memory
HEARD = 10  # homes that must have spoken before a wall shows how the homes stand
TAKEN_UP = (PainState.SEEN, PainState.PROJECT)


@dataclass(frozen=True)
class Spot:
    """A place with more cases of a kind than is usual there."""

    place: str
    category: str
    state: str
    count: int
    expected: float
    query: str  # of the list of its cases


def spots(axis: str, key: str, *, wall: bool) -> list[Spot]:
    """The latest hot spots, those of one community; nothing on a unit's board. One statement.

    A wall shows only what a person has looked at: nobody learns from it what the office itself doesn't know yet.
    """
    if axis not in (Axis.ALL, Axis.COMMUNITY):
        return []
    states = TAKEN_UP if wall else (PainState.NEW, *TAKEN_UP)
    rows = Pain.objects.filter(kind=PainKind.SPOT, state__in=states)
    if axis == Axis.COMMUNITY:
        rows = rows.filter(community=int(key))
    return [found for row in rows.order_by("-last_on", "pk")[:SPOTS] if (found := _spot(row))]


def _spot(row: Pain) -> Spot | None:
    place = gazetteer().get(row.place_id)
    category = next((one for one in catalogue().categories if one.id == row.category_id), None)
    if place is None or category is None:
        return None
    within = f"&{place.kind}={place.id}" if place.kind in ("community", "estate", "building") else ""
    query = f"category={category.code}{within}&from={row.first_on}&to={row.last_on}"
    state = str(PainState(row.state).label)
    return Spot(place.full_name, category.name, state, row.count, row.expected, query)


@dataclass(frozen=True)
class Works:
    """How the homes of a project stand, week by week."""

    number: str
    name: str
    homes: int
    heard: int
    plot: Plot
    legend: SafeString


def works(axis: str, key: str, at: datetime, *, wall: bool) -> Works | None:
    """The newest project whose pages are open and that goes on; of a community, the one there. Five statements.

    On a wall, only once enough homes have spoken: before that a number is somebody. Kept for some minutes.
    """
    if axis not in (Axis.ALL, Axis.COMMUNITY):
        return None
    rows = Project.objects.filter(published_at__isnull=False, closed_at=None).exclude(state__in=ENDED)
    if axis == Axis.COMMUNITY:
        rows = rows.filter(community=int(key))
    project = rows.order_by("-pk").first()
    if project is None:
        return None
    key = f"insight.works:{project.pk}:{get_language()}"
    found: Works | None = cache.get(key) or _works(project, at)
    if found is None or (wall and found.heard < HEARD):
        return None
    cache.set(key, found, KEPT)
    return found


def _works(project: Project, at: datetime) -> Works | None:
    """Read anew: it takes a row for each word that a home ever said."""
    found = trend(project, at)
    if not found.weeks or not found.homes:
        return None
    heard = found.homes - found.weeks[-1].counts[SILENT]
    caption = _("How the homes stood, week by week")
    table = [(row.label, *row.counts) for row in drawing.rows(found)]
    head = (_("Week"), *(str(word) for word in drawing.heads()))
    plot = Plot(caption, drawing.picture(found, caption), head, table)
    return Works(project.number, project.title, found.homes, heard, plot, drawing.legend())


@dataclass(frozen=True)
class Sitting:
    """A venue that receives today: what its door says, too."""

    venue: str
    hours: str
    running: bool
    cancelled: bool
    wait: str


def sittings(at: datetime) -> tuple[list[Sitting], bool]:
    """The sittings of today, or of the next day that has any; whether it is today. At most a few statements."""
    found = receiving.board(at)
    return [_sitting(row) for row in found.rows], found.today


def _sitting(row: receiving.Row) -> Sitting:
    one = row.sitting
    hours = f"{timezone.localtime(one.starts_at):%H:%M}–{timezone.localtime(one.ends_at):%H:%M}"
    wait = ""
    if row.running and row.wait.accepts:
        wait = _("%(n)d waiting, about %(low)d–%(high)d minutes") % {
            "n": row.wait.ahead, "low": row.wait.low, "high": row.wait.high,
        }  # fmt: skip
    return Sitting(one.venue.name, hours, row.running, row.cancelled, wait)


def credits(at: datetime) -> list[tuple[str, Any]]:
    """Sums of all volunteers together; nothing while they are too few. At most three statements a day."""
    found = figures_ledger.public(timezone.localdate(at))
    if found is None:
        return []
    return [
        (_("volunteers"), found.volunteers),
        (_("hours served"), round(found.minutes / 60)),
        (_("credits given"), found.issued // 100),
        (_("credits spent"), found.spent // 100),
    ]
