"""Which projects a member may see, and finding one; what everybody may read of it."""

from django.db import DatabaseError
from django.db.models import Q, QuerySet

from chenyue.core import snapshots
from chenyue.core.errors import NotAllowed, NotFound
from chenyue.core.ids import read_receipt
from chenyue.people.models import Member
from chenyue.people.scope import scopes
from chenyue.places.queries import gazetteer
from chenyue.works.lifecycle import VersionState
from chenyue.works.models import Objection, PlanVersion, Project, RegisteredHome
from chenyue.works.site import permits

WORDS = (permits.RECORD, permits.ANSWER, permits.MANAGE)


def visible(member: Member) -> QuerySet[Project]:
    """Projects that a member works on: at places they record at, of units they answer for, or all."""
    seen = Q(pk__in=[])
    for word in WORDS:
        for scope in scopes(member, word):
            if word == permits.MANAGE and (scope.place_id or scope.unit_id):
                continue  # a word of the whole office
            if scope.place_id is None and scope.unit_id is None:
                return Project.objects.all()
            seen |= _within(scope.unit_id, scope.place_id)
    return Project.objects.filter(pk__in=Project.objects.filter(seen).values("pk"))


def _within(unit_id: int | None, place_id: int | None) -> Q:
    found = Q()
    if place_id is not None:
        info = gazetteer().get(place_id)
        estate = info.estate_id if info else None
        found &= Q(estates=place_id) | Q(estates__community=place_id) | Q(estates=estate)
    if unit_id is not None:
        given = Objection.objects.filter(unit=unit_id).values("project")
        found &= (
            Q(contractor=unit_id)
            | Q(supervisor=unit_id)
            | Q(owner_unit=unit_id)
            | Q(pk__in=given)
            | Q(defects__unit=unit_id)
        )
    return found


def project_for(member: Member, number: str, to: str = "see") -> Project:
    """A project by its number, with its estates. `to`: see, record, answer or manage.

    Raises NotFound for who may not see it (the same as for none), NotAllowed for who sees but may not do that.
    """
    rows = visible(member).filter(number=number.strip().upper())
    project = rows.select_related("contractor", "supervisor", "owner_unit", "manager", "rule").first()
    if project is None:
        raise NotFound
    by = member.actor()
    if to == "record":
        allowed = permits.records(by, permits.places_of(project))
    elif to == "answer":
        allowed = permits.manages(by) or permits.answers(by, permits.units_of(project))
    else:
        allowed = to == "see" or permits.manages(by)
    if not allowed:
        raise NotAllowed
    return project


PUBLIC = "works.public"
_public = snapshots.Snapshot(PUBLIC, lambda: Project.objects.filter(published_at__isnull=False).exists())


def any_public() -> bool:
    """Whether residents can read of any project. Asked on each of their pages: no statement."""
    try:
        return _public.get()
    except DatabaseError:  # a page that says so must still be shown
        return False


def public(number: str) -> Project:
    """A project whose page is open to residents. Raises NotFound."""
    rows = Project.objects.filter(number=number.strip().upper(), published_at__isnull=False)
    project = rows.select_related("contractor", "supervisor", "owner_unit", "rule").first()
    if project is None:
        raise NotFound
    return project


def current_plan(project: Project) -> PlanVersion | None:
    """The version that homes are asked about now."""
    return PlanVersion.objects.filter(project=project, state=VersionState.PUBLISHED).first()


def versions(project: Project, *, drafts: bool = False) -> list[PlanVersion]:
    """Versions with their parts, oldest first. Two statements."""
    rows = PlanVersion.objects.filter(project=project).prefetch_related("parts").select_related("made_by")
    return list(rows.order_by("number") if drafts else rows.exclude(state=VersionState.DRAFT).order_by("number"))


def home_by_code(code: str, project: Project | None = None) -> RegisteredHome | None:
    """The home whose letter carries this code, however it is typed; of this project, if one is given."""
    rows = RegisteredHome.objects.filter(code=read_receipt(code), active=True).select_related("building", "estate")
    if project is not None:
        rows = rows.filter(estate__projects=project.pk)
        if project.buildings:
            rows = rows.filter(building_id__in=project.buildings)
    return rows.first()
