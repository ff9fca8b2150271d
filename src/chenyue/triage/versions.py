"""Versions of the learner: the active one in memory, promotion, and the way back."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from chenyue.core import snapshots
from chenyue.core.errors import Refusal
from chenyue.triage.blend import Blend
from chenyue.triage.learned import Learned, from_bytes
from chenyue.triage.models import TriageModel

log = logging.getLogger(__name__)
NAME = "triage"  # of the snapshot
KEPT = 10  # versions whose files stay for the way back


@dataclass(frozen=True)
class Active:
    """The version that speaks."""

    version: int
    learned: Learned
    blend: Blend


def read(row: TriageModel) -> Active:
    """A version from the file store; ValueError if its file isn't the one that was written."""
    with default_storage.open(row.file) as file:
        body = file.read()
    if hashlib.sha256(body).hexdigest() != row.sha256:
        raise ValueError(f"{row.file} was changed after training")
    return Active(row.version, from_bytes(body), Blend(**row.blend))


def _load() -> Active | None:
    row = TriageModel.objects.filter(state=TriageModel.State.ACTIVE).first()
    if row is None:
        return None
    try:
        return read(row)
    except (OSError, ValueError, KeyError, TypeError):
        # Triage must go on: the first guess serves alone until somebody trains anew.
        log.exception("version %s of the learner can't be read", row.version)
        return None


_snapshot = snapshots.Snapshot(NAME, _load)


def active() -> Active | None:
    """The version that speaks; None is cold start."""
    return _snapshot.get()


@transaction.atomic
def keep(learned: Learned, how: Blend, at: datetime, **facts: Any) -> TriageModel:
    """Store a candidate with its facts (`examples`, `held_back`, `scores`)."""
    body = learned.to_bytes()
    version = (TriageModel.objects.aggregate(last=Max("version"))["last"] or 0) + 1
    digest = hashlib.sha256(body).hexdigest()
    name = default_storage.save(f"triage/v{version:05d}-{digest[:12]}.npz", ContentFile(body))
    return TriageModel.objects.create(
        version=version, trained_at=at, categories=len(learned.codes), blend=how.to_json(),
        file=name, size=len(body), sha256=digest, **facts,
    )  # fmt: skip


@transaction.atomic
def promote(row: TriageModel, at: datetime) -> None:
    """Let this version speak; the one before retires and stays for the way back."""
    read(row)  # a version that can't be read never speaks
    TriageModel.objects.filter(state=TriageModel.State.ACTIVE).update(state=TriageModel.State.RETIRED)
    row.state, row.promoted_at = TriageModel.State.ACTIVE, at
    row.save(update_fields=["state", "promoted_at"])
    snapshots.bump(NAME)


@transaction.atomic
def roll_back(at: datetime, version: int | None = None) -> TriageModel | None:
    """Go back to the version that spoke before (or to `version`; 0 is cold start). None: cold start speaks."""
    now = TriageModel.objects.filter(state=TriageModel.State.ACTIVE).first()
    if version is None:
        former = TriageModel.objects.filter(state=TriageModel.State.RETIRED, promoted_at__isnull=False)
        if now and now.promoted_at:
            former = former.filter(promoted_at__lt=now.promoted_at)
        target = former.order_by("-promoted_at").first()
        if now is None and target is None:
            raise Refusal(_("There is no earlier version to go back to."))
    else:
        target = TriageModel.objects.filter(version=version).first() if version else None
        if version and target is None:
            raise Refusal(_("There is no version %(version)s.") % {"version": version})
    if target is not None:
        promote(target, at)
        return target
    TriageModel.objects.filter(state=TriageModel.State.ACTIVE).update(state=TriageModel.State.RETIRED)
    snapshots.bump(NAME)
    return None


def tidy() -> int:
    """Delete versions that are neither active nor among the newest; how many."""
    newest = TriageModel.objects.order_by("-version").values_list("pk", flat=True)[:KEPT]
    old = TriageModel.objects.exclude(pk__in=list(newest)).exclude(state=TriageModel.State.ACTIVE)
    count = 0
    for row in old:
        default_storage.delete(row.file)
        row.delete()
        count += 1
    return count
