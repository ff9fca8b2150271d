"""After a project's end and the time it had to be kept: what homes said loses its words, and figures stay.

Steps, votes and areas stay, so that every number of the project can still be counted. Reasons are added up on the
timeline before they go from the homes. Owners of an estate go with the last of its projects.
"""

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from chenyue.core import ids, kept_files
from chenyue.core.actors import SYSTEM
from chenyue.timeline.actions import record
from chenyue.works.lifecycle import FileKind
from chenyue.works.models import (
    Ballot,
    HomeDispute,
    Objection,
    ObjectionAnswer,
    Owner,
    Ownership,
    Project,
    RegisteredHome,
    Stance,
    WorksFile,
)


@transaction.atomic
def anonymise(project_id: int, at: datetime) -> bool:
    """Do it for one project, once. Says whether it was done now."""
    project = Project.objects.select_for_update(of=("self",)).filter(pk=project_id, anonymised_at=None).first()
    if project is None:
        return False
    stances = Stance.objects.filter(plan__project=project)
    reasons = Counter(r for found in stances.values_list("reasons", flat=True) for r in found)
    objected = Counter(
        r for found in Objection.objects.filter(project=project).values_list("reasons", flat=True) for r in found
    )
    data = {"stances": stances.count(), "reasons": dict(reasons), "objections": dict(objected)}
    stances.update(words="", reasons=[], scan=None)
    Ballot.objects.filter(plan__project=project).update(signed_by="", scan=None)
    Objection.objects.filter(project=project).update(words="", reasons=[])
    ObjectionAnswer.objects.filter(objection__project=project).update(response="")
    _files(project)
    project.anonymised_at = at
    project.save(update_fields=["anonymised_at"])
    for estate in project.estates.all():
        if not Project.objects.filter(estates=estate, anonymised_at=None).exists():
            _owners(estate.pk)
    record(subject=project.subject, verb="works.anonymised", by=SYSTEM, at=at, data=data)
    return True


def _files(project: Project) -> None:
    """Signed sheets and photographs of homes are deleted, after commit from the disk too."""
    personal = WorksFile.objects.filter(Q(kind=FileKind.SCAN) | Q(of__startswith="home:"), project=project)
    paths = [path for pair in personal.values_list("path", "preview") for path in pair]
    personal.delete()
    transaction.on_commit(lambda: kept_files.remove(*paths))


def _owners(estate_id: int) -> None:
    """Owners who own nothing where works still go on become heads without a name; letters open nothing any more."""
    HomeDispute.objects.filter(home__estate=estate_id).update(words="")
    here = Ownership.objects.filter(home__estate=estate_id).values("owner_id")
    elsewhere = Ownership.objects.exclude(home__estate=estate_id).values("owner_id")
    Owner.objects.filter(pk__in=here).exclude(pk__in=elsewhere).update(
        name="", name_index="", id_number="", id_index="", phone="", phone_index="", resident=None
    )
    homes = list(RegisteredHome.objects.filter(estate=estate_id).only("pk", "code"))
    for home in homes:
        home.code = ids.receipt_code()
    RegisteredHome.objects.bulk_update(homes, ["code"], batch_size=400)
