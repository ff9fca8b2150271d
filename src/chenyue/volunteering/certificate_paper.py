"""The certificate as a paper: what it says, its sample, PDF and Word. Fields of 民发〔2015〕149号.

`SAMPLE` is the contract of the data: every key of it, in this shape, put into words. An office may replace the Word
template. It never calls itself national or official: it proves what this office recorded.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.core import office, papers, qr, word_templates
from chenyue.volunteering.amounts import hours_words
from chenyue.volunteering.models import Certificate

CODE = "volunteering.certificate"
DATA = Path(__file__).parent / "data"
ID_CARD = "居民身份证"
REST = "其他志愿服务"

SAMPLE: dict[str, Any] = {
    "office": "晨光街道办事处",
    "number": "Z2026-1124-0001",
    "name": "王秀兰",
    "id_kind": "居民身份证",
    "id_number": "330203195801011234",
    "volunteer": "V000012",
    "period": "2026年1月1日至2026年11月24日",
    "hours": "36 小时 20 分",
    "rows": [
        {"title": "金桂苑周末巡逻", "days": "2026年3月7日至2026年10月31日", "times": "12", "hours": "24 小时"},
        {"title": "陪诊", "days": "2026年5月6日", "times": "1", "hours": "2 小时 20 分"},
    ],
    "unit": "晨光街道便民服务中心",
    "head": "赵卫东",
    "clerk": "李敏",
    "contact": "0574-12345678",
    "issued_on": "2026年11月24日",
    "notice": "2026年11月16日至2026年11月23日",
    "remarks": "",
    "address": "https://example.org/volunteering/certificate/…/",
}


def sample() -> Mapping[str, Any]:
    """Made-up data with every blank in it."""
    return SAMPLE | {"remarks": "仅用于入团推荐"}


def data(row: Certificate, base: str) -> dict[str, Any]:
    """What both papers say about a certificate that is issued."""
    resident = row.volunteer.resident
    issued = timezone.localtime(row.issued_at).date() if row.issued_at else None
    return {
        "office": str(office.get("name")),
        "number": row.number or "",
        "name": resident.name,
        "id_kind": ID_CARD if resident.id_number else "未登记",
        "id_number": resident.id_number or "—",
        "volunteer": row.volunteer.number,
        "period": span(row.from_on, row.until_on),
        "hours": hours_words(row.minutes),
        "rows": [_line(one) for one in row.content],
        "unit": row.unit.name,
        "head": row.head,
        "clerk": row.clerk,
        "contact": row.contact,
        "issued_on": day(issued),
        "notice": span(row.notice_from, row.notice_until),
        "remarks": row.remarks,
        "address": base + reverse("volunteering:certificate-check", args=[row.code]),
    }


def _line(one: Mapping[str, Any]) -> dict[str, str]:
    first, last = date.fromisoformat(one["first"]), date.fromisoformat(one["last"])
    return {
        "title": one["title"] or REST,
        "days": day(first) if first == last else span(first, last),
        "times": str(one["times"]),
        "hours": hours_words(int(one["minutes"])),
    }


def day(given: date | None) -> str:
    """A day as papers write it."""
    return f"{given.year}年{given.month}月{given.day}日" if given else ""


def span(first: date | None, last: date | None) -> str:
    """From a day to another."""
    return f"{day(first)}至{day(last)}"


def pdf(row: Certificate, base: str) -> papers.Paper:
    """The certificate as PDF: the same bytes each time, so that its fingerprint proves it."""
    assert row.issued_at is not None
    said = data(row, base)
    return papers.pdf(DATA / "certificate.typ", said | {"qr": qr.drawing(said["address"])}, at=row.issued_at)


def word(row: Certificate, base: str) -> papers.Paper:
    """The certificate as Word, from the office's own template if it has one. Raises Refusal."""
    return word_templates.fill(CODE, data(row, base))


word_templates.register(CODE, _("Certificate of voluntary service"), DATA / "certificate.docx", sample)
