"""Rows of a register of homes, read and checked one by one. Pure apart from blind indexes of what they tell."""

import re
import unicodedata
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from chenyue.core import crypto
from chenyue.core.errors import Refusal, Sentence
from chenyue.core.tables import Row
from chenyue.core.text import fold
from chenyue.people import personal
from chenyue.places import reading
from chenyue.works import areas
from chenyue.works.lifecycle import HomeStatus
from chenyue.works.models import Owner

# The columns, and what else offices and registries call them.
COLUMNS: dict[str, tuple[str, ...]] = {
    "building": ("幢", "楼幢", "楼栋", "幢号", "栋号", "楼号", "坐落"),
    "entrance": ("单元", "单元号"),
    "room": ("房号", "室号", "户号", "户室", "房间号"),
    "floor": ("楼层", "所在层"),
    "line": ("立管", "竖线", "串"),
    "area": ("建筑面积", "专有面积", "面积", "产权面积", "登记面积"),
    "area_source": ("面积来源",),
    "status": ("状态", "销售状态", "交付状态"),
    "use": ("用途", "房屋用途", "规划用途"),
    "rented": ("出租", "是否出租"),
    "owners": ("业主", "业主姓名", "产权人", "权利人", "姓名"),
    "id_numbers": ("证件号", "证件号码", "身份证号", "身份证号码", "身份证"),
    "phones": ("电话", "联系电话", "手机", "手机号", "电话号码"),
}
STATUSES = {"": "sold", "已售": "sold", "已交付": "sold", "交付": "sold", "自有": "sold", "sold": "sold"}
STATUSES |= {"未售": "unsold", "unsold": "unsold", "待售": "unsold", "开发商自持": "unsold"}
STATUSES |= {
    "未交付": "undelivered",
    "已售未交付": "undelivered",
    "undelivered": "undelivered",
    "未交房": "undelivered",
}
SOURCES = {"": "register", "登记": "register", "不动产登记": "register", "房产证": "register", "register": "register"}
SOURCES |= {"实测": "survey", "测绘": "survey", "测量": "survey", "survey": "survey"}
SOURCES |= {"合同": "contract", "买卖合同": "contract", "contract": "contract"}
YES = ("是", "1", "yes", "出租", "已出租", "有")
TOTALS, SUBTOTALS = ("合计", "总计", "总面积", "共计"), ("小计", "本幢合计")
_SEPARATORS = re.compile(r"[、;；,，/\n]+")
_FIRM = re.compile(r"公司|集团|银行|合作社|事务所|委员会|管理局|街道办|学校|医院|村民小组|基金会")
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")  # GB 32100-2015 统一社会信用代码
_CHINESE, _NAME = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[\u4e00-\u9fff]{2,4}")
MOST_OWNERS, LONGEST_PERSON = 12, 12
LONGEST = {"room": 20, "line": 20, "use": 20}


class Wrong(Exception):
    """A cell that can't be right."""

    def __init__(self, column: str, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.column = column
        self.sentence = sentence


@dataclass(frozen=True)
class OwnerTold:
    """An owner as a row tells; the indexes find the same one again."""

    name: str
    id_number: str = ""
    phone: str = ""
    kind: str = Owner.Kind.PERSON

    @property
    def name_index(self) -> str:
        return personal.name_index(self.name)

    @property
    def id_index(self) -> str:
        """By the identity number of a person, or the credit code of a firm."""
        return crypto.blind_index(self.id_number, "id")

    @property
    def phone_index(self) -> str:
        return personal.phone_index(self.phone)


@dataclass
class Wanted:
    """What one row says about one home."""

    number: int
    building: str
    entrance: str
    room: str
    area: int
    floor: int | None
    line: str
    area_source: str
    status: str
    use: str
    rented: bool
    owners: list[OwnerTold] = field(default_factory=list)


@dataclass(frozen=True)
class Sum:
    """A row that only states a sum: of everything, or of one building."""

    number: int
    building: str  # empty: of everything
    area: int


def read(row: Row) -> Wanted | Sum:
    """What a row wants; raises `Wrong` with the column and a sentence."""
    if row.problem:
        raise Wrong("", row.problem)
    if stated := _sum(row):
        return stated
    room = _room(row)
    status = _choice(row, "status", STATUSES)
    return Wanted(
        row.number,
        _needed(row, "building"),
        row["entrance"].strip(),
        room,
        _area(row),
        _floor(row, room),
        _short(row, "line"),
        _choice(row, "area_source", SOURCES),
        status,
        _short(row, "use"),
        row["rented"].strip().lower() in YES,
        owners(row, developer=status == HomeStatus.UNSOLD),
    )


def _sum(row: Row) -> Sum | None:
    """A sum that the register states; such rows stand below each building, or at the end."""
    for column in ("building", "entrance", "room", "owners"):
        word = re.sub(r"\s", "", row[column])
        if word in TOTALS:
            return Sum(row.number, "", _area(row, total=True))
        if word in SUBTOTALS:
            return Sum(row.number, row["building"] if column != "building" else "", _area(row, total=True))
    return None


def _needed(row: Row, column: str) -> str:
    if not row[column].strip():
        raise Wrong(column, _("This cell is empty."))
    return row[column].strip()


def _short(row: Row, column: str) -> str:
    if len(row[column]) > LONGEST[column]:
        raise Wrong(column, _("“%s…” is too long.") % row[column][:20])
    return row[column].strip()


def _room(row: Row) -> str:
    plain = unicodedata.normalize("NFKC", _needed(row, "room")).strip()
    plain = re.sub(r"(室|房|号)$", "", plain)
    plain = reading.room_number(plain) if re.fullmatch(r"[零〇一二三四五六七八九]{3,4}", plain) else plain
    if not plain or len(plain) > LONGEST["room"]:
        raise Wrong("room", _("“%s” isn't a home's number.") % row["room"][:20])
    return plain


def _area(row: Row, *, total: bool = False) -> int:
    try:
        return (areas.read_total if total else areas.read)(_needed(row, "area"))
    except Refusal as refusal:
        raise Wrong("area", refusal.sentence) from refusal


def _floor(row: Row, room: str) -> int | None:
    written = unicodedata.normalize("NFKC", row["floor"]).strip().removesuffix("层").removesuffix("楼")
    if not written:
        return int(room[:-2]) if re.fullmatch(r"\d{3,4}", room) else None
    if not re.fullmatch(r"-?\d{1,3}", written) or not -5 <= int(written) <= 120:
        raise Wrong("floor", _("“%s” isn't a floor.") % row["floor"][:20])
    return int(written)


def _choice(row: Row, column: str, known: dict[str, str]) -> str:
    word = re.sub(r"\s", "", row[column]).lower()
    if word not in known:
        options = "、".join(key for key in known if key and not key.isascii())
        raise Wrong(
            column, _("“%(word)s” isn't known. Write one of: %(options)s") % {"word": word[:20], "options": options}
        )
    return known[word]


# Owners


def owners(row: Row, *, developer: bool = False) -> list[OwnerTold]:
    """The owners that a row names, with their numbers in the same order; raises `Wrong`."""
    names = _split(row["owners"])
    numbers, phones = _split(row["id_numbers"]), _split(row["phones"])
    if not names:
        if numbers:
            raise Wrong("owners", _("There is an ID number without a name."))
        return []
    if len(names) > MOST_OWNERS:
        raise Wrong("owners", _("A home has %(n)d owners at most in this table.") % {"n": MOST_OWNERS})
    if numbers and len(numbers) != len(names):
        raise Wrong(
            "id_numbers",
            _("%(names)d owners and %(numbers)d ID numbers: write one for each, in the same order.")
            % {"names": len(names), "numbers": len(numbers)},
        )
    if len(phones) > len(names):
        raise Wrong("phones", _("There are more telephone numbers than owners."))
    found = [
        told(name, numbers[n] if numbers else "", phones[n] if n < len(phones) else "", developer=developer)
        for n, name in enumerate(names)
    ]
    if len({(o.id_index or n) for n, o in enumerate(found)}) != len(found):
        raise Wrong("id_numbers", _("Two owners of this home have the same ID number."))
    return found


def told(name: str, number: str = "", phone: str = "", *, developer: bool = False) -> OwnerTold:
    """An owner in one spelling; raises `Wrong` with the column that can't be right."""
    plain_name = personal.name(name)
    firm = is_firm(plain_name)
    kind = Owner.Kind.PERSON
    if firm:
        kind = Owner.Kind.DEVELOPER if developer else Owner.Kind.COMPANY
    return OwnerTold(plain_name, _identity(number, firm), _phone(phone), kind)


def is_firm(name: str) -> bool:
    """Whether a name is a firm's or an institution's."""
    return bool(_FIRM.search(name)) or (len(name) > LONGEST_PERSON and bool(_CHINESE.search(name)))


def _split(cell: str) -> list[str]:
    """Parts of a cell; `张三 李四` are two, `李　明` is one whose name was spread out."""
    plain = unicodedata.normalize("NFKC", cell)
    parts = [part.strip() for part in _SEPARATORS.split(plain) if part.strip()]
    if len(parts) == 1 and len(names := parts[0].split()) > 1 and all(_NAME.fullmatch(name) for name in names):
        return names
    return parts


def _identity(number: str, firm: bool) -> str:
    plain = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", number)).upper()
    if not plain:
        return ""
    if "*" in plain:
        return ""  # masked by whoever exported it: tells nothing
    try:
        return personal.id_number(plain)
    except Refusal as refusal:
        if firm and _CREDIT_CODE.fullmatch(plain):
            return plain
        if re.fullmatch(r"[A-Z]{1,2}\d{6,10}(\(\d\))?", plain):
            return plain  # a passport, or a permit of Hong Kong, Macao or Taiwan: no check digit
        raise Wrong("id_numbers", refusal.sentence) from refusal


def _phone(number: str) -> str:
    if "*" in number:
        return ""
    try:
        return personal.phone(number)
    except Refusal as refusal:
        raise Wrong("phones", refusal.sentence) from refusal


# Places


def building_key(name: str) -> str:
    """What two spellings of a building share: `3` for `3幢`, `三号楼` and `3`; else the folded name."""
    found = reading.building_key(name)
    return f"{found[0]}{found[1]}" if found else fold(name)


def default_line(entrance: str, room: str) -> str:
    """The vertical line that a home most likely stands in: those of one entrance whose rooms end alike."""
    return f"{entrance}{room[-2:]}" if re.fullmatch(r"\d{3,4}", room) else ""
