"""Residents of whom nothing goes on any more: contact data goes, the record of what was handled stays.

Whoever is named by a row that isn't listed here stays: a new table holds people by itself, until somebody has thought
about it. What counts as over, and since when, stands in `OVER`.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from chenyue.cases.lifecycle import ENDED
from chenyue.cases.models import Appeal, Attachment
from chenyue.core import keeping
from chenyue.core.actors import SYSTEM
from chenyue.core.keeping import Found
from chenyue.people import privacy
from chenyue.people.models import DataRequest, Resident
from chenyue.upkeep.models import KeepHold

NAME = "people.contacts"
BATCH = 100  # of a turn
_ENDED = [state.value for state in ENDED]
# Rows that are of the past once this holds; `before` stands for the moment. Others of these make somebody recent.
OVER: dict[str, Any] = {
    "cases.Appeal": lambda before: (
        Q(case__state__in=_ENDED, case__touched_at__lt=before, received_at__lt=before)
        & (Q(case__joined_into=None) | Q(case__joined_into__state__in=_ENDED, case__joined_into__touched_at__lt=before))
    ),
    "reception.Ticket": lambda before: Q(sitting__ends_at__lt=before),
    "reception.Visit": lambda before: Q(started_at__lt=before),
    "reception.WaitEntry": lambda before: Q(sitting__ends_at__lt=before),
    "people.ResidentSession": lambda before: Q(expires_at__lt=before),
    "people.Look": lambda before: Q(until__lt=before),
}
# These hold nobody: they end with the person's data.
SILENT = {"people.Consent"}


@cache
def _naming() -> list[tuple[type[models.Model], str]]:
    """Every column that names a resident, with its table."""
    found: list[tuple[type[models.Model], str]] = []
    relation: Any
    for relation in Resident._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
            found.append((relation.related_model, relation.field.name))
    return found


def _named(over: bool) -> Iterator[tuple[type[models.Model], str]]:
    for model, field in _naming():
        label = model._meta.label
        if label not in SILENT and (label in OVER) == over:
            yield model, field


def _any(conditions: Iterator[Exists]) -> Q:
    found = Q()
    for one in conditions:
        found |= Q(one)
    return found


def _recent(before: datetime) -> Q:
    return _any(
        Exists(model._base_manager.filter(**{field: OuterRef("pk")}).exclude(OVER[model._meta.label](before)))
        for model, field in _named(over=True)
    )


def _holding() -> Q:
    """Something of theirs goes on, the law wants it stored, or a person has put a hand on it."""
    others = _any(
        Exists(model._base_manager.filter(**{field: OuterRef("pk")}))
        for model, field in _named(over=False)
        if model is not DataRequest
    )
    asked = Exists(DataRequest.objects.filter(resident=OuterRef("pk"), state=DataRequest.State.OPEN))
    by_hand = Exists(Appeal.objects.filter(reporter=OuterRef("pk"), case__number__in=KeepHold.numbers()))
    return others | Q(asked) | Q(by_hand) | Q(locked_at__isnull=False)


def over(before: datetime) -> "QuerySet[Resident]":
    """Who told nothing and came for nothing since then, and whose matters had all ended."""
    known = Q(name_index__gt="") | Q(phone_index__gt="") | Q(id_index__gt="")
    return Resident.objects.filter(known, erased_at=None, created_at__lt=before).exclude(_recent(before))


def due(before: datetime) -> "QuerySet[Resident]":
    """Those of them whom nothing holds."""
    return over(before).exclude(_holding())


def look(before: datetime, at: datetime) -> Found:
    """How many would be forgotten, with how many photographs; how many are held. Four statements."""
    rows = due(before)
    numbers = rows.aggregate(rows=models.Count("pk"), oldest=Min("created_at"))
    held = over(before).filter(_holding()).count()
    return Found(numbers["rows"], _photos(rows.values("pk")).count(), numbers["oldest"], held)


def _photos(residents: Any) -> "QuerySet[Attachment]":
    return Attachment.objects.filter(appeal__reporter__in=residents, stage=Attachment.Stage.REPORT)


def remove(before: datetime, at: datetime) -> Found:
    """Forget some of them; each in a transaction of its own, and only if it is still so."""
    rows = files = 0
    for pk in list(due(before).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            found = Resident.objects.select_for_update().filter(pk=pk).first()
            if found is None or not due(before).filter(pk=pk).exists():
                continue
            files += _photos([pk]).count()
            privacy.erase_resident(resident=found, by=SYSTEM, at=at)
            rows += 1
    return Found(rows, files)


keeping.register(NAME, days=3 * 365, least=180, look=look, remove=remove)
