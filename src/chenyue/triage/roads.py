"""Roads elsewhere: emergency numbers, courts, arbitration, petition. Told in addition; the case still opens. Pure."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from chenyue.triage.suggestion import RouteAway

SENTENCES = {
    "110": gettext_noop("Anyone in danger, or a crime under way: call 110 at once. We follow up beside it."),
    "119": gettext_noop("Fire, gas or people trapped: get to safety and call 119 at once. We follow up beside it."),
    "120": gettext_noop("Someone ill or hurt: call 120 at once. We follow up beside it."),
    "诉讼": gettext_noop(
        "A matter before the court is decided by the court; we can explain the way and offer mediation."
    ),
    "仲裁": gettext_noop(
        "Disputes of work can be taken to labour arbitration within one year; the office can help to prepare."
    ),
    "信访": gettext_noop("A petition has its own road: written reply within 60 days, then review and second review."),
    "行政复议": gettext_noop("Against an administrative decision you can ask for reconsideration within 60 days."),
}
# A path that is already under way or decided, not one that is only threatened.
_UNDER_WAY = (
    (
        "诉讼",
        re.compile(
            r"(?:已|已经|正在|向).{0,10}(?:起诉|立案|提起诉讼)|(?:下月|下周|下个月|马上|等|待|即将|月)开庭|"
            r"开过庭|开庭审理|"
            r"(?:一审|二审|终审|再审)|法院.{0,8}(?:判|受理|立案|执行|调解书|查封|拍卖)|判决(?:书|生效|下来|已)|"
            r"生效判决|"
            r"正在打官司|官司.{0,4}(?:打了|赢了|输了|没完)|强制执行|执行局|失信被执行"
        ),
    ),
    (
        "仲裁",
        re.compile(
            r"(?:已|已经|正在|申请了|提起|提交了).{0,8}仲裁|仲裁(?:委|庭|裁决|结果|书|裁了|开庭|受理)|"
            r"劳动仲裁"
        ),
    ),
    (
        "行政复议",
        re.compile(
            r"(?:已|已经|正在|申请了|提起|提交了|在).{0,8}(?:行政)?复议|"
            r"复议(?:决定|期间|机关|结果|申请)"
        ),
    ),
    (
        "信访",
        re.compile(
            r"信访.{0,6}(?:复查|复核|答复意见|受理|处理意见|事项|终结)|(?:复查|复核)(?:意见|程序|申请)|"
            r"信访局.{0,8}(?:受理|答复|转)"
        ),
    ),
)  # fmt: skip
NOT_YET = re.compile(r"准备|打算|扬言|不然|否则|再不.{0,10}就|我就去|要去|有本事")


def paths(plain: str) -> list[str]:
    """Legal paths that the text shows to be under way."""
    found = []
    for name, pattern in _UNDER_WAY:
        match = pattern.search(plain)
        if match and not NOT_YET.search(plain[max(0, match.start() - 8) : match.end()]):
            found.append(name)
    return found


def split(cell: str) -> list[str]:
    """The roads of a catalogue row: `110;诉讼`."""
    return [part for part in re.split(r"[;；,，、/ ]+", cell) if part]


def told(names: list[str]) -> list[RouteAway]:
    """Each road with its sentence; a road that has none of its own is told by name."""
    return [
        RouteAway(name, _(SENTENCES[name]) if name in SENTENCES else _("The right road: %(road)s.") % {"road": name})
        for name in dict.fromkeys(names)
    ]
