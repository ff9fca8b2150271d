"""Who may do what on a site. A project lies at its estates, their community and its buildings."""

from collections.abc import Collection

from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed
from chenyue.people.models import Member
from chenyue.people.rules import may
from chenyue.places.queries import gazetteer
from chenyue.works.models import Project

MANAGE, RECORD, ANSWER = "works.manage", "works.record", "works.answer"


def buildings_of(project: Project) -> list[int]:
    """The buildings of a project: those it names, else all of its estates."""
    if project.buildings:
        return [int(pk) for pk in project.buildings]
    return [place.id for estate in project.estates.all() for place in gazetteer().buildings_of(estate.pk)]


def places_of(project: Project) -> set[int]:
    """All places that a grant may be bound to so that it reaches something of the project."""
    estates = {estate.pk for estate in project.estates.all()}
    return {*estates, *buildings_of(project), *([project.community_id] if project.community_id else [])}


def around(building_id: int) -> set[int]:
    """A building and all it lies in."""
    return {pk for pk in gazetteer().ancestors(building_id).values() if pk} | {building_id}


def units_of(project: Project) -> set[int]:
    """Units that have a part in the project: contractor, supervisor, who answers for it."""
    return {pk for pk in (project.contractor_id, project.supervisor_id, project.owner_unit_id) if pk}


def manages(by: Actor) -> bool:
    """Whether this person runs renewal works (or nobody asks: the product itself)."""
    return by.kind == "system" or (by.kind == "member" and may(by.user, MANAGE))


def records(by: Actor, places: Collection[int]) -> bool:
    """Whether this person takes things down at one of these places."""
    return manages(by) or (by.kind == "member" and may(by.user, RECORD, place_ids=places))


def answers(by: Actor, units: Collection[int | None]) -> bool:
    """Whether this person answers for one of these units."""
    return by.kind == "member" and may(by.user, ANSWER, unit_ids=[pk for pk in units if pk])


def has_works(member: Member) -> bool:
    """Whether this person has anything to do with works at all."""
    return any(may(member, word) for word in (MANAGE, RECORD, ANSWER))


def only(allowed: bool) -> None:
    """Refuse what isn't allowed."""
    if not allowed:
        raise NotAllowed
