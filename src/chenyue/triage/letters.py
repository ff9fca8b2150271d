"""What long letters do with the words of dangers: argue, warn, look back, compare. Pure.

Who is in danger writes briefly. A letter names fires, falls and blows as arguments; so in a letter a danger
counts only where its sentence says that it is there, and its words stand close together.
"""

import re
from datetime import date, datetime, timedelta

LETTER = 120  # characters; who writes more tells of many things
STRETCH = 48  # characters in which the words of one danger stand together
RECENT = timedelta(days=3)  # a date that near is as good as "now" for a state …
JUST = timedelta(days=1)  # … and for an event
# A state that lasts until somebody mends it; all other dangers are events, and must be told as present.
STANDING = frozenset({"collapse", "manhole", "road", "shock", "gas", "sewage"})

# Words of a danger inside other words: never the danger itself.
_OTHER_WORDS = re.compile(
    r"通过电(?=话|脑|视|邮|影|子|梯|动)|被电(?=动|梯|瓶|话|视|信|脑|影|井|商|力|锤|钻|焊|锯)|带电(?=动|瓶|脑|视|梯)|"
    r"被打(?=扰|击|回|压|断|造|破|扮|包|印|折|磨|动|上|下|通|听|理)|打架子鼓|打人(?=工|民|民币|情)|挨打听|"
    r"一针见血|一哭二闹三上吊|引狼入室|进入室|入室(?=门|内|外|率|花)|[本我]家暴|砍头息|砍(?=青|伐|价|柴|竹|掉|倒|了?.{0,2}树)|毁山砍林|"
    r"(?<=山上)砍|强奸(?=民意|式)|民意绑架|(?:道德|舆论|利益|资本|名义)绑架|绑架(?=家长|民意|业主|百姓|道德)|"
    r"看着火|着火车|赶在大火|大火车|一塌糊涂|桥梁|栋梁|影响|音响|响应|反响|金刚|刚需|刚毅|刚性|刚好|"
    r"(?:消防|电梯|电|水|天|管道|管|风|采光|强电|弱电|烟道)井(?!盖|里|底|口)|井(?=湾|里村|路|街|镇|村|社区|巷|塘|子|岗|冈|然|水|栏)|"
    r"羊水穿刺|羊水检查|火星(?=街|镇|社区|路|小区|开发|村|派出|居委|大道|人)|蓝光(?=[^电火闪弧]{0,6}(?:集团|公司|地产|小区|物业|中心))|"
    r"压在(?=心|肩|身|手|底层)|埋在(?=心|这里|自己|地里)|困在(?=家|原地)|坟埋在|被困扰|"
    r"油水管|开裂口|想不开发"
)
# Supposed, feared, argued; wider than a doubt in the same clause, for letters only.
SUPPOSED = re.compile(
    r"万一|要是|如果|假如|倘若|若是?(?!干)|如有|如遇|如发生|如因|一旦|以防|防止|避免|预防|杜绝|担心|害怕|生怕|唯恐|恐|会不会|可能|"
    r"迟早|早晚会|哪天|将来|今后|说不定|难免|搞不好|弄不好|不小心|等到|非要|非得|一定要等|难道|岂|吗[?？]|极易|容易|易发|隐患|险情发生|"
    r"风险|后果|怎么办|[谁我你]负责|谁来负责|谁担责|谁来担|引发|引起.{0,8}(?:火|爆|塌)|事故|没出现|[没未]发生|没有(?:发生|出现)|造成.{0,4}(?:严重|重大|极大)|性命之忧|"
    r"无法想象|不堪设想|有什么区别|等于|相当|好比|就像|如同|堪比|国家标准|事故发生前|按照|规定|案例|新闻|报道|全国|"
    r"该如何|逃生|才会?重视|才能重视|引起重视|是不是(?:要|非|等)|(?<!快)(?:会|将|能|要)(?:掉|被|发|起|着|爆|塌|垮|砸|倒|漏|触|有|是|出)"
)
HABIT = re.compile(
    r"经常|常常|时常|频繁|频频|屡次|屡屡|屡见|多次|数次|几次|好几次|每次|每当|每逢|每到|几乎每|三天两头|隔三差五|隔三岔五|时有发生|有时|"
    r"时不时|不时|动不动|反复|长期|多年|常年|老是|总是|家常便饭|司空见惯|每天|天天|每日|每年|每月|不少次|多发|一直以来|通常|甚至有|甚至(?:辱骂|殴打|打)|不断|[几十百]余?起|一下雨|下雨时|(?<!大)雨天"
)
HERE = re.compile(
    r"现在|正在|此刻|刚才|刚刚|今天|今早|今晨|今晚|今日|这会儿|快来|赶快来|眼下|目前|昨晚|昨夜|速来|马上来|救命啊|快救|至今(?:未归|没|下落)"
)
# That it has come so far, in the very words beside it.
ALREADY = re.compile(r"(?:现|已经?|如今|目前)[^，、。]{0,6}(?:漫|淹|倒灌|流|涌|溢|塌|断|成了?为?危房|垮|沉|歪|倾)")
AFTERWARDS = re.compile(
    r"私了|赔偿|立案|起诉|判决|判刑|调解书|协议书|伤情鉴定|轻微伤|讨说法|还.{0,6}公道|追究|事后|过后|当时|当日|当天"
)
_LOOKS_BACK = re.compile(HABIT.pattern + r"|一事|申诉|损失")
# About buying and finishing: cracks there are a matter of warranty.
BOUGHT = re.compile(r"交房|收房|验房|交付|精装|楼盘|质量问题|开发商|样板|未交|新房|房产证|购房")
FALLS = re.compile(r"掉下|砸|坠|塌|垮|倒|脱落|危房|悬空|摇摇")
# Of somebody else's despair as news, demand or figure; one's own and a neighbour's are heard wherever they stand.
OTHERS = re.compile(r"气话|有的人|难道|非要|非得|能解决|耳塞|建议是|活动|新闻|网上|事件|案件|高考|处罚")
_DATE = re.compile(r"(?:(20\d\d)年)?(\d{1,2})月(\d{1,2})[日号]?")
_CLAUSE = re.compile(r"[^，、：:；;()（）]{1,400}[，、：:；;()（）]?")


def without_other_words(plain: str) -> str:
    """The text in which words that only hold the words of a danger are blotted out, at the same length."""
    return _OTHER_WORDS.sub(lambda match: "○" * len(match.group()), plain)


def is_letter(plain: str) -> bool:
    """Whether the text is long enough to argue."""
    return len(plain) > LETTER


def stretches(sentence: str) -> list[str]:
    """Neighbouring clauses of a long sentence, as many as stand close together; a short sentence is one."""
    if len(sentence) <= STRETCH:
        return [sentence]
    parts = _CLAUSE.findall(sentence)
    found: list[str] = []
    for start in range(len(parts)):
        joined, end = parts[start], start + 1
        while end < len(parts) and len(joined) + len(parts[end]) <= STRETCH:
            joined += parts[end]
            end += 1
        if not found or not found[-1].endswith(joined):
            found.append(joined)
    return found


def dated(sentence: str, at: datetime | None, within: timedelta = RECENT) -> bool | None:
    """Whether a date in the sentence lies so near to `at` (True) or not (False); None: no date."""
    if at is None:
        return None
    days = [_day(match, at.date()) for match in _DATE.finditer(sentence)]
    return any(day is not None and -within <= at.date() - day <= within for day in days) if days else None


def _day(match: re.Match[str], today: date) -> date | None:
    try:
        return date(int(match.group(1) or today.year), int(match.group(2)), int(match.group(3)))
    except ValueError:
        return None


def argues(sentence: str, stretch: str, kind: str, at: datetime | None) -> bool:
    """Whether a letter names a danger of this kind without saying that it is there now.

    A state (`STANDING`) is there unless its sentence says otherwise; an event must be told as present, close by.
    """
    if kind in STANDING:
        here = bool(HERE.search(sentence))
        if ALREADY.search(stretch):
            return False
        if not here and (dated(sentence, at) is False or (kind == "sewage" and _LOOKS_BACK.search(sentence))):
            return True
        return bool(SUPPOSED.search(sentence))
    here = bool(HERE.search(stretch)) or dated(sentence, at, JUST) is True
    return not here or any(words.search(sentence) for words in (SUPPOSED, HABIT, AFTERWARDS))


def tells_now(sentence: str) -> bool:
    """Whether a sentence says that something is so at this moment, or has come so far."""
    return bool(HERE.search(sentence) or ALREADY.search(sentence))


def habitual(sentence: str, kind: str) -> bool:
    """Whether an event is told as what happens again and again, and nothing says that it does now."""
    return kind not in STANDING and bool(HABIT.search(sentence))
