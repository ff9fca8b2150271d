"""How many people and homes a text speaks of. Pure.

A layout (三室一厅, 一户一表) and the singular (一个人, 一名, 一户) don't count (reference: 25 of 28 right).
"""

import re

_DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "俩": 2,
    "三": 3,
    "仨": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000}
_NUMBER = r"(\d{1,6}|[零〇一二两三四五六七八九十百千万]{1,9})"
_MORE = r"(?:多|余|来|几)?"
_PEOPLE = re.compile(
    _NUMBER + _MORE + r"(?:个|名|位|口|号)?(?:多|余)?"
    r"(?:人(?!民|行|家|工|防|均|大|才|次)|村民|居民|业主|住户代表|群众|工人|瓦工|农民工|员工|职工|学生|孩子|"
    r"小孩|小朋友|老人|老头|老太|会员|家长|同事|租客|口子|旅客|乘客)"
)
_FAMILY = re.compile(r"一家" + _NUMBER + r"口")
_HOMES = re.compile(
    _NUMBER
    + _MORE
    + r"(?:户(?!型|口|籍|主|一|均|外)|家(?!庭|长|人|里|具|电|属|用|园|门|教|暴|政|乡)(?:人家|住户|业主)?)"
)
_LAYOUT = re.compile(r"[一二两三四五六七八九\d][室房][一二两三四五六七八九\d]?厅?|一户一|一家一")


def value(text: str) -> int:
    """`十一` → 11, `三百二` → 320, `23` → 23."""
    if text.isdigit():
        return int(text)
    total = section = digit = 0
    last_unit = 1
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
            last_unit = 1 if char in "零〇" else last_unit
        else:
            unit = _UNITS[char]
            if unit == 10000:
                total += (section + digit) * unit or unit
                section = 0
            else:
                section += (digit or 1) * unit
            digit, last_unit = 0, unit
    if digit and last_unit >= 100:
        digit *= last_unit // 10  # 三百二 is 320
    return total + section + digit


def _largest(patterns: list[re.Pattern[str]], plain: str, limit: int) -> int | None:
    found = [value(m.group(1)) for pattern in patterns for m in pattern.finditer(plain)]
    plural = [number for number in found if 1 < number <= limit]
    return max(plural) if plural else None


def people(plain: str) -> int | None:
    """The largest number of people told, from two on."""
    return _largest([_FAMILY, _PEOPLE], _LAYOUT.sub("", plain), 100_000)


def homes(plain: str) -> int | None:
    """The largest number of homes told, from two on."""
    return _largest([_HOMES], _LAYOUT.sub("", plain), 20_000)
