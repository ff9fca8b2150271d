"""What people are told about their credits, by whatever reaches them: texts as data."""

import json
from datetime import date, datetime
from pathlib import Path

from chenyue.core import office
from chenyue.notify import texts
from chenyue.notify.actions import Letter, send_many
from chenyue.people.models import Resident
from chenyue.volunteering.amounts import credits_words
from chenyue.volunteering.letters_deeds import person_of
from chenyue.volunteering.models import FamilyTie

for _row in json.loads((Path(__file__).parent / "data" / "letters_ledger.json").read_text(encoding="utf-8")):
    texts.register(**_row)


def _tell(template: str, resident: Resident, key: str, at: datetime, **blanks: str) -> bool:
    person = person_of(resident)
    if person is None:
        return False
    filled = {"office": office.get("short_name"), "phone": office.get("phone")} | blanks
    send_many([Letter(template, person, filled, key)], about=f"credits:{resident.pk}", at=at)
    return True


def expiring(resident: Resident, amount: int, last: date, days: int, at: datetime) -> bool:
    """So many credits can't be spent any more after a day. Once for each warning and day."""
    return _tell(
        "credits-expiring", resident, f"credits-expiring:{resident.pk}:{last:%Y%m%d}:{days}", at,
        amount=credits_words(amount), last=f"{last.year}年{last.month}月{last.day}日",
    )  # fmt: skip


def granted(resident: Resident, amount: int, key: str, at: datetime) -> bool:
    """The office gave credits."""
    return _tell("credits-granted", resident, f"credits-granted:{key}", at, amount=credits_words(amount))


def tie_approved(tie: FamilyTie, at: datetime) -> None:
    """From now on credits may be passed on."""
    for resident in (tie.giver, tie.receiver):
        _tell("credits-tie", resident, f"credits-tie:{tie.pk}:{resident.pk}", at)
