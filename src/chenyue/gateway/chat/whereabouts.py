"""Where an incident is: the words, the nicknames and the group's own place together. Pure over the gazetteer."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from chenyue.gateway.chat import naming
from chenyue.gateway.chat.evidence import Evidence
from chenyue.gateway.chat.messages import Message
from chenyue.places.entries import SURE

if TYPE_CHECKING:
    from chenyue.places.gazetteer import Gazetteer

_RANGE = re.compile(r"\d{1,4}\s{0,3}[-–—~至到、]\s{0,3}\d{1,4}\s{0,3}(?:幢|栋|号楼)")
_DASHED = re.compile(r"(?<!\d)(\d{1,2})(?:[-–—](\d{1,2}))?[-–—](\d{3,4})(?!\d)")
_NAMED = re.compile(r"(\d{1,2})(?:幢|栋|[-–—]\d{1,2}[-–—]\d)")
_ALL_ENTRANCES = re.compile(
    r"不止.{0,4}单元|[一二三四][一二三四]\s?单元|[\d一二三四]\s?[、和]\s?[\d一二三四]\s?单元|整(?:栋|幢|个楼)|全(?:楼|幢|栋)"
)
_NOT = re.compile(r"(?:不是|不在|不止)(?:我们|咱们?|俺们?|你们|那)?\s?$|还是\s?$")
# 五组还是六组点的？ asks, and tells neither.
_EITHER = re.compile(r"[^，。！？?!]{1,8}还是[^，。！]{1,12}[？?]")
# Matters of the whole estate, whoever of it speaks.
_WHOLE = re.compile(
    r"房产证|不动产证|产权证|分户证|违约金|延期交房|交房|交付|物业费|维修资金|业委会|物业.{0,6}(?:走了|撤)|撤场|道闸|门岗|改造方案|工地|广场|舞队|"
    r"中心花园|儿童乐园|游乐场|学区|减速带|大门(?!.{0,5}[锁铰])|[东西南北]门(?!口)|小区.{0,2}(?:门口|外|大门|喷泉|水池|主路|花园|路灯|监控)|主路|那[条段].{0,4}路|物业.{0,12}公示|公共收益|场地费|泳池|社区医院|卫生服务|疫苗|公交站|好人好事|表扬|谢谢.{0,10}(?:网格|民警|社区|医生)|"
    r"(?:咱|咱们|我们|全|整个)(?:这?个?)(?:小区|院子|大院|村|庄|街|弄堂)(?!.{0,3}[\d一二三四五六七八九十]+(?:幢|栋|号|排|组|单元))|老院子|老小区|"
    r"村口|村头|物业.{0,10}(?:就知道|只会|光会|只知道|没拖|没扫)|保安亭|催缴|停车费|车位费|地面.{0,4}(?:停车|涨)|外来车|收破烂|没个?(?:看门|门卫|保安)|保洁.{0,3}(?:换|少)|轮流扫|景观池|喷水池"
)
# A home that words name as the speaker's own, or as where the trouble is: 我201的, 就101, 对门1203.
_HOME_ROOM = re.compile(
    r"(?:我们?家?|就是?|对门|隔壁)(?:是|住|在)?\s?(?<!\d)(\d{3,4})(?![\d\-–—块元年月日号米分点:：个漏滴渗在])"
)
# Matters of a person's papers and money: the nickname's door says nothing about them.
_PERSONAL = re.compile(
    r"低保|特困|尊老金|养老金|高龄|医保|社保|失业金|补贴|救助|残疾|存折|落户|报名|入学|工资|会员卡|健身卡"
)
# Of schools and papers too: the office or school that they name is not where the matter is.
_ELSEWHERE = re.compile(_PERSONAL.pattern + r"|学区|名额|上学|读书|转学|户口")
# Of people who are looked for: where somebody believes to have seen them.
_SOUGHT = re.compile(r"(?:看见|看到|见到|见着|碰到|瞧见|遇到).{0,12}(?:他|她|老|孩|娃|囡|包|衣|个)|往.{1,3}走")
_LOST = re.compile(r"没影|没回来|没到家|没进门|没回家|不见了|走丢|走失|哪个看|谁看|谁见|有没有看|帮忙找|帮着找|不见人")
# Matters of the whole village.
_VILLAGE = re.compile(r"分红|村务|村集体|村里的账|公开栏|集体资产|宅基地")
# Matters within a house: an entrance that nicknames tell is theirs. What is outside is the building's.
_INSIDE = re.compile(
    r"楼道|楼梯|单元|电梯|门厅|走廊|对门|楼上|\d{3,4}|[一二两三四五六七八九十\d]楼|天花板|吊顶|卫生间|厕所|厨房|客厅|卧室|主卧|次卧|书房|书柜|衣柜|"
    r"渗|漏水|漏到|又漏|漏了|床头|吊灯|灯线|滴|阳台(?!底)|地漏|马桶|返水|倒灌|麻将|脚步|敲|摔东西|吵架|对讲|门禁|隔壁"
)
_OUTSIDE = re.compile(
    r"(?<![一二两三四五六七八九十\d])楼顶(?!.{0,8}门)|屋顶|屋面|外墙|阳台底|楼下(?!来)|楼底|楼前|楼后|大门口|幢门口|车位|车棚|停车|垃圾|草|绿地|树|狗|蚊|窗外|雨棚|烧烤|广场|水压|暖气|自来水"
)
# Of the house itself, though it has a gate, a road or a garden too.
_OWN_HOUSE = re.compile(r"(?:咱|咱们|我们|俺们)这?(?:[栋幢]|个?楼(?![上下道梯]))|这[栋幢](?:楼)?|本[栋幢]")
# What lies out in the fields of a village's group is that group's, though in town it would be all the estate's.
_FIELDS = re.compile(r"工地|主路|那[条段].{0,4}路")
_TREE = re.compile(r"[棵株颗盆][^，。]{0,2}$")
_TOWARDS = re.compile(r"(?:往|去|回|从|离)\s?$")
BEFORE = 8  # characters before a place's name that `_NOT`, `_TREE` and `_TOWARDS` can see, and more
NAMED_ENOUGH = 2  # times an estate is named in a chat of no name


@dataclass(frozen=True)
class Home:
    """The group's own place: estate, building or entrance; nothing known gives None."""

    place_id: int | None = None
    estate_id: int | None = None
    building_id: int | None = None


def home_of(known: "Gazetteer", group: str, told: str, messages: Sequence[Message]) -> Home:
    """The place that the group is of: as told, by its name, else the one estate that is named most."""
    place_id = _path(known, told) or _by_name(known, group)
    if place_id is None:
        place_id = _most_named(known, messages)
    if place_id is None:
        return Home()
    above = known.ancestors(place_id)
    return Home(place_id, above["estate"], above["building"])


def _path(known: "Gazetteer", told: str) -> int | None:
    """`estate/building/entrance`, or any words that name a place."""
    if not told.strip():
        return None
    return _first(known, told.replace("/", ""))


def _first(known: "Gazetteer", words: str) -> int | None:
    for hit in known.find(words):
        if hit.score >= SURE:
            return hit.place_id
    for hit in known.search(words, limit=1):
        return hit.place_id
    return None


def _by_name(known: "Gazetteer", group: str) -> int | None:
    if not group.strip():
        return None
    plain = _RANGE.sub("", group)
    hits = [hit for hit in known.find(plain) if hit.score >= SURE]
    return hits[0].place_id if hits else None


def _most_named(known: "Gazetteer", messages: Sequence[Message]) -> int | None:
    """Without a name of the group: what its members call theirs, and the building that most nicknames tell."""
    named: Counter[int] = Counter()
    others: Counter[int] = Counter()
    for message in messages[:400]:
        if len(message.words) < 4:
            continue
        for hit in known.find(message.words[:200]):
            if hit.score < SURE or _TREE.search(message.words[: hit.start]):
                continue
            if estate := known.ancestors(hit.place_id)["estate"]:
                named[estate] += 1
            else:
                others[hit.place_id] += 1
    best = named.most_common(2)
    if best and best[0][1] >= NAMED_ENOUGH and (len(best) == 1 or best[0][1] > best[1][1]):
        return _of_names(known, best[0][0], messages)
    return next(iter(others)) if not named and len(others) == 1 else None


def _of_names(known: "Gazetteer", estate: int, messages: Sequence[Message]) -> int:
    """The building that nearly all nicknames of an estate's chat tell, else the estate."""
    names = [_NAMED.match(sender) for sender in {message.sender for message in messages}]
    numbers = Counter(match[1].lstrip("0") for match in names if match)
    told = numbers.most_common(1)
    if told and told[0][1] >= NAMED_ENOUGH and told[0][1] * 5 >= sum(numbers.values()) * 4:
        return _building(known, Home(estate, estate), told[0][0]) or estate
    return estate


@dataclass(frozen=True)
class Where:
    """A place as found: None where nothing tells; `path` is `estate/building/entrance`."""

    place_id: int | None
    path: str


def locate(known: "Gazetteer", home: Home, members: Sequence[tuple[Message, Evidence]]) -> Where:
    """The smallest place on which the messages agree; the last correction counts."""
    telling = _Telling(known, home, members)
    place = telling.place()
    path, info = _named(known, place), known.get(place)
    room = telling.room() if info and info.kind == "entrance" else ""
    return Where(place, f"{path}/{room}" if room else path)


class _Telling:
    """What the voices of one incident tell of its place: by their words, and by their nicknames."""

    def __init__(self, known: "Gazetteer", home: Home, members: Sequence[tuple[Message, Evidence]]) -> None:
        self.known, self.home = known, home
        self.words = "\n".join(m.words for m, _seen in members if m.kind == "text")
        self.corrected: int | None = None
        self.praise = any(seen.signs.has("praise") for _message, seen in members)
        self.told: dict[str, list[int]] = {}  # sender → places that their words name
        self.doors: dict[str, int] = {}  # sender → building or entrance of their nickname
        self.senders = list(dict.fromkeys(message.sender for message, _seen in members))
        for message, seen in members:
            places = self._of_words(message)
            self.told.setdefault(message.sender, []).extend(places)
            if places and seen.signs.has("corrects"):
                self.corrected = places[-1]
        for sender in self.senders:
            if door := place_of_name(known, home, sender):
                self.doors[sender] = door

    def place(self) -> int | None:
        """Where it is; None where nothing tells."""
        if self.corrected is not None:
            return self.corrected
        places = [place for sender in self.senders for place in self.told[sender]]
        if places:
            return self._settled(_agreed(self.known, self.home, places, self.words))
        if (scope := self._scope()) is not None:
            return scope
        return self._by_doors()

    def room(self) -> str:
        """The one home that words name as where the trouble is; "" for none or several."""
        rooms = set(_HOME_ROOM.findall(self.words))
        return rooms.pop() if len(rooms) == 1 else ""

    def _of_words(self, message: Message) -> list[int]:
        found = []
        own = place_of_name(self.known, self.home, message.sender) if self._inside else None
        building = self.home.building_id or (self.known.ancestors(own)["building"] if own else None)
        places = naming.places(self.known, self.home, building, message.words)
        for place_id, start in sorted(places, key=lambda p: p[1]):
            before = message.words[max(0, start - BEFORE) : start]
            asked = _NOT.search(before) or _EITHER.match(message.words, start)
            if not (asked or _TREE.search(before)) and not self._aside(place_id, before):
                found.append(place_id)
        return found

    def _aside(self, place: int, before: str) -> bool:
        """Somewhere else, where somebody goes to or comes from, or where papers are asked for."""
        if self.home.estate_id and self.known.inside(place, self.home.estate_id):
            return False
        return bool(_TOWARDS.search(before) or (self.home.estate_id and self._elsewhere))

    # All that was said is read once for each of these, not once for each message of it.

    @cached_property
    def _elsewhere(self) -> bool:
        sought = _LOST.search(self.words) and _SOUGHT.search(self.words)
        return bool(_ELSEWHERE.search(self.words) or sought)

    @cached_property
    def _in_fields(self) -> bool:
        info = self.known.get(self.home.building_id)
        return bool(info and info.name.endswith(("组", "队")))

    @cached_property
    def _inside(self) -> bool:
        return bool(_INSIDE.search(self.words)) and not _OUTSIDE.search(self.words)

    def _scope(self) -> int | None:
        """The whole estate or village, or the group's own place, where the matter is of all or of papers."""
        if not self.home.estate_id:
            return None
        if _VILLAGE.search(self.words):
            above = self.known.ancestors(self.home.estate_id)["community"]
            info = self.known.get(above)
            if info and info.name.endswith("村"):
                return above
        if self.home.building_id and _OWN_HOUSE.search(self.words):
            return self.home.place_id
        if self.praise or _WHOLE.search(_FIELDS.sub("", self.words) if self._in_fields else self.words):
            return self.home.estate_id
        return self.home.place_id if _PERSONAL.search(self.words) else None

    def _entrance(self) -> int | None:
        """The entrance that most nicknames tell, none another, for a matter within the house."""
        entrances = {sender: door for sender, door in self.doors.items() if self._kind(door) == "entrance"}
        if len(set(entrances.values())) != 1 or not self._inside:
            return None
        entrance = next(iter(entrances.values()))
        agree = sum(self.known.inside(entrance, door) for door in self.doors.values())
        return entrance if agree * 2 > len(self.senders) else None

    def _kind(self, place: int) -> str:
        info = self.known.get(place)
        return info.kind if info else ""

    def _settled(self, told: int) -> int:
        """What words tell, made deeper or wider by what nicknames tell."""
        kind = self._kind(told)
        if _ALL_ENTRANCES.search(self.words):
            return told
        if kind == "building" and (entrance := self._entrance()) and self.known.inside(entrance, told):
            return entrance
        if kind == "entrance" and self._inside:
            others = {door for sender, door in self.doors.items() if not self.told[sender]}
            above = self.known.ancestors(told)["building"]
            if any(self._kind(d) == "entrance" and d != told and self.known.inside(d, above or 0) for d in others):
                return above or told
        return told

    def _by_doors(self) -> int | None:
        """By nicknames: the entrance for what is inside, the building where the first or most voices tell it."""
        if entrance := self._entrance():
            return entrance
        buildings = {s: self.known.ancestors(d)["building"] for s, d in self.doors.items()}
        told = {b for b in buildings.values() if b}
        first = self.senders[0] in buildings
        if len(told) == 1 and (first or len(buildings) * 2 > len(self.senders)) and not self.home.building_id:
            return told.pop()
        if len(told) == 1 and self.home.building_id in told and self._kind(self.home.place_id or 0) != "entrance":
            return self.home.building_id
        if self.home.estate_id and (len(told) > 1 or (told and self.home.building_id not in told)):
            return self.home.estate_id
        if self._kind(self.home.place_id or 0) == "entrance" and not self._inside:
            return self.home.building_id if _OUTSIDE.search(self.words) else self.home.place_id
        return self.home.place_id


def _agreed(known: "Gazetteer", home: Home, places: list[int], words: str) -> int:
    """The smallest place that holds: the deeper of nested ones, what two of a kind have in common."""
    inside = [p for p in places if not home.estate_id or known.inside(p, home.estate_id)] or places
    common, apart = inside[0], False
    for place in inside[1:]:
        if known.inside(place, common):
            common = common if apart else place  # what two houses have in common isn't the third voice's alone
        elif not known.inside(common, place):
            common, apart = _common(known, common, place) or common, True
    info = known.get(common)
    if info and info.kind == "entrance" and _ALL_ENTRANCES.search(words):
        return info.building_id or common
    return common


def _common(known: "Gazetteer", a: int, b: int) -> int | None:
    above_a, above_b = known.ancestors(a), known.ancestors(b)
    for level in ("entrance", "building", "estate"):
        if above_a[level] and above_a[level] == above_b[level]:
            return above_a[level]
    return None


def place_of_name(known: "Gazetteer", home: Home, sender: str) -> int | None:
    """The building or entrance that a nickname tells, in the group's own estate."""
    if not home.estate_id:
        return None
    match = _DASHED.search(sender)
    if match:
        first, second = match[1].lstrip("0"), (match[2] or "").lstrip("0")
        if second:
            building = _building(known, home, first)
            return _entrance(known, building, second) if building else None
        if home.building_id:
            number = _number(known, home.building_id)
            return home.building_id if number == first else _entrance(known, home.building_id, first)
        return _building(known, home, first)
    hits = [hit for hit in known.find(sender, within=home.place_id) if hit.score >= SURE]
    inside = [
        hit.place_id for hit in hits if known.inside(hit.place_id, home.estate_id) and hit.place_id != home.estate_id
    ]
    inside += [place_id for place_id, _start in naming.grouped(known, home, sender)]
    return inside[0] if inside else None


def _building(known: "Gazetteer", home: Home, number: str) -> int | None:
    families = known.numbered.get(home.estate_id or 0, {}).get(number, {})
    return next(iter(families.values()), None)


def _entrance(known: "Gazetteer", building: int, number: str) -> int:
    return known.entrances.get(building, {}).get(number, building)


def _number(known: "Gazetteer", building: int) -> str:
    info = known.get(building)
    found = re.match(r"\d+", info.name) if info else None
    return found[0] if found else ""


def _named(known: "Gazetteer", place_id: int | None) -> str:
    info = known.get(place_id)
    if info is None:
        return ""
    if info.kind not in ("estate", "building", "entrance"):
        return info.name
    above = known.ancestors(info.id)
    names = (known.places[pk].name for level in ("estate", "building", "entrance") if (pk := above[level]))
    return "/".join(names)


def paths(known: "Gazetteer", places: Iterable[int | None]) -> list[str]:
    """Paths of several places."""
    return [_named(known, place) for place in places]
