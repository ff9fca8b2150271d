"""How the homes of a project stand to a plan at a moment: read in a few statements, counted in memory."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction

from django.db.models import Q, QuerySet

from chenyue.works import rules
from chenyue.works.lifecycle import ObjectionState, Speaker, Step, Vote
from chenyue.works.models import (
    Ballot,
    HomeDispute,
    Objection,
    Owner,
    Ownership,
    PlanVersion,
    Project,
    RegisteredHome,
    Stance,
    ThresholdRule,
)

SILENT, ASK_AGAIN = "silent", "ask_again"
STANDS = (*(str(step) for step in Step), ASK_AGAIN, SILENT)  # every home is in exactly one
FOR, AGAINST = (Step.SUPPORT, Step.RATHER_SUPPORT), (Step.AGAINST, Step.RATHER_AGAINST)


@dataclass
class Home:
    """One home: what it is, who counts for it, and how it stands."""

    id: int
    building_id: int
    entrance: str
    room: str
    line: str
    area: int  # 0.01 m²
    head: rules.Head
    disputed: bool = False
    step: str = ""  # of its counting stance
    said_at: datetime | None = None
    stale: bool = False
    ask_again: bool = False
    carried: bool = False
    otherwise: str = ""  # what was said from afar since, which doesn't count
    tenant: str = ""  # what its tenants said
    vote: str = ""
    objection: str = ""  # number of one that isn't over
    objection_state: str = ""

    @property
    def door(self) -> str:
        """Entrance and room as people say them."""
        return f"{self.entrance}{self.room}"

    @property
    def stand(self) -> str:
        """A step, `ask_again` or `silent`."""
        return self.step or (ASK_AGAIN if self.ask_again else SILENT)

    @property
    def agrees(self) -> bool:
        """Whether it is for the plan: by its ballot, else by its stance."""
        return self.vote == Vote.AGREE if self.vote else self.step in FOR


@dataclass(frozen=True)
class Count:
    """Homes and their area (0.01 m²)."""

    homes: int = 0
    area: int = 0


@dataclass(frozen=True)
class Tally:
    """The figures of a plan. Stances are opinion; `decision` counts the ballots by the project's rule."""

    plan: PlanVersion
    at: datetime
    homes: int
    area: int
    heads: int
    stands: dict[str, Count]  # of each of STANDS
    stale: int
    carried: int
    tenants: int  # homes whose tenants spoke; they don't count
    disputed: int
    objections: int  # homes with one that isn't over
    decision: rules.Decision

    def of(self, *stands: str) -> Count:
        """Several stands together."""
        return Count(sum(self.stands[s].homes for s in stands), sum(self.stands[s].area for s in stands))

    @property
    def support(self) -> Count:
        return self.of(*FOR)

    @property
    def against(self) -> Count:
        return self.of(*AGAINST)

    @property
    def spoken(self) -> Count:
        """Homes with a stance that counts."""
        return self.of(*Step)

    @property
    def support_share(self) -> Fraction:
        """Of all homes, not of those who spoke."""
        return Fraction(self.support.homes, self.homes) if self.homes else Fraction(0)


@dataclass
class Standing:
    """All homes of a plan's project at a moment."""

    project: Project
    plan: PlanVersion
    at: datetime
    homes: list[Home]
    rule: rules.Rule | None
    by_id: dict[int, Home] = field(default_factory=dict)


def rule_of(row: ThresholdRule | None) -> rules.Rule | None:
    """A stored rule with its shares as exact fractions."""
    if row is None:
        return None
    return rules.Rule(
        row.code,
        row.title,
        Fraction(row.quorum_area),
        Fraction(row.quorum_heads),
        Fraction(row.agree_area),
        Fraction(row.agree_heads),
        row.inclusive,
        row.quorum_inclusive,
        row.of_participants,
        row.source,
        row.version,
    )


def homes_of(project: Project) -> QuerySet[RegisteredHome]:
    """The active homes of a project."""
    rows = RegisteredHome.objects.filter(estate__projects=project.pk, active=True)
    return rows.filter(building_id__in=project.buildings) if project.buildings else rows


def ground(project: Project) -> list[Home]:
    """The homes with their areas and heads, by place. Two statements."""
    owners: dict[int, set[int]] = defaultdict(set)
    developers: set[int] = set()
    owned = Ownership.objects.filter(home__estate__projects=project.pk, until=None)
    for home_id, owner_id, same_as, kind in owned.values_list(
        "home_id", "owner_id", "owner__same_as_id", "owner__kind"
    ):
        owners[home_id].add(same_as or owner_id)
        if kind == Owner.Kind.DEVELOPER:
            developers.add(home_id)
    rows = homes_of(project).order_by("building_id", "entrance", "room")
    return [
        Home(
            pk, building, entrance, room, line, area,
            rules.head_of(
                home=pk, estate=estate, status=status, owners=owners.get(pk, ()), developer=pk in developers
            ),
        )
        for pk, estate, building, entrance, room, line, area, status in rows.values_list(
            "pk", "estate_id", "building_id", "entrance", "room", "line", "area", "status"
        )
    ]  # fmt: skip


def standing(plan: PlanVersion, at: datetime) -> Standing:
    """How each home stands to this plan at a moment. Seven statements, whatever the number of homes."""
    project = Project.objects.select_related("rule").get(pk=plan.project_id)
    found = Standing(project, plan, at, ground(project), rule_of(project.rule))
    found.by_id = {home.id: home for home in found.homes}
    _stances(found)
    open_then = Q(settled_at=None) | Q(settled_at__gt=at)
    for (home_id,) in HomeDispute.objects.filter(
        open_then, opened_at__lte=at, home__estate__projects=project.pk
    ).values_list("home_id"):
        if home_id in found.by_id:
            found.by_id[home_id].disputed = True
    valid = Q(revoked_at=None) | Q(revoked_at__gt=at)
    for home_id, vote in Ballot.objects.filter(valid, plan=plan, at__lte=at).values_list("home_id", "vote"):
        if home_id in found.by_id:
            found.by_id[home_id].vote = vote
    over = (ObjectionState.ACCEPTED, ObjectionState.WITHDRAWN, ObjectionState.PASSED_ON)
    rows = Objection.objects.filter(project=project, home__isnull=False, at__lte=at).exclude(state__in=over)
    for home_id, number, state in rows.order_by("pk").values_list("home_id", "number", "state"):
        if home_id in found.by_id:
            found.by_id[home_id].objection, found.by_id[home_id].objection_state = number, state
    return found


def _stances(found: Standing) -> None:
    at, old = found.at, found.at - timedelta(days=found.project.stale_days)
    rows = Stance.objects.filter(
        Q(superseded_at=None) | Q(superseded_at__gt=at),
        Q(withdrawn_at=None) | Q(withdrawn_at__gt=at),
        plan=found.plan,
        at__lte=at,
    ).order_by("at", "pk")
    for home_id, step, counts, again, said_at, speaker, carried in rows.values_list(
        "home_id", "step", "counts", "ask_again", "at", "speaker", "carried_from_id"
    ):
        home = found.by_id.get(home_id)
        if home is None:
            continue
        if again:
            home.ask_again = True
        elif speaker == Speaker.TENANT:
            home.tenant = step
        elif counts:
            home.step, home.said_at, home.stale = step, said_at, said_at < old
            home.carried, home.otherwise = carried is not None, ""
        elif step != home.step:
            home.otherwise = step


def tally(plan: PlanVersion, at: datetime) -> Tally:
    """The figures of a plan at a moment."""
    return count(standing(plan, at))


def count(found: Standing) -> Tally:
    """The figures of what was read."""
    homes: dict[str, int] = dict.fromkeys(STANDS, 0)
    areas: dict[str, int] = dict.fromkeys(STANDS, 0)
    for home in found.homes:
        homes[home.stand] += 1
        areas[home.stand] += home.area
    return Tally(
        found.plan,
        found.at,
        len(found.homes),
        sum(home.area for home in found.homes),
        len({home.head for home in found.homes}),
        {stand: Count(homes[stand], areas[stand]) for stand in STANDS},
        sum(home.stale for home in found.homes),
        sum(home.carried for home in found.homes),
        sum(bool(home.tenant) for home in found.homes),
        sum(home.disputed for home in found.homes),
        sum(bool(home.objection) for home in found.homes),
        decided(found),
    )


def decided(found: Standing) -> rules.Decision:
    """The ballots counted by the project's rule."""
    return rules.decide(found.rule, parts_of(found.homes), {h.id: h.vote for h in found.homes if h.vote})


def parts_of(homes: Iterable[Home]) -> list[rules.Part]:
    """Homes as the rules count them."""
    return [rules.Part(home.id, home.area, home.head, home.disputed) for home in homes]
