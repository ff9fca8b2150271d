"""The texts that residents are sent about their appeals, and what fills their blanks."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from chenyue.cases.models import Appeal, Case
from chenyue.cases.verbs import moment
from chenyue.core import office, site
from chenyue.core.prepared import prepared
from chenyue.notify import channels, texts
from chenyue.notify.actions import Letter, Person

SMS = "sms"
for _name in ("texts.json", "texts_sms.json"):
    for _row in json.loads((Path(__file__).parent / "data" / _name).read_text(encoding="utf-8")):
        texts.register(**_row)


@dataclass(frozen=True)
class Reader:
    """A reporter who can be written to."""

    number: str
    receipt: str
    title: str
    email: str
    phone: str = ""

    @property
    def person(self) -> Person:
        """With all the addresses that may be used."""
        return Person(email=self.email, phone=self.phone)


def readers(case: Case) -> list[Reader]:
    """Every reporter of a case who can be reached and whose data may be used. One statement.

    The address is the appeal's own: whoever knows a neighbour's name and number could otherwise give an
    address of theirs with it, and be sent the neighbour's letters with their codes. A telephone gets short
    messages only if the reporter agreed to be contacted with this very appeal.
    """
    rows = _readers(case=case.pk)
    found = [Reader(n, receipt, title, email, _number(phone, ok)) for n, receipt, title, email, phone, ok in rows]
    return [one for one in found if one.email or one.phone]


def _number(phone: str, agreed: bool) -> str:
    return phone if agreed and channels.is_on(SMS) else ""


@prepared
def _readers(*, case: Any) -> QuerySet[Any]:
    return (
        Appeal.objects.filter(case_id=case, reporter__erased_at=None, reporter__locked_at=None)
        .exclude(reporter=None)
        .order_by("pk")
        .values_list("number", "receipt", "title", "email", "reporter__phone", "consent_contact")
    )


def readers_of(appeals: Iterable[Appeal]) -> list[Reader]:
    """The same for appeals that are loaded with their reporters."""
    found = [
        Reader(a.number, a.receipt, a.title, a.email, _number(a.reporter.phone, a.consent_contact))
        for a in appeals
        if a.reporter is not None and not a.reporter.erased_at and not a.reporter.locked_at
    ]
    return [one for one in found if one.email or one.phone]


def context(case: Case, number: str, receipt: str, title: str = "", **more: Any) -> dict[str, str]:
    """What fills the blanks of a text. A reader's own title counts: another's words aren't theirs to read."""
    filled = {
        "office": office.get("short_name"),
        "number": number,
        "title": title or _category(case),
        "follow": follow(receipt),
        "unit": "",
        "until": "",
        "reason": "",
        "told": "",
        "road": "",
        "rate": "",
    }
    for name, value in more.items():
        filled[name] = moment(value.isoformat()) if isinstance(value, datetime) else str(value or "")
    return filled


def _category(case: Case) -> str:
    from chenyue.catalogue.queries import catalogue

    found = catalogue().by_id.get(case.category_id or 0)
    return found.name if found else _("your matter")


def follow(receipt: str) -> str:
    """How a reporter gets to the progress page: a link if the office's address is known, else the code."""
    if address := site.base():
        return _("See the progress: %(link)s") % {"link": address + reverse("portal:progress", args=[receipt])}
    return _("Your receipt code is %(receipt)s; with it you can see the progress on our page.") % {"receipt": receipt}


def rate(path: str) -> str:
    """How a reporter gets to the page where the answer is rated; empty where the office's address isn't known."""
    address = site.base()
    return _("Say whether it is solved: %(link)s") % {"link": address + path} if address and path else ""


def letters(code: str, case: Case, to: Iterable[Reader], **more: Any) -> list[Letter]:
    """One letter for each reader; `version` in the key makes each once only, however often an event is told."""
    return [
        Letter(
            code,
            reader.person,
            context(case, reader.number, reader.receipt, reader.title, **more),
            f"{code}:{reader.number}:{case.version}",
        )
        for reader in to
    ]
