"""What members are told about objections: one line on the desk of whoever must act."""

from datetime import datetime

from django.utils.translation import gettext as _

from chenyue.notify.actions import notice
from chenyue.people.queries import members_with
from chenyue.works.models import Defect, Objection
from chenyue.works.site.permits import ANSWER, MANAGE


def _url(row: Objection) -> str:
    return f"/desk/works/{row.project.number}/objections/{row.number}/"


def answering(unit_id: int | None, answerer_id: int | None) -> list[int]:
    """Who must answer: the one with the name, else those of the unit who may."""
    if answerer_id is not None:
        return [answerer_id]
    return [m.pk for m in members_with(ANSWER, unit_id=unit_id) if m.unit_id == unit_id] if unit_id else []


def managing() -> list[int]:
    """Who runs works."""
    return [m.pk for m in members_with(MANAGE)]


def tell_objection(row: Objection, at: datetime) -> None:
    """An objection waits for somebody's answer."""
    said = _("To be answered: objection %(number)s, %(project)s.") % _data(row)
    key = f"objection:{row.number}:{row.unit_id}:{row.answerer_id}:{row.answers.count() if row.pk else 0}"
    notice(answering(row.unit_id, row.answerer_id), said, _url(row), key, at)


def tell_answered(row: Objection, at: datetime) -> None:
    """Who took an objection down hears of its answer: the home is to be told, and asked."""
    if row.taken_by_id is not None:
        said = _("Answered: objection %(number)s, %(project)s. Tell the home, and ask whether it accepts.") % _data(row)
        notice([row.taken_by_id], said, _url(row), f"objection:{row.number}:answered:{row.answers.count()}", at)


def tell_due(row: Objection, late: bool, at: datetime) -> None:
    """An objection is nearly, or already, over its day. When late, those who run works hear it too."""
    said = (
        _("Over its day: objection %(number)s, %(project)s.")
        if late
        else _("Due soon: objection %(number)s, %(project)s.")
    )
    who = answering(row.unit_id, row.answerer_id) + (managing() if late else [])
    key = f"objection:{row.number}:{'late' if late else 'soon'}:{row.due_at:%Y%m%d}"
    notice(who, said % _data(row), _url(row), key, at, urgent=late)


def tell_defect_due(row: Defect, late: bool, at: datetime) -> None:
    """The same for a defect."""
    said = (
        _("Over its day: defect %(number)s, %(project)s.") if late else _("Due soon: defect %(number)s, %(project)s.")
    )
    who = answering(row.unit_id, None) + (managing() if late else [])
    url = f"/desk/works/{row.project.number}/defects/{row.number}/"
    key = f"defect:{row.number}:{row.rounds}:{'late' if late else 'soon'}"
    notice(who, said % {"number": row.number, "project": row.project.title}, url, key, at, urgent=late)


def _data(row: Objection) -> dict[str, str]:
    return {"number": row.number, "project": row.project.title}
