"""What belongs to works and lives elsewhere: the on-site point, and the cases that works give birth to.

Who keeps venues says so with `venues_by` in `chenyue.wiring`: works and reception don't know each other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from chenyue.cases.models import Appeal, Case
from chenyue.cases.queries import case_for
from chenyue.core.actors import Actor
from chenyue.core.errors import NotFound, Refusal
from chenyue.timeline.actions import record
from chenyue.works.models import CaseLink, Project
from chenyue.works.site import permits


@dataclass(frozen=True)
class Sitting:
    """One time at which people are received."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class OnSite:
    """A point at the works where people are received, with its next sittings."""

    pk: int
    name: str
    address: str
    how_to_reach: str
    sittings: tuple[Sitting, ...]


# The names under which a venue may belong to a project (its number, its title), its places, and the moment.
Provider = Callable[[Sequence[str], Sequence[int], datetime], list[OnSite]]
_providers: list[Provider] = []


def venues_by(provider: Provider) -> Provider:
    """Say who knows the on-site points of a project."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def venues_of(project: Project, at: datetime) -> list[OnSite]:
    """The on-site points of a project with their next sittings."""
    places = [estate.pk for estate in project.estates.all()]
    return [found for provider in _providers for found in provider((project.number, project.title), places, at)]


def link(*, project: Project, case: Case, how: str, by: Actor, at: datetime) -> CaseLink:
    """Note that a case was born of the works; once, however often it's said. The caller has asked who may."""
    row, fresh = CaseLink.objects.get_or_create(
        project=project, case=case, defaults={"how": CaseLink.Known(how), "at": at, "by": by.user}
    )
    if fresh:
        data = {"case": case.number, "project": project.number}
        record(subject=project.subject, verb="works.case_linked", by=by, at=at, data=data)
    return row


@transaction.atomic
def link_by_staff(*, project: Project, number: str, by: Actor, at: datetime) -> CaseLink:
    """A person says that a case they can see was born of these works."""
    permits.only(permits.records(by, permits.places_of(project)))
    if by.user is None:
        raise NotFound
    try:
        case = case_for(by.user, number.strip())
    except NotFound as unknown:
        raise Refusal(_("There is no case of this number that you can see."), field="case") from unknown
    return link(project=project, case=case, how=CaseLink.Known.STAFF, by=by, at=at)


def from_site(*, number: str, receipt: str, at: datetime) -> CaseLink | None:
    """An appeal was told by the project's page or the code on its board: its case was born of these works.

    Nothing happens for a project whose page isn't open, or an appeal that isn't known.
    """
    project = Project.objects.filter(number=number.strip().upper(), published_at__isnull=False).first()
    appeal = Appeal.objects.filter(receipt=receipt).select_related("case").first()
    if project is None or appeal is None:
        return None
    return link(project=project, case=appeal.case, how=CaseLink.Known.SITE, by=Actor("resident"), at=at)


@transaction.atomic
def unlink(*, link: CaseLink, by: Actor, at: datetime) -> None:
    """It had nothing to do with the works after all."""
    permits.only(permits.records(by, permits.places_of(link.project)))
    data = {"case": link.case.number, "project": link.project.number}
    record(subject=link.project.subject, verb="works.case_unlinked", by=by, at=at, data=data)
    link.delete()
