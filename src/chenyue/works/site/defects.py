"""Defects of the works and complaints about the contractor: reported, mended by a day, checked by somebody else."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chenyue.core import ids
from chenyue.core.actors import Actor
from chenyue.core.errors import Refusal
from chenyue.core.kept_files import kept
from chenyue.notify.actions import notice
from chenyue.people.queries import members_with
from chenyue.timeline.actions import Draft, record_many
from chenyue.timeline.models import VisibleTo
from chenyue.workdays.queries import calendar
from chenyue.workdays.spans import Span
from chenyue.works.lifecycle import DefectState, FileKind
from chenyue.works.models import Defect, Project, RegisteredHome
from chenyue.works.site import permits, photos


def report(
    *,
    project: Project,
    words: str,
    by: Actor,
    at: datetime,
    building: int | None = None,
    home: RegisteredHome | None = None,
    spot: str = "",
    complaint: bool = False,
    unit: int | None = None,
    uploads: Sequence[Any] = (),
) -> Defect:
    """Take a defect or a complaint down; the unit (the contractor unless said) is told and has `defect_within`.

    Raises Refusal where no unit can answer, NotAllowed for who doesn't record there.
    """  # fmt: skip
    building = home.building_id if home else building
    permits.only(permits.records(by, permits.around(building) if building else permits.places_of(project)))
    if building and building not in permits.buildings_of(project):
        raise Refusal(_("One of these buildings doesn't belong to the project."), field="building")
    answers = unit or project.contractor_id or project.owner_unit_id
    if answers is None:
        raise Refusal(_("The project has no contractor yet. Say who must answer."), field="unit")
    with kept(uploads, folder=photos.FOLDER) as files, transaction.atomic():
        row = Defect.objects.create(
            number=ids.dated_number("defect", at, prefix="D"), project=project, building_id=building, home=home,
            spot=spot, complaint=complaint, words=words, unit_id=answers, at=at, by=by.user, due_at=_due(project, at),
        )  # fmt: skip
        _keep(row, files, by, at)
        _record(row, "works.defect_reported", by, at)
        _tell_unit(row, at)
    return row


def mended(*, defect: Defect, words: str, by: Actor, at: datetime, uploads: Sequence[Any] = ()) -> Defect:
    """The unit says that it is mended, and how; somebody else checks it."""
    with kept(uploads, folder=photos.FOLDER) as files, transaction.atomic():
        row = _locked(defect, (DefectState.OPEN, DefectState.DISPUTED))
        permits.only(permits.answers(by, {row.unit_id}))
        row.state, row.mended_at, row.mended_words = DefectState.MENDED, at, words
        row.save(update_fields=["state", "mended_at", "mended_words"])
        _keep(row, files, by, at)
        _record(row, "works.defect_mended", by, at, words=words)
        _tell(row, [row.by_id] if row.by_id else [], _("Said to be mended: %(number)s. Please check."), "mended", at)
    return row


@transaction.atomic
def dispute(*, defect: Defect, words: str, by: Actor, at: datetime) -> Defect:
    """The unit doesn't accept it, with its reason; the office decides."""
    row = _locked(defect, (DefectState.OPEN,))
    permits.only(permits.answers(by, {row.unit_id}))
    if not words:
        raise Refusal(_("Say why it isn't yours to mend."), field="words")
    row.state, row.mended_words = DefectState.DISPUTED, words
    row.save(update_fields=["state", "mended_words"])
    _record(row, "works.defect_disputed", by, at, words=words)
    _tell(row, [row.by_id] if row.by_id else [], _("Not accepted by the contractor: %(number)s."), "disputed", at)
    return row


@transaction.atomic
def check(*, defect: Defect, good: bool, by: Actor, at: datetime, words: str = "") -> Defect:
    """Somebody looked: it is good, or it goes back (round + 1, a new day). Who must mend it can't check it.

    A disputed one is either insisted on (not good) or let go (good), with words.
    """
    row = _locked(defect, (DefectState.MENDED, DefectState.DISPUTED))
    permits.only(_may_check(row, by))
    if not words and (not good or row.state == DefectState.DISPUTED):
        raise Refusal(_("Say what is not good, or why it is let go."), field="words")
    if good:
        row.state, row.checked_at, row.checked_by = DefectState.CHECKED, at, by.user
    else:
        row.state, row.rounds, row.warned_at = DefectState.OPEN, row.rounds + 1, None
        row.due_at, row.mended_at = _due(row.project, at), None
    row.save(update_fields=["state", "checked_at", "checked_by", "rounds", "due_at", "warned_at", "mended_at"])
    _record(row, "works.defect_checked" if good else "works.defect_back", by, at, words=words, round=row.rounds)
    if not good:
        _tell_unit(row, at)
    return row


def _may_check(row: Defect, by: Actor) -> bool:
    places = permits.around(row.building_id) if row.building_id else permits.places_of(row.project)
    if by.kind == "member" and by.user.unit_id is not None and by.user.unit_id == row.unit_id:
        return False
    return permits.records(by, places)


def may_check(row: Defect, by: Actor) -> bool:
    """Whether this person may say that it is good: who records there, and isn't of the unit that mends."""
    return _may_check(row, by)


def _locked(defect: Defect, states: tuple[str, ...]) -> Defect:
    row = Defect.objects.select_for_update(of=("self",)).select_related("project").get(pk=defect.pk)
    if row.state not in states:
        raise Refusal(_("Somebody was first: it is %(state)s.") % {"state": row.get_state_display()}, code="conflict")
    return row


def _due(project: Project, at: datetime) -> datetime:
    return calendar().add(at, Span.parse(project.defect_within)).at


def _keep(row: Defect, files: Any, by: Actor, at: datetime) -> None:
    photos.rows_of(files, project=row.project, kind=FileKind.DEFECT, of=f"defect:{row.number}", by=by, at=at)


def subject_of(number: str) -> str:
    """The name of a defect on the timeline."""
    return f"works_defect:{number}"


def _record(row: Defect, verb: str, by: Actor, at: datetime, **more: Any) -> None:
    """On the project that it happened, on the defect also what was said."""
    data = {"number": row.number, "complaint": row.complaint}
    told = [
        Draft(row.project.subject, verb, data, VisibleTo.UNIT),
        Draft(subject_of(row.number), verb, data | more, VisibleTo.UNIT),
    ]
    record_many(told, by=by, at=at)


def _tell_unit(row: Defect, at: datetime) -> None:
    answering = [m.pk for m in members_with(permits.ANSWER, unit_id=row.unit_id) if m.unit_id == row.unit_id]
    _tell(row, answering, _("To be mended: %(number)s, %(project)s."), "open", at)


def _tell(row: Defect, members: Sequence[int], said: str, step: str, at: datetime) -> None:
    words = said % {"number": row.number, "project": row.project.title}
    url = f"/desk/works/{row.project.number}/defects/{row.number}/"
    notice(members, words, url, f"defect:{row.number}:{row.rounds}:{step}", at)
