"""What all acts of works share: one transaction, the locked rows, the rule's refusals, the entries at the end."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.cases.doors import transaction_of_its_own
from chenyue.core import limits, text
from chenyue.core.actors import Actor
from chenyue.core.errors import Conflict, NotFound, Refusal
from chenyue.core.moments import calendar_day
from chenyue.timeline.actions import Draft, record_many
from chenyue.timeline.models import VisibleTo
from chenyue.works.lifecycle import ProjectState, VersionState
from chenyue.works.models import PlanPart, PlanVersion, Project, RegisteredHome
from chenyue.works.site import permits

LONGEST_WORDS = 4000
ENDED = (ProjectState.CLOSED, ProjectState.STOPPED)
SAID = limits.Limit("works-said", 20, timedelta(hours=1))  # what one home says online


@dataclass
class Act:
    """Something that is done to a project, and what is written down about it."""

    project: Project
    by: Actor
    at: datetime
    drafts: list[Draft] = field(default_factory=list)

    def say(self, verb: str, visible_to: str = VisibleTo.OFFICE, /, **data: Any) -> None:
        """An entry on the project. Never a stance, a name or a number: entries stay for ever."""
        self.drafts.append(Draft(self.project.subject, f"works.{verb}", data, visible_to))


@contextmanager
def acting(project: Project | int, by: Actor, at: datetime) -> Iterator[Act]:
    """Lock a project, do something to it, write it down. Raises NotFound."""
    pk = project if isinstance(project, int) else project.pk
    with transaction_of_its_own():
        _not_too_often(by, at)
        row = Project.objects.select_for_update(of=("self",)).filter(pk=pk).first()
        if row is None:
            raise NotFound
        act = Act(row, by, at)
        yield act
        record_many(act.drafts, by=by, at=at)


@contextmanager
def speaking(plan: PlanVersion | int, by: Actor, at: datetime) -> Iterator[tuple[Act, PlanVersion]]:
    """Lock a plan version that homes speak about; refuses one that is no longer (or not yet) asked about.

    Whoever publishes the next version takes the same lock, so that nothing is said to a plan that is being replaced.
    """
    pk = plan if isinstance(plan, int) else plan.pk
    with transaction_of_its_own():
        _not_too_often(by, at)
        row = PlanVersion.objects.select_for_update(of=("self",)).select_related("project").filter(pk=pk).first()
        if row is None:
            raise NotFound
        check_open(row)
        act = Act(row.project, by, at)
        yield act, row
        record_many(act.drafts, by=by, at=at)


def _not_too_often(by: Actor, at: datetime) -> None:
    """A home's code is a key, no loudspeaker: what it says calls on somebody each time. Raises Refusal."""
    if by.kind == "resident" and not limits.passes([(SAID, by.key)], at):
        raise Refusal(_("This home has said much within an hour. Please go on later, or telephone us."), code="flood")


class OfHome:
    """Entries about a home: on each project of its estate that hasn't ended."""

    def __init__(self, home: RegisteredHome) -> None:
        self.home, self.drafts = home, list[Draft]()

    def say(self, verb: str, /, **data: Any) -> None:
        """An entry; never a name."""
        numbers = Project.objects.filter(estates=self.home.estate_id).exclude(state__in=ENDED).order_by("pk")
        subjects = [f"project:{number}" for number in numbers.values_list("number", flat=True)]
        subjects = subjects or [f"register:{self.home.estate_id}"]
        self.drafts += [Draft(subject, f"works.{verb}", data, VisibleTo.OFFICE) for subject in subjects]


@contextmanager
def of_home(home: RegisteredHome, by: Actor, at: datetime) -> Iterator[OfHome]:
    """Lock a home, do something to it, write it down. Staff only; raises NotAllowed."""
    permits.only(by.kind != "resident" and may_speak(by, home))
    with transaction_of_its_own():
        RegisteredHome.objects.select_for_update(of=("self",)).get(pk=home.pk)
        said = OfHome(home)
        yield said
        record_many(said.drafts, by=by, at=at)


def check_open(plan: PlanVersion) -> None:
    """Raise Conflict or Refusal unless homes are asked about this version now."""
    if plan.state == VersionState.DRAFT:
        raise Refusal(
            _("Version %(n)d is still a draft: nobody can be asked about it.") % {"n": plan.number}, code="draft"
        )
    if plan.state == VersionState.REPLACED:
        raise replaced(plan)
    if plan.project.state in ENDED:
        raise Refusal(_("This project has ended: nothing can be said to it any more."), code="ended")


def replaced(plan: PlanVersion) -> Conflict:
    """Why nothing is said to this version any more: which one replaced it, and since when."""
    states = (VersionState.PUBLISHED, VersionState.REPLACED)
    newest = PlanVersion.objects.filter(project=plan.project_id, state__in=states).order_by("-number").first()
    return Conflict(
        _(
            "Version %(old)d was replaced by version %(new)d on %(day)s while this was being filled in. Nothing was"
            " recorded: show the home what is new in version %(new)d and ask again."
        )
        % {
            "old": plan.number,
            "new": newest.number if newest else plan.number,
            "day": calendar_day(local_day(plan.replaced_at)) if plan.replaced_at else "",
        }
    )


def homes_of(project: Project, ids: Collection[int], *, lock: bool = False) -> dict[int, RegisteredHome]:
    """These homes of a project. One statement; raises Refusal if one isn't on its register."""
    rows = RegisteredHome.objects.filter(pk__in=ids, active=True, estate__projects=project.pk).order_by("pk")
    if project.buildings:
        rows = rows.filter(building_id__in=project.buildings)
    found = {home.pk: home for home in (rows.select_for_update(of=("self",)) if lock else rows)}
    if len(found) != len(set(ids)):
        raise Refusal(_("This home isn't on the register of this project."), field="home", code="no_home")
    return found


def resident_of(home: RegisteredHome) -> Actor:
    """Who acts by the code of a home. The code itself is a key: it stays out of every record."""
    return Actor("resident", f"home:{home.pk}", home.door)


def may_speak(by: Actor, home: RegisteredHome) -> bool:
    """Whether somebody takes down what this home says: staff there, or its residents by the home's own code."""
    if by.kind == "resident":
        return by.key == f"home:{home.pk}"
    return permits.records(by, permits.around(home.building_id))


def words(typed: str, field_name: str = "words", *, needed: bool = False) -> str:
    """Words fit for storing. Raises Refusal where there are none but should be, or too many."""
    cleaned = text.clean(typed)
    if needed and not cleaned:
        raise Refusal(_("Say it in words."), field=field_name, code="no_words")
    if len(cleaned) > LONGEST_WORDS:
        raise Refusal(_("Say it in %(n)d characters or less.") % {"n": LONGEST_WORDS}, field=field_name, code="long")
    return cleaned


def short(typed: str, field_name: str, longest: int, *, needed: bool = True) -> str:
    """A line fit for storing; see `words`."""
    cleaned = text.clean(typed)
    if needed and not cleaned:
        raise Refusal(_("This is needed."), field=field_name, code="empty")
    if len(cleaned) > longest:
        raise Refusal(_("Say it in %(n)d characters or less.") % {"n": longest}, field=field_name, code="long")
    return cleaned


def one_of(values: Iterable[str], value: str, field_name: str) -> str:
    """A choice that exists."""
    if value not in list(values):
        raise Refusal(_("Choose one from the list."), field=field_name, code="choice")
    return str(value)


def some_of(values: Iterable[str], chosen: Iterable[str], field_name: str) -> list[str]:
    """Choices that exist, each once, in the order they were chosen."""
    known = list(values)
    return [one_of(known, value, field_name) for value in dict.fromkeys(chosen)]


def part_keys(plan: PlanVersion, chosen: Iterable[str], field_name: str = "parts") -> list[str]:
    """Keys of parts of this plan. No statement where none is chosen."""
    wanted = list(dict.fromkeys(chosen))
    if not wanted:
        return []
    return some_of(PlanPart.objects.filter(plan=plan).values_list("key", flat=True), wanted, field_name)


def local_day(moment: datetime) -> date:
    """The day on the office's wall clock."""
    return timezone.localtime(moment).date()
