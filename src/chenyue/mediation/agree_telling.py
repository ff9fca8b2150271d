"""Who is told of days that come and pass: mediators on their desks, parties by whatever reaches them.

What goes to a telephone or an address names neither the quarrel nor the other side: somebody else may read it.
"""

import json
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from chenyue.core import office
from chenyue.core.moments import calendar_day
from chenyue.mediation import wording
from chenyue.mediation.models import Instalment, Mediation, Party
from chenyue.notify import texts
from chenyue.notify.actions import Person, notice, send

for _row in json.loads((Path(__file__).parent / "data" / "texts_agree.json").read_text(encoding="utf-8")):
    texts.register(**_row)


def members(mediation: Mediation) -> list[int]:
    """Members who mediate it now."""
    found = wording.mediators(mediation).exclude(mediator__member=None)
    return [one.mediator.member_id for one in found]


def mediators(
    mediation: Mediation, said: str, key: str, at: datetime, *, page: str = "agreement", urgent: bool = False
) -> None:
    """A line on the desk of everyone who mediates it; once per key."""
    url = f"/desk/mediation/{mediation.number}/{page}/"
    notice(members(mediation), str(said), url, f"{mediation.number}:{key}", at, urgent=urgent)


def party(mediation: Mediation, to: Party, text: str, key: str, at: datetime, **blanks: str) -> None:
    """A message to a party, by whatever reaches it; nothing to who has died, left or was forgotten."""
    if to.died_on or to.left_at or to.erased_at or not to.phone:
        return
    context = {"office": office.get("short_name"), "phone": mediation.committee.phone or office.get("phone"), **blanks}
    send(
        template=text, to=Person(phone=to.phone), context=context, about=mediation.subject,
        key=f"{mediation.number}:{key}:{to.pk}", at=at,
    )  # fmt: skip


def _part(part: Instalment) -> dict[str, str]:
    return {"day": calendar_day(part.due_on) if part.due_on else ""}


def part_due(mediation: Mediation, part: Instalment, what: str, at: datetime) -> None:
    """A day comes near, or is here: whoever owes is reminded."""
    key = f"part:{part.pk}:{what}"
    if part.obligation.debtor is not None:
        party(mediation, part.obligation.debtor, "mediation-due", key, at, **_part(part))
    said = _("%(title)s: something agreed is due on %(day)s.") % {"title": mediation.title, **_part(part)}
    mediators(mediation, said, key, at, page="performance")


def part_overdue(mediation: Mediation, part: Instalment, at: datetime) -> None:
    """A day has passed: whoever owes is told, and the mediators what comes next."""
    step = part.overdue_step
    key = f"part:{part.pk}:overdue:{step}"
    if part.obligation.debtor is not None and step == 1:
        party(mediation, part.obligation.debtor, "mediation-overdue", key, at, **_part(part))
    sentences = {
        1: _("%(title)s: what was due on %(day)s hasn't been performed. Ask what is in the way."),
        2: _("%(title)s: still not performed since %(day)s. Visit whoever owes it."),
    }
    last = _("%(title)s: not performed since %(day)s. Tell the other side of court and execution.")
    said = sentences.get(step, last) % {"title": mediation.title, **_part(part)}
    mediators(mediation, said, key, at, page="performance", urgent=step > 1)
