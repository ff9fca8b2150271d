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
from chenyue.notify import texts
from chenyue.notify.actions import Address, Letter
from chenyue.notify.models import Channel

for _row in json.loads((Path(__file__).parent / "data" / "texts.json").read_text(encoding="utf-8")):
    texts.register(**_row)


@dataclass(frozen=True)
class Reader:
    """A reporter who can be written to."""

    number: str
    receipt: str
    title: str
    email: str


def readers(case: Case) -> list[Reader]:
    """Every reporter of a case who gave an e-mail address and whose data may be used. One statement.

    The address is the appeal's own: whoever knows a neighbour's name and number could otherwise give an
    address of theirs with it, and be sent the neighbour's letters with their codes.
    """
    return [Reader(*row) for row in _readers(case=case.pk)]


@prepared
def _readers(*, case: Any) -> QuerySet[Any]:
    return (
        Appeal.objects.filter(case_id=case, reporter__erased_at=None, reporter__locked_at=None)
        .exclude(reporter=None)
        .exclude(email="")
        .order_by("pk")
        .values_list("number", "receipt", "title", "email")
    )


def readers_of(appeals: Iterable[Appeal]) -> list[Reader]:
    """The same for appeals that are loaded with their reporters."""
    return [
        Reader(a.number, a.receipt, a.title, a.email)
        for a in appeals
        if a.reporter is not None and a.email and not a.reporter.erased_at and not a.reporter.locked_at
    ]


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
            Address(Channel.EMAIL, reader.email),
            context(case, reader.number, reader.receipt, reader.title, **more),
            f"{code}:{reader.number}:{case.version}",
        )
        for reader in to
    ]
