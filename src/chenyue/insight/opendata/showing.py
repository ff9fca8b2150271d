"""Open data as everybody reads it: the table as CSV, what its columns mean, the licence. It is in Chinese."""

from datetime import date
from typing import Any

from chenyue.core import office
from chenyue.core.errors import NotFound
from chenyue.core.sheets import write_csv
from chenyue.insight.lifecycle import OpenDataState
from chenyue.insight.models import OpenDataMonth
from chenyue.insight.opendata.rows import Row

MERGED = "未细分"
HEADER = ("月份", "日期", "社区", "事项大类", "事项小类", "件数")
DICTIONARY = (
    ("月份", "事项受理的月份，格式为YYYY-MM。"),
    ("日期", f"事项受理的日期，格式为YYYY-MM-DD；“{MERGED}”表示没有按天分开。"),
    ("社区", f"事项所在的社区，最细到社区；“未定”表示没有确定社区；“{MERGED}”表示多个社区合并。"),
    ("事项大类", f"派单目录中的大类；“{MERGED}”表示多个大类合并。"),
    ("事项小类", f"派单目录中的小类；“{MERGED}”表示该大类下其余小类合并。"),
    ("件数", "事项件数。同一件事有多人反映只算一件；每件事项只在一行里出现，各行可以相加。"),
)
LICENCE = (
    "本数据由{office}提供，可以免费复制、传播、分析和改编，包括用于商业目的（知识共享署名 4.0 国际许可，CC BY 4.0），"
    "但须注明来源“{office}”和下载日期，并说明是否作过改动。不得用来辨认任何个人，也不得与其他资料结合后辨认任何个人。"
)


def licence() -> str:
    """The office's own words, else those that ship."""
    return str(office.get("open_data_licence") or LICENCE.format(office=office.get("name")))


def lines(row: OpenDataMonth) -> list[list[Any]]:
    """The rows of a month as the table shows them."""
    month = f"{row.month:%Y-%m}"
    found = (Row(*one) for one in row.rows)
    return [
        [month, one.day or MERGED, one.community or MERGED, one.group or MERGED, one.category or MERGED, one.n]
        for one in found
    ]


def table(row: OpenDataMonth) -> bytes:
    """The table as CSV."""
    return write_csv(HEADER, lines(row))


def public() -> list[OpenDataMonth]:
    """What was published, and what was withdrawn. One statement."""
    shown = (OpenDataState.PUBLISHED, OpenDataState.WITHDRAWN)
    return list(OpenDataMonth.objects.filter(state__in=shown).defer("checks"))


def one(month: date, *, published: bool) -> OpenDataMonth:
    """A month; with `published` only one that everybody may read. Raises NotFound."""
    rows = OpenDataMonth.objects.select_related("made_by", "published_by").filter(month=month)
    if published:
        rows = rows.filter(state=OpenDataState.PUBLISHED)
    found = rows.first()
    if found is None:
        raise NotFound
    return found


def month_of(words: str) -> date:
    """`2026-10` → its first day. Raises NotFound."""
    year, _dash, month = words.partition("-")
    if not (year.isascii() and month.isascii() and year.isdecimal() and month.isdecimal() and len(words) == 7):
        raise NotFound
    try:
        return date(int(year), int(month), 1)
    except ValueError as error:
        raise NotFound from error
