"""Danger now, and what only sounds like it. Pure.

A danger speaks when its words stand in a sentence that is neither about the past or a danger that is
over, nor a supposition, a question or a lesson. Loud words alone (救命, 十万火急, 极度危险) are rhetoric.
"""

import re
import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from chenyue.triage import letters, lexicon
from chenyue.triage.reading import Reading

PATH = Path(__file__).parent / "data" / "dangers.toml"

NOW = re.compile(
    r"现在|正在|此刻|刚才|刚刚|刚|今天|今早|今晚|今日|这会儿|马上|快来|赶快|赶紧|还在|又|仍|立即|再次|一直在|"
    r"眼下|目前|如今|昨晚|昨夜|今夜|今朝|速来"
)
OVER = re.compile(
    r"火.{0,4}(?:救下来|灭了|熄了)|已(?:经)?(?:修好|处理好|处理完|解决|扑灭|消除|恢复|排除|关掉|救出|找到|脱险|脱离危险|出院|送医|换好|补好|"
    r"盖好|堵好|抢修好)"
    r"|修好了|处理好了|解决了|扑灭了|灭掉了|火灭了|找到了|找回来了|人没事|没事了|虚惊|已无|不漏了|不冒了|"
    r"好了，谢|大家别担心|放心吧"
    r"|早退了|退了水|后来通了|补过了|误会|平安|送医及时|找回|救回|救下|脱离了|已经(?:替换|更换|风干)|才扑灭|[已被]扑灭|及时扑灭|"
    r"当晚就来|及时赶到|后来好了|险情(?:已经?)?(?:排除|消除|解除)"
)
PAST = re.compile(
    r"去年|前年|往年|每年|年年|上个月|上月|上周|上礼拜|上星期|上个(?:星期|礼拜|周)|以前|之前|曾经?|当年|那年|早年|几年前|多年前|"
    r"半年前|前几个月|上回|上次|那天|那晚|那次|那阵|上半年|"
    r"前阵子|前段时间|历史上|小时候|[一二三四五六七八九十两几\d]{1,4}年前|[一二三四五六七八九十两几\d]{1,4}个月前|"
    r"\d{4}年|年初|年底|\d{1,2}月(?![\d日号])"
)
# Dated and done: a word such as "again" elsewhere in the sentence doesn't make it present.
THAT_TIME = re.compile(r"(?:去年|前年|上个?月|上半年|年前|年初|春天|夏天|冬天).{0,16}那(?:回|次|天|晚|阵|时)")
DOUBT = re.compile(
    r"万一|要是|如果|假如|倘若|若是|真要|一旦|以防|防止|避免|预防|担心|害怕|怕|生怕|唯恐|会不会|容易|可能|迟早|"
    r"早晚|哪天|"
    r"将来|以后|如(?:发生|遇|有)|若(?!干)|恐(?!吓|怖|慌|惧)|[没未]发生|没有(?:发生|出现)|说不定|难免|搞不好|弄不好|别等|不要等|非要等|难道要|极易|存在.{0,6}隐患|有.{0,4}隐患|隐患|险些|"
    r"差点|像要"
)
NO_MORE_THAN = re.compile(r".{0,3}(?:可能性|风险|隐患)")
LESSON = re.compile(
    r"又一[个起]|辟谣|网传|网上说|网上看|演练|演习|培训|讲座|宣传|知识|咨询|请问|科普|应该怎么|第一步|学习|教大家|电影|电视剧|游戏|小说|段子|抖音|保险"
)
THANKS = re.compile(r"\s*(?:想|要|我想|我要|特地)?(?:非常|衷心|特别|十分|特来|真心|万分)?(?:感谢|谢谢|表扬|多谢|点赞)")
CALM = re.compile(r"感谢|谢谢|表扬|点赞|锦旗|多亏|致谢|谢你|谢他|谢她")
SAFE = re.compile(
    r"找到了|找回|平安|救下|救回|救出|没事了|脱险|虚惊|演练"
)  # of people who were missing or wanted to die
# A danger as a figure of speech, in the same clause; a smell or a pain may well be told by likeness.
FIGURE = re.compile(
    r"(?<!好)像(?!.{0,4}(?:鸡蛋|煤气|燃气|针扎|压了|压着|触电|中风|心梗|是))|跟.{0,8}(?:似的|一样|打仗)|似的|简直|好比|仿佛|"
    r"逼得|逼死|逼疯|气得|吵得|烦得|愁得|累得|恨不得|定时炸弹|火药桶|水帘洞|(?:头|肺|脑袋|脑子|血管|心态|电话).{0,3}(?:炸|爆)|要出人命|"
    r"熏得|臭得|热得|挤得|难受得"
)
AGAIN = re.compile(r"又(?!有)|还在|仍")
FIGURATIVE = frozenset({"fire", "violence", "self_harm", "collapse", "illness", "water_body"})


@dataclass(frozen=True, slots=True)
class Danger:
    """A kind of danger."""

    kind: str
    code: str
    name: str
    number: str
    doubt_counts: bool
    never: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """A danger in a text, with the words that show it and the sentence they stand in."""

    danger: Danger
    cue: str
    sentence: int


@dataclass(frozen=True)
class Reader:
    """What was found: dangers that are present, and those that are over or only supposed."""

    present: tuple[Seen, ...]
    passed: tuple[Seen, ...]


@cache
def _table() -> tuple[list[Danger], lexicon.Matcher[int]]:
    dangers: list[Danger] = []
    rules: list[lexicon.Rule[int]] = []
    for index, row in enumerate(tomllib.loads(PATH.read_text(encoding="utf-8"))["danger"]):
        words = tuple(row.get("never", []))
        doubt = row.get("doubt_counts", False)
        dangers.append(Danger(row["kind"], row["code"], row["name"], row["number"], doubt, words))
        never = "".join(f" & !{word}" for word in words)
        rules += [lexicon.parse(index, text + never) for text in row["rules"]]
    return dangers, lexicon.Matcher(rules)


def look(reading: Reading, at: datetime | None = None) -> Reader:
    """Dangers that the text shows, in the order in which it tells them; dates are read against `at`."""
    dangers, matcher = _table()
    present: list[Seen] = []
    passed: list[Seen] = []
    plain = reading.plain
    thanks = bool(THANKS.match(plain)) and not NOW.search(plain)
    over = thanks or (bool(OVER.search(plain)) and (bool(CALM.search(plain)) or len(reading.sentences) <= 2))
    for number, sentence in enumerate(reading.sentences):
        for stretch, hit in _hits(matcher, sentence):
            danger = dangers[hit.rule.key]
            seen = Seen(danger, "…".join(dict.fromkeys(hit.words)), number)
            gone = (over and not danger.doubt_counts) or not _is_now(sentence, hit.words, danger)
            gone = gone or _not_there(plain, sentence, stretch, danger, at)
            (passed if gone else present).append(seen)
    return Reader(tuple(_once(present)), tuple(_once(passed)))


def _hits(matcher: lexicon.Matcher[int], sentence: str) -> list[tuple[str, lexicon.Hit[int]]]:
    """The rules that hold, with the stretch of the sentence in which their words stand together."""
    bare = letters.without_other_words(sentence)
    whole = matcher.words(sentence)
    hits = matcher.match(whole if bare == sentence else matcher.words(bare), whole)
    if not hits or len(sentence) <= letters.STRETCH:
        return [(sentence, hit) for hit in hits]
    found: list[tuple[str, lexicon.Hit[int]]] = []
    for stretch in letters.stretches(bare):
        found += [(stretch, hit) for hit in matcher.match(matcher.words(stretch), whole)]
    return found


def _not_there(plain: str, sentence: str, stretch: str, danger: Danger, at: datetime | None) -> bool:
    """Whether the danger is what happens now and then, or (in a letter) what is feared, argued or long ago."""
    letter = letters.is_letter(plain)
    if danger.kind == "missing" or (danger.kind == "self_harm" and not (letter and letters.OTHERS.search(sentence))):
        return False
    falls = letters.FALLS.search(stretch) and (not letter or letters.HERE.search(sentence))
    if danger.kind == "collapse" and not falls and letters.BOUGHT.search(plain):
        return True
    if letter:
        return letters.argues(sentence, stretch, danger.kind, at)
    return letters.habitual(sentence, danger.kind) and not NOW.search(sentence)


def _once(found: list[Seen]) -> list[Seen]:
    kinds: set[str] = set()
    return [s for s in found if not (s.danger.kind in kinds or kinds.add(s.danger.kind))]  # type: ignore[func-returns-value]


def _is_now(sentence: str, words: tuple[str, ...], danger: Danger) -> bool:
    """Whether the words of a danger speak of what is happening, in this sentence."""
    ends = [sentence.find(word) for word in words]
    first = max((end for end in ends if end >= 0), default=0)
    last = max((end + len(word) for end, word in zip(ends, words, strict=True) if end >= 0), default=0)
    start = max(sentence.rfind(mark, 0, first) for mark in "，、：:") + 1
    before = sentence[start:first]
    ended = SAFE if danger.doubt_counts else OVER
    if ended.search(sentence) and not AGAIN.search(sentence):
        return False
    if LESSON.search(sentence):
        return False
    if THAT_TIME.search(sentence) or (PAST.search(sentence) and not NOW.search(sentence)):
        return False
    if danger.kind in FIGURATIVE and FIGURE.search(_clause(sentence, first)):
        return False
    if danger.doubt_counts or "随时" in sentence:  # what may fall at any moment is a danger now
        return True
    return not (DOUBT.search(before) or NO_MORE_THAN.match(sentence, last))


def _clause(sentence: str, at: int) -> str:
    """The clause around a character."""
    start = max(sentence.rfind(mark, 0, at) for mark in "，、：:。！") + 1
    ends = [end for mark in "，：:。！" if (end := sentence.find(mark, at)) >= 0]
    return sentence[start : min(ends, default=len(sentence))]


def by_code() -> dict[tuple[str, str], Danger]:
    """The kind of danger behind each row of the starter catalogue, by code and name."""
    found: dict[tuple[str, str], Danger] = {}
    for danger in _table()[0]:
        found.setdefault((danger.code, danger.name), danger)
    return found


@cache
def may_be_figure(code: str, name: str) -> bool:
    """Whether people use the danger behind this row of the starter catalogue as a figure of speech."""
    return any(one.kind in FIGURATIVE for one in _table()[0] if (one.code, one.name) == (code, name))


@cache
def never_of(code: str, name: str) -> tuple[str, ...]:
    """Words with which a text that looks like this row of the starter catalogue means something else."""
    return tuple(word for one in _table()[0] if (one.code, one.name) == (code, name) for word in one.never)


def is_there(plain: str, sentence: str, words: tuple[str, ...], danger: Danger, at: datetime | None = None) -> bool:
    """Whether a sentence of `plain` speaks of a danger that is there: not past, over, supposed or in figures."""
    argued = letters.is_letter(plain) and not letters.tells_now(sentence)
    if argued or any(word in sentence for word in danger.never):
        return False
    return _is_now(sentence, words, danger) and not _not_there(plain, sentence, sentence, danger, at)
