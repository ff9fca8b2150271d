"""What volunteers and those who ask for help are told, by whatever reaches them: texts as data."""

import json
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from chenyue.core import office
from chenyue.notify import texts
from chenyue.notify.actions import Letter, Person, send_many
from chenyue.people.models import Resident
from chenyue.volunteering.models import Activity, Need, SignUp

for _row in json.loads((Path(__file__).parent / "data" / "letters_deeds.json").read_text(encoding="utf-8")):
    texts.register(**_row)


def person_of(resident: Resident | None) -> Person | None:
    """Where a resident is reached; None for nobody, or where nothing may be sent."""
    if resident is None or resident.erased_at or resident.locked_at or not (resident.email or resident.phone):
        return None
    return Person(email=resident.email, phone=resident.phone)


def _when(activity: Activity) -> str:
    start, end = timezone.localtime(activity.starts_at), timezone.localtime(activity.ends_at)
    return f"{start.month}月{start.day}日 {start:%H:%M}—{end:%H:%M}"


def _blanks(activity: Activity) -> dict[str, str]:
    where = activity.place_words or (activity.place.full_name if activity.place else "")
    return {
        "title": activity.title, "when": _when(activity), "where": where, "number": activity.number,
        "office": office.get("short_name"), "phone": office.get("phone"), "reason": activity.reason,
    }  # fmt: skip


def tell(activity: Activity, template: str, sign_ups: list[SignUp], at: datetime, mark: str = "") -> int:
    """One text about an activity to these volunteers; how many can be reached. Once for each sign-up and `mark`."""
    blanks, letters = _blanks(activity), []
    for one in sign_ups:
        person = person_of(one.volunteer.resident)
        if person is not None:
            letters.append(Letter(template, person, blanks, f"{template}:{one.pk}:{mark}"))
    if letters:
        send_many(letters, about=activity.subject, at=at)
    return len(letters)


def called_up(activity: Activity, one: SignUp, at: datetime) -> None:
    """A place became free for somebody who waited."""
    tell(activity, "volunteer-called-up", [one], at, mark=f"{at:%Y%m%d%H%M}")


def called_off(activity: Activity, sign_ups: list[SignUp], at: datetime) -> None:
    """An activity doesn't take place."""
    tell(activity, "volunteer-called-off", sign_ups, at)


def changed(activity: Activity, sign_ups: list[SignUp], at: datetime) -> None:
    """Time or place of an activity changed."""
    tell(activity, "volunteer-changed", sign_ups, at, mark=str(activity.version))


def remind(activity: Activity, one: SignUp, at: datetime) -> None:
    """It is tomorrow, or soon."""
    tell(activity, "volunteer-reminder", [one], at, mark=f"{activity.starts_at:%Y%m%d%H%M}")


def invite(activity: Activity, resident: Resident, at: datetime, mark: str) -> bool:
    """Ask somebody whether they would come: an invitation, never an order (条例 25)."""
    person = person_of(resident)
    if person is None:
        return False
    send_many([Letter("volunteer-invited", person, _blanks(activity), mark)], about=activity.subject, at=at)
    return True


def need(row: Need, template: str, at: datetime) -> None:
    """What became of a need, to who asked."""
    person = person_of(row.resident)
    if person is None:
        return
    start = timezone.localtime(row.starts_at)
    blanks = {
        "number": row.number, "when": f"{start.month}月{start.day}日 {start:%H:%M}", "reason": row.reason,
        "office": office.get("short_name"), "phone": office.get("phone"),
    }  # fmt: skip
    letter = Letter(template, person, blanks, f"{template}:{row.pk}:{row.version}")
    send_many([letter], about=row.subject, at=at)
