"""Who is told about hours and certificates: volunteers and those served as they are reached, staff on their desks."""

import json
from datetime import date, datetime
from pathlib import Path

from django.utils.translation import gettext as _

from chenyue.core import office
from chenyue.notify import texts
from chenyue.notify.actions import notice, send
from chenyue.people.models import Resident
from chenyue.people.queries import members_with
from chenyue.volunteering import acts, seeing
from chenyue.volunteering.amounts import hours_words
from chenyue.volunteering.letters_deeds import person_of
from chenyue.volunteering.models import Certificate, Claim, HourEntry, Plea, SpotCheck

for _row in json.loads((Path(__file__).parent / "data" / "letters_proofs.json").read_text(encoding="utf-8")):
    texts.register(**_row)

HOURS = "/desk/volunteering/hours/"


def waits(claim: Claim, at: datetime) -> None:
    """Claims wait for a second person: whoever certifies there hears it once a day and activity."""
    unit = claim.activity.unit_id if claim.activity else claim.recorded_by.unit_id if claim.recorded_by else None
    who = [m.pk for m in members_with(seeing.CERTIFY, unit_id=unit) if m.pk != claim.recorded_by_id]
    if claim.activity is not None and claim.activity.certifier_id in who:
        who = [claim.activity.certifier_id]
    key = f"claims:{claim.activity_id or 0}:{acts.local_day(at)}"
    title = claim.activity.title if claim.activity else claim.words
    notice(who, _("Hours wait for a second person: %(title)s") % {"title": title}, HOURS, key, at)


def _send(resident: Resident, template: str, about: str, key: str, at: datetime, **blanks: str) -> None:
    person = person_of(resident)
    if person is not None:
        context = {"office": office.get("short_name"), "phone": office.get("phone"), **blanks}
        send(template=template, to=person, context=context, about=about, key=key, at=at)


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _title(claim: Claim) -> str:
    return claim.activity.title if claim.activity else claim.words[:40]


def counted(entry: HourEntry, at: datetime) -> None:
    """Hours that waited count now; who scans in and out reads it at once and isn't written to."""
    volunteer = entry.claim.volunteer
    _send(
        volunteer.resident, "volunteer-hours-counted", volunteer.subject, f"hours:{entry.pk}", at,
        day=_day(entry.served_on), title=_title(entry.claim), hours=hours_words(entry.minutes),
    )  # fmt: skip


def refused(claim: Claim, at: datetime) -> None:
    """Hours weren't certified, and why."""
    day = acts.local_day(claim.starts_at)
    _send(
        claim.volunteer.resident, "volunteer-hours-refused", claim.volunteer.subject, f"claim:{claim.pk}:refused", at,
        day=_day(day), title=_title(claim), reason=claim.reason,
    )  # fmt: skip


def taken_back(entry: HourEntry, at: datetime) -> None:
    """A counter-entry was made."""
    volunteer = entry.claim.volunteer
    _send(
        volunteer.resident, "volunteer-hours-taken-back", volunteer.subject, f"hours:{entry.pk}", at,
        day=_day(entry.served_on), title=_title(entry.claim), hours=hours_words(-entry.minutes), reason=entry.reason,
    )  # fmt: skip


def ask_served(claim: Claim, link: str, at: datetime) -> None:
    """Ask whom it served whether it is true; the message names no volunteer."""
    if claim.served is not None:
        key = f"claim:{claim.pk}:confirm:{acts.local_day(at)}"
        _send(
            claim.served, "volunteer-confirm", claim.volunteer.subject, key, at,
            day=_day(acts.local_day(claim.starts_at)), title=_title(claim), hours=hours_words(claim.minutes), link=link,
        )  # fmt: skip


def drawn(checks: list[SpotCheck], at: datetime) -> None:
    """Claims were drawn by lot: whoever certifies calls."""
    if checks:
        said = _("%(n)d entries were drawn for a call.") % {"n": len(checks)}
        who = [m.pk for m in members_with(seeing.CERTIFY)]
        notice(who, said, f"{HOURS}checks/", f"checks:{checks[0].pk}", at)


def complained(plea: Plea, at: datetime) -> None:
    """Somebody complained about hours: it is to be decided."""
    who = [m.pk for m in members_with(seeing.CREDITS) if m.pk != plea.taken_by_id]
    notice(who, _("A complaint about hours is to be decided."), f"{HOURS}pleas/", f"plea:{plea.pk}", at)


def issued(certificate: Certificate, at: datetime) -> None:
    """A certificate is ready."""
    volunteer = certificate.volunteer
    _send(
        volunteer.resident, "volunteer-certificate", volunteer.subject, f"certificate:{certificate.pk}", at,
        number=certificate.number or "",
    )  # fmt: skip
