"""How people write where they live: numbers of buildings, entrances and homes in free words. Pure.

`3幢2单元401`, `三栋二单元四零一`, `3#2-401`, `3-2-401`, `2组12号` all are a building, perhaps an
entrance, perhaps a room.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from chenyue.core import text as texts

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_FAMILIES = {"排": "排", "组": "组", "队": "组", "段": "段"}  # every other word means a building
_CJK_NUMBER = "零〇一二两三四五六七八九十百"
_NUMBER = rf"(?:\d{{1,3}}|[{_CJK_NUMBER}]{{1,4}})"
_DASH = r"[-–—~/]"

# `3幢`, `三号楼`, `A座`, `3#`; not `这三幢`, `一共四幢` (how many), not `13800幢`.
BUILDING = re.compile(
    rf"(?<![\d.a-z{_CJK_NUMBER}])(?P<number>{_NUMBER}|[a-z])\s?"
    rf"(?P<word>幢楼?|号楼|号幢|座(?![桥位])|#楼?|排(?![水污查放气])|组(?![团织长建成])|队(?![员长])|弄|[楼号](?=\s?(?:{_NUMBER}单元|\d{{3,4}}(?!\d))))"
)
_COUNTED = re.compile(r"(?:共|有|这|那|每|某|几|整|同|前|后|另|另外|其中|管|跑|扫|盖|拆|建)$")
# `一排树`, `三组人`: which one only beside its estate, or with an entrance of it.
_VAGUE = re.compile(r"一幢|[^\d]{1,4}[座排组队弄]")
# `3-2-401`, `3-401`; never part of a date, a telephone number or a sum.
DASHED = re.compile(
    rf"(?<![\d.\-/:a-z])(?P<number>\d{{1,3}}){_DASH}(?:(?P<entrance>\d{{1,2}}){_DASH})?"
    rf"(?P<room>\d{{3,4}})(?:室|房)?(?![\d\-/:.年月日元])"
)
_ENTRANCE = rf"(?P<entrance>{_NUMBER}|[甲乙丙丁东西中])\s?(?:单元?|门洞|梯|门(?=\s?\d{{3}})|{_DASH}(?=\d{{3}}))"
_ROOM = (
    rf"(?:(?:顶楼|{_NUMBER}[楼层])的?\s?)?(?P<room>\d{{3,4}}|[零〇一二三四五六七八九]{{3,4}})"
    r"(?P<suffix>室|房|号房?(?!楼))?(?!\d)"
)
_GAP = r"[\s的,、()]{0,2}"
_TAIL = re.compile(rf"{_DASH}?(?P<gap>{_GAP}(?:{_ENTRANCE}{_GAP})?)(?:{_ROOM})?")
_HOUSE = re.compile(r"[\s的]{0,2}(?P<house>\d{1,3})号(?!楼|线|门)")
# After bare digits these say that they count something else than a home.
_NOT_A_ROOM = re.compile(r"\s?(?:[年月天元块平㎡米个人名户斤吨度万次辆颗%]|[.,]?\d|路公交)")
_HOTLINES = frozenset({"110", "112", "114", "119", "120", "122"})


@dataclass(frozen=True)
class Numbered:
    """A building by its number: `number` as digits or a letter, `family` 幢, 排, 组 or 段."""

    number: str
    family: str
    entrance: str
    room: str
    start: int
    end: int
    dashed: bool = False  # only numbers: `3-2-401`
    vague: bool = False  # may as well be a quantity: `一排`


@dataclass(frozen=True)
class Tail:
    """What follows a building: entrance and room, and where it ends."""

    entrance: str
    room: str
    end: int


def folded(text: str) -> tuple[str, list[int] | None]:
    """Text fit for matching, and for each of its characters the place in the original (None: the same)."""
    plain = texts.fold(text).replace("栋", "幢")
    if len(plain) == len(text):
        return plain, None
    pieces = [_letter(c) for c in text]
    return "".join(pieces), [i for i, piece in enumerate(pieces) for _ in piece]


@lru_cache(maxsize=4096)
def _letter(c: str) -> str:
    return texts.fold(unicodedata.normalize("NFKC", c)).replace("栋", "幢")


def number(written: str) -> str:
    """`三`, `十二`, `一百零三`, `03` or `a` as plain digits (or the letter)."""
    if written.isdecimal():  # Arabic or Indian digits, too
        written = str(int(written))
    if written.isascii():
        return written.lstrip("0") or written
    total = digit = 0
    for c in written:
        if c in "十百":
            total += (digit or 1) * (10 if c == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS.get(c, 0)
    return str(total + digit)


def family(word: str) -> str:
    """幢 for every word that means a building; 排, 组 and 段 for themselves."""
    return _FAMILIES.get(word, "幢")


def building_key(name: str) -> tuple[str, str] | None:
    """Number and family of a building's own name (`3幢`, `12号楼`, `A座`); None for a name like `东段`."""
    plain, _ = folded(name)
    found = re.fullmatch(rf"({_NUMBER}|[a-z])(幢楼?|号楼|号幢|座|#楼?|楼|排|组|队|段|号)?", plain)
    return (number(found[1]), family(found[2] or "幢")) if found else None


def entrance_key(name: str) -> str:
    """The number of an entrance's name: `2` for `2单元`, `东` for `东单元`."""
    plain = re.sub(r"(单元|门洞|号门|梯|门)$", "", folded(name)[0])
    return number(plain) if re.fullmatch(_NUMBER, plain) else plain


def tail(text: str, start: int) -> Tail:
    """Entrance and room that stand directly after a building which ends at `start`."""
    found = _TAIL.match(text, start)
    entrance, room, end = "", "", start
    if found and found["entrance"]:
        entrance = number(found["entrance"]) if found["entrance"] not in "甲乙丙丁东西中" else found["entrance"]
        end = _end_of_entrance(found)
    if found and found["room"] and (room := _room(text, found)):
        end = found.end()
    if not room and (house := _HOUSE.match(text, end)):
        room, end = f"{house['house']}号", house.end()
    return Tail(entrance, room, end)


def _end_of_entrance(found: re.Match[str]) -> int:
    after = found.end("entrance")
    word = re.match(r"\s?(?:单元?|门洞|梯|门)", found.string[after : after + 4])
    return after + (word.end() if word else 0)


def room_number(written: str) -> str:
    """`401` for `四零一`; digits stay."""
    return written if written.isascii() else "".join(str(_DIGITS.get(c, "")) for c in written)


def _room(text: str, found: re.Match[str]) -> str:
    room = room_number(found["room"])
    doubtful = room in _HOTLINES or "," in found["gap"] or _NOT_A_ROOM.match(text, found.end())
    if doubtful and not found["suffix"]:
        return ""
    return room if room[:-2].strip("0") else ""


def buildings(text: str) -> list[Numbered]:
    """All buildings that folded text names by number, in order."""
    found = []
    for match in BUILDING.finditer(text):
        if _counts(text, match):
            continue
        rest = tail(text, match.end())
        key = number(match["number"]), family(match["word"])
        vague = bool(_VAGUE.fullmatch(match[0])) and not (rest.entrance or rest.room)
        found.append(Numbered(*key, rest.entrance, rest.room, match.start(), rest.end, vague=vague))
    for match in DASHED.finditer(text):
        if not any(b.start <= match.start() < b.end for b in found):
            entrance = number(match["entrance"]) if match["entrance"] else ""
            where = (match.start(), match.end())
            found.append(Numbered(number(match["number"]), "幢", entrance, match["room"], *where, dashed=True))
    return sorted(found, key=lambda b: b.start)


def _counts(text: str, match: re.Match[str]) -> bool:
    """Whether the number says how many (`一共四幢`, `四幢楼的代表`), not which."""
    if match["number"].isascii():
        return False
    if match["number"] == "两":
        return True
    after = text[match.end() : match.end() + 1]
    whole = match["word"].endswith("楼") and match["word"] != "号楼" and after not in tuple("上下道顶梯前后里")
    return whole or bool(_COUNTED.search(text[max(0, match.start() - 3) : match.start()]))
