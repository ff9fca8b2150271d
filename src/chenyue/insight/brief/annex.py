"""The annex of a brief: a workbook with each figure, its parts and its definition. Counts only."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chenyue.core import office
from chenyue.core.sheets import as_text, guarded
from chenyue.insight.brief import paper, telling, wording
from chenyue.insight.brief.changes import Change
from chenyue.insight.models import Brief

DEGREES = {"new": "新增", "gone": "删去", "numbers": "数字变化", "words": "文字变化"}
ROOM = {
    "sittings": "已关闭场次", "open": "未关闭场次", "cancelled": "取消场次", "tickets": "取号", "came": "到场",
    "heard": "接待", "visits": "谈话", "unheard": "到场未接待", "left": "未等到叫号离开", "told": "告知等候时间",
    "kept": "按告知时间叫到", "wait_median": "等候中位数（分钟）", "wait_p80": "八成等候不超过（分钟）",
    "wait_longest": "最长等候（分钟）", "matters": "提出事项", "settled": "当场办结", "opened": "新立事项",
    "joined": "并入已有事项",
}  # fmt: skip
Table = tuple[str, Sequence[str], list[list[Any]]]


def workbook(brief: Brief, at: datetime) -> bytes:
    """All tables of a brief, one on each sheet; numbers are numbers, words can't run as formulas."""
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        # The moment that the file says it was made: the same brief gives the same file.
        book.set_properties({"title": telling.title(brief), "created": at.replace(tzinfo=None)})
        bold = book.add_format({"bold": True, "bg_color": "#EEF1F4", "bottom": 1, "valign": "top"})
        plain = book.add_format({"valign": "top", "text_wrap": True})
        for name, header, rows in tables(brief):
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for column, words in enumerate(header):
                cells = [words, *(as_text(row[column]) for row in rows)]
                sheet.set_column(column, column, min(60, 3 + 2 * max(len(cell) for cell in cells)))
                sheet.write_string(0, column, words, bold)
            for number, row in enumerate(rows, start=1):
                for column, value in enumerate(row):
                    if isinstance(value, int | float) and not isinstance(value, bool):
                        sheet.write_number(number, column, value, plain)
                    else:
                        sheet.write_string(number, column, guarded(as_text(value)), plain)
    return target.getvalue()


def tables(brief: Brief) -> list[Table]:
    """The sheets: name, header, rows."""
    figures, names = brief.figures, wording.WORDS["names"][brief.kind]
    heads = [names["now"], names["before"], names["year"]]
    found: list[Table] = [("说明", ["项目", "内容"], _about(brief)), ("数量", ["项目", *heads], _counts(figures))]
    parts = [f"{head}{part}" for head in heads for part in ("分子", "分母", "比例%")]
    found.append(("比率", ["指标", *parts, "不计入", "口径版本", "备注"], _rates(figures)))
    if room := figures["reception"]:
        others = [names["room_before"], names["year"]]
        found.append(("接待", ["项目", names["now"], *others], _room(room)))
    on_time = ["按期办结", "应办结"]
    found.append(("社区", ["社区", "受理", f"{names['before']}受理", *on_time], figures["communities"]))
    found.append(("单位", ["单位", "交办", "退回", *on_time], figures["units"]))
    found.append(("类别", ["类别", "受理", f"{names['before']}受理"], figures["categories"]))
    found.append(("逐日", ["日期", "受理", "备注"], [[d, n, "无记录" if s else ""] for d, n, s in figures["days"]]))
    rules = [[r["name"], r["version"], r["rule"], r["source"]] for r in figures["rates"].values()]
    found.append(("口径", ["指标", "版本", "规则", "来源"], rules))
    changed = [Change(*row) for row in brief.changes]
    rows = [[DEGREES[one.degree], one.before, one.now] for one in changed]
    found.append(("与上期不同", ["变化", "上期", "本期"], rows))
    return [(name, header, rows) for name, header, rows in found if rows]


def _about(brief: Brief) -> list[list[str]]:
    return [
        ["单位", office.get("name")], ["名称", telling.title(brief)],
        ["数字截至", wording.moment(brief.figures["as_of"])],
        ["发布人", brief.released_by.name if brief.released_by else ""],
        ["排列", "社区和单位按本办固定顺序排列，不是排名。"],
        ["范围", "只有件数，不含个人信息；不公开事项不在其中。"],
    ]  # fmt: skip


def _counts(figures: dict[str, Any]) -> list[list[Any]]:
    names = wording.WORDS["counts"]
    return [[names[name], row["now"], row["before"], row["year"]] for name, row in figures["counts"].items()]


def _rates(figures: dict[str, Any]) -> list[list[Any]]:
    rows = []
    for rate, shown in zip(figures["rates"].values(), paper.rates(figures), strict=True):
        row: list[Any] = [rate["name"]]
        for one in (rate, rate["before"], rate["year"]):
            row += _share(one)
        rows.append([*row, rate["left_out"], rate["version"], shown["note"]])
    return rows


def _share(rate: dict[str, Any] | None) -> list[Any]:
    if rate is None:
        return ["", "", ""]
    value = "" if rate["value"] is None or rate["small"] else float(rate["value"])
    return [rate["numerator"], rate["denominator"], value]


def _room(room: dict[str, Any]) -> list[list[Any]]:
    others = [room["before"] or {}, room["year"] or {}]
    return [[label, room[name], *(other.get(name) for other in others)] for name, label in ROOM.items()]
