"""Taking down what homes say with the sheet that they signed: stance, ballot and objection in one transaction."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.core.kept_files import kept
from chenyue.works import actions
from chenyue.works.lifecycle import FileKind
from chenyue.works.models import Ballot, PlanVersion, Project, RegisteredHome, Stance, WorksFile
from chenyue.works.site import permits, photos


@contextmanager
def _with_scan(
    project: Project, uploads: Sequence[Any], of: str, by: Actor, at: datetime
) -> Iterator[WorksFile | None]:
    """The signed sheet, kept if what follows succeeds. The caller has asked who may."""
    with kept(uploads, folder=photos.FOLDER) as files, transaction.atomic():
        rows = photos.rows_of(files, project=project, kind=FileKind.SCAN, of=of, by=by, at=at)
        yield rows[0] if rows else None


def say(
    *, home: RegisteredHome, plan: PlanVersion, step: str, how: str, speaker: str, by: Actor, at: datetime,
    reasons: Collection[str] = (), words: str = "", parts: Collection[str] = (), objects: bool = False,
    uploads: Sequence[Any] = (),
) -> Stance:  # fmt: skip
    """One home's stance with its scan, and its objection if it wants an answer. Refusals as those of `take_stance`."""
    permits.only(permits.records(by, permits.around(home.building_id)))
    said: dict[str, Any] = {"reasons": list(reasons), "words": words, "parts": list(parts), "speaker": speaker}
    with _with_scan(plan.project, uploads, f"home:{home.pk}", by, at) as scan:
        stance = actions.take_stance(home=home, plan=plan, step=step, how=how, by=by, at=at, scan=scan, **said)
        if objects:
            actions.raise_objection(project=plan.project, home=home, plan=plan, stance=stance, by=by, at=at, **said)
    return stance


def sign(
    *, home: RegisteredHome, plan: PlanVersion, vote: str, how: str, signed_by: str, signed_on: date, by: Actor,
    at: datetime, uploads: Sequence[Any] = (),
) -> Ballot:  # fmt: skip
    """One home's ballot with the scan of the signed sheet."""
    permits.only(permits.records(by, permits.around(home.building_id)))
    with _with_scan(plan.project, uploads, f"home:{home.pk}", by, at) as scan:
        return actions.cast_ballot(
            home=home, plan=plan, vote=vote, how=how, signed_by=signed_by, signed_on=signed_on, by=by, at=at, scan=scan
        )


def enter_sheet(
    *, plan: PlanVersion, rows: Sequence[tuple[RegisteredHome, str, str, str]], how: str, signed_on: date, by: Actor,
    at: datetime, uploads: Sequence[Any] = (),
) -> int:  # fmt: skip
    """A sheet with several homes on it, all or nothing: (home, step, vote, names) each. How many homes it had."""
    for home, _step, _vote, _names in rows:
        permits.only(permits.records(by, permits.around(home.building_id)))
    if signed_on > timezone.localtime(at).date():
        raise Refusal(_("This day has not come yet."), field="signed_on")
    said_at = min(at, timezone.make_aware(datetime.combine(signed_on, time(12))))
    if plan.published_at and timezone.localtime(plan.published_at).date() == signed_on:
        said_at = max(said_at, plan.published_at)
    with _with_scan(plan.project, uploads, f"stance:v{plan.number}", by, at) as scan:
        stances = [actions.Said(home.pk, step, said_at=said_at, scan=scan) for home, step, _v, _n in rows if step]
        if stances:
            actions.take_stances(plan=plan, said=stances, how=how, by=by, at=at)
        signed = [actions.Signed(home.pk, vote, names, signed_on, scan) for home, _s, vote, names in rows if vote]
        if signed:
            actions.cast_ballots(plan=plan, signed=signed, how=how, by=by, at=at)
    return len(rows)
