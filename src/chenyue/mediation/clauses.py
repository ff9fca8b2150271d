"""The library of sample clauses: those that come with the product (`data/clauses.json`) and an office's own.

Blanks stand as {付款人}. What is known fills them; what isn't stays, and the linter won't let it be signed.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.mediation import acts, seeing, wording
from chenyue.mediation.lifecycle import Dispute
from chenyue.mediation.models import Agreement, ModelClause, Obligation
from chenyue.mediation.parties import current_parties
from chenyue.timeline import actions as timeline

BLANK = re.compile(r"\{([^{}]{1,20})\}")
KNOWN = ("付款人", "收款人", "金额", "大写", "期限", "方式", "事由", "期数", "份数")
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,38}[a-z0-9]")


@dataclass(frozen=True)
class Sample:
    """One sample clause. `own`: an office wrote or changed it."""

    code: str
    title: str
    words: str
    dispute: str = ""
    order: int = 100
    active: bool = True
    own: bool = False

    @property
    def about(self) -> str:
        """The kind of dispute it is for, in words; empty for every kind."""
        return str(Dispute(self.dispute).label) if self.dispute else ""


@cache
def shipped() -> dict[str, Sample]:
    """Those that come with the product."""
    rows = json.loads((Path(__file__).parent / "data" / "clauses.json").read_text(encoding="utf-8"))
    return {row["code"]: Sample(**row, order=n) for n, row in enumerate(rows, start=1)}


def all_samples() -> list[Sample]:
    """Every sample; an office's row takes the place of the one that has its code. One statement."""
    own = {
        row.code: Sample(row.code, row.title, row.words, row.dispute, row.order, row.active, own=True)
        for row in ModelClause.objects.all()
    }
    return sorted((shipped() | own).values(), key=lambda one: (one.order, one.code))


def library(dispute: str) -> list[Sample]:
    """Samples in use for a kind of dispute: its own first, then those for every kind."""
    fitting = [one for one in all_samples() if one.active and one.dispute in ("", dispute)]
    return sorted(fitting, key=lambda one: not one.dispute)


def sample(code: str) -> Sample | None:
    """One of them by its code."""
    return next((one for one in all_samples() if one.code == code), None)


def blanks(agreement: Agreement) -> dict[str, str]:
    """What fills the blanks: the first obligation with a sum (else the first), the names as the agreement has them."""
    dues = wording.obligations(agreement)
    one = next((due for due in dues if due.amount is not None), dues[0] if dues else None)
    parties = current_parties(agreement.mediation_id)
    known = {wording.label(n): party.name for n, party in enumerate(parties)} | {"份数": str(agreement.copies)}
    return known | (_owed(one) if one else {})


def _owed(one: Obligation) -> dict[str, str]:
    last = max((part.due_on for part in one.instalments.all() if part.due_on), default=one.due_on)
    found: Mapping[str, Any] = {
        "付款人": one.debtor.name if one.debtor else "", "收款人": one.creditor.name if one.creditor else "",
        "金额": f"{one.amount:,.2f}" if one.amount is not None else "", "大写": one.amount_words, "方式": one.manner,
        "事由": one.what, "期数": str(one.instalments.count()),
        "期限": f"{last.year}年{last.month}月{last.day}日" if last else "",
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def fill(words: str, known: Mapping[str, str]) -> str:
    """A clause with what is known in its blanks; others stay as they are. 支付 isn't said twice."""
    filled = BLANK.sub(lambda match: known.get(match[1], match[0]), words)
    return filled.replace("支付支付", "支付").replace("完成完成", "完成")


def save(
    *, code: str, title: str, words: str, dispute: str, order: int, active: bool, by: Actor, at: datetime
) -> ModelClause:  # fmt: skip
    """Add a clause of the office's own, or change one; one that comes with the product gets a row in its place."""
    if by.user is None or not seeing.manages(by.user):
        raise NotAllowed
    if not _CODE.fullmatch(code):
        raise Refusal(_("Small letters, figures and hyphens, three at least."), field="code", code="code")
    if dispute:
        acts.one_of(Dispute.values, dispute, "dispute")
    said = acts.words(words, "words", needed=True, most=1000)
    odd = [name for name in BLANK.findall(said) if name not in KNOWN and not name.endswith("方")]
    if odd:
        raise Refusal(
            _("Nothing fills this blank: %(name)s. Known are: %(known)s.")
            % {"name": "{" + odd[0] + "}", "known": "、".join(KNOWN)},
            field="words",
            code="blank",
        )
    row, _fresh = ModelClause.objects.update_or_create(
        code=code,
        defaults={
            "title": acts.words(title, "title", needed=True, most=60), "words": said, "dispute": dispute,
            "order": max(0, min(order, 9999)), "active": active,
        },
    )  # fmt: skip
    timeline.record(subject="mediation-clauses", verb="mediation.clause_saved", by=by, at=at, data={"code": code})
    return row
