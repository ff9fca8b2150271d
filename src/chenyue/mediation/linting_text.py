"""What the linter finds in the words: vague ones, contradictions, strangers, what courts refuse. Pure."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache

from chenyue.mediation import capitals
from chenyue.mediation.linting_draft import Draft, Remark, remark, rules

LABELS = "甲乙丙丁戊己庚辛壬癸"  # 甲方 is the first party, as documents name them
_BLANK = re.compile(r"[{｛][^{}｛｝]{1,20}[}｝]|_{2,}|＿{2,}|[×Xx]{2,}|【\s{0,9}】|（\s{0,9}）|□")
_LABEL = re.compile(f"[{LABELS}](?=方)")
_DAYS_SAID = re.compile(
    r"(\d{4})\s{0,2}年\s{0,2}(\d{1,2})\s{0,2}月\s{0,2}(\d{1,2})\s{0,2}日|(\d{4})-(\d{1,2})-(\d{1,2})"
)
_WORDS = r"[零〇壹贰叁肆伍陆柒捌玖拾佰仟万亿一二三四五六七八九十百千两元圆角分整正]{2,40}"
_FIGURE = r"(?<![\d,，.])[¥￥]?\s{0,2}(?P<figure>\d[\d,，]{0,24}(?:\.\d{1,4})?)\s{0,2}(?P<wan>万)?\s{0,2}元?"
_PAIRS = (
    re.compile(rf"(?P<words>{_WORDS})\s{{0,2}}[（(]\s{{0,2}}(?:小写|即)?[:：]?\s{{0,2}}{_FIGURE}\s{{0,2}}[）)]"),
    re.compile(
        rf"{_FIGURE}\s{{0,2}}[（(]\s{{0,2}}(?:大写|即)?[:：]?\s{{0,2}}(?:人民币)?(?P<words>{_WORDS})\s{{0,2}}[）)]"
    ),
)
_BOUND = re.compile(
    r"由([\u4e00-\u9fff（）()·]{2,20}?)(?:一次性|分期|按时|负责|承担|支付|赔偿|赔付|补偿|给付|返还|修复|维修|拆除|清理|腾退)"
)
_NOBODY = re.compile(
    r"各方|双方|一方|对方|各自|本人|共同|当事人|过错方|违约方|责任方|受损方|付款人|收款人|义务人|权利人|法院|调解委员会|调解员"
    r"|社区|村委会|居委会|街道|此|其"
)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((code, re.compile("|".join(row["patterns"]))) for code, row in rules().items() if "patterns" in row)


def places(draft: Draft) -> Iterator[tuple[str, str]]:
    """Each text of a draft with its place."""
    for number, words in enumerate(draft.clauses, start=1):
        yield f"clause-{number}", words
    for due in draft.obligations:
        yield f"obligation-{due.number}.what", due.what
        yield f"obligation-{due.number}.manner", due.manner
        yield f"obligation-{due.number}.breach", due.breach
    yield "duties", draft.duties
    yield "breach", draft.breach


def texts(draft: Draft) -> Iterator[Remark]:
    """Remarks on the words themselves. Facts and dispute tell what was; only what is promised is looked at."""
    for where, words in places(draft):
        for code, pattern in _patterns():
            for said in dict.fromkeys(match.group() for match in pattern.finditer(words)):
                yield remark(where, code, words=said)
        if match := _BLANK.search(words):
            yield remark(where, "blank_left", words=match.group())
        yield from _days(where, words)
        yield from _sums(where, words)
        yield from _strangers(draft, where, words)
    for where, words in (("facts", draft.facts), ("dispute", draft.dispute)):
        if match := _BLANK.search(words):
            yield remark(where, "blank_left", words=match.group())


def _days(where: str, words: str) -> Iterator[Remark]:
    """31 February and the like."""
    for match in _DAYS_SAID.finditer(words):
        year, month, day = (int(part) for part in match.groups() if part)
        try:
            date(year, month, day)
        except ValueError:
            yield remark(where, "day_impossible", day=match.group())


def _sums(where: str, words: str) -> Iterator[Remark]:
    """Sums that stand in words and in figures beside each other."""
    for pattern in _PAIRS:
        for match in pattern.finditer(words):
            read = capitals.read_words(match["words"])
            amount = _number(match["figure"], match["wan"])
            if read is not None and amount is not None and read != amount:
                said = match["words"]
                yield remark(where, "text_differs", words=said, read=f"{read:,.2f}", amount=f"{amount:,.2f}")


def _number(figure: str, ten_thousand: str | None) -> Decimal | None:
    try:
        found = Decimal(figure.replace(",", "").replace("，", ""))
    except InvalidOperation:
        return None
    return found * 10_000 if ten_thousand else found


def _strangers(draft: Draft, where: str, words: str) -> Iterator[Remark]:
    """Labels beyond the parties, and people who are to do something without being a party."""
    for label in dict.fromkeys(_LABEL.findall(words)):
        if LABELS.index(label) >= len(draft.parties):
            yield remark(where, "label_undefined", name=f"{label}方", count=len(draft.parties))
    known = [one.name for one in draft.parties] + list(draft.known)
    for name in dict.fromkeys(_BOUND.findall(words)):
        plain = re.sub(r"[（(][^（()）]{0,20}[）)]|[（(）)]", "", name)
        ours = any(one and (one in plain or plain in one) for one in known)
        if plain and not ours and not _NOBODY.search(plain) and not _LABEL.search(f"{plain}方") and "方" not in plain:
            yield remark(where, "third_bound", name=name)
