"""What the styleguide shows: sample data for every component."""

from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from chenyue.core import vendored
from chenyue.core.forms import Form


class Sample(Form):
    """One of each control."""

    words = forms.CharField(label="您要反映的事情", widget=forms.Textarea, help_text="怎么说都行，不用写得很正式。")
    phone = forms.CharField(label="联系电话", required=False, help_text="只用于和您联系，不会公开。")
    category = forms.ChoiceField(label="类别", choices=[("0301", "路灯不亮"), ("0401", "楼道堆物")])
    solved = forms.ChoiceField(
        label="解决了吗？", choices=[("yes", "解决了"), ("partly", "解决了一部分"), ("no", "没解决")],
        widget=forms.RadioSelect,
    )  # fmt: skip
    agree = forms.BooleanField(label="同意工作人员就此事与我联系", required=False)
    photos = forms.FileField(label="照片", required=False)


@dataclass
class SamplePage:
    previous: str = "a"
    next: str = "b"
    rows: list[Any] = field(default_factory=list)


def everything(request: HttpRequest) -> dict[str, Any]:
    """The context of the styleguide page."""
    now = timezone.now()
    wrong = Sample({"phone": "138", "category": "0301", "solved": ""})
    wrong.is_valid()
    return {
        "form": Sample(),
        "wrong": wrong,
        "page": SamplePage(),
        "states": ["received", "assigned", "handling", "waiting", "answered", "closed", "declined", "joined"],
        "tones": [
            ("普通", "neutral"),
            ("已办结", "done"),
            ("办理中", "wait"),
            ("快到期", "due"),
            ("已超时", "late"),
            ("新", "brand"),
        ],
        "due": SimpleNamespace(
            far=now + timedelta(days=1, hours=6, minutes=5),
            soon=now + timedelta(minutes=95),
            late=now - timedelta(hours=3),
            kept=now - timedelta(days=2),
        ),
        "moments": [now, now - timedelta(days=1), now - timedelta(days=9), now - timedelta(days=400)],
        "icons": sorted(vendored.icon_names()),
        "tokens": [
            "paper",
            "surface",
            "sunk",
            "ink",
            "quiet",
            "line",
            "control",
            "brand",
            "sunrise",
            "done",
            "wait",
            "due",
            "late",
            "note",
        ],
        "spark": [12, 14, 9, 11, 17, 15, 13, 19, 22, 18],
        "bar_rows": [("楼道堆物", 42), ("路灯不亮", 31), ("停车", 27), ("漏水", 12)],
        "weeks": ["10月27日", "11月3日", "11月10日", "11月17日"],
        "series": [("环境", [12, 15, 11, 18]), ("物业", [9, 8, 12, 10]), ("交通", [4, 6, 5, 3])],
        "said": "三栋二单元的灯坏了三天。\n老人晚上下楼摸黑，怕摔跤。\n\n麻烦尽快来看看。",
    }
