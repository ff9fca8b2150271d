"""One mediation with all that its papers are made of, read once; and words that every paper has."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils import timezone

from chenyue.core import office
from chenyue.mediation import law
from chenyue.mediation.lifecycle import Acts, AgreementState, MeetingKind, MeetingState, PartyKind, Stage
from chenyue.mediation.models import (
    Agreement,
    Appointment,
    Consent,
    Evidence,
    Extension,
    FollowUpVisit,
    Mediation,
    Meeting,
    Party,
    Representative,
)
from chenyue.mediation.parties import age

TOOK_PLACE = (MeetingState.HELD, MeetingState.BROKEN_OFF)
TALKS = (MeetingKind.JOINT, MeetingKind.SIGNING)
MEDIATES = (Appointment.Role.LEAD, Appointment.Role.WITH)
Row = dict[str, Any]


@dataclass
class Matter:
    """The mediation and, read when they are first asked for, its rows. `at`: the moment the papers are made for.

    `filed_by`: who files it, for the papers that name them.
    """

    mediation: Mediation
    at: datetime
    filed_by: str = ""

    @property
    def today(self) -> date:
        """The day on the office's wall."""
        return timezone.localtime(self.at).date()

    @cached_property
    def parties(self) -> list[Party]:
        """All parties that ever were, in their order."""
        return list(Party.objects.filter(mediation=self.mediation).order_by("order"))

    @property
    def current(self) -> list[Party]:
        """Those that haven't left."""
        return [party for party in self.parties if party.left_at is None]

    @cached_property
    def representatives(self) -> list[Representative]:
        """All who act or acted for somebody, with whom."""
        rows = Representative.objects.filter(mediation=self.mediation).select_related("proof")
        return list(rows.prefetch_related("parties").order_by("pk"))

    @cached_property
    def appointments(self) -> list[Appointment]:
        """All mediators that ever were, whoever leads first."""
        rows = Appointment.objects.filter(mediation=self.mediation).select_related("mediator")
        return sorted(rows.order_by("pk"), key=lambda one: one.role != Appointment.Role.LEAD)

    @cached_property
    def consents(self) -> list[Consent]:
        """What each party said last to each question."""
        rows = Consent.objects.filter(mediation=self.mediation, superseded_at=None)
        return list(rows.select_related("scan").order_by("party__order", "pk"))

    @cached_property
    def meetings(self) -> list[Meeting]:
        """Meetings, inquiries and looks that took place, with who came and the texts of their minutes."""
        rows = Meeting.objects.filter(mediation=self.mediation, state__in=TOOK_PLACE).prefetch_related(
            "texts__answers__party",
            "attendances__party",
            "attendances__representative__parties",
            "attendances__appointment__mediator",
            "attendances__invitation__unit",
        )
        return list(rows.order_by("starts_at", "number"))

    @property
    def talks(self) -> list[Meeting]:
        """Of these, the ones at which was mediated or signed."""
        return [meeting for meeting in self.meetings if meeting.kind in TALKS]

    @property
    def inquiries(self) -> list[Meeting]:
        """Of these, inquiries and looks at the place."""
        return [meeting for meeting in self.meetings if meeting.kind not in TALKS]

    @cached_property
    def evidence(self) -> list[Evidence]:
        """What was laid on the table, without what was taken in by mistake."""
        rows = Evidence.objects.filter(mediation=self.mediation, removed_at=None)
        return list(rows.select_related("party").order_by("number"))

    @cached_property
    def agreements(self) -> list[Agreement]:
        """Agreements that are or were in effect, with all that stands in them; drafts aren't papers yet."""
        return self._agreements(AgreementState.IN_EFFECT, AgreementState.REPLACED, AgreementState.VOID)

    @cached_property
    def unsigned(self) -> list[Agreement]:
        """Agreements that are being written or signed."""
        return self._agreements(AgreementState.DRAFT, AgreementState.SIGNING)

    def _agreements(self, *states: str) -> list[Agreement]:
        rows = Agreement.objects.filter(mediation=self.mediation, state__in=states)
        rows = rows.select_related("scan", "meeting", "confirmation__ruling", "replaces").prefetch_related(
            "clauses",
            "handed",
            "obligations__debtor",
            "obligations__creditor",
            "obligations__instalments__receipts__evidence",
            "signatures__party",
            "signatures__representative",
            "signatures__appointment__mediator",
        )
        return list(rows.order_by("number"))

    @property
    def standing(self) -> list[Agreement]:
        """Agreements that bind now."""
        return [one for one in self.agreements if one.state == AgreementState.IN_EFFECT]

    @cached_property
    def visits(self) -> list[FollowUpVisit]:
        """Visits afterwards, made or still to make."""
        rows = FollowUpVisit.objects.filter(mediation=self.mediation).select_related("party", "agreement", "made_by")
        return list(rows.order_by("due_on", "pk"))

    @cached_property
    def extensions(self) -> list[Extension]:
        """More time that every party consented to."""
        return list(Extension.objects.filter(mediation=self.mediation).exclude(granted_at=None).order_by("pk"))

    @property
    def ended(self) -> bool:
        """Whether nothing follows any more."""
        return self.mediation.stage in (Stage.PERFORMED, Stage.TERMINATED, Stage.REFUSED, Stage.NOT_ACCEPTED)

    @cached_property
    def common(self) -> Row:
        """What every paper may say: the committee, the file, the matter."""
        committee = self.mediation.committee
        return {
            "committee": committee.name,
            "committee_address": committee.address or office.get("address"),
            "committee_phone": committee.phone or office.get("phone"),
            "file_number": file_number(self.mediation),
            "number": self.mediation.number,
            "title": self.mediation.title,
        }

    @property
    def mediators(self) -> str:
        """Who mediates, or mediated last."""
        now = [one for one in self.appointments if one.until is None and one.role in MEDIATES]
        found = now or [one for one in self.appointments if one.role in MEDIATES]
        return names(one.mediator.name for one in found)

    def of_side(self, *sides: str) -> list[Party]:
        """Parties of these sides that haven't left; if all have, those that were."""
        return [p for p in self.current if p.side in sides] or [p for p in self.parties if p.side in sides]


def file_number(mediation: Mediation) -> str:
    """卷号: ( )人调字第 号, by the year and running number of the mediation and the mark of its committee."""
    serial = mediation.number.rpartition("-")[2].lstrip("0") or "0"
    year = mediation.number.removeprefix("M").partition("-")[0]
    return f"（{year}）{mediation.committee.file_mark}人调字第{serial}号"


def agreement_number(agreement: Agreement, mediation: Mediation) -> str:
    """The number of an agreement: that of the file, and which of several it is."""
    return file_number(mediation) + (f"之{agreement.number}" if agreement.number > 1 else "")


def names(found: Iterable[str]) -> str:
    """Names in a row, each once."""
    return "、".join(dict.fromkeys(name for name in found if name))


def day(value: date | datetime | None) -> str:
    """2026年3月2日; "" for none."""
    if value is None:
        return ""
    found = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return f"{found.year}年{found.month}月{found.day}日"


def clock(value: datetime | None) -> str:
    """09:05 by the office's clock."""
    return f"{timezone.localtime(value):%H:%M}" if value else ""


def money(amount: Any) -> str:
    """39,163.50元."""
    return "" if amount is None else f"{amount:,.2f}元"


def numbered(words: str) -> str:
    """Lines as 1., 2., …; those that have a number keep it."""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    bare = all(not line[0].isdigit() and line[0] not in "（(一二三四五六七八九十" for line in lines)
    return "\n".join(f"{n}. {line}" for n, line in enumerate(lines, 1)) if bare else "\n".join(lines)


def roads(ground: str = "") -> str:
    """The roads that stay open, one a line."""
    return "\n".join(f"{n}. {road.zh}。" for n, road in enumerate(law.roads(ground), 1))


def party_row(party: Party, matter: Matter, role: str = "") -> Row:
    """What papers say of a party."""
    unit = party.kind == PartyKind.UNIT
    years = None if unit else age(party.born_on, matter.today)
    return {
        "role": role or str(party.get_side_display()),
        "name": party.name,
        "unit": unit,
        "gender": party.gender,
        "ethnicity": party.ethnicity,
        "age": "" if years is None else f"{years}岁",
        "occupation": party.occupation,
        "contact": party.phone,
        "address": party.address,
        "id_number": party.id_number,
        "head": party.head,
        "via": via(party, matter),
    }


def via(party: Party, matter: Matter) -> str:
    """Who acts for a party, in a line."""
    found = [one for one in matter.representatives if one.ended_at is None and party in one.parties.all()]
    return "；".join(_acts_for(one) for one in found)


def _acts_for(one: Representative) -> str:
    relation = f"（{one.relation}）" if one.relation else ""
    power = "，特别授权" if one.may_settle and one.acts in (Acts.AGENT, Acts.ELECTED) else ""
    return f"{one.get_acts_display()}：{one.name}{relation}{power}"


def to_sign(parties: Iterable[Party], words: str = "（签名、盖章或按指印）") -> list[Row]:
    """A line to sign on for each party."""
    return [{"who": f"{party.get_side_display()}{words}", "words": ""} for party in parties]


def pieces(rows: Iterable[Evidence]) -> str:
    """证据1、证据3."""
    return "、".join(f"证据{row.number}" for row in rows)
