"""Who of the members somebody in WeCom is: bound by hand, by a table, or by a code that works once."""

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chenyue.core import carried, limits, tables, text
from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.core.tables import RowError, Sheet
from chenyue.gateway.models_wecom import WecomCode, WecomGuest, WecomLink, WecomPerson
from chenyue.people.models import Member
from chenyue.people.rules import may
from chenyue.timeline.actions import record

WORD = "office.setup"
LASTS = timedelta(minutes=10)  # a code
GUESSES = limits.Limit("wecom.code", 5, timedelta(hours=1))  # wrong codes of one person in WeCom
ALL_GUESSES = limits.Limit("wecom.codes", 100, timedelta(hours=1))  # of all of them
MOST = 5000  # rows of a table
_CODE = re.compile(r"(?:绑定|綁定|bind)\s*(\d{8})", re.IGNORECASE)
_USERID = re.compile(r"[A-Za-z0-9._@-]{1,64}")
MEMBER, USERID = ("用户名", "登录名", "账号", "姓名"), ("企业微信账号", "企业微信ID", "UserID", "userid", "帐号")


def keeper(by: Actor) -> Member:
    """The member who acts; NotAllowed for anybody who doesn't set the office up."""
    if by.kind != "member" or not may(by.user, WORD):
        raise NotAllowed
    member: Member = by.user
    return member


def member_of(corp_id: str, userid: str) -> Member | None:
    """The active member behind somebody in WeCom."""
    if not userid:
        return None
    rows = WecomPerson.objects.filter(corp_id=corp_id, userid=userid, member__is_active=True)
    found = rows.select_related("member").first()
    return found.member if found else None


def userid_of(link: WecomLink, member_id: int) -> str:
    """Under which name an app reaches a member; "" where nobody said so."""
    rows = WecomPerson.objects.filter(corp_id=link.corp_id, member_id=member_id, member__is_active=True)
    # Whoever writes to customer service is known there under a longer name, which no app can write to.
    found = [one for one in rows.order_by("-pk").values_list("userid", flat=True) if not outside(one)]
    return found[0] if found else ""


def outside(userid: str) -> bool:
    """Whether this is a WeChat user (external_userid), not somebody of the corporation."""
    return len(userid) == 32 and userid.startswith(("wm", "wo"))


@transaction.atomic
def bind(*, corp_id: str, userid: str, member: Member, by: Actor, at: datetime) -> WecomPerson:
    """Say who somebody in WeCom is. Refusal at `userid`, also if that is somebody else already."""
    keeper(by)
    return _bound(corp_id, text.clean(userid), member, by, at)


def _bound(corp_id: str, userid: str, member: Member, by: Actor, at: datetime) -> WecomPerson:
    if not _USERID.fullmatch(userid):
        raise Refusal(_("A WeCom account has up to 64 letters, digits and . _ @ -"), field="userid")
    there = WecomPerson.objects.select_for_update().filter(corp_id=corp_id, userid=userid).first()
    if there is not None:
        if there.member_id != member.pk:
            raise Refusal(_("This WeCom account belongs to another member already."), field="userid", code="taken")
        return there
    bound_by = by.user if by.kind == "member" and by.user.pk != member.pk else None
    found = WecomPerson.objects.create(corp_id=corp_id, userid=userid, member=member, bound_by=bound_by, bound_at=at)
    WecomGuest.objects.filter(link__corp_id=corp_id, who=guest_index(corp_id, userid)).update(member=member)
    record(subject=f"member:{member.pk}", verb="gateway.wecom_bound", by=by, at=at, data={"name": member.name})
    return found


@transaction.atomic
def unbind(*, person: WecomPerson, by: Actor, at: datetime) -> None:
    """Nobody any more. By the member, or by who sets the office up."""
    if not (by.kind == "member" and by.user.pk == person.member_id):
        keeper(by)
    member = person.member
    who = guest_index(person.corp_id, person.userid)
    WecomGuest.objects.filter(link__corp_id=person.corp_id, who=who).update(member=None)
    person.delete()
    record(subject=f"member:{member.pk}", verb="gateway.wecom_unbound", by=by, at=at, data={"name": member.name})


def guest_index(corp_id: str, userid: str) -> str:
    """The fingerprint under which somebody who writes is kept."""
    return carried.fingerprint("wecom", f"wecom:{corp_id}:{userid}")[:32]


def _digest(code: str) -> str:
    return hashlib.sha256(f"wecom:{code}".encode()).hexdigest()


def new_code(*, member: Member, at: datetime) -> str:
    """Eight digits that the member sends in WeCom within ten minutes; an older code ends."""
    code = f"{secrets.randbelow(10**8):08d}"
    WecomCode.objects.update_or_create(member=member, defaults={"digest": _digest(code), "expires_at": at + LASTS})
    return code


def code_in(words: str) -> str:
    """The code in a message such as 绑定 12345678; "" if it is none."""
    found = _CODE.fullmatch(words.strip())
    return found[1] if found else ""


@transaction.atomic
def take_code(*, link: WecomLink, userid: str, code: str, at: datetime) -> Member | None:
    """The member whose code this is, bound from now on; None for a wrong or old one. Five guesses an hour."""
    who = guest_index(link.corp_id, userid)
    if not limits.passes([(GUESSES, who), (ALL_GUESSES, str(link.pk))], at):
        raise Refusal(_("Too many wrong codes. Try again in an hour."), code="guesses")
    rows = WecomCode.objects.select_for_update(of=("self",)).filter(digest=_digest(code), expires_at__gt=at)
    found = rows.select_related("member").first()
    if found is None or not found.member.is_active:
        return None
    member = found.member
    _bound(link.corp_id, userid, member, member.actor(), at)
    found.delete()
    return member


@dataclass
class Report:
    """What came of a table of accounts."""

    bound: int
    same: int
    errors: list[RowError]
    sheet: Sheet


def load(*, data: bytes, filename: str, corp_id: str, by: Actor, at: datetime) -> Report:
    """Bind the rows of a table with members (user name, or a name that only one has) and their WeCom accounts.

    Each row for itself: what can't be taken is handed back with its reason. Refusal at `file` if it is no such table.
    """
    keeper(by)
    sheet = tables.read_table(data, filename, expected=[*MEMBER, *USERID])
    who, userid = _column(sheet, MEMBER, _("user name")), _column(sheet, USERID, _("WeCom account"))
    if len(sheet.rows) > MOST:
        raise Refusal(_("At most 5,000 rows at once."), field="file")
    report = Report(0, 0, [], sheet)
    members = _members()
    for row in sheet.rows:
        try:
            member = _one(members, text.clean(row[who]))
            before = WecomPerson.objects.filter(corp_id=corp_id, userid=text.clean(row[userid]), member=member).exists()
            bind(corp_id=corp_id, userid=row[userid], member=member, by=by, at=at)
        except Refusal as refusal:
            column = userid if refusal.field == "userid" else who
            report.errors.append(RowError(row.number, column, refusal.sentence))
        else:
            report.same += before
            report.bound += not before
    return report


def _column(sheet: Sheet, names: Iterable[str], label: Any) -> str:
    found = next((name for name in names if name in sheet.header), "")
    if not found:
        raise Refusal(_("The table has no column for: %(what)s") % {"what": label}, field="file", code="column")
    return found


def _members() -> dict[str, list[Member]]:
    found: dict[str, list[Member]] = {}
    for member in Member.objects.filter(is_active=True).order_by("pk"):
        for name in {member.username, member.name}:
            found.setdefault(name, []).append(member)
    return found


def _one(members: dict[str, list[Member]], name: str) -> Member:
    found = members.get(name, [])
    if not found:
        raise Refusal(_("There is no member of this name."), field="member")
    if len(found) > 1:
        raise Refusal(_("Several members have this name: write the user name."), field="member")
    return found[0]
