"""The closing report of works as PDF and Word: what it says, its sample, and how it is made.

`SAMPLE` is the contract of the data: every key of it, in this shape, with everything put into words (dates, numbers
with units). Lists may be empty, words may be "", a picture may be None; no key may lack. Counts and answers only:
no name of a resident, no home, stands in it. An office may replace the Word template (`core.word_templates`).
"""

import io
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from chenyue.core import papers, word_templates

CODE = "works.closing"
DATA = Path(__file__).parent / "data"
MOST_PICTURES = 24  # of a report: each is a photograph of a camera
WIDE = 80.0  # mm: two beside each other

SAMPLE: dict[str, Any] = {
    "office": "晨光街道办事处",
    "number": "W2026-0003",
    "title": "金桂苑老旧小区改造",
    "made_on": "2026年11月22日",
    "made_by": "赵敏",
    "state": "已竣工",
    "estates": "金桂苑",
    "buildings": "1–6幢",
    "what": "屋面防水、外墙、雨污分流、楼道照明、停车位。",
    "why": "房屋建于1996年，屋面和管道多处渗漏。",
    "contractor": "晨光建设有限公司",
    "supervisor": "晨光监理有限公司",
    "owner_unit": "城市建设科",
    "phone": "010-12345678",
    "starts_on": "2026年3月1日",
    "ends_on": "2026年11月20日",
    "closed_on": "2026年11月22日",
    "homes": "60户",
    "heads": "52人",
    "area": "4,800.00 ㎡",
    # Empty `rule`: no rule of joint decisions applies, and nothing is said to have passed.
    "decision": {
        "rule": "民法典第二百七十八条：改建、重建建筑物及其附属设施",
        "source": "《中华人民共和国民法典》第二百七十八条",
        "result": "已达到法定比例",
        "tests": [
            {
                "what": "参与表决的面积",
                "have": "3,600.00 ㎡",
                "whole": "4,800.00 ㎡",
                "asks": "不少于 2/3",
                "met": "达到",
            },
            {"what": "参与表决的人数", "have": "40", "whole": "52", "asks": "不少于 2/3", "met": "达到"},
        ],
    },
    "versions": [
        {"number": "1", "title": "第一版方案", "published_on": "2025年10月8日", "words": "征求意见。"},
        {"number": "2", "title": "第二版方案", "published_on": "2025年12月1日", "words": "保留南侧花园，车位减少6个。"},
    ],
    "stances": [  # how many homes stood where, when the first version came and in the end
        {"stand": "支持", "first": "12", "last": "41"},
        {"stand": "反对", "first": "18", "last": "4"},
    ],
    "objections": {
        "count": "14",
        "answered": "14",
        "accepted": "11",
        "reasons": [{"reason": "停车", "count": "6", "accepted": "5"}],
        "changes": [
            {
                "what": "保留南侧花园",
                "answer": "方案改了：车位减少6个，花园不动。",
                "by": "城市建设科",
                "on": "2025年11月20日",
            }
        ],
    },
    "notices": [
        {
            "title": "第二版方案公示",
            "kind": "方案公示",
            "first": "2025年12月1日",
            "last": "2025年12月16日",
            "proof": "3张照片",
        }
    ],
    "phases": [
        {"title": "屋面防水", "where": "1–6幢", "first": "2026年3月1日", "last": "2026年4月20日", "state": "完成"}
    ],
    "defects": {
        "count": "9",
        "good": "9",
        "open": "0",
        "rows": [
            {
                "number": "D2026-0601-0001",
                "spot": "3幢楼道",
                "words": "涂料起皮",
                "mended_on": "2026年6月5日",
                "state": "已验收",
            }
        ],
    },
    "cases": {"count": "7", "closed": "7"},
    "pictures": [{"where": "3幢屋面", "before": None, "after": None}],
}


def sample() -> dict[str, Any]:
    """The sample with pictures in it."""
    return SAMPLE | {"pictures": [{"where": "3幢屋面", "before": _grey("改造前"), "after": _grey("改造后")}]}


def _grey(words: str) -> papers.Picture:
    """A plain surface where a photograph will be."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (320, 240), "#D8D4CC").save(out, "JPEG")
    return papers.Picture(out.getvalue(), WIDE, words)


def pdf(data: Mapping[str, Any], at: datetime) -> papers.Paper:
    """The report as PDF."""
    return papers.pdf(DATA / "closing.typ", data, at=at)


def word(data: Mapping[str, Any]) -> papers.Paper:
    """The report as Word, from the office's own template if it has one. Raises Refusal."""
    return word_templates.fill(CODE, data)


word_templates.register(CODE, _("Closing report of works"), DATA / "closing.docx", sample)
