"""Hours for handing over: in the fields of 民政部令第67号, toward the named national system, which this is not.

One line for an entry that counts, with what is left of it; the unit is hours, travel isn't counted. Without a reason
and the right to see contact data everything personal is masked.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chenyue.core import sheets
from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.people import masking
from chenyue.people.models import Resident
from chenyue.people.rules import may as holds
from chenyue.volunteering import acts, seeing
from chenyue.volunteering.models import HourEntry

MOST = 20_000  # lines of one file
HEADER = (
    "志愿者编号", "姓名", "性别", "出生日期", "证件类型", "证件号码", "服务区域", "联系方式", "专业技能",
    "活动编号", "活动名称", "服务日期", "服务地点", "服务对象", "服务内容", "服务时间（小时）", "服务质量评价",
    "活动负责人", "记录人", "记录依据",
)  # fmt: skip
ID_CARD = "居民身份证"
BESIDE = ("volunteer__resident__home__community", "activity__place", "activity__manager", "claim__recorded_by",
          "claim__served", "reversed_by")  # fmt: skip


def may_export(by: Actor) -> bool:
    """Whether this actor takes hours out: who keeps the credits or certifies for the whole office."""
    if by.kind != "member":
        return False
    return holds(by.user, seeing.CREDITS) or holds(by.user, seeing.CERTIFY, unit_ids=())


def export(
    *, first: date, last: date, kind: str, whole: bool, purpose: str, by: Actor, at: datetime
) -> tuple[bytes, int]:
    """The file and how many lines it has; that it was taken is written down.

    Raises NotAllowed (`whole` needs the right to see contact data), Refusal at `purpose` and for too many lines.
    """
    if not may_export(by) or (whole and not holds(by.user, "contact.see")):
        raise NotAllowed
    why = acts.words(purpose, "purpose", needed=True, most=200)
    rows = list(_rows(first, last)[: MOST + 1])
    if len(rows) > MOST:
        raise Refusal(_("More than %(n)d lines: choose fewer days.") % {"n": MOST}, field="last", code="many")
    table = [line for row in rows for line in _lines(row, whole)]
    data = {"count": len(table), "first": first.isoformat(), "last": last.isoformat(), "whole": whole}
    acts.record("volunteering:hours", "hours_exported", by=by, at=at, data=data, said=masking.mask_words(why))
    if kind == "csv":
        return sheets.write_csv(HEADER, table), len(table)
    cover = sheets.Cover(by.label, at, why)
    return sheets.write_xlsx(HEADER, table, "志愿服务记录", cover=cover), len(table)


def _rows(first: date, last: date) -> QuerySet[HourEntry]:
    rows = HourEntry.objects.filter(served_on__range=(first, last), reverses=None).select_related(*BESIDE)
    return rows.prefetch_related("volunteer__skills").order_by("served_on", "pk")


def _lines(row: HourEntry, whole: bool) -> Iterator[list[Any]]:
    back = getattr(row, "reversed_by", None)
    left = row.minutes + (back.minutes if back else 0)
    if left > 0:
        yield [*_person(row, whole), *_service(row, left)]


def _person(row: HourEntry, whole: bool) -> list[str]:
    volunteer, resident = row.volunteer, row.volunteer.resident
    number = resident.id_number
    area = resident.home.community.name if resident.home and resident.home.community else ""

    def shown(text: str, mask: Callable[[str], str]) -> str:
        return text if whole else mask(text)

    return [
        volunteer.number,
        shown(resident.name, masking.mask_name),
        sex_of(number),
        born(resident, volunteer.birth_on) if whole else "",
        ID_CARD if number else "",
        shown(number, masking.mask_id),
        area,
        shown(resident.phone, masking.mask_phone),
        "、".join(skill.name for skill in volunteer.skills.all()),
    ]


def sex_of(id_number: str) -> str:
    """What an ID number says by its seventeenth digit (GB 11643-1999): odd is male. Empty where none is known."""
    if len(id_number) != 18 or not id_number[16].isdecimal():
        return ""
    return "男" if int(id_number[16]) % 2 else "女"


def born(resident: Resident, birth_on: date | None) -> str:
    """The day of birth, from what staff wrote down, else from the ID number."""
    if birth_on:
        return birth_on.isoformat()
    number = resident.id_number
    return f"{number[6:10]}-{number[10:12]}-{number[12:14]}" if len(number) == 18 else ""


def hours_of(minutes: int) -> Decimal:
    """Minutes as hours with two decimals, never rounded up."""
    return (Decimal(minutes) / 60).quantize(Decimal("0.01"), rounding=ROUND_DOWN)


def _service(row: HourEntry, left: int) -> list[Any]:
    activity, claim = row.activity, row.claim
    where = activity.place_words or (activity.place.full_name if activity.place else "") if activity else ""
    served = activity.served if activity else ""
    if not served and claim.served:
        served = masking.mask_name(claim.served.name)
    return [
        activity.number if activity else "",
        activity.title if activity else "",
        row.served_on.isoformat(),
        where,
        served,
        claim.words or (activity.get_kind_display() if activity else ""),
        float(hours_of(left)),
        "",  # nobody is asked to grade people here
        activity.manager.name if activity and activity.manager else "",
        claim.recorded_by.name if claim.recorded_by else "扫码",
        row.grade,
    ]
