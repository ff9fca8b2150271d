"""Sums of money in words as Chinese papers demand them (大写), both ways. Pure.

Rule: 正确填写票据和结算凭证的基本规定 (annex of 支付结算办法): 整 after 元, none needed after 角, none after 分;
one 零 for zeros in between; where the digit of 元 is 0 and 角 isn't, 零 stands after 元.
"""

from decimal import Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
UNITS = ("", "拾", "佰", "仟")
LARGEST = Decimal("99999999999999.99")  # what the columns hold: 14 digits before the point
CENT = Decimal("0.01")

_READ = {digit: value for value, digit in enumerate(DIGITS)}
_READ |= {digit: value for value, digit in enumerate("〇一二三四五六七八九")}
_READ |= {"两": 2, "貳": 2, "參": 3, "陸": 6, "弍": 2, "叄": 3, "〇": 0}
_POWERS = {"拾": 10, "十": 10, "佰": 100, "百": 100, "仟": 1000, "千": 1000}
_ALIKE = str.maketrans({"圆": "元", "圓": "元", "正": "整", "萬": "万", "億": "亿", " ": "", "\u3000": ""})


def in_words(amount: Decimal) -> str:
    """A sum in yuan as words: 1680.32 → 壹仟陆佰捌拾元零叁角贰分. Raises ValueError for no sum of whole cents.

    >>> in_words(Decimal("107000.53"))
    '壹拾万柒仟元零伍角叁分'
    """
    if not 0 <= amount <= LARGEST or amount != amount.quantize(CENT):
        raise ValueError(f"no sum of money: {amount}")
    cents = int(amount * 100)
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    said = f"{_whole(yuan)}元" if yuan or not (jiao or fen) else ""
    if not (jiao or fen):
        return f"{said}整"
    if yuan and (not jiao or yuan % 10 == 0):
        said += "零"
    return said + (f"{DIGITS[jiao]}角" if jiao else "") + (f"{DIGITS[fen]}分" if fen else "")


def _whole(number: int) -> str:
    """A number without a fraction."""
    if number >= 10**8:
        high, low = divmod(number, 10**8)
        return f"{_whole(high)}亿" + _rest(low, 10**7)
    if number >= 10**4:
        high, low = divmod(number, 10**4)
        return f"{_whole(high)}万" + _rest(low, 10**3)
    said, gap = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            said += ("零" if gap and said else "") + DIGITS[digit] + UNITS[power]
        gap = not digit
    return said or DIGITS[0]


def _rest(low: int, full: int) -> str:
    if not low:
        return ""
    return ("零" if low < full else "") + _whole(low)


def read_words(words: str) -> Decimal | None:
    """The sum that words name: 大写 or plain numerals, with or without 人民币 and 整. None if they can't be read.

    What could be read in two ways (壹万伍 for 15,000 or 10,005) isn't read.
    """
    plain = words.translate(_ALIKE).removeprefix("人民币").removesuffix("整")
    if not plain:
        return None
    whole, mark, rest = plain.rpartition("元")
    if mark and not whole:
        return None
    if not mark and not plain.endswith(("角", "分")):
        return None
    yuan = _read_whole(whole) if mark else 0
    cents = _read_cents(rest)
    if yuan is None or cents is None:
        return None
    found = Decimal(yuan) + Decimal(cents) / 100
    return found.quantize(CENT) if found <= LARGEST else None


def _read_cents(rest: str) -> int | None:
    """角 and 分 after 元."""
    if not rest:
        return 0
    rest = rest.removeprefix("零") if len(rest) > 2 else rest
    total = 0
    for unit, worth in (("角", 10), ("分", 1)):
        if len(rest) >= 2 and rest[1] == unit:
            digit = _READ.get(rest[0])
            if digit is None:
                return None
            total, rest = total + digit * worth, rest[2:]
            rest = rest[1:] if unit == "角" and rest.startswith("零") else rest
    return total if not rest else None


def _read_whole(words: str) -> int | None:
    """A number without a fraction, such as 壹拾万零伍佰."""
    for mark, worth in (("亿", 10**8), ("万", 10**4)):
        high, found, low = words.rpartition(mark)
        if found:
            above, below = _read_whole(high), _read_below(low, worth)
            if not above or below is None or above >= 10**8:
                return None
            if mark == "万" and above >= 10**4:
                return None
            return above * worth + below
    return _read_section(words)


def _read_below(words: str, limit: int) -> int | None:
    """What follows 亿 or 万: empty, or a smaller number; a lone digit must be led by 零."""
    if not words:
        return 0
    led, plain = words.startswith("零"), words.removeprefix("零")
    if not plain or (len(plain) == 1 and not led):
        return None
    found = _read_whole(plain)
    return found if found and found < limit else None


def _read_section(words: str) -> int | None:
    """A number below 10,000: digits with units that fall."""
    if words in ("零", "〇"):
        return 0
    total, last, digit, zero = 0, 10_000, None, False
    for sign in words:
        value = _READ.get(sign)
        if value == 0:
            if digit is not None or zero or not total:
                return None
            zero = True
        elif value is not None:
            if digit is not None:
                return None
            digit = value
        elif sign in _POWERS:
            power = _POWERS[sign]
            if digit is None and not (power == 10 and not total):  # 拾伍 for 壹拾伍
                return None
            if power >= last:
                return None
            total, last, digit, zero = total + (digit or 1) * power, power, None, False
        else:
            return None
    if digit is not None:
        if total and last > 10 and not zero:  # 叁佰伍: 305 or 350?
            return None
        total, zero = total + digit, False
    return None if zero or not total else total
