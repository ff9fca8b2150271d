"""How urgent: the catalogue's row, raised by danger or harm, lowered where the danger is over. Pure."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from chenyue.catalogue.models import Urgency
from chenyue.catalogue.tree import CategoryInfo
from chenyue.triage import dangers, letters
from chenyue.triage.reading import Reading

_HURT = re.compile(
    r"咬伤|被.{0,12}咬了|咬了.{0,6}(?:口|腿|手|胳膊|孩子|小孩|老人)|咬到|咬破|被咬|咬人了|打了针|打针|狂犬|缝了|"
    r"砸伤|砸中|砸到.{0,6}(?:头|肩|人|孩子)|受伤|"
    r"划伤|摔伤|烫伤|骨折|流血|送医院|住院"
)
_AGAIN = re.compile(
    r"经常|每年|年年|往年|隔三差五|三天两头|时不时|每逢|每到|一下雨就|一到.{0,6}就|平均|反复|长期|老是|总是|"
    r"一直以来|动不动|回回|每次"
)
_STILL = re.compile(
    r"现在|正在|此刻|今天|今早|今晨|今晚|今日|刚才|刚刚|这会|快来|昨晚|昨天|昨夜|这两天|几天了|天了|"
    r"已经.{0,6}天|小时了|目前|还在|最近|"
    r"[一二三四五六七八九十两几半\d](?:天|个?小时|个月|周|星期|礼拜|晚)"
)
_OVER = re.compile(r"过几天又|过后|之后|以后|当时|已经(?:清|抽|排|修|退)|退了|干了|清掉")
_HURT_RAISES = re.compile(r"狗|犬|抛|扔|砸|坠|掉")


@dataclass(frozen=True, slots=True)
class Read:
    """The urgency, the words that show it, and the reason."""

    urgency: str
    cue: str
    reason: str


def read(
    reading: Reading, category: CategoryInfo | None, seen: dangers.Reader, sure: bool, lasting: bool = False
) -> Read:
    """Urgency of a text that was read as `category`; `sure` if that guess is more than a guess.

    `lasting`: a hazard of this kind doesn't become less urgent by being there always.
    """
    if seen.present:
        cue = seen.present[0].cue
        return Read(Urgency.EMERGENCY.value, cue, _("Danger now: %(cue)s.") % {"cue": cue})
    if category is None:
        return Read(Urgency.NORMAL.value, "", "")
    row = category.urgency
    plain = reading.plain
    if row == Urgency.EMERGENCY:
        return _without_danger(plain, category, seen, sure)
    if row == Urgency.URGENT and dangers.PAST.search(plain) and dangers.OVER.search(plain):
        cue = _first(dangers.OVER, plain)
        return Read(Urgency.NORMAL.value, cue, _("The danger is over, or only supposed: %(cue)s.") % {"cue": cue})
    if row == Urgency.URGENT and not lasting and _AGAIN.search(plain) and not _STILL.search(_OVER.sub("", plain)):
        cue = _first(_AGAIN, plain)
        return Read(Urgency.NORMAL.value, cue, _("It happens again and again, but not now: %(cue)s.") % {"cue": cue})
    if row == Urgency.NORMAL and _HURT.search(plain) and _HURT_RAISES.search(plain) and category.code[:2] == "08":
        cue = _first(_HURT, plain)
        return Read(Urgency.URGENT.value, cue, _("Somebody was hurt: %(cue)s.") % {"cue": cue})
    return Read(row, "", "")


def _first(pattern: re.Pattern[str], plain: str) -> str:
    match = pattern.search(plain)
    return match.group() if match else ""


def _only_told(plain: str, category: CategoryInfo) -> bool:
    """Whether the text tells of such a danger without being in it: argues, compares, teaches, means another."""
    if any(word in plain for word in dangers.never_of(category.code, category.name)):
        return True
    habit = letters.HABIT.search(plain) and not dangers.NOW.search(plain)
    figure = dangers.may_be_figure(category.code, category.name) and dangers.FIGURE.search(plain)
    return bool(habit or figure or letters.is_letter(plain) or dangers.LESSON.search(plain))


def _without_danger(plain: str, category: CategoryInfo, seen: dangers.Reader, sure: bool) -> Read:
    """The row says emergency, and no danger is present."""
    past = dangers.PAST.search(plain) and not dangers.NOW.search(plain)
    if seen.passed or past or dangers.OVER.search(plain):
        cue = seen.passed[0].cue if seen.passed else _first(dangers.OVER, plain) or _first(dangers.PAST, plain)
        return Read(Urgency.NORMAL.value, cue, _("The danger is over, or only supposed: %(cue)s.") % {"cue": cue})
    if sure and not _only_told(plain, category):
        return Read(Urgency.EMERGENCY.value, "", _("The catalogue calls this an emergency."))
    return Read(Urgency.URGENT.value, "", _("The catalogue calls this an emergency; no danger now is told."))
